package search

import (
	"fmt"
	"slices"
	"sync"
)

// A trace is derived backwards: the predecessor of a state is sought in the
// level before it, by expanding that level again. So no state need remember
// where it came from, and what is found does not depend on who came first.

// findings derives the traces of all marks, in one pass over the levels.
func (e *engine) findings() ([]Finding, error) {
	var list []Finding
	var heads []State // of each finding, the first state of its trace so far
	deepest := 0
	for mark := range eachMark(e.hits.marks) {
		h := e.hits.first[mark]
		f := Finding{Mark: mark, Depth: h.length()}
		if h.isStep {
			f.Trace = append(f.Trace, TraceStep{State: h.to}, TraceStep{h.from, h.action})
		} else {
			f.Trace = append(f.Trace, TraceStep{State: h.from})
		}
		list, heads = append(list, f), append(heads, h.from)
		deepest = max(deepest, h.depth)
	}
	if deepest == 0 {
		return reversed(list), nil
	}
	workers := make([]Worker, len(e.workers))
	for i := range workers {
		workers[i] = e.m.Worker()
	}
	for depth := deepest - 1; depth >= 0; depth-- {
		targets := map[State]*predecessor{}
		for i := range list {
			if e.hits.first[list[i].Mark].depth > depth {
				targets[heads[i]] = &predecessor{}
			}
		}
		if err := e.predecessors(depth, workers, targets); err != nil {
			return nil, err
		}
		for i := range list {
			if p := targets[heads[i]]; p != nil {
				list[i].Trace = append(list[i].Trace, p.step)
				heads[i] = p.step.State
			}
		}
	}
	return reversed(list), nil
}

func reversed(list []Finding) []Finding {
	for i := range list {
		slices.Reverse(list[i].Trace)
	}
	return list
}

// predecessor is the least step that leads to a target.
type predecessor struct {
	step  TraceStep
	found bool
}

// take keeps the lesser of two steps.
func (p *predecessor) take(m Model, s State, a Action) {
	if p.found {
		c := 0
		if s != p.step.State {
			c = m.Compare(s, p.step.State)
		} else {
			c = m.CompareActions(s, a, p.step.Action)
		}
		if c >= 0 {
			return
		}
	}
	p.step, p.found = TraceStep{s, a}, true
}

// predecessors finds for each target the least state of the level from which a
// step leads to it, and the least such step.
func (e *engine) predecessors(depth int, workers []Worker, targets map[State]*predecessor) error {
	var mu sync.Mutex // of targets' values, Compare, failure
	var failure error
	seek := func(worker int, take func() int) {
		w := workers[worker]
		var states []State
		var next []Step
		for part := take(); part >= 0; part = take() {
			states = e.store.read(depth, part, states[:0])
			for _, s := range states {
				var err error
				if next, err = w.Next(s, next[:0]); err != nil {
					mu.Lock()
					failure = fmt.Errorf("deriving a trace: %w", err)
					mu.Unlock()
					return
				}
				for j := range next {
					if p := targets[next[j].To]; p != nil {
						mu.Lock()
						p.take(e.m, s, next[j].Action)
						mu.Unlock()
					}
				}
			}
		}
	}
	var group sync.WaitGroup
	deal(e.store.parts(depth), len(workers), &group, seek)
	group.Wait()
	if failure != nil {
		return failure
	}
	for target, p := range targets {
		if !p.found {
			return fmt.Errorf("deriving a trace: no state of level %d leads to %+v; the model's Next is not a function of the state", depth, target)
		}
	}
	return nil
}
