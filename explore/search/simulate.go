package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"unsafe"
)

// Walks say how to simulate.
type Walks struct {
	Walks  int    // how many, at least 1
	Steps  int    // the most steps of a walk, at least 1
	Seed   uint64 // the same seed, the same walks
	StopAt Marks  // end after the walk in which one of these is first hit

	// ProcessMemory is how many bytes the process may take ([ProcessBytes]), about; 0:
	// no limit.
	ProcessMemory uint64
}

// Simulation is what random walks met.
type Simulation struct {
	Walks     int    // that were begun
	Steps     uint64 // of all walks together
	Deadlocks int    // walks that ended where there is no step
	Stop      Stop   // why there were fewer walks than asked for
	Err       error  // more about Stop, if it is Exhausted or MemoryLimit

	// Findings has one for each mark that was hit, in their order, with the
	// shortest walk that hits it, the first of equals. Shorter traces may exist.
	Findings []Finding
}

// Simulate walks at random from initial states, each step with the same chance.
// It is no proof of anything, but goes deep into models that are too large to
// be searched. Steps are taken in the model's order before one is drawn, so
// what a seed means does not depend on interning numbers.
func Simulate(ctx context.Context, m Model, o Walks) (*Simulation, error) {
	if o.Walks < 1 {
		return nil, fmt.Errorf("%d walks: want at least 1", o.Walks)
	}
	if o.Steps < 1 {
		return nil, fmt.Errorf("walks of %d steps: want at least 1", o.Steps)
	}
	init := m.Init(nil)
	if len(init) == 0 {
		return nil, errNoInit
	}
	slices.SortFunc(init, m.Compare)
	s := &simulator{m: m, o: o, w: m.Worker(), init: slices.Compact(init), result: &Simulation{}}
	s.run(ctx)
	for _, f := range s.shortest {
		if f != nil {
			s.result.Findings = append(s.result.Findings, *f)
		}
	}
	return s.result, nil
}

type simulator struct {
	m        Model
	o        Walks
	w        Worker
	init     []State
	result   *Simulation
	shortest [64]*Finding

	next []Step
	path []TraceStep // of this walk, without the last state
	met  int         // steps seen since memory was looked at
	full error       // why no more may be taken
}

func (s *simulator) run(ctx context.Context) {
	r := s.result
	for walk := range s.o.Walks {
		if ctx.Err() != nil {
			r.Stop = stopOf(ctx)
			return
		}
		r.Walks++
		hit, err := s.walk(ctx, rand.New(rand.NewPCG(s.o.Seed, uint64(walk))))
		switch {
		case s.full != nil:
			r.Stop, r.Err = MemoryLimit, s.full
			return
		case err != nil:
			r.Stop, r.Err = Exhausted, err
			return
		case hit&s.o.StopAt != 0 && r.Walks < s.o.Walks:
			r.Stop = StoppedAt
			return
		}
	}
}

// walk takes one walk and returns what it hit.
func (s *simulator) walk(ctx context.Context, random *rand.Rand) (hit Marks, err error) {
	at := s.init[random.IntN(len(s.init))]
	s.path = s.path[:0]
	for steps := 0; ; steps++ {
		if s.next, err = s.w.Next(at, s.next[:0]); err != nil {
			return hit, err
		}
		marks := s.w.Check(at, s.next)
		s.note(marks, at)
		hit |= marks
		if len(s.next) == 0 {
			s.result.Deadlocks++
			return hit, nil
		}
		if steps == s.o.Steps || ctx.Err() != nil || !s.mayGoOn() {
			return hit, nil
		}
		step := s.draw(at, random)
		s.path = append(s.path, TraceStep{at, step.Action})
		s.note(step.Marks, step.To)
		hit |= step.Marks
		at = step.To
		s.result.Steps++
	}
}

// mayGoOn tells whether there is memory for a step. Whenever there may be much that is
// new to the model it looks at what that took.
func (s *simulator) mayGoOn() bool {
	s.met += len(s.next)
	switch {
	case len(s.path) == cap(s.path):
		return s.room(2*cap(s.path) + 1)
	case s.met >= 1<<12:
		s.met = 0
		return s.room(0)
	}
	return s.full == nil
}

// room tells whether so many steps more may be kept.
func (s *simulator) room(steps int) bool {
	if s.o.ProcessMemory != 0 && s.full == nil {
		s.full = ProcessMayTake(int64(steps)*int64(unsafe.Sizeof(TraceStep{})), s.o.ProcessMemory)
	}
	return s.full == nil
}

// draw takes one of the steps from a state.
func (s *simulator) draw(at State, random *rand.Rand) Step {
	slices.SortStableFunc(s.next, func(a, b Step) int {
		if c := s.m.CompareActions(at, a.Action, b.Action); c != 0 {
			return c
		}
		return s.m.Compare(a.To, b.To)
	})
	return s.next[random.IntN(len(s.next))]
}

// note keeps the walk so far as the trace of marks, where it is the shortest.
func (s *simulator) note(marks Marks, last State) {
	for mark := range eachMark(marks) {
		if f := s.shortest[mark]; (f == nil || len(s.path) < f.Depth) && s.room(len(s.path)+1) {
			s.shortest[mark] = &Finding{
				Mark: mark, Depth: len(s.path), Trace: append(slices.Clone(s.path), TraceStep{State: last}),
			}
		}
	}
}
