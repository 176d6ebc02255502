package draw

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// story is a trace and what the drawings tell about it.
type story struct {
	t       *trace.Trace
	flights []flight // by ID, from 1; an attacker's segments follow
	marked  map[int]bool
}

// fate is what became of a segment in the end.
type fate uint8

const (
	underWay fate = iota // it is still in the network when the run ends
	arrived              // it arrived and left the network
	lost                 // the network lost it
	dropped              // the network had no room for it when it was sent
	expired              // it was older than the maximum segment lifetime
)

var fateWords = [...]string{"under way", "arrived", "lost", "dropped", "expired"}

func (f fate) String() string { return fateWords[f] }

// fromStart as flight.sent: the segment is in the network when the run begins.
const fromStart = -1

// flight is a segment and its way.
type flight struct {
	trace.Flight        // ID is 0 for an attacker's segment
	sent         int    // index of the step that sent it, or fromStart
	nth          int    // its place among those that the step sent
	arrivals     []int  // indices of the steps at which it arrived, or a copy of it
	late         []bool // of each arrival: a segment sent later was faster
	end          fate   // of the last copy
	endAt        int    // index of the step of its end; len(Steps) if under way
}

func (f *flight) from() trace.Side { return f.To.Other() }

// attack tells whether an attacker made the segment.
func (f *flight) attack() bool { return f.ID == 0 }

// tell reads the trace.
func tell(t *trace.Trace) *story {
	s := &story{t: t, marked: map[int]bool{}}
	for _, i := range t.Info.Marked {
		s.marked[i] = true
	}
	for i, f := range t.Setup.InFlight {
		s.flights = append(s.flights, flight{Flight: f, sent: fromStart, nth: i, endAt: len(t.Steps)})
	}
	var attacks []flight
	newest := [2]int{} // the latest sent of those that arrived at each side
	for i := range t.Steps {
		st := &t.Steps[i]
		switch a := st.Action; a.Kind {
		case trace.Deliver, trace.Duplicate:
			f := s.flight(a.ID)
			f.arrivals = append(f.arrivals, i)
			f.late = append(f.late, a.ID < newest[a.Side])
			newest[a.Side] = max(newest[a.Side], a.ID)
			if a.Kind == trace.Deliver {
				f.end, f.endAt = arrived, i
			}
		case trace.Lose:
			f := s.flight(a.ID)
			f.end, f.endAt = lost, i
		case trace.Attack:
			attacks = append(attacks, flight{
				Flight: trace.Flight{To: a.Side, Segment: st.Segment}, sent: i,
				arrivals: []int{i}, late: []bool{false}, end: arrived, endAt: i,
			})
		}
		for n, f := range st.Sent {
			s.flights = append(s.flights, flight{Flight: f, sent: i, nth: n, endAt: len(t.Steps)})
		}
		for _, id := range st.Dropped {
			f := s.flight(id)
			f.end, f.endAt = dropped, i
		}
		for _, id := range st.Expired {
			f := s.flight(id)
			f.end, f.endAt = expired, i
		}
	}
	s.flights = append(s.flights, attacks...)
	return s
}

// repeats tells whether the step is one of a lasso's cycle.
func (s *story) repeats(step int) bool { return s.t.Info.CycleFrom >= 0 && step >= s.t.Info.CycleFrom }

// goesOn says where a lasso goes on after its last step; "" if it is none.
func (s *story) goesOn() string {
	from := s.t.Info.CycleFrom
	switch n := len(s.t.Steps) - from; {
	case from < 0:
		return ""
	case n == 1:
		return fmt.Sprintf("step %d repeats for ever", from+1)
	default:
		return fmt.Sprintf("steps %d to %d repeat for ever", from+1, len(s.t.Steps))
	}
}

// flight is the segment with the ID, which counts from 1.
func (s *story) flight(id int) *flight { return &s.flights[id-1] }

// again tells whether the step is not the first at which its segment arrives.
func (s *story) again(step int) bool {
	f := s.flight(s.t.Steps[step].Action.ID)
	return len(f.arrivals) > 0 && f.arrivals[0] < step
}

// isLate tells whether what arrives at the step was overtaken.
func (s *story) isLate(step int) bool { return s.flight(s.t.Steps[step].Action.ID).wasLate(step) }

// wasLate tells whether the segment arrives at the step and was overtaken.
func (f *flight) wasLate(step int) bool {
	for i, at := range f.arrivals {
		if at == step {
			return f.late[i]
		}
	}
	return false
}
