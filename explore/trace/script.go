package trace

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// Script is a ladder that was read: what happens, and what must come of it.
type Script struct {
	Setup   Setup
	Actions []Action
	Info    Info // the texts that the header gives

	places []place // of the actions
	checks []check // in order
	shown  int     // segments, those in flight at the start included
}

// check is something that a ladder shows and no action.
type check struct {
	place
	after   int // so many actions
	kind    checkKind
	side    Side
	state   model.State
	id      int
	segment model.Segment
}

type checkKind uint8

const (
	stateCheck   checkKind = iota // the side is in the state
	sentCheck                     // segment id was sent to the side and looks so
	expiredCheck                  // segment id vanished in the last action
)

// Run plays the script and compares each line: the states, the segments sent,
// and those that vanished of age. The error is a [*SyntaxError] that tells
// where the run is not what the ladder shows; the trace goes as far as it
// played. A nil step is [model.Step].
func (s *Script) Run(step [2]model.StepFunc) (*Trace, error) {
	r, err := NewRunner(s.Setup, step)
	if err != nil {
		return nil, err
	}
	r.trace.Info = s.Info
	sent := append([]Flight(nil), r.inFlight...)
	checks := s.checks
	for done := 0; ; done++ {
		expired := 0
		for len(checks) > 0 && checks[0].after == done {
			c := checks[0]
			if err := s.check(r, c, sent); err != nil {
				return r.trace, c.wrap(err)
			}
			if c.kind == expiredCheck {
				expired++
			}
			checks = checks[1:]
		}
		if done > 0 {
			if gone := r.trace.Steps[done-1].Expired; expired < len(gone) {
				return r.trace, s.places[done-1].errorf("segments %v expire here: show each as (expired) in a line below", gone)
			}
		}
		if done == len(s.Actions) {
			break
		}
		st, err := r.Do(s.Actions[done])
		if err != nil {
			return r.trace, s.places[done].wrap(err)
		}
		sent = append(sent, st.Sent...)
	}
	if len(sent) > s.shown {
		return r.trace, s.unshown(r.trace, sent[s.shown])
	}
	return r.trace, nil
}

// unshown is the error that segment f is sent and the ladder does not show it.
func (s *Script) unshown(t *Trace, f Flight) error {
	for i, st := range t.Steps {
		for _, g := range st.Sent {
			if g.ID == f.ID {
				return s.places[i].errorf("%v then sends %s: show it", f.To.Other(), t.text(f))
			}
		}
	}
	panic(fmt.Sprintf("trace: segment %+v was sent by no step of %v", f, s.Actions))
}

// text is the segment as the ladder writes it.
func (t *Trace) text(f Flight) string {
	return formatSegment(f.Segment, t.Setup.hiddenWindow(f.To.Other(), f.Segment.Flags))
}

func (s *Script) check(r *Runner, c check, sent []Flight) error {
	switch c.kind {
	case stateCheck:
		if is := r.now[c.side].State; is != c.state {
			return fmt.Errorf("%v is in %v, not in %v", c.side, is, c.state)
		}
	case sentCheck:
		want := r.trace.text(Flight{To: c.side, Segment: c.segment})
		if c.id > len(sent) {
			return fmt.Errorf("%v does not send %s", c.side.Other(), want)
		}
		f := sent[c.id-1]
		if f.To != c.side {
			return fmt.Errorf("%v sends %s before %v sends %s: show that first", f.To.Other(), r.trace.text(f), c.side.Other(), want)
		}
		if is := r.trace.text(f); is != want {
			return fmt.Errorf("%v sends %s here, not %s", f.To.Other(), is, want)
		}
	case expiredCheck:
		if n := len(r.trace.Steps); n > 0 {
			for _, id := range r.trace.Steps[n-1].Expired {
				if id == c.id {
					return nil
				}
			}
		}
		return fmt.Errorf("segment %d does not expire here", c.id)
	}
	return nil
}

// StepFuncs returns the steps that the info's mutant takes at both sides, or
// [model.Step] if it names none.
func (i Info) StepFuncs() (step [2]model.StepFunc, err error) {
	step = [2]model.StepFunc{model.Step, model.Step}
	if i.Mutant == "" {
		return step, nil
	}
	m, err := model.FindMutant(i.Mutant)
	if err != nil {
		return step, err
	}
	decorated := m.Decorate(model.Step)
	return [2]model.StepFunc{decorated, decorated}, nil
}
