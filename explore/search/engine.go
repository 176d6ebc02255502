package search

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// engine searches with many workers, level by level.
type engine struct {
	m       Model
	o       Options
	store   store
	workers []*searcher
	result  *Result

	depth int
	kept  *checkpoint // nil unless levels are kept
	known uint64      // transitions that a checkpoint told

	// Marks that a state or a step of this level may still be the least of.
	openStates, openSteps Marks
	mu                    sync.Mutex // of hits and failure
	hits                  *hits
	failure               error
	stop                  atomic.Uint32 // a Stop; once set, workers end
}

// searcher is one worker.
type searcher struct {
	Worker
	inserter
	states      []State
	steps       []Step
	transitions atomic.Uint64 // written by its worker only
	_           [64]byte      // keeps the counters of two workers apart
}

// runParallel searches with a store of its own.
func runParallel(ctx context.Context, m Model, init []State, o Options, kept *checkpoint) (*Result, error) {
	e := &engine{m: m, o: o, kept: kept, hits: &hits{}, result: &Result{}}
	st, err := newStore(m, o, e.stopped)
	if err != nil {
		return nil, err
	}
	defer st.close()
	e.store = st
	for range o.Workers {
		e.workers = append(e.workers, &searcher{Worker: m.Worker(), inserter: st.inserter()})
	}
	if kept != nil {
		st.(*tree).keptIn = &kept.disk
	}
	defer context.AfterFunc(ctx, func() { e.stop.CompareAndSwap(0, uint32(stopOf(ctx))) })()

	e.search(ctx, init)
	r := e.result
	r.Transitions = e.transitions()
	if !r.Complete {
		r.Stop, r.Err = Stop(e.stop.Load()), e.failure
	}
	r.BytesPerState = float64(st.visitedBytes()) / float64(max(r.States, 1))
	r.Memory = max(r.Memory, st.visitedBytes()+st.levelBytes())
	r.Disk = st.diskBytes()
	if kept != nil {
		r.Kept = len(kept.levels)
	}
	st.forget()
	if isRefused(e.failure) {
		return nil, e.failure
	}
	r.Findings, err = e.hits.findings(m, init, newReexpander(e))
	if err != nil && r.Resumed > 0 && !isRefused(err) {
		err = &CheckpointError{o.Checkpoint, err}
	}
	return r, err
}

func isRefused(err error) bool {
	var c *CheckpointError
	return errors.As(err, &c)
}

// survive makes an error of a panic in a search that took up a checkpoint: it can have
// states that no search comes to, and they may lead to what the model can't bear.
func (e *engine) survive(err *error) {
	if e.result.Resumed == 0 {
		return
	}
	if p := recover(); p != nil {
		*err = &CheckpointError{e.o.Checkpoint, fmt.Errorf("%w: it leads to a state that can't be expanded: %v", errDamaged, p)}
	}
}

// search expands level after level.
func (e *engine) search(ctx context.Context, init []State) {
	level := e.begin(init)
	r := e.result
	report := newReporter(e)
	defer report.end()
	for ; level > 0 && e.stop.Load() == 0; e.depth++ {
		r.Depth = e.depth
		r.Levels = append(r.Levels, level)
		r.States += level
		if e.keep(level); e.stop.Load() != 0 {
			break
		}
		e.openStates, e.openSteps = e.hits.open(e.depth), e.hits.open(e.depth+1)
		if e.expand(report); e.stop.Load() != 0 {
			break // what was found of the next level means nothing
		}
		r.Expanded++
		if e.kept != nil && e.o.MaxDepth > 0 && e.depth == e.o.MaxDepth {
			e.store.(*tree).keepNoMore() // of what was not asked for
		}
		level = e.endLevel()
		if ctx.Err() != nil { // though it may not have come to the workers yet
			e.stop.CompareAndSwap(0, uint32(stopOf(ctx)))
		}
		if stop := e.limit(level); stop != NotStopped {
			e.stop.CompareAndSwap(0, uint32(stop))
		}
		r.Complete = level == 0 && e.stop.Load() == 0
	}
}

// endLevel is how many states the next level has; none if it can't be known.
func (e *engine) endLevel() uint64 {
	n, err := e.store.endLevel()
	if err == nil {
		return n
	}
	if !errors.Is(err, errStopped) {
		e.fail(stopFor(err), err)
	}
	return 0
}

// errStopped is what ends a level that is not wanted any more.
var errStopped = errors.New("stopped")

func (e *engine) stopped() error {
	if e.stop.Load() != 0 {
		return errStopped
	}
	return nil
}

// stopFor classifies an error of the store.
func stopFor(err error) Stop {
	var disk *diskError
	if errors.As(err, &disk) {
		return DiskFailed
	}
	return MemoryLimit
}

