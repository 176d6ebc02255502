package search

import (
	"context"
	"time"
)

const (
	plainBytes = 90      // what a Go map takes for a state, about
	plainCheck = 1 << 10 // states between two looks at the memory
)

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

	hits := &hits{}
	limit := &memory{store: o.Memory, process: o.ProcessMemory}
	n := 0 // states expanded
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
			if n++; n%plainCheck == 0 {
				if err = limit.check(uint64(len(seen))*plainBytes, 0); err != nil {
					r.Stop, r.Err = MemoryLimit, err
					break
				}
			}
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
		if r.Stop == NotStopped {
			r.Expanded++
		}
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
	r.Findings, err = hits.findings(m, init, plainLevels{m.Worker(), levels})
	return r, err
}

// plainLevels expands levels again, one state after the other.
type plainLevels struct {
	w      Worker
	levels [][]State
}

func (p plainLevels) workers() int { return 1 }

func (p plainLevels) expand(depth int, visit func(worker int, s State, next []Step)) error {
	var next []Step
	for _, s := range p.levels[depth] {
		var err error
		if next, err = p.w.Next(s, next[:0]); err != nil {
			return err
		}
		visit(0, s, next)
	}
	return nil
}
