package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// closing: FIN, half-close, TIME-WAIT.
var closing = []*explore.Property{
	{
		ID: "fin-counted-once", Name: "RCV.NXT counts the SYN, the text and the FIN once each", Kind: explore.StateProperty,
		Source:  "§3.4: SEG.LEN counts SYN and FIN; §3.10.7.4 eighth: \"advance RCV.NXT over the FIN\"",
		Meaning: "RCV.NXT = IRS + 1 + octets delivered, + 1 when the peer's FIN has been received.",
		State:   eachSide(miscounts),
		Title: func(v *explore.View, _ *explore.Step) string {
			for i, s := range v.Sides {
				if miscounts(v, trace.Side(i), s, nil) {
					return fmt.Sprintf("%v is in %v with IRS=%d, %d octets delivered and RCV.NXT=%d", trace.Side(i), s.TCB.State, s.TCB.IRS, s.Ghost.Delivered, s.TCB.RcvNxt)
				}
			}
			return ""
		},
	},
	{
		ID: "numbers-sent-once", Name: "SND.NXT counts the SYN, the text and the FIN once each", Kind: explore.StateProperty,
		Source:  "§3.4: \"every octet of data sent over a TCP connection has a sequence number\"",
		Meaning: "SND.NXT = ISS + 1 + octets that left, + 1 when our FIN has left.",
		State: eachSide(func(v *explore.View, at trace.Side, s, _ *explore.Side) bool {
			return missent(v, at, s)
		}),
		Title: func(v *explore.View, _ *explore.Step) string {
			for i, s := range v.Sides {
				if at := trace.Side(i); missent(v, at, s) {
					return fmt.Sprintf("%v is in %v with SND.NXT=%d, and what it sent ends before %d", at, s.TCB.State, s.TCB.SndNxt, sendsNext(v, at, s))
				}
			}
			return ""
		},
	},
	{
		ID: "nothing-new-after-fin", Name: "nothing new is sent after FIN", Kind: explore.StepProperty,
		Source:  "§3.6: \"No further SENDs from the user will be accepted by the TCP implementation\"",
		Meaning: "The FIN is the last number of its direction.",
		Step: func(st *explore.Step) bool {
			b, a := &st.Before.TCB, &st.After.TCB
			return finSent(b) && finSent(a) && a.SndNxt != b.SndNxt
		},
	},
	{
		ID: "fin-is-acknowledged", Name: "a FIN is acknowledged", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 eighth: \"advance RCV.NXT over the FIN, and send an acknowledgment for the FIN\"",
		Meaning: "Whoever receives a FIN says so, and the closer need not repeat it.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || !heard(st, model.ConnectionClosing) || st.After.TCB.State == model.Closed {
				return false
			}
			return !sentACK(st, st.After.TCB.RcvNxt)
		},
	},
	{
		ID: "fin-takes-its-arrow", Name: "a FIN in order changes the state", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 eighth: ESTABLISHED → CLOSE-WAIT, FIN-WAIT-1 → CLOSING or TIME-WAIT, FIN-WAIT-2 → TIME-WAIT",
		Meaning: "A FIN that can be accepted is: the state says afterwards that the peer has closed.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil {
				return false
			}
			t, g, s := &st.Before.TCB, &st.Packet.Segment, st.Endpoint().Space
			switch t.State {
			case model.Established, model.FinWait1, model.FinWait2:
			default:
				return false
			}
			plain := g.Flags&(model.SYN|model.RST) == 0 && g.Flags.Has(model.FIN|model.ACK) && !g.BadSecurity
			ours := g.Seq == t.RcvNxt && g.SegLen() <= t.RcvWnd && s.Within(t.SndUna, g.Ack, t.SndNxt)
			return plain && ours && !finReceived(st.After.TCB.State) && st.After.TCB.State != model.Closed
		},
	},
	{
		ID: "fin-wait-2-was-acknowledged", Name: "FIN-WAIT-2 means that the peer has our FIN", Kind: explore.StateProperty,
		Source:  "§3.3.2: FIN-WAIT-2 \"represents waiting for a connection termination request from the remote TCP peer\"; §3.10.7.4 fifth: \"if the FIN segment is now acknowledged\"",
		Meaning: "After our FIN is acknowledged, and not before, we only wait for the peer's.",
		State: eachSide(func(_ *explore.View, _ trace.Side, s, peer *explore.Side) bool {
			return s.TCB.State == model.FinWait2 && partners(peer, s) && partners(s, peer) &&
				peer.TCB.State.Synchronized() && !finReceived(peer.TCB.State)
		}),
		Title: inState(model.FinWait2, "the peer, in %v, has not got its FIN"),
	},
	{
		ID: "last-ack-was-acknowledged", Name: "LAST-ACK ends on an ACK of our FIN", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 fifth LAST-ACK: \"If our FIN is now acknowledged, delete the TCB, enter the CLOSED state\"",
		Meaning: "An older ACK does not close the connection.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || st.Before.TCB.State != model.LastAck || st.After.TCB.State != model.Closed {
				return false
			}
			g := &st.Packet.Segment
			return !g.Flags.Has(model.RST) && !g.BadSecurity && g.Ack != st.Before.TCB.SndNxt
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			g := st.Packet.Segment
			if !g.Flags.Has(model.ACK) {
				return fmt.Sprintf("%v left LAST-ACK on a segment that acknowledges nothing", st.Side)
			}
			return fmt.Sprintf("%v left LAST-ACK on an ACK of %d, and only one of %d acknowledges its FIN", st.Side, g.Ack, st.Before.TCB.SndNxt)
		},
	},
	{
		ID: "closing-was-acknowledged", Name: "CLOSING ends on an ACK of our FIN", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 fifth CLOSING: \"if the ACK acknowledges our FIN, then enter the TIME-WAIT state; otherwise, ignore the segment\"",
		Meaning: "An older ACK does not end CLOSING, and an ACK of the FIN leads to TIME-WAIT.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || st.Before.TCB.State != model.Closing {
				return false
			}
			t, g := &st.Before.TCB, &st.Packet.Segment
			if g.Flags.Has(model.RST) || g.BadSecurity {
				return false
			}
			acks := g.Flags.Has(model.ACK) && g.Ack == t.SndNxt && !t.CloseQueued
			return !acks && st.After.TCB.State != model.Closing ||
				acks && g.Seq == t.RcvNxt && g.Flags&model.SYN == 0 && st.After.TCB.State != model.TimeWait
		},
	},
	{
		ID: "time-wait-after-both-fins", Name: "TIME-WAIT only after both FINs", Kind: explore.StateProperty,
		Source:  "§3.3.2: TIME-WAIT \"represents waiting for enough time to pass to be sure the remote TCP peer received the acknowledgment of its connection termination request\"",
		Meaning: "Who is in TIME-WAIT has had its own FIN acknowledged and received the peer's: the peer's user has closed.",
		State: eachSide(func(v *explore.View, _ trace.Side, s, peer *explore.Side) bool {
			if s.TCB.State != model.TimeWait || !partners(s, peer) || v.Scenario.Behaviours.AfterReset == model.ResetTimeWaits {
				return false
			}
			switch peer.TCB.State {
			case model.Established, model.CloseWait, model.SynSent, model.SynReceived:
				return true
			}
			return false
		}),
		Title: inState(model.TimeWait, "the peer, in %v, has not closed"),
	},
	{
		ID: "time-wait-for-the-first-closer", Name: "TIME-WAIT only for a side that closed before the peer's FIN came", Kind: explore.StepProperty,
		Source:  "§3.6.1: \"When a connection is closed actively, it MUST linger in the TIME-WAIT state\" (MUST-13)",
		Meaning: "The side that closes second goes through LAST-ACK and need not wait.",
		Step: func(st *explore.Step) bool {
			return entered(st, model.TimeWait) && !st.After.Ghost.Flags.Has(explore.ClosedFirst) &&
				st.Endpoint().Behaviours.AfterReset != model.ResetTimeWaits && !st.Before.TCB.Reopened
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("%v went from %v to TIME-WAIT, and the peer had closed before it", st.Side, st.Before.TCB.State)
		},
	},
	{
		ID: "first-closer-waits", Name: "the side that closes first passes through TIME-WAIT", Kind: explore.StepProperty,
		Source:  "§3.6.1: \"it MUST linger in the TIME-WAIT state for a time 2xMSL\" (MUST-13)",
		Meaning: "It reaches CLOSED from TIME-WAIT, unless its user heard of a failure, aborted, or lost its memory.",
		Step: func(st *explore.Step) bool {
			g := &st.After.Ghost
			if !entered(st, model.Closed) || !g.Flags.Has(explore.ClosedFirst) || g.Flags&(explore.Failed|explore.Crashed) != 0 {
				return false
			}
			if st.Event.Kind == model.Abort || st.Before.TCB.State == model.TimeWait || st.Before.TCB.State <= model.Listen {
				return false
			}
			rst := st.Packet != nil && st.Packet.Segment.Flags.Has(model.RST)
			wait := st.Endpoint().Behaviours.FinWait2 == model.FinWait2Timeout && st.Before.TCB.State == model.FinWait2
			return !rst && !wait
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("%v closed first and went from %v to CLOSED without TIME-WAIT", st.Side, st.Before.TCB.State)
		},
	},
	{
		ID: "time-wait-lasts", Name: "TIME-WAIT lasts 2 MSL", Kind: explore.StepProperty,
		Source:  "§3.6.1: MUST-13; §3.10.7.4 eighth: \"start the time-wait timer\"",
		Meaning: "Entered, the timer is set to the whole time; only its end, a RST, an ABORT or a new SYN leads out.",
		Step: func(st *explore.Step) bool {
			if entered(st, model.TimeWait) && st.After.TCB.State == model.TimeWait {
				return st.After.TCB.Timer != st.Endpoint().TimeWait
			}
			if st.Before.TCB.State != model.TimeWait || st.After.TCB.State == model.TimeWait {
				return false
			}
			switch st.Event.Kind {
			case model.Tick:
				return st.Before.TCB.Timer > 1
			case model.SegmentArrives:
				g := &st.Packet.Segment
				return !g.Flags.Has(model.RST) && !g.Flags.Has(model.SYN) && !g.BadSecurity
			}
			return false
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			whole := st.Endpoint().TimeWait
			if st.After.TCB.State == model.TimeWait {
				return fmt.Sprintf("%v's TIME-WAIT is set to %s, and should last %d", st.Side, ticks(st.After.TCB.Timer), whole)
			}
			return fmt.Sprintf("%v left TIME-WAIT with %s of %d to go", st.Side, ticks(st.Before.TCB.Timer), whole)
		},
	},
	{
		ID: "fin-acked-takes-its-arrow", Name: "an ACK of our FIN leads out of FIN-WAIT-1", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 fifth FIN-WAIT-1: \"if the FIN segment is now acknowledged, then enter FIN-WAIT-2 and continue processing in that state\"",
		Meaning: "To FIN-WAIT-2, or to TIME-WAIT if the segment carries the peer's FIN too; not to CLOSING.",
		Step: func(st *explore.Step) bool {
			t := &st.Before.TCB
			if st.Packet == nil || t.State != model.FinWait1 || t.CloseQueued {
				return false
			}
			g := &st.Packet.Segment
			acks := g.Flags.Has(model.ACK) && g.Flags&(model.SYN|model.RST) == 0 && !g.BadSecurity && g.Ack == t.SndNxt
			if !acks || g.Seq != t.RcvNxt || g.SegLen() > t.RcvWnd {
				return false
			}
			switch st.After.TCB.State {
			case model.FinWait2, model.TimeWait, model.Closed:
				return false
			}
			return true
		},
	},
	{
		ID: "close-sends-fin", Name: "CLOSE sends a FIN when nothing stands before it", Kind: explore.StepProperty,
		Source:  "§3.10.4 ESTABLISHED, CLOSE-WAIT: \"then form a FIN segment and send it\"",
		Meaning: "With no text queued and room in the window, the FIN leaves at once.",
		Step: func(st *explore.Step) bool {
			t, s := &st.Before.TCB, st.Endpoint().Space
			if st.Event.Kind != model.Close || t.Queued > 0 || t.CloseQueued || s.Dist(t.SndUna, t.SndNxt) >= t.SndWnd ||
				st.Endpoint().Behaviours.CloseUnread == model.CloseResets && t.Unread > 0 {
				return false
			}
			switch t.State {
			case model.Established, model.CloseWait:
				return len(st.Sent) != 1 || !st.Sent[0].Segment.Flags.Has(model.FIN)
			}
			return false
		},
	},
	{
		ID: "time-wait-restarts", Name: "a repeated FIN restarts TIME-WAIT", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 fifth TIME-WAIT: \"a retransmission of the remote FIN. Acknowledge it, and restart the 2 MSL timeout.\"",
		Meaning: "The peer repeats its FIN because our ACK was lost: the time to wait counts from the new ACK.",
		Step: func(st *explore.Step) bool {
			t, e := &st.Before.TCB, st.Endpoint()
			if st.Packet == nil || t.State != model.TimeWait || st.After.TCB.State != model.TimeWait || e.Behaviours.FinInTimeWait != model.FinRestarts {
				return false
			}
			g := &st.Packet.Segment
			repeated := g.Flags.Has(model.FIN|model.ACK) && g.Flags&(model.SYN|model.RST) == 0 && !g.BadSecurity &&
				e.Space.Add(g.Seq, g.SegLen()) == t.RcvNxt
			return repeated && (st.After.TCB.Timer != e.TimeWait || !sentACK(st, t.RcvNxt))
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("The peer's FIN came to %v again, and TIME-WAIT goes on with %s of %d", st.Side, ticks(st.After.TCB.Timer), st.Endpoint().TimeWait)
		},
	},
}

