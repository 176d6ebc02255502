package search

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// plainBytes is about what a Go map takes for a state.
const plainBytes = 90

// runPlain is the engine that is plainly right: one worker, a Go map, levels
// as slices. It is the oracle of the others.
func runPlain(ctx context.Context, m Model, init []State, o Options) (*Result, error) {
	w := m.Worker()
	r := &Result{BytesPerState: plainBytes}
	begin := time.Now()
	seen := map[State]bool{}
	var levels [][]State
	add := func(level []State, s State) []State {
		if seen[s] {
			return level
		}
		seen[s] = true
		return append(level, s)
	}
	var level []State
	for _, s := range init {
		level = add(level, s)
	}

	hits := newHits(m)
	var next []Step
	for depth := 0; len(level) > 0 && r.Stop == NotStopped; depth++ {
		levels = append(levels, level)
		r.Levels = append(r.Levels, uint64(len(level)))
		r.Depth = depth
		r.States += uint64(len(level))
		var following []State
		for _, s := range level {
			if ctx.Err() != nil {
				r.Stop = stopOf(ctx)
				break
			}
			var err error
			if next, err = w.Next(s, next[:0]); err != nil {
				r.Stop, r.Err = Exhausted, err
				break
			}
			hits.state(depth, s, w.Check(s, next))
			for _, step := range next {
				r.Transitions++
				hits.step(depth, s, step)
				following = add(following, step.To)
			}
		}
		if o.Progress != nil {
			o.Progress(Progress{
				Level: depth, States: r.States, Transitions: r.Transitions, Frontier: uint64(len(level)),
				Memory: uint64(len(seen)) * plainBytes, Elapsed: time.Since(begin),
			})
		}
		level = following
		switch {
		case r.Stop != NotStopped:
		case hits.marks&o.StopAt != 0:
			r.Stop = StoppedAt
		case o.Want != 0 && o.Want&^hits.marks == 0:
			r.Stop = Decided
		case o.MaxDepth > 0 && depth == o.MaxDepth && len(level) > 0:
			r.Stop = DepthLimit
		}
	}
	r.Complete = r.Stop == NotStopped || (r.Stop == StoppedAt || r.Stop == Decided) && len(level) == 0
	if r.Complete {
		r.Stop = NotStopped
	}
	r.Memory = uint64(len(seen)) * plainBytes
	var err error
	r.Findings, err = hits.findings(func(level int) []State { return levels[level] })
	return r, err
}

// findings derives the trace of each mark backwards from the levels, so no
// state need remember where it came from.
func (h *hits) findings(level func(int) []State) ([]Finding, error) {
	var list []Finding
	w := h.m.Worker()
	for mark := range eachMark(h.marks) {
		first := h.first[mark]
		trace := []TraceStep{{State: first.from}}
		if first.isStep {
			trace = []TraceStep{{State: first.to}, {first.from, first.action}}
		}
		target := first.from
		for d := first.depth - 1; d >= 0; d-- {
			prev, err := leastPredecessor(h.m, w, level(d), target)
			if err != nil {
				return nil, err
			}
			trace = append(trace, prev)
			target = prev.State
		}
		slices.Reverse(trace)
		list = append(list, Finding{Mark: mark, Depth: first.length(), Trace: trace})
	}
	return list, nil
}

// leastPredecessor finds the least state of a level from which a step leads to
// the target, and the least such step.
func leastPredecessor(m Model, w Worker, level []State, target State) (TraceStep, error) {
	var best TraceStep
	var next []Step
	found := false
	for _, s := range level {
		var err error
		if next, err = w.Next(s, next[:0]); err != nil {
			return best, fmt.Errorf("deriving a trace: %w", err)
		}
		for _, st := range next {
			if st.To != target {
				continue
			}
			c := -1
			if found && s == best.State {
				c = m.CompareActions(s, st.Action, best.Action)
			} else if found {
				c = m.Compare(s, best.State)
			}
			if c < 0 {
				best, found = TraceStep{s, st.Action}, true
			}
		}
	}
	if !found {
		return best, fmt.Errorf("deriving a trace: no state of the level before leads to %+v; the model's Next is not a function of the state", target)
	}
	return best, nil
}
