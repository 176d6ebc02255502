package search

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
)

// Traces are derived backwards: level by level, from the hits to the initial
// states, each level is expanded again and the states are kept from which a hit
// is as near as can be, with the best step towards one. So no state need remember
// where it came from, and what is found does not depend on who came first.

// way is the best way from a state to the nearest hits of a mark.
type way struct {
	mark uint8
	end  bool // the state is a hit itself: there is no step
	last bool // the step is a hit
	cost total
	step Step
}

// total is a sum of costs.
type total struct{ first, then uint64 }

func (t total) plus(c Cost) total { return total{t.first + uint64(c.First), t.then + uint64(c.Then)} }

func (t total) compare(o total) int {
	return cmp.Or(cmp.Compare(t.first, o.first), cmp.Compare(t.then, o.then))
}

// ways are those of the states of a level, for each state by mark.
type ways map[State][]way

// expander calls visit with every state of a level and what Next returns for
// it, from several goroutines, each with a number below workers.
type expander interface {
	expand(depth int, visit func(worker int, s State, next []Step)) error
	workers() int
}

// ErrTrace is a trace that can't be derived from what a search found: the levels on
// disk are gone or broken, or the model is not one.
var ErrTrace = errors.New("deriving a trace")

// findings derives the traces of all marks, in one pass over the levels.
func (h *hits) findings(m Model, init []State, levels expander) ([]Finding, error) {
	if h.marks == 0 {
		return nil, nil
	}
	deepest := 0
	for mark := range eachMark(h.marks) {
		deepest = max(deepest, h.length(mark))
	}
	d := derivation{m: m, levels: make([]ways, deepest+1)}
	for depth := deepest; depth >= 0; depth-- {
		d.levels[depth] = h.at(&d, depth)
		if depth < deepest && len(d.levels[depth+1]) > 0 {
			if err := d.back(depth, levels); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrTrace, err)
			}
		}
	}
	var list []Finding
	for mark := range eachMark(h.marks) {
		f := Finding{Mark: mark, Depth: h.length(mark)}
		var err error
		if f.Trace, err = d.follow(mark, init); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTrace, err)
		}
		list = append(list, f)
	}
	return list, nil
}

// at is the hits of a level, as ways.
func (h *hits) at(d *derivation, depth int) ways {
	level := ways{}
	for mark := range eachMark(h.marks) {
		for _, hit := range h.nearest[mark] {
			if hit.depth != depth {
				continue
			}
			w := way{mark: uint8(mark), end: !hit.isStep, last: hit.isStep, step: hit.step, cost: total{}.plus(hit.step.Cost)}
			level[hit.from] = d.take(hit.from, level[hit.from], w)
		}
	}
	return level
}

// derivation goes back through the levels.
type derivation struct {
	m      Model
	mu     sync.Mutex // of the model's comparisons
	levels []ways
}

// take adds a way from s to the list, or keeps the better of two with one mark.
func (d *derivation) take(s State, list []way, w way) []way {
	for i := range list {
		if list[i].mark == w.mark {
			if d.better(s, &w, &list[i]) {
				list[i] = w
			}
			return list
		}
	}
	return append(list, w)
}

// better tells whether way a from s is to be shown rather than b.
func (d *derivation) better(s State, a, b *way) bool {
	if c := a.cost.compare(b.cost); c != 0 || a.end || b.end {
		return c < 0
	}
	if a.step.Action == b.step.Action && a.step.To == b.step.To {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.m.CompareActions(s, a.step.Action, b.step.Action); c != 0 {
		return c < 0
	}
	return d.m.Compare(a.step.To, b.step.To) < 0
}

// back finds the states of a level from which ways go on.
func (d *derivation) back(depth int, levels expander) error {
	next := d.levels[depth+1]
	found := make([]ways, levels.workers())
	for i := range found {
		found[i] = ways{}
	}
	err := levels.expand(depth, func(worker int, s State, steps []Step) {
		for i := range steps {
			for _, on := range next[steps[i].To] {
				w := way{mark: on.mark, cost: on.cost.plus(steps[i].Cost), step: steps[i]}
				found[worker][s] = d.take(s, found[worker][s], w)
			}
		}
	})
	if err != nil {
		return err
	}
	for _, part := range found {
		for s, list := range part {
			for _, w := range list {
				d.levels[depth][s] = d.take(s, d.levels[depth][s], w)
			}
		}
	}
	return nil
}

// follow is the trace of a mark, from the best initial state on.
func (d *derivation) follow(mark int, init []State) ([]TraceStep, error) {
	var best *way
	var at State
	for _, s := range init {
		w := d.levels[0].find(s, mark)
		if w == nil {
			continue
		}
		if best != nil {
			c := w.cost.compare(best.cost)
			if c > 0 || c == 0 && d.m.Compare(s, at) >= 0 {
				continue
			}
		}
		best, at = w, s
	}
	var trace []TraceStep
	for depth := 0; ; depth++ {
		if best == nil {
			return nil, fmt.Errorf("no way on from level %d; the model's Next is not a function of the state", depth)
		}
		if best.end {
			return append(trace, TraceStep{State: at}), nil
		}
		trace = append(trace, TraceStep{at, best.step.Action})
		if at = best.step.To; best.last {
			return append(trace, TraceStep{State: at}), nil
		}
		best = d.levels[depth+1].find(at, mark)
	}
}

func (l ways) find(s State, mark int) *way {
	for i := range l[s] {
		if l[s][i].mark == uint8(mark) {
			return &l[s][i]
		}
	}
	return nil
}
