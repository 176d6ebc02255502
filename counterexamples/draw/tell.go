package draw

import (
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Told is a step in words.
type Told struct {
	What    string // happens, in a sentence without its full stop
	Segment string // that arrives, is lost or is made by an attacker; "": none
	Sent    []Departed
	State   [2]string // after the step
	Path    [2]string // states that a side goes through: "LISTEN → SYN-RECEIVED"; "": it stays
	Changes [2][]string
	Tells   [2][]string // what the users are given and told
	Rules   []model.Rule
}

// Departed is a segment that a step sends, and its number.
type Departed struct {
	ID      int
	Segment string
}

// Tell tells every step of the trace in words.
func Tell(t *trace.Trace) []Told {
	s := tell(t)
	list := make([]Told, len(t.Steps))
	for i := range t.Steps {
		st := &t.Steps[i]
		w := &list[i]
		w.What = s.happened(i)
		switch st.Action.Kind {
		case trace.Deliver, trace.Duplicate, trace.Lose, trace.Attack:
			w.Segment = trace.FormatIn(st.Segment, t.Setup.Endpoints[st.Action.Side.Other()].Window)
		}
		for _, f := range st.Sent {
			w.Sent = append(w.Sent, Departed{f.ID, trace.FormatIn(f.Segment, t.Setup.Endpoints[f.To.Other()].Window)})
		}
		before := t.Before(i)
		for side := range w.Path {
			w.State[side] = st.After[side].State.String()
			w.Path[side] = path(before[side], st.After[side], &st.Outputs[side])
			w.Changes[side] = changes(before[side], st.After[side])
			w.Tells[side] = told(&st.Outputs[side])
			w.Rules = append(w.Rules, st.Outputs[side].Rules()...)
		}
	}
	return list
}
