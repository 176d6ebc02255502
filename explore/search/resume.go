package search

import (
	"fmt"
	"sync"
)

// keptLevel is the run of the last level, written now unless it was written to
// disk when the level before ended.
func (t *tree) keptLevel(level int) (*run, error) {
	if t.shelf != nil {
		r := t.shelf.byLevel[level]
		t.kept = append(t.kept, r)
		return r, nil
	}
	w, err := createRun(t.keptIn, t.keptIn.path(levelName(level)))
	if err != nil {
		return nil, err
	}
	if err := eachOf(t.levels[level], keptAtATime, w.add); err != nil {
		return nil, w.abandon(err)
	}
	r, err := w.end()
	if err == nil {
		t.kept = append(t.kept, r)
	}
	return r, err
}

// keepNoMore lets the levels that follow go where nothing is kept.
func (t *tree) keepNoMore() {
	t.keptIn = nil
	if t.shelf != nil {
		t.shelf.levels = t.shelf.temp
	}
}

// keptAtATime is how many pairs of a level are sorted at a time to be written.
const keptAtATime = 1 << 18

// learned is the halves that got numbers since the last call.
func (t *tree) learned() (left, right []byte) {
	var lefts, rights []*reserve
	for _, w := range t.workers {
		lefts, rights = append(lefts, &w.lefts), append(rights, &w.rights)
	}
	left = halvesOf(t.left, t.told[0], lefts)
	right = halvesOf(t.right, t.told[1], rights)
	t.told = [2]uint32{uint32(t.left.issued.Load()), uint32(t.right.issued.Load())}
	return left, right
}

// resume takes up what a checkpoint has: the numbers of halves, the hits, and the
// levels, which go to memory as far as it reaches.
func (t *tree) resume(c *checkpoint, h *hits) error {
	if err := t.recall(c, h); err != nil {
		*h = hits{} // they can't be told without the levels
		return err
	}
	t.resuming = true
	defer func() { t.resuming = false }()
	for level, r := range t.kept {
		n, err := t.load(r)
		if t.shelf != nil { // there all levels are already
			for _, w := range t.workers {
				w.gathered.pairs = w.gathered.pairs[:0]
			}
			return err
		}
		if err == nil && n != c.levels[level].States {
			err = onDisk(fmt.Errorf("%s: %w: %d states, want %d", r.path, errDamaged, n, c.levels[level].States))
		}
		if err != nil {
			// What is found must be told, so levels must be read.
			t.shelf = &shelf{t: t, byLevel: t.kept}
			t.pairs.free()
			t.levels = nil
			return err
		}
	}
	return nil
}

// recall takes up everything but the visited set, and looks whether a search can have
// left it.
func (t *tree) recall(c *checkpoint, h *hits) error {
	v := newVoucher(c.model, t.halver)
	var lefts, rights numbers
	for level, m := range c.levels {
		r, err := openRun(c.path(levelName(level)), c.memory)
		if err != nil {
			return onDisk(err)
		}
		if r.pairs != m.States {
			return onDisk(fmt.Errorf("%s: %w: %d states, want %d", r.path, errDamaged, r.pairs, m.States))
		}
		r.sum = m.Files[0].SHA256
		if err := c.section(level, leftSection, func(in *unpacked) error { return t.learn(t.left, in, m.States, &lefts, v.left) }); err != nil {
			return err
		}
		if err := c.section(level, rightSection, func(in *unpacked) error { return t.learn(t.right, in, m.States, &rights, v.right) }); err != nil {
			return err
		}
		hit := func(k keptHit) error { return v.hit(k, level) }
		if err := c.section(level, hitSection, func(in *unpacked) error { return h.decode(in, &c.told, hit) }); err != nil {
			return err
		}
		if err := t.checkRun(r, &lefts, &rights); err != nil {
			return onDisk(err)
		}
		t.kept = append(t.kept, r)
	}
	t.told = [2]uint32{uint32(t.left.issued.Load()), uint32(t.right.issued.Load())}
	return nil
}

// learn adds halves that a checkpoint has.
func (t *tree) learn(in *interner[Half], from *unpacked, states uint64, given *numbers, check func(Half) error) error {
	head, err := readHead(from, in.issued.Load(), states)
	if err != nil {
		return err
	}
	if n := uint64(head.To - head.From); in.lacks(n + t.slack) {
		_, _, bytes := in.grown(n + t.slack)
		if err := t.checkMemory(int64(bytes)); err != nil {
			return err
		}
		if err := in.grow(n + t.slack); err != nil {
			return err
		}
	}
	return addHalves(in, from, head, given, check)
}

// load makes a level in memory of a run. It ends early where memory runs out.
func (t *tree) load(r *run) (uint64, error) {
	failures := make([]error, len(t.workers))
	var group sync.WaitGroup
	deal(len(r.blocks), len(t.workers), &group, func(worker int, take func() int) {
		failures[worker] = t.workers[worker].load(r, take)
	})
	group.Wait()
	for _, err := range failures {
		if err != nil {
			return 0, err
		}
	}
	if t.shelf != nil {
		return 0, nil
	}
	return t.endLevel()
}

func (w *treeInserter) load(r *run, take func() int) error {
	in, err := borrowReader(r)
	if err != nil {
		return onDisk(err)
	}
	defer in.done()
	var pairs []pair
	for block := take(); block >= 0; block = take() {
		if err := w.t.stopped(); err != nil {
			return err
		}
		if pairs, err = in.block(block, pairs[:0]); err != nil {
			return onDisk(err)
		}
		for rest := pairs; len(rest) > 0; {
			n := min(len(rest), batch)
			if err := w.addAll(rest[:n]); err != nil {
				return err
			}
			rest = rest[n:]
		}
	}
	return nil
}