// inState titles a run that leads a side to the state too early: why says so of
// its peer, which is not there.
func inState(state model.State, why string) func(*explore.View, *explore.Step) string {
	return func(v *explore.View, _ *explore.Step) string {
		for i, s := range v.Sides {
			if peer := v.Sides[1-i]; s.TCB.State == state && peer.TCB.State != state {
				return fmt.Sprintf("%v is in %v, and "+why, trace.Side(i), state, peer.TCB.State)
			}
		}
		return ""
	}
}

// sendsNext is the number that follows the SYN, the text and the FIN that left.
func sendsNext(v *explore.View, at trace.Side, s *explore.Side) model.Seq {
	n := 1 + uint32(s.Ghost.Sent) - s.TCB.Queued
	if finSent(&s.TCB) {
		n++
	}
	return v.Endpoint(at).Space.Add(s.TCB.ISS, n)
}

// missent: SND.NXT is not that number.
func missent(v *explore.View, at trace.Side, s *explore.Side) bool {
	if s.TCB.State < model.SynReceived || s.Ghost.ISSes == 0 || s.Ghost.Flags.Has(explore.NoFINs) {
		return false
	}
	return s.TCB.SndNxt != sendsNext(v, at, s)
}

// miscounts: RCV.NXT is not one past the SYN, the text and the FIN received.
func miscounts(v *explore.View, at trace.Side, s, _ *explore.Side) bool {
	t := &s.TCB
	if t.State < model.SynReceived || s.Ghost.PeerInc == 0 || s.Ghost.Flags.Has(explore.NoFINs) {
		return false
	}
	n := 1 + uint32(s.Ghost.Delivered)
	if finReceived(t.State) {
		n++
	}
	return t.RcvNxt != v.Endpoint(at).Space.Add(t.IRS, n)
}

func ticks(n uint8) string {
	if n == 1 {
		return "1 tick"
	}
	return fmt.Sprintf("%d ticks", n)
}
