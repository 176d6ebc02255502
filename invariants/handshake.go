package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// handshake: how a connection comes to be.
var handshake = []*explore.Property{
	{
		ID: "no-false-connection", Name: "nobody is ESTABLISHED unless the peer has accepted its SYN", Kind: explore.StepProperty,
		Source:  "§3.5: \"The principal reason for the three-way handshake is to prevent old duplicate connection initiations from causing confusion.\"",
		Meaning: "ESTABLISHED is entered on a segment whose sender had taken our SYN: an old SYN alone never makes a connection.",
		Step: func(st *explore.Step) bool {
			if !entered(st, model.Established) {
				return false
			}
			return st.Packet == nil || st.Packet.Origin.For != st.After.Ghost.Inc || st.Packet.Origin.Inc != st.After.Ghost.PeerInc
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("%v is ESTABLISHED, and its peer never accepted its SYN", st.Side)
		},
	},
	{
		ID: "agreed-numbers", Name: "two ends connected with each other agree on both initial numbers", Kind: explore.StateProperty,
		Source:  "§3.4.1: \"the two TCP peers must synchronize on each other's initial sequence numbers\"",
		Meaning: "Each side's IRS is the other's ISS.",
		State: func(v *explore.View) bool {
			a, b := v.Sides[0], v.Sides[1]
			if !v.Synchronized() {
				return false
			}
			return a.TCB.IRS != b.TCB.ISS || b.TCB.IRS != a.TCB.ISS
		},
		Title: func(v *explore.View, _ *explore.Step) string {
			a, b := &v.Sides[0].TCB, &v.Sides[1].TCB
			return fmt.Sprintf("A has ISS=%d and IRS=%d, B has ISS=%d and IRS=%d", a.ISS, a.IRS, b.ISS, b.IRS)
		},
	},
	{
		ID: "segments-carry-ack", Name: "every segment carries ACK, SYN and some RST excepted", Kind: explore.StepProperty,
		Source:  "§3.1: \"Once a connection is established, this is always sent.\"",
		Meaning: "Only the SYN of SYN-SENT lacks ACK, and a RST sent by ABORT or in answer to a segment that has an ACK.",
		Step: eachSent(func(st *explore.Step, g model.Segment) bool {
			switch {
			case g.Flags.Has(model.ACK):
				return false
			case g.Flags.Has(model.RST):
				return st.Packet != nil && !st.Packet.Segment.Flags.Has(model.ACK)
			}
			return !g.Flags.Has(model.SYN) || st.After.TCB.State != model.SynSent
		}),
	},
	{
		ID: "syn-is-acknowledged", Name: "a SYN that opens is acknowledged by its number plus one", Kind: explore.StepProperty,
		Source:  "§3.10.7.2 third, §3.10.7.3 fourth: \"RCV.NXT is set to SEG.SEQ+1\"",
		Meaning: "The SYN occupies a sequence number: who accepts one acknowledges the number behind it.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || !st.Packet.Segment.Flags.Has(model.SYN) {
				return false
			}
			was, is := st.Before.TCB.State, st.After.TCB.State
			opened := (was == model.Listen || was == model.SynSent) && is >= model.SynReceived
			if !opened {
				return false
			}
			for _, p := range st.Sent {
				if p.Segment.Flags.Has(model.ACK) && st.Endpoint().Space.Dist(st.Packet.Segment.Seq, p.Segment.Ack) >= 1 &&
					p.Segment.Ack != st.Packet.Segment.Seq {
					return false
				}
			}
			return true
		},
	},
	{
		ID: "bad-ack-in-syn-sent-is-reset", Name: "an ACK of what was not sent is reset in SYN-SENT", Kind: explore.StepProperty,
		Source:  "§3.10.7.3 first: \"If SEG.ACK =< ISS or SEG.ACK > SND.NXT, send a reset\"",
		Meaning: "This is how an old duplicate SYN is found out: its SYN,ACK acknowledges a number that we never sent.",
		Step: func(st *explore.Step) bool {
			t := &st.Before.TCB
			if st.Packet == nil || t.State != model.SynSent {
				return false
			}
			g := &st.Packet.Segment
			if !g.Flags.Has(model.ACK) || g.Flags.Has(model.RST) || st.Endpoint().Space.Above(t.SndUna, g.Ack, t.SndNxt) {
				return false
			}
			return st.After.TCB.State != model.SynSent || len(st.Sent) != 1 || !st.Sent[0].Segment.Flags.Has(model.RST)
		},
	},
	{
		ID: "simultaneous-open-works", Name: "a SYN in SYN-SENT leads to SYN-RECEIVED", Kind: explore.StepProperty,
		Source:  "§3.5: \"A TCP implementation MUST support simultaneous open attempts (MUST-10).\"",
		Meaning: "When both open at once, each answers the other's SYN.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || st.Before.TCB.State != model.SynSent {
				return false
			}
			g := &st.Packet.Segment
			return g.Flags&(model.SYN|model.ACK|model.RST) == model.SYN && !g.BadSecurity && !entered(st, model.SynReceived)
		},
	},
	{
		ID: "passive-open-returns-to-listen", Name: "a RST in SYN-RECEIVED leads back to where it came from", Kind: explore.StepProperty,
		Source:  "§3.5: MUST-11; §3.10.7.4 second: \"return this connection to LISTEN state\"",
		Meaning: "A listener that was stirred by an old SYN listens again; an active open is refused and its user told.",
		Step: func(st *explore.Step) bool {
			t := &st.Before.TCB
			if st.Packet == nil || t.State != model.SynReceived || t.Reopened {
				return false
			}
			g := &st.Packet.Segment
			if !g.Flags.Has(model.RST) || g.Seq != t.RcvNxt {
				return false
			}
			// How SYN-RECEIVED was reached, seen from outside: who opens
			// passively has not chosen to send a SYN.
			if openedPassively(st) {
				return st.After.TCB.State != model.Listen && !t.CloseQueued
			}
			if st.After.TCB.State == model.SynSent && st.Endpoint().Behaviours.ActiveReset == model.ActiveResetReturns {
				return false
			}
			return st.After.TCB.State != model.Closed || !heard(st, model.ConnectionRefused)
		},
	},
	{
		ID: "acknowledged-was-received", Name: "what counts as acknowledged was received", Kind: explore.StateProperty,
		Source:  "§3.3.1: SND.UNA; §3.10.7.4 seventh: an ACK says that the endpoint \"takes responsibility for the data\"",
		Meaning: "A sender never believes that the peer has more than the peer has.",
		State: eachSide(func(v *explore.View, at trace.Side, s, peer *explore.Side) bool {
			if !v.Synchronized() || s.Ghost.Flags.Has(explore.NoFINs) {
				return false
			}
			e := v.Endpoint(at)
			return !s.TCB.SynPending && !e.Space.Within(s.TCB.ISS, s.TCB.SndUna, peer.TCB.RcvNxt)
		}),
		Title: func(v *explore.View, _ *explore.Step) string {
			for i, s := range v.Sides {
				if peer := v.Sides[1-i]; !s.TCB.SynPending && !v.Endpoint(trace.Side(i)).Space.Within(s.TCB.ISS, s.TCB.SndUna, peer.TCB.RcvNxt) {
					return fmt.Sprintf("%v takes all before %d for acknowledged, and %v waits for %d", trace.Side(i), s.TCB.SndUna, trace.Side(1-i), peer.TCB.RcvNxt)
				}
			}
			return ""
		},
	},
	{
		ID: "received-was-sent", Name: "an ACK acknowledges only what was sent", Kind: explore.StateProperty,
		Source:  "§3.4: \"SEG.ACK = acknowledgment from the receiving TCP peer (next sequence number expected by the receiving TCP peer)\"",
		Meaning: "A receiver never expects a number beyond what the peer has sent.",
		State: eachSide(func(v *explore.View, at trace.Side, s, peer *explore.Side) bool {
			if !v.Synchronized() {
				return false
			}
			return !v.Endpoint(at).Space.Within(peer.TCB.ISS, s.TCB.RcvNxt, peer.TCB.SndNxt)
		}),
		Title: func(v *explore.View, _ *explore.Step) string {
			for i, s := range v.Sides {
				peer := &v.Sides[1-i].TCB
				if !v.Endpoint(trace.Side(i)).Space.Within(peer.ISS, s.TCB.RcvNxt, peer.SndNxt) {
					return fmt.Sprintf("%v expects number %d next, and %v has not sent any from %d on", trace.Side(i), s.TCB.RcvNxt, trace.Side(1-i), peer.SndNxt)
				}
			}
			return ""
		},
	},
}

// openedPassively tells whether the side's user opens passively: by the
// scenario if it allows one way only, else by the TCB.
func openedPassively(st *explore.Step) bool {
	switch st.Scenario.Sides[st.Side].Open {
	case explore.OpensPassively:
		return true
	case explore.OpensActively:
		return false
	}
	return st.Before.TCB.Passive
}
