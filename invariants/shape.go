package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// arrowAllowed tells whether figure 5 or a named paragraph has the arrow.
func arrowAllowed(st *explore.Step, from, to model.State) bool {
	for i := range figure5 {
		if figure5[i].From == from && figure5[i].To == to {
			return true
		}
	}
	return allowed(&st.Endpoint().Behaviours, from, to, st.Before.TCB.Reopened) != ""
}

// shape: what every TCB and every arrow looks like.
var shape = []*explore.Property{
	{
		ID: "figure-5", Name: "every change of state is an arrow of figure 5 or a named paragraph", Kind: explore.StepProperty,
		Source:  "§3.3.2 figure 5 and its notes; §3.10.7.4 fourth (SYN-RECEIVED → LISTEN on SYN); §3.10.5, §3.10.8 (→ CLOSED)",
		Meaning: "The states that one event passes through follow the RFC's diagram.",
		Step: func(st *explore.Step) bool {
			from := st.Before.TCB.State
			for _, to := range st.Out.Path() {
				if !arrowAllowed(st, from, to) {
					return true
				}
				from = to
			}
			return from != st.After.TCB.State
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("%v went from %v to %v", st.Side, st.Before.TCB.State, st.After.TCB.State)
		},
	},
	{
		ID: "well-formed", Name: "every TCB is one that the RFC's variables can describe", Kind: explore.StateProperty,
		Source:  "§3.3.1: SND.UNA, SND.NXT, SND.WND, RCV.NXT, RCV.WND; §3.4: SND.UNA =< SND.NXT",
		Meaning: "Numbers and flags fit the state and each other: for one, SND.UNA =< SND.NXT.",
		State: eachSide(func(v *explore.View, at trace.Side, s, _ *explore.Side) bool {
			return v.Endpoint(at).Validate(&s.TCB) != nil
		}),
		Title: func(v *explore.View, _ *explore.Step) string {
			for i, s := range v.Sides {
				if err := v.Endpoint(trace.Side(i)).Validate(&s.TCB); err != nil {
					return fmt.Sprintf("%v: %v", trace.Side(i), err)
				}
			}
			return ""
		},
	},
	{
		ID: "retransmission-repeats-the-front", Name: "a retransmission timeout repeats the oldest unacknowledged segment", Kind: explore.StepProperty,
		Source:  "§3.10.8: \"send the segment at the front of the retransmission queue again\"",
		Meaning: "SYN, SYN,ACK, text or FIN: what begins at SND.UNA goes out again.",
		Step: func(st *explore.Step) bool {
			if st.Event.Kind != model.RetransmissionTimeout {
				return false
			}
			return len(st.Sent) != 1 || st.Sent[0].Segment.Seq != st.Before.TCB.SndUna || st.Sent[0].Segment.SegLen() == 0
		},
	},
	{
		ID: "allowed-to-send", Name: "every segment is one that the RFC allows to be sent", Kind: explore.StepProperty,
		Source:  "§3.10 as a relation: model.Allows",
		Meaning: "By the TCB before the event or after it, no rule forbids what is sent.",
		Step: eachSent(func(st *explore.Step, g model.Segment) bool {
			e := st.Endpoint()
			return !e.Allows(&st.Before.TCB, g).Empty() && !e.Allows(&st.After.TCB, g).Empty()
		}),
	},
	{
		ID: "sender-never-goes-back", Name: "SND.UNA never goes back", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 fifth: \"If SND.UNA < SEG.ACK =< SND.NXT, then set SND.UNA <- SEG.ACK\"",
		Meaning: "Within a connection what was acknowledged stays acknowledged.",
		Step: func(st *explore.Step) bool {
			b, a, s := &st.Before.TCB, &st.After.TCB, st.Endpoint().Space
			if b.State < model.SynSent || a.State < model.SynSent || a.ISS != b.ISS || a.Reopened != b.Reopened {
				return false
			}
			return !s.Within(b.SndUna, a.SndUna, a.SndNxt)
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("%v's SND.UNA went back from %d to %d", st.Side, st.Before.TCB.SndUna, st.After.TCB.SndUna)
		},
	},
}
