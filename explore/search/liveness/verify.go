package liveness

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Verify replays a run of a model and judges by the definitions alone whether
// it answers the question with no: each step is one of its state, it breaks
// what was asked, and its cycle is fair, or it may rest where it ends. Of [Possibly]
// and [Feasible] only the run is replayed: what can't be reached is not a
// matter of one run.
func Verify(m search.Model, q Question, l *Lasso) error {
	r, err := replay(m, l)
	if err != nil {
		return err
	}
	if err := r.breaks(q); err != nil {
		return err
	}
	if q.Fair == nil {
		q.Fair = Unfair
	}
	switch {
	case q.Kind == Possibly || q.Kind == Feasible || q.Kind == NoDeadlock:
		return nil
	case l.Cycle < 0:
		return r.rests(q.Fair)
	}
	return r.isFair(q.Fair)
}

// replayed is a run with what the model says of it.
type replayed struct {
	marks []search.Marks // of each state
	steps []search.Step  // from each state but the last
	cycle int
	ended bool // the last state has no step

	enabled [][]Label // in each state
	labels  []Label   // of the steps
	owed    [][]Label // by the steps
}

func replay(m search.Model, l *Lasso) (*replayed, error) {
	n := len(l.Trace)
	if n == 0 || l.Cycle >= n-1 {
		return nil, fmt.Errorf("a cycle from state %d of %d", l.Cycle, n)
	}
	if !slices.Contains(m.Init(nil), l.Trace[0].State) {
		return nil, errors.New("it does not begin in an initial state")
	}
	if l.Cycle >= 0 && l.Trace[n-1].State != l.Trace[l.Cycle].State {
		return nil, errors.New("its cycle does not close")
	}
	w := m.Worker()
	labels := labelsOf(w)
	r := &replayed{cycle: l.Cycle}
	var next []search.Step
	for i, at := range l.Trace {
		var err error
		if next, err = w.Next(at.State, next[:0]); err != nil {
			return nil, err
		}
		r.marks = append(r.marks, w.Check(at.State, next))
		var enabled []Label
		for _, st := range next {
			enabled = append(enabled, labels.Label(at.State, st))
		}
		r.enabled = append(r.enabled, enabled)
		if i == n-1 {
			r.ended = len(next) == 0
			break
		}
		taken := slices.IndexFunc(next, func(st search.Step) bool {
			return st.Action == at.Action && st.To == l.Trace[i+1].State
		})
		if taken < 0 {
			return nil, fmt.Errorf("state %d of it has no such step", i)
		}
		r.steps = append(r.steps, next[taken])
		r.labels = append(r.labels, enabled[taken])
		r.owed = append(r.owed, labels.Owed(at.State, next[taken], nil))
	}
	return r, nil
}

// breaks tells by an error that the run does not answer with no.
func (r *replayed) breaks(q Question) error {
	goal := func(i int) bool { return r.marks[i]&q.Goal != 0 }
	last := len(r.marks) - 1
	switch q.Kind {
	case Possibly, Feasible:
		return nil
	case NoDeadlock:
		if !r.ended || goal(last) {
			return errors.New("it is no deadlock")
		}
		return nil
	case NoLivelock:
		if r.cycle < 0 {
			return errors.New("it has no cycle")
		}
		for i := r.cycle; i < last; i++ {
			if r.steps[i].Marks&q.Steps == 0 {
				return errors.New("its cycle has another step")
			}
		}
		return nil
	}
	due := -1 // from which state on the goal stays away
	for i := last; i >= 0 && !goal(i); i-- {
		if q.Kind == Eventually && i == 0 || q.Kind == LeadsTo && r.marks[i]&q.From != 0 || q.Kind == AlwaysEventually {
			due = i
		}
	}
	if due < 0 {
		return errors.New("the goal is reached, or not due")
	}
	for i := max(r.cycle, 0); r.cycle >= 0 && i <= last; i++ {
		if goal(i) {
			return errors.New("the goal is reached in the cycle")
		}
	}
	return nil
}

// rests tells by an error that the run may not end where it does.
func (r *replayed) rests(fair Fair) error {
	for _, l := range r.enabled[len(r.enabled)-1] {
		if f := fair(l); f != None {
			return fmt.Errorf("%v fairness to label %d, which is enabled where the run ends", f, l)
		}
	}
	return nil
}

// isFair tells by an error that the cycle is not fair.
func (r *replayed) isFair(fair Fair) error {
	last := len(r.steps)
	all := map[Label]bool{}
	for i := r.cycle; i < last; i++ {
		for _, l := range append(slices.Clone(r.enabled[i]), r.owed[i]...) {
			all[l] = true
		}
	}
	for l := range all {
		enabled, owed, taken := 0, 0, false
		for i := r.cycle; i < last; i++ {
			if slices.Contains(r.enabled[i], l) {
				enabled++
			}
			if slices.Contains(r.owed[i], l) {
				owed++
			}
			taken = taken || r.labels[i] == l
		}
		switch f := fair(l); {
		case taken:
		case f == Weak && enabled == last-r.cycle:
			return fmt.Errorf("weak fairness to label %d: enabled all along the cycle and never taken", l)
		case f == Strong && enabled+owed > 0:
			return fmt.Errorf("strong fairness to label %d: enabled or owed in the cycle and never taken", l)
		}
	}
	return nil
}
