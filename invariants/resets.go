package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// resets: when a RST is sent, in what form, and what it may do.
var resets = []*explore.Property{
	{
		ID: "no-reset-answers-a-reset", Name: "no RST answers a RST", Kind: explore.StepProperty,
		Source:  "§4 Glossary, RST: \"In no case does receipt of a segment containing RST give rise to a RST in response.\"",
		Meaning: "Two endpoints never reset each other for ever.",
		Step: eachSent(func(st *explore.Step, g model.Segment) bool {
			return g.Flags.Has(model.RST) && st.Packet != nil && st.Packet.Segment.Flags.Has(model.RST)
		}),
	},
	{
		ID: "reset-form", Name: "a RST has the form that its receiver believes", Kind: explore.StepProperty,
		Source:  "§3.5.2: from the ACK field of the segment, else \"sequence number zero and the ACK field is set to the sum of the sequence number and segment length\"; §3.10.5: <SEQ=SND.NXT><CTL=RST>",
		Meaning: "A RST carries a number that shows that it belongs to the connection, and nothing else.",
		Step: eachSent(func(st *explore.Step, g model.Segment) bool {
			if !g.Flags.Has(model.RST) {
				return false
			}
			if g.Flags&^(model.RST|model.ACK) != 0 || g.Len > 0 {
				return true
			}
			if st.Packet == nil {
				return g.Seq != st.Before.TCB.SndNxt || g.Flags != model.RST
			}
			p, s := &st.Packet.Segment, st.Endpoint().Space
			if p.Flags.Has(model.ACK) {
				if st.Endpoint().Behaviours.CloseUnread == model.CloseResets && g.Seq == st.Before.TCB.SndNxt {
					return g.Flags != model.RST
				}
				return g.Seq != p.Ack || g.Flags != model.RST
			}
			return g.Seq != 0 || g.Flags != model.RST|model.ACK || g.Ack != s.Add(p.Seq, p.SegLen())
		}),
	},
	{
		ID: "reset-only-where-due", Name: "a RST is sent only where the RFC says so", Kind: explore.StepProperty,
		Source:  "§3.5.2: no such connection, an unacceptable ACK before ESTABLISHED, another security; §3.10.5: ABORT",
		Meaning: "\"A reset must not be sent if it is not clear that this is the case.\"",
		Step: eachSent(func(st *explore.Step, g model.Segment) bool {
			if !g.Flags.Has(model.RST) {
				return false
			}
			t, e := &st.Before.TCB, st.Endpoint()
			if st.Packet == nil {
				unread := st.Event.Kind == model.Close && e.Behaviours.CloseUnread == model.CloseResets && t.Unread > 0
				return st.Event.Kind != model.Abort && !unread
			}
			p := &st.Packet.Segment
			switch {
			case p.BadSecurity, t.State == model.Closed:
				return false
			case t.State == model.Listen:
				return !p.Flags.Has(model.ACK)
			case t.State == model.SynSent || t.State == model.SynReceived:
				refuses := t.State == model.SynReceived && p.Flags.Has(model.SYN) &&
					(e.Behaviours.SynReceivedSyn == model.SynRefused || e.Behaviours.Syn == model.SynResets)
				return !refuses && (!p.Flags.Has(model.ACK) || e.Space.Above(t.SndUna, p.Ack, t.SndNxt))
			}
			return !(p.Flags.Has(model.SYN) && e.Behaviours.Syn == model.SynResets) &&
				!(p.Len > 0 && e.Behaviours.CloseUnread == model.CloseResets)
		}),
	},
	{
		ID: "bad-ack-in-syn-received-is-reset", Name: "an ACK of what was not sent is reset in SYN-RECEIVED and LISTEN", Kind: explore.StepProperty,
		Source:  "§3.10.7.2 second, §3.10.7.4 fifth SYN-RECEIVED: \"form a reset segment <SEQ=SEG.ACK><CTL=RST> and send it\"",
		Meaning: "A peer that believes in a connection that is not there is told so.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil {
				return false
			}
			t, g, e := &st.Before.TCB, &st.Packet.Segment, st.Endpoint()
			if !g.Flags.Has(model.ACK) || g.Flags&(model.RST|model.SYN) != 0 || g.BadSecurity {
				return false
			}
			due := t.State == model.Listen && t.Timer == 0 || // quiet time sends nothing
				t.State == model.SynReceived && g.Seq == t.RcvNxt && !e.Space.Above(t.SndUna, g.Ack, t.SndNxt)
			return due && (len(st.Sent) != 1 || !st.Sent[0].Segment.Flags.Has(model.RST))
		},
	},
	{
		ID: "stray-reset-kills-nothing", Name: "a RST outside the window changes nothing", Kind: explore.StepProperty,
		Source:  "§3.5.3: \"In all states except SYN-SENT, all reset (RST) segments are validated by checking their SEQ fields.\"",
		Meaning: "Only a RST that can be meant for this connection ends it; in SYN-SENT, one that acknowledges our SYN.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || !st.Packet.Segment.Flags.Has(model.RST) {
				return false
			}
			t, g, e := &st.Before.TCB, &st.Packet.Segment, st.Endpoint()
			valid := true
			switch t.State {
			case model.Closed, model.Listen:
				valid = false
			case model.SynSent:
				valid = g.Flags.Has(model.ACK) && e.Space.Above(t.SndUna, g.Ack, t.SndNxt)
			default:
				valid = g.Seq == t.RcvNxt || e.Space.InWindow(t.RcvNxt, g.Seq, t.RcvWnd)
			}
			return !valid && st.After.TCB.State != t.State
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			rst, t := trace.FormatIn(st.Packet.Segment, 0), &st.Before.TCB
			if t.State == model.SynSent {
				return fmt.Sprintf("%s took %v from SYN-SENT to %v, and does not acknowledge its SYN", rst, st.Side, st.After.TCB.State)
			}
			return fmt.Sprintf("%s took %v, which expected %d, from %v to %v", rst, st.Side, t.RcvNxt, t.State, st.After.TCB.State)
		},
	},
	{
		ID: "reset-is-reported", Name: "the user hears of a reset", Kind: explore.StepProperty,
		Source:  "§3.6: \"the local application MUST be informed whether it closed normally or was aborted (MUST-12)\"",
		Meaning: "When a RST ends a connection that the user still holds, the user is told.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || !st.Packet.Segment.Flags.Has(model.RST) || st.After.TCB.State != model.Closed {
				return false
			}
			switch st.Before.TCB.State {
			case model.Established, model.FinWait1, model.FinWait2, model.CloseWait, model.SynSent:
				return !heard(st, model.ConnectionReset)
			case model.SynReceived:
				// A listener that its user has closed meanwhile just ends.
				return !st.Before.TCB.Passive && !heard(st, model.ConnectionRefused)
			}
			return false
		},
	},
	{
		ID: "reset-in-closing-is-reported", Name: "the user hears of a reset also in CLOSING and LAST-ACK", Kind: explore.StepProperty,
		Source:  "§3.6: MUST-12, against §3.10.7.4 second: in CLOSING, LAST-ACK and TIME-WAIT \"enter the CLOSED state, delete the TCB, and return\"",
		Meaning: "A user whose text was not all acknowledged is told when a RST ends the connection.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || !st.Packet.Segment.Flags.Has(model.RST) || st.After.TCB.State != model.Closed {
				return false
			}
			switch st.Before.TCB.State {
			case model.Closing, model.LastAck:
				return len(st.Out.Signals()) == 0
			}
			return false
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("A RST ended %v's connection in %v, and its user was told nothing", st.Side, st.Before.TCB.State)
		},
	},
	{
		ID: "unacceptable-is-answered", Name: "an unacceptable segment is answered by an ACK", Kind: explore.StepProperty,
		Source:  "§3.5.2 group 3: it \"must be responded to with an empty acknowledgment segment\"",
		Meaning: "Whoever sends what can't be accepted learns what is expected; this is how a half-open connection is found out.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || !st.Before.TCB.State.Synchronized() {
				return false
			}
			t, g, e := &st.Before.TCB, &st.Packet.Segment, st.Endpoint()
			if g.Flags.Has(model.RST) || inWindow(e, t, g) || t.RcvWnd == 0 || st.After.TCB.State != t.State {
				return false
			}
			return len(st.Sent) != 1 || st.Sent[0].Segment.Len > 0 || !sentACK(st, t.RcvNxt)
		},
	},
	{
		ID: "closed-answers", Name: "a segment to no connection is answered by a RST", Kind: explore.StepProperty,
		Source:  "§3.5.2 group 1: \"If the connection does not exist (CLOSED), then a reset is sent in response to any incoming segment except another reset.\"",
		Meaning: "Who still believes in the connection learns that it is gone.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || st.Before.TCB.State != model.Closed || st.Before.TCB.Timer > 0 || st.Packet.Segment.Flags.Has(model.RST) {
				return false
			}
			return len(st.Sent) != 1 || !st.Sent[0].Segment.Flags.Has(model.RST)
		},
	},
	{
		ID: "reset-in-window-is-challenged", Name: "a RST in the window that is not exact draws a challenge ACK", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 second (3): \"TCP endpoints MUST send an acknowledgment (challenge ACK)\"",
		Meaning: "Who really lost the connection answers with an exact RST; who guesses can't.",
		Step: func(st *explore.Step) bool {
			t, e := &st.Before.TCB, st.Endpoint()
			if st.Packet == nil || t.State < model.SynReceived || e.Behaviours.Reset != model.ResetExact ||
				t.State == model.TimeWait && e.Behaviours.RstInTimeWait == model.RstIgnored {
				return false
			}
			g := &st.Packet.Segment
			guess := g.Flags.Has(model.RST) && g.Seq != t.RcvNxt && e.Space.InWindow(t.RcvNxt, g.Seq, t.RcvWnd)
			return guess && (st.After.TCB.State != t.State || !sentACK(st, t.RcvNxt))
		},
	},
	{
		ID: "abort-sends-reset", Name: "ABORT tells the peer", Kind: explore.StepProperty,
		Source:  "§3.10.5: \"Send a reset segment: <SEQ=SND.NXT><CTL=RST>\"",
		Meaning: "A user who aborts a connection does not leave the peer half-open, unless the RST is lost.",
		Step: func(st *explore.Step) bool {
			if st.Event.Kind != model.Abort {
				return false
			}
			switch st.Before.TCB.State {
			case model.SynReceived, model.Established, model.FinWait1, model.FinWait2, model.CloseWait:
				return len(st.Sent) != 1 || !st.Sent[0].Segment.Flags.Has(model.RST)
			}
			return false
		},
	},
	{
		ID: "other-security-is-reset", Name: "a segment of another security is reset and never accepted", Kind: explore.StepProperty,
		Source:  "§3.10.7.2 third, §3.10.7.3 third, §3.10.7.4 third; §3.5.2",
		Meaning: "No connection spans two compartments.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || !st.Packet.Segment.BadSecurity || st.Packet.Segment.Flags.Has(model.RST) {
				return false
			}
			return st.After.TCB.State > st.Before.TCB.State || len(st.Delivered) > 0
		},
	},
}
