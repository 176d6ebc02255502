package trace

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// normal returns a copy of the setup with the IDs of its segments, or an error
// if no run can begin so.
func (s Setup) normal() (Setup, error) {
	for side := A; side <= B; side++ {
		e := &s.Endpoints[side]
		if err := e.Check(); err != nil {
			return s, fmt.Errorf("%v: %w", side, err)
		}
		if err := e.Validate(&s.Start[side]); err != nil {
			return s, fmt.Errorf("%v can't start so: %w", side, err)
		}
	}
	space := s.Endpoints[A].Space
	if b := s.Endpoints[B].Space; b != space {
		return s, fmt.Errorf("the sides count %d and %d sequence numbers: want the same", space.Size(), b.Size())
	}
	s.InFlight = append([]Flight(nil), s.InFlight...)
	for i := range s.InFlight {
		f := &s.InFlight[i]
		if f.ID == 0 {
			f.ID = i + 1
		}
		if f.ID != i+1 {
			return s, fmt.Errorf("segment %d in flight has the ID %d: they count from 1", i+1, f.ID)
		}
		if f.To > B {
			return s, fmt.Errorf("segment %d in flight goes to side %d: want 0 or 1", f.ID, f.To)
		}
		if err := CheckSegment(space, f.Segment); err != nil {
			return s, fmt.Errorf("segment %d in flight: %w", f.ID, err)
		}
	}
	return s, nil
}

// CheckSegment returns an error if g can't be a segment of the space.
func CheckSegment(space model.Space, g model.Segment) error {
	switch {
	case !space.Contains(g.Seq):
		return fmt.Errorf("SEQ=%d: the space has %d numbers", g.Seq, space.Size())
	case !space.Contains(g.Ack):
		return fmt.Errorf("ACK=%d: the space has %d numbers", g.Ack, space.Size())
	case uint64(g.Len) >= space.Size()/2:
		return fmt.Errorf("DATA=%d: want less than half of the %d numbers", g.Len, space.Size())
	case g.Flags&^model.AllFlags != 0:
		return fmt.Errorf("CTL=%08b: there are 6 flags", uint8(g.Flags))
	case g.Ack != 0 && !g.Flags.Has(model.ACK):
		return fmt.Errorf("ACK=%d without the flag ACK", g.Ack)
	case g.Up != 0 && !g.Flags.Has(model.URG):
		return fmt.Errorf("UP=%d without the flag URG", g.Up)
	}
	return nil
}

// normal is the action in its normal form, see [Runner.Do]. segment is the one
// that arrives.
func (r *Runner) normal(a Action, segment model.Segment) (Action, error) {
	if a.Kind > Attack {
		return a, fmt.Errorf("kind %d: there is no such action", a.Kind)
	}
	if a.Kind == Tick {
		return Action{Kind: Tick, Dropped: a.Dropped}, nil
	}
	if a.Side > B {
		return a, fmt.Errorf("side %d: want 0 or 1", a.Side)
	}
	ev := a.Event
	n := Action{Kind: a.Kind, Side: a.Side, Dropped: a.Dropped}
	space := r.trace.Setup.Endpoints[a.Side].Space
	switch a.Kind {
	case Call:
		n.Event = ev
		if err := checkCall(space, ev); err != nil {
			return a, err
		}
	case Lose:
		n.ID = a.ID
	case Deliver, Duplicate:
		n.ID = a.ID
		if ev.Segment != (model.Segment{}) && ev.Segment != segment {
			return a, fmt.Errorf("the segment is %s, not %s", FormatSegment(segment), FormatSegment(ev.Segment))
		}
		n.Event = model.Event{Kind: model.SegmentArrives, Segment: segment, ISS: ev.ISS}
	case Attack:
		if err := CheckSegment(space, segment); err != nil {
			return a, err
		}
		n.Event = model.Event{Kind: model.SegmentArrives, Segment: segment, ISS: ev.ISS}
	}
	if !picksISS(n.Event.Kind, r.now[a.Side].State) {
		n.Event.ISS = 0
	}
	if !space.Contains(n.Event.ISS) {
		return a, fmt.Errorf("ISS=%d: the space has %d numbers", n.Event.ISS, space.Size())
	}
	return n, nil
}

// picksISS tells whether an event in the state may pick an ISS.
func picksISS(kind model.EventKind, s model.State) bool {
	switch kind {
	case model.OpenActive:
		return s <= model.Listen
	case model.Send, model.SegmentArrives:
		return s == model.Listen
	}
	return false
}

// checkCall returns an error if ev is no event of a call or if it sets fields
// that its kind does not use.
func checkCall(space model.Space, ev model.Event) error {
	used := model.Event{Kind: ev.Kind}
	switch ev.Kind {
	case model.SegmentArrives:
		return fmt.Errorf("a segment arrives by Deliver, Duplicate or Attack")
	case model.Tick:
		return fmt.Errorf("time passes for both sides: use Tick")
	case model.OpenActive:
		used.ISS, used.Refusal = ev.ISS, ev.Refusal
	case model.Send:
		used.ISS, used.Refusal, used.N, used.Push, used.Urgent = ev.ISS, ev.Refusal, ev.N, ev.Push, ev.Urgent
	case model.Receive:
		used.Refusal, used.N = ev.Refusal, ev.N
	case model.OpenPassive, model.Close, model.Abort, model.Status:
		used.Refusal = ev.Refusal
	}
	switch {
	case int(ev.Kind) >= model.NumEventKinds:
		return fmt.Errorf("event %d: there are %d", ev.Kind, model.NumEventKinds)
	case int(ev.Refusal) >= model.NumRefusals:
		return fmt.Errorf("refusal %d: there are %d", ev.Refusal, model.NumRefusals)
	case ev != used:
		return fmt.Errorf("%v has no use for %s", ev.Kind, setBeyond(ev, used))
	case (ev.Kind == model.Send || ev.Kind == model.Receive) && ev.N == 0:
		return fmt.Errorf("%v of 0 octets: want at least 1", ev.Kind)
	}
	return nil
}

// setBeyond names the fields that ev sets and used does not.
func setBeyond(ev, used model.Event) string {
	var names []string
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"a count of octets", ev.N != used.N},
		{"push", ev.Push != used.Push},
		{"urgent", ev.Urgent != used.Urgent},
		{"an ISS", ev.ISS != used.ISS},
		{"a refusal", ev.Refusal != used.Refusal},
		{"a segment", ev.Segment != used.Segment},
	} {
		if f.set {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ", ")
}
