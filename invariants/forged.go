package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/model"
)

// forged: what an attacker who sees nothing must guess (RFC 5961). They say
// something only where a scenario has attacks.
var forged = []*explore.Property{
	{
		ID: "blind-reset-is-exact", Name: "a forged RST ends a connection only with the exact number", Kind: explore.StepProperty,
		Source:  "RFC 5961 section 3; §3.10.7.4 second (2): \"If the RST bit is set and the sequence number exactly matches the next expected sequence number (RCV.NXT), then TCP endpoints MUST reset the connection\"",
		Meaning: "An attacker must guess one number, not one of a window of them.",
		Step: func(st *explore.Step) bool {
			return forgedEnds(st) && st.Packet.Segment.Flags.Has(model.RST) && st.Packet.Segment.Seq != st.Before.TCB.RcvNxt
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("a forged RST with SEQ=%d ended %v's connection, which expected %d", st.Packet.Segment.Seq, st.Side, st.Before.TCB.RcvNxt)
		},
	},
	{
		ID: "blind-syn-ends-nothing", Name: "a forged SYN ends no connection, also none that is being opened", Kind: explore.StepProperty,
		Source:  "RFC 5961 section 4; §3.10.7.4 fourth: \"if the SYN bit is set, irrespective of the sequence number, TCP endpoints MUST send a 'challenge ACK'\"",
		Meaning: "A SYN proves nothing: a peer that really begins anew answers the challenge by a RST.",
		Step: func(st *explore.Step) bool {
			if !st.Packet.Forged() || st.Packet.Segment.Flags&(model.SYN|model.RST) != model.SYN {
				return false
			}
			return forgedEnds(st) || st.Before.TCB.State == model.SynReceived && st.After.TCB.State <= model.Listen
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("a forged SYN with SEQ=%d ended %v's connection in %v", st.Packet.Segment.Seq, st.Side, st.Before.TCB.State)
		},
	},
	{
		ID: "blind-text-acknowledges", Name: "forged text is delivered only with an ACK in range", Kind: explore.StepProperty,
		Source:  "RFC 5961 section 5; §3.10.7.4 fifth: \"acceptable only if it is in the range of ((SND.UNA - MAX.SND.WND) =< SEG.ACK =< SND.NXT)\" (MAY-12)",
		Meaning: "An attacker must guess two numbers to slip text in.",
		Step: func(st *explore.Step) bool {
			if !st.Packet.Forged() || len(st.Delivered) == 0 || !st.Before.TCB.State.Synchronized() {
				return false
			}
			t, g, s := &st.Before.TCB, &st.Packet.Segment, st.Endpoint().Space
			return !s.Within(s.Sub(t.SndUna, t.MaxSndWnd), g.Ack, t.SndNxt)
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			t := &st.Before.TCB
			return fmt.Sprintf("%v gave its user forged text with ACK=%d; it has SND.UNA=%d and SND.NXT=%d", st.Side, st.Packet.Segment.Ack, t.SndUna, t.SndNxt)
		},
	},
}

// forgedEnds tells whether a forged segment takes a synchronized connection down.
func forgedEnds(st *explore.Step) bool {
	return st.Packet.Forged() && st.Before.TCB.State.Synchronized() && st.Before.TCB.State != model.TimeWait &&
		(entered(st, model.Closed) || heard(st, model.ConnectionReset))
}

// forgeryWitnesses are the attacks that succeed when the guess is right.
var forgeryWitnesses = []*explore.Property{
	{
		ID: "witness-blind-reset", Name: "a forged RST ends a connection", Kind: explore.Reachable,
		Source: "RFC 5961 section 3", Meaning: "An attacker guesses the number that a side expects.",
		Step: func(st *explore.Step) bool {
			return forgedEnds(st) && st.Packet.Segment.Flags.Has(model.RST)
		},
	},
	{
		ID: "witness-blind-text", Name: "a user is given forged text", Kind: explore.Reachable,
		Source: "RFC 5961 section 5", Meaning: "An attacker guesses both the number that a side expects and one that it has sent.",
		Step: func(st *explore.Step) bool {
			return st.Packet.Forged() && len(st.Delivered) > 0
		},
	},
	{
		ID: "witness-blind-connection", Name: "a forged ACK completes a handshake", Kind: explore.Reachable,
		Source: "RFC 9293 §3.4.1, RFC 6528", Meaning: "An attacker guesses the ISS that a listener chose: a connection with nobody.",
		Step: func(st *explore.Step) bool {
			return st.Packet.Forged() && st.Before.TCB.State == model.SynReceived && entered(st, model.Established)
		},
	},
}