// begin is how many states the first level to be expanded has: the initial one,
// or the last that a checkpoint has.
func (e *engine) begin(init []State) uint64 {
	if e.kept != nil && len(e.kept.levels) > 0 {
		return e.resume()
	}
	var steps []Step
	for _, s := range init {
		steps = append(steps, Step{To: s})
	}
	if err := e.workers[0].insert(steps); err != nil {
		e.fail(stopFor(err), err)
	}
	return e.endLevel()
}

// resume takes up a checkpoint.
func (e *engine) resume() uint64 {
	r, levels := e.result, e.kept.levels
	last := levels[len(levels)-1]
	e.known = last.Transitions
	r.Resumed = len(levels)
	for _, m := range levels {
		r.Levels = append(r.Levels, m.States)
		r.States += m.States
	}
	r.Depth, r.Expanded = last.Level, last.Level
	t := e.store.(*tree)
	if err := t.resume(e.kept, e.hits); err != nil {
		if len(t.kept) < len(levels) { // the hits can't be told
			r.Expanded = 0
		}
		switch {
		case errors.Is(err, errDamaged):
			e.fail(DiskFailed, &CheckpointError{e.o.Checkpoint, err})
		case !errors.Is(err, errStopped):
			e.fail(stopFor(err), err)
		}
		return 0
	}
	// The search counts it again.
	r.Levels, r.States, e.depth = r.Levels[:last.Level], r.States-last.States, last.Level
	return last.States
}

// keep keeps the level that comes to be expanded, unless it is kept already.
func (e *engine) keep(level uint64) {
	if e.kept == nil || e.depth < len(e.kept.levels) {
		return
	}
	if err := e.kept.keep(e.store.(*tree), e.hits, level, e.transitions()); err != nil {
		e.fail(DiskFailed, fmt.Errorf("checkpoint: %w", err))
	}
}

// limit says whether the search ends after this level though there is a next.
func (e *engine) limit(next uint64) Stop {
	switch {
	case next == 0:
		return NotStopped
	case e.hits.marks&e.o.StopAt != 0:
		return StoppedAt
	case e.o.Want != 0 && e.o.Want&^e.hits.marks == 0:
		return Decided
	case e.o.MaxDepth > 0 && e.depth == e.o.MaxDepth:
		return DepthLimit
	}
	return NotStopped
}

// expand lets the workers expand the level.
func (e *engine) expand(report *reporter) {
	work := func(worker int, take func() int) {
		if stop, err := e.work(e.workers[worker], take); err != nil {
			e.fail(stop, err)
		}
	}
	parts := e.store.parts(e.depth)
	var group sync.WaitGroup
	deal(parts, len(e.workers), &group, work)
	report.until(&group)
}

// work expands parts of the level until there are no more.
func (e *engine) work(w *searcher, take func() int) (stop Stop, err error) {
	stop = DiskFailed // unless it returns otherwise
	defer e.survive(&err)
	for part := take(); part >= 0 && e.stop.Load() == 0; part = take() {
		if w.states, err = e.store.read(e.depth, part, w.states[:0]); err != nil {
			return DiskFailed, err
		}
		transitions := uint64(0)
		for _, s := range w.states {
			from := len(w.steps)
			steps, err := w.Next(s, w.steps)
			if err != nil {
				return Exhausted, err
			}
			next := steps[from:len(steps):len(steps)]
			transitions += uint64(len(next))
			e.look(s, w.Check(s, next), next)
			w.steps = steps
			if len(steps) >= batch {
				if err := w.insert(steps); err != nil {
					return stopFor(err), err
				}
				w.steps = steps[:0]
			}
		}
		w.transitions.Store(w.transitions.Load() + transitions)
	}
	err = w.insert(w.steps)
	w.steps = w.steps[:0]
	return stopFor(err), err
}

// look notes the marks of a state and its steps.
func (e *engine) look(s State, marks Marks, next []Step) {
	if marks &= e.openStates; marks != 0 {
		e.mu.Lock()
		e.hits.state(e.depth, s, marks)
		e.mu.Unlock()
	}
	for i := range next {
		if next[i].Marks&e.openSteps != 0 {
			e.mu.Lock()
			e.hits.step(e.depth, s, next[i])
			e.mu.Unlock()
		}
	}
}

// fail ends the search; the first failure is reported.
func (e *engine) fail(stop Stop, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stop.CompareAndSwap(0, uint32(stop)) {
		e.failure = err
	}
}

// transitions is how many steps the workers have seen.
func (e *engine) transitions() (n uint64) {
	n = e.known
	for _, w := range e.workers {
		n += w.transitions.Load()
	}
	return n
}
