package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// arrows are the arrows of figure 5, its notes, and the paragraphs that add to
// them.
var arrows = map[[2]model.State]string{
	{model.Closed, model.Listen}:           "figure 5: passive OPEN",
	{model.Closed, model.SynSent}:          "figure 5: active OPEN",
	{model.Listen, model.SynReceived}:      "figure 5: rcv SYN",
	{model.Listen, model.SynSent}:          "figure 5: SEND; §3.10.1 LISTEN: active OPEN",
	{model.Listen, model.Closed}:           "figure 5: CLOSE",
	{model.SynSent, model.Closed}:          "figure 5: CLOSE; §3.10.7.3 second: RST",
	{model.SynSent, model.SynReceived}:     "figure 5: rcv SYN",
	{model.SynSent, model.Established}:     "figure 5: rcv SYN,ACK",
	{model.SynReceived, model.Established}: "figure 5: rcv ACK of SYN",
	{model.SynReceived, model.FinWait1}:    "figure 5: CLOSE",
	{model.SynReceived, model.Listen}:      "figure 5, note 1: rcv RST; §3.10.7.4 fourth: SYN",
	{model.Established, model.FinWait1}:    "figure 5: CLOSE",
	{model.Established, model.CloseWait}:   "figure 5: rcv FIN",
	{model.FinWait1, model.FinWait2}:       "figure 5: rcv ACK of FIN",
	{model.FinWait1, model.Closing}:        "figure 5: rcv FIN",
	{model.FinWait1, model.TimeWait}:       "figure 5, note 2: rcv FIN and ACK of FIN",
	{model.FinWait2, model.TimeWait}:       "figure 5: rcv FIN",
	{model.CloseWait, model.LastAck}:       "figure 5: CLOSE",
	{model.Closing, model.TimeWait}:        "figure 5: rcv ACK of FIN",
	{model.LastAck, model.Closed}:          "figure 5: rcv ACK of FIN",
	{model.TimeWait, model.Closed}:         "figure 5: Timeout=2MSL",
}

// figure5Only are arrows that figure 5 or its notes draw.
func arrowAllowed(st *explore.Step, from, to model.State) bool {
	if _, ok := arrows[[2]model.State{from, to}]; ok {
		return true
	}
	switch {
	case to == model.Closed:
		// RST, ABORT, USER TIMEOUT, a hard error, a crash, another security.
		return true
	case from == model.TimeWait && to == model.SynReceived:
		return st.Endpoint().Behaviours.SynInTimeWait == model.SynReopens
	case from == model.SynReceived && to == model.TimeWait:
		return st.Before.TCB.Reopened
	case to == model.TimeWait:
		return st.Endpoint().Behaviours.AfterReset == model.ResetTimeWaits
	}
	return false
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
	},
}
