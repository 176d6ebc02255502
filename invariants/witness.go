package invariants

import (
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// witnesses: what must be reachable, or the rest proves nothing.
var witnesses = slices.Concat(stateWitnesses(), []*explore.Property{
	{
		ID: "witness-simultaneous-open", Name: "both open at once and connect", Kind: explore.Reachable,
		Source: "§3.5 figure 7", Meaning: "Both sides go from SYN-SENT through SYN-RECEIVED to ESTABLISHED.",
		Step: func(st *explore.Step) bool {
			return st.Before.TCB.State == model.SynReceived && !st.Before.TCB.Passive && entered(st, model.Established)
		},
	},
	{
		ID: "witness-connected", Name: "both are ESTABLISHED with each other", Kind: explore.Reachable,
		Source: "§3.5 figure 6", Meaning: "The handshake succeeds.",
		State: func(v *explore.View) bool {
			return v.Synchronized() && v.Sides[0].TCB.State == model.Established && v.Sides[1].TCB.State == model.Established
		},
	},
	{
		ID: "witness-simultaneous-close", Name: "both close at once", Kind: explore.Reachable,
		Source: "§3.6 figure 13", Meaning: "Both sides are in CLOSING.",
		State: func(v *explore.View) bool {
			return v.Sides[0].TCB.State == model.Closing && v.Sides[1].TCB.State == model.Closing
		},
	},
	{
		ID: "witness-half-close", Name: "text flows towards a side that has closed", Kind: explore.Reachable,
		Source: "§3.6.1", Meaning: "A side in FIN-WAIT-2 is given text.",
		Step: func(st *explore.Step) bool {
			return len(st.Delivered) > 0 && st.Before.TCB.State == model.FinWait2
		},
	},
	{
		ID: "witness-fin-and-ack-at-once", Name: "FIN-WAIT-1 goes to TIME-WAIT on one segment", Kind: explore.Reachable,
		Source: "§3.3.2 figure 5, note 2", Meaning: "One segment acknowledges our FIN and carries the peer's.",
		Step: func(st *explore.Step) bool {
			return st.Before.TCB.State == model.FinWait1 && st.After.TCB.State == model.TimeWait
		},
	},
	{
		ID: "witness-text-on-third-segment", Name: "the segment that establishes carries text", Kind: explore.Reachable,
		Source: "§3.10.7.3 fourth: \"Data or controls that were queued for transmission MAY be included\"", Meaning: "SYN-RECEIVED goes to ESTABLISHED on a segment whose text is delivered at once.",
		Step: func(st *explore.Step) bool {
			return st.Before.TCB.State == model.SynReceived && entered(st, model.Established) && len(st.Delivered) > 0
		},
	},
	{
		ID: "witness-text-on-syn", Name: "text that came on a SYN is delivered", Kind: explore.Reachable,
		Source: "§3.10.7.2 third: \"any other control or text should be queued for processing later\"", Meaning: "A user is given text that its SYN brought, once the handshake is done.",
		Step: func(st *explore.Step) bool {
			t := &st.Before.TCB
			return t.NHeld > 0 && !t.Held[0].Flags.Has(model.ACK) && t.Held[0].Len > 0 && len(st.Delivered) > 0
		},
	},
	{
		ID: "witness-delivered-both-ways", Name: "text is delivered both ways", Kind: explore.Reachable,
		Source: "§3.6.1", Meaning: "Both users have got text.",
		State: func(v *explore.View) bool {
			return v.Sides[0].Ghost.Delivered > 0 && v.Sides[1].Ghost.Delivered > 0
		},
	},
	{
		ID: "witness-both-closed", Name: "both closed and forgot the connection", Kind: explore.Reachable,
		Source: "§3.6 figure 12", Meaning: "Both sides were ESTABLISHED, and are CLOSED with nobody told of a failure.",
		State: func(v *explore.View) bool {
			done := func(s *explore.Side) bool {
				return s.TCB.State == model.Closed && s.Ghost.Flags.Has(explore.Established) &&
					s.Ghost.Flags&(explore.Failed|explore.Crashed) == 0
			}
			return done(v.Sides[0]) && done(v.Sides[1])
		},
	},
	{
		ID: "witness-reset", Name: "a RST ends a connection", Kind: explore.Reachable,
		Source: "§3.5.3", Meaning: "A user is told \"connection reset\".",
		Step: func(st *explore.Step) bool {
			return st.Packet != nil && st.Packet.Segment.Flags.Has(model.RST) && heard(st, model.ConnectionReset)
		},
	},
	{
		ID: "witness-refused", Name: "an open is refused", Kind: explore.Reachable,
		Source: "§3.10.7.1, §3.10.7.3 second", Meaning: "A RST answers a SYN and closes SYN-SENT.",
		Step: func(st *explore.Step) bool {
			return st.Before.TCB.State == model.SynSent && st.After.TCB.State == model.Closed && st.Packet != nil
		},
	},
	{
		ID: "witness-return-to-listen", Name: "a listener that was stirred listens again", Kind: explore.Reachable,
		Source: "§3.5.1 figure 11", Meaning: "SYN-RECEIVED returns to LISTEN.",
		Step: func(st *explore.Step) bool {
			return st.Before.TCB.State == model.SynReceived && st.After.TCB.State == model.Listen
		},
	},
	{
		ID: "witness-return-to-syn-sent", Name: "an active open survives an old SYN", Kind: explore.Reachable,
		Source: "§3.10.7.4 second, with the choice active-reset: returns", Meaning: "A RST takes SYN-RECEIVED back to SYN-SENT.",
		Step: func(st *explore.Step) bool {
			return st.Before.TCB.State == model.SynReceived && st.After.TCB.State == model.SynSent
		},
	},
	{
		ID: "witness-reopened", Name: "a new SYN opens a connection from TIME-WAIT", Kind: explore.Reachable,
		Source: "§3.6.1: MAY-2", Meaning: "TIME-WAIT goes to SYN-RECEIVED, and the connection is established.",
		Step: func(st *explore.Step) bool {
			return st.Before.TCB.State == model.SynReceived && st.Before.TCB.Reopened && entered(st, model.Established)
		},
	},
}, forgeryWitnesses)

// stateWitnesses is a witness for each of the eleven states.
func stateWitnesses() []*explore.Property {
	var list []*explore.Property
	for s := range model.State(model.NumStates) {
		list = append(list, &explore.Property{
			ID: "witness-" + strings.ToLower(s.String()), Name: s.String() + " is reached", Kind: explore.Reachable,
			Source: "§3.3.2", Meaning: "One side is in " + s.String() + ".",
			State: eachSide(func(_ *explore.View, _ trace.Side, side, _ *explore.Side) bool { return side.TCB.State == s }),
		})
	}
	return list
}
