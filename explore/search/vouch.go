package search

import (
	"fmt"
	"slices"
	"sync"
)

// Sums say that a checkpoint is as it was written, not that what was written is a
// search of the model: that is looked at once, when it is taken up, so that workers
// need not. docs/checkpoint-format.md says what can't be seen so.

// voucher tells what a model can't have made.
type voucher struct {
	m      Durable
	halver Halver
	init   [2]Half // of an initial state
	worker Worker
	last   State // whose steps these are
	steps  []Step
}

func newVoucher(m Durable, halver Halver) *voucher {
	v := &voucher{m: m, halver: halver, worker: m.Worker()}
	v.init[0], v.init[1] = halver.Halves(m.Init(nil)[0])
	return v
}

// left says why a half can't be one of a state. It is joined to a half of an initial
// state for that.
func (v *voucher) left(h Half) error { return v.pair(h, v.init[1]) }

func (v *voucher) right(h Half) error { return v.pair(v.init[0], h) }

func (v *voucher) pair(left, right Half) error {
	s := v.halver.Whole(left, right)
	if l, r := v.halver.Halves(s); l != left || r != right {
		return fmt.Errorf("%x and %x are not the halves of a state", [2]uint64{left.A, left.B}, [2]uint64{right.A, right.B})
	}
	return v.m.Known(s)
}

// hit says why there can't be such a hit before a level.
func (v *voucher) hit(k keptHit, level int) (err error) {
	if k.Depth >= uint64(level) {
		return fmt.Errorf("it is of level %d", k.Depth)
	}
	if err := v.m.Known(k.From); err != nil {
		return err
	}
	if !k.IsStep {
		if k.To != (State{}) || k.Marks != 0 || k.Action != 0 || k.Cost != (Cost{}) {
			return fmt.Errorf("a state is hit, and a step told")
		}
		return nil
	}
	if v.steps == nil || v.last != k.From {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("what follows the state is not known: %v", p)
			}
		}()
		v.last = k.From
		if v.steps, err = v.worker.Next(k.From, v.steps[:0]); err != nil {
			return err
		}
	}
	want := Step{To: k.To, Action: k.Action, Cost: k.Cost, Marks: k.Marks}
	if k.Marks>>k.Mark&1 == 0 || !slices.Contains(v.steps, want) {
		return fmt.Errorf("a step that the state does not have")
	}
	return nil
}

// checkRun reads a run whole: pairs ascend, and their numbers were given.
func (t *tree) checkRun(r *run, lefts, rights *numbers) error {
	failures := make([]error, len(t.workers))
	var group sync.WaitGroup
	deal(len(r.blocks), len(t.workers), &group, func(worker int, take func() int) {
		failures[worker] = t.checkBlocks(r, lefts, rights, take)
	})
	group.Wait()
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tree) checkBlocks(r *run, lefts, rights *numbers, take func() int) error {
	in, err := borrowReader(r)
	if err != nil {
		return err
	}
	defer in.done()
	var pairs []pair
	for i := take(); i >= 0; i = take() {
		if err := t.stopped(); err != nil {
			return err
		}
		if pairs, err = in.block(i, pairs[:0]); err != nil {
			return err
		}
		end := lastPair
		if i+1 < len(r.blocks) {
			end = r.blocks[i+1].first
		}
		if pairs[0] != r.blocks[i].first || pairs[len(pairs)-1] >= end {
			return fmt.Errorf("%s: %w: block %d is not where the index says", r.path, errDamaged, i)
		}
		for j, p := range pairs {
			if j > 0 && p <= pairs[j-1] || !lefts.has(p.left()) || !rights.has(p.right()) {
				return fmt.Errorf("%s: %w: block %d: pair %#x after %#x: they don't ascend, or a number was not given", r.path, errDamaged, i, p, pairs[max(j-1, 0)])
			}
		}
	}
	return nil
}
