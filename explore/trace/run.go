package trace

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// Run plays the actions from the setup and returns what came of each. A nil
// step is [model.Step]. The error names the step that could not happen; the
// trace returned with it holds the steps before.
func Run(setup Setup, step [2]model.StepFunc, actions []Action) (*Trace, error) {
	r, err := NewRunner(setup, step)
	if err != nil {
		return nil, err
	}
	for _, a := range actions {
		if _, err := r.Do(a); err != nil {
			return r.Trace(), err
		}
	}
	return r.Trace(), nil
}

// Runner plays a run action by action.
type Runner struct {
	step     [2]model.StepFunc
	trace    *Trace
	now      [2]model.TCB
	inFlight []Flight
	nextID   int
}

// NewRunner returns a runner at the setup's beginning. A nil step is
// [model.Step].
func NewRunner(setup Setup, step [2]model.StepFunc) (*Runner, error) {
	setup, err := setup.normal()
	if err != nil {
		return nil, fmt.Errorf("setup: %w", err)
	}
	for i := range step {
		if step[i] == nil {
			step[i] = model.Step
		}
	}
	return &Runner{
		step:     step,
		trace:    &Trace{Setup: setup, Info: Info{CycleFrom: -1}},
		now:      setup.Start,
		inFlight: append([]Flight(nil), setup.InFlight...),
		nextID:   len(setup.InFlight) + 1,
	}, nil
}

// Trace is the run so far. It grows with further actions.
func (r *Runner) Trace() *Trace { return r.trace }

// TCB is the present state of a side.
func (r *Runner) TCB(s Side) model.TCB { return r.now[s] }

// InFlight lists the segments in the network, in the order of their IDs. The
// slice is the caller's.
func (r *Runner) InFlight() []Flight { return append([]Flight(nil), r.inFlight...) }

// Do lets one action happen and returns what came of it, good until the next
// Do. If it can't happen, the error says why and nothing has changed. The
// action is recorded in its normal form: fields that it does not use are
// zero, so is an ISS that no side in CLOSED or LISTEN could pick, and
// Action.Event is the whole event of an arrival.
func (r *Runner) Do(a Action) (*Step, error) {
	st, rest, err := r.try(a)
	if err != nil {
		return nil, fmt.Errorf("step %d, %v: %w", len(r.trace.Steps)+1, a, err)
	}
	r.now = st.After
	r.inFlight = rest
	r.nextID += len(st.Sent)
	r.trace.Steps = append(r.trace.Steps, st)
	return &r.trace.Steps[len(r.trace.Steps)-1], nil
}

// try is Do without its effect: the step, and what is in the network after it.
func (r *Runner) try(a Action) (st Step, inFlight []Flight, err error) {
	st = Step{After: r.now}
	at := -1
	switch a.Kind {
	case Deliver, Duplicate, Lose:
		if at, err = r.find(a.ID, a.Side); err != nil {
			return st, nil, err
		}
		st.Segment = r.inFlight[at].Segment
	case Attack:
		st.Segment = a.Event.Segment
	}
	if st.Action, err = r.normal(a, st.Segment); err != nil {
		return st, nil, err
	}

	inFlight = make([]Flight, 0, len(r.inFlight)+model.MaxSent)
	switch a.Kind {
	case Deliver, Lose:
		inFlight = append(append(inFlight, r.inFlight[:at]...), r.inFlight[at+1:]...)
	case Tick:
		for _, f := range r.inFlight {
			switch f.TTL {
			case 0:
				inFlight = append(inFlight, f)
			case 1:
				st.Expired = append(st.Expired, f.ID)
			default:
				f.TTL--
				inFlight = append(inFlight, f)
			}
		}
	default:
		inFlight = append(inFlight, r.inFlight...)
	}

	switch a.Kind {
	case Lose:
	case Tick:
		for s := A; s <= B; s++ {
			r.let(&st, s, model.Event{Kind: model.Tick})
		}
	default:
		r.let(&st, a.Side, st.Action.Event)
	}

	for i, f := range st.Sent {
		if a.Dropped>>i&1 == 1 {
			st.Dropped = append(st.Dropped, f.ID)
		} else {
			inFlight = append(inFlight, f)
		}
	}
	if n := len(st.Sent); n < 8 && a.Dropped>>n != 0 {
		return st, nil, fmt.Errorf("dropped is %b, and only %d segments are sent", a.Dropped, n)
	}
	return st, inFlight, nil
}

// let makes the event happen at the side.
func (r *Runner) let(st *Step, s Side, ev model.Event) {
	e := &r.trace.Setup.Endpoints[s]
	out := &st.Outputs[s]
	r.step[s](e, &st.After[s], ev, out)
	for _, g := range out.Sent() {
		st.Sent = append(st.Sent, Flight{ID: r.nextID + len(st.Sent), To: s.Other(), Segment: g, TTL: e.MSL})
	}
}

// find is the place of segment id among those in flight to s.
func (r *Runner) find(id int, s Side) (int, error) {
	for i, f := range r.inFlight {
		if f.ID != id {
			continue
		}
		if f.To != s {
			return 0, fmt.Errorf("segment %d is on its way to %v", id, f.To)
		}
		return i, nil
	}
	if id >= 1 && id < r.nextID {
		return 0, fmt.Errorf("segment %d is no longer in the network", id)
	}
	return 0, fmt.Errorf("segment %d was never sent: the last is %d", id, r.nextID-1)
}
