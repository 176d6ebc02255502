package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// data: what of the users' text travels and arrives.
var data = []*explore.Property{
	{
		ID: "text-waits-for-established", Name: "no text is sent before ESTABLISHED", Kind: explore.StepProperty,
		Source:  "§3.10.2 SYN-SENT, SYN-RECEIVED: \"Queue the data for transmission after entering ESTABLISHED state.\"",
		Meaning: "Before the handshake is done no octet leaves, unless text may travel on the SYN itself.",
		Step: eachSent(func(st *explore.Step, g model.Segment) bool {
			onSyn := g.Flags.Has(model.SYN) && st.Endpoint().Behaviours.SynText == model.SynTextSent
			return g.Len > 0 && !onSyn && !st.After.TCB.State.Synchronized() && !st.Before.TCB.State.Synchronized()
		}),
	},
	{
		ID: "delivery-waits-for-established", Name: "no text is delivered before ESTABLISHED", Kind: explore.StepProperty,
		Source:  "§3.5: text is \"buffered at the receiver until the connection reaches the ESTABLISHED state\"",
		Meaning: "A user is given text only when the handshake has shown that the peer is there.",
		Step: func(st *explore.Step) bool {
			return len(st.Delivered) > 0 && !st.After.TCB.State.Synchronized() && !st.Before.TCB.State.Synchronized()
		},
	},
	{
		ID: "delivery-waits-for-our-syn", Name: "no text is delivered while our SYN is unacknowledged", Kind: explore.StepProperty,
		Source:  "§3.5: the receiver \"doesn't deliver the data to the user until it is clear the data is valid\"",
		Meaning: "Until the peer has acknowledged our SYN, its own SYN may be an old duplicate, and so may its text.",
		Step: func(st *explore.Step) bool {
			return len(st.Delivered) > 0 && st.After.TCB.SynPending
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("%v gave its user text in %v, and its own SYN was not acknowledged yet", st.Side, st.After.TCB.State)
		},
	},
	{
		ID: "text-in-order-once", Name: "text is delivered in order, each octet once", Kind: explore.StepProperty,
		Source:  "§3.4: sequence numbers let the receiver put text in order and drop duplicates; §3.10.7.4 first: \"further processing is done in SEG.SEQ order\"",
		Meaning: "The octets delivered are a prefix of those that were sent.",
		Step: func(st *explore.Step) bool {
			next := st.Before.Ghost.Delivered
			for _, d := range st.Delivered {
				if d.First != next {
					return true
				}
				next += d.N
			}
			return false
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			d := st.Delivered[0]
			if d.Inc == explore.ForgedInc {
				return fmt.Sprintf("%v gave its user an octet that an attacker forged, where octet %d of the peer's was due", st.Side, st.Before.Ghost.Delivered+1)
			}
			return fmt.Sprintf("%v gave its user octet %d of the peer's, and octet %d was due", st.Side, d.First+1, st.Before.Ghost.Delivered+1)
		},
	},
	{
		ID: "no-stale-text", Name: "no text of another incarnation is delivered", Kind: explore.StepProperty,
		Source:  "RFC 1337 section 2, hazard H1; RFC 9293 §3.4.1: \"we must prevent segments from one incarnation of a connection from being used while the same sequence numbers may still be present in the network from an earlier incarnation\"",
		Meaning: "What a user reads was sent by the peer's present connection, and to this one.",
		Step: func(st *explore.Step) bool {
			for _, d := range st.Delivered {
				if d.Inc == explore.ForgedInc {
					continue
				}
				if d.Inc != st.After.Ghost.PeerInc || d.For != st.After.Ghost.Inc && d.For != 0 {
					return true
				}
			}
			return false
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			d := st.Delivered[0]
			whose := fmt.Sprintf("%v's %s connection", st.Side.Other(), ordinal(int(d.Inc)))
			if d.Inc == explore.OldInc {
				whose = "a connection that was over before the start"
			}
			return fmt.Sprintf("%v gave its user octet %d of %s, in its own %s connection", st.Side, d.First+1, whose, ordinal(int(st.After.Ghost.Inc)))
		},
	},
	{
		ID: "delivered-was-sent", Name: "nothing is delivered that was not sent", Kind: explore.StateProperty,
		Source:  "§3.3.1: SND.NXT is the next number to send, and RCV.NXT the next expected",
		Meaning: "A receiver has never got more than the peer's user has SENT.",
		State: eachSide(func(_ *explore.View, _ trace.Side, s, peer *explore.Side) bool {
			return partners(s, peer) && s.Ghost.Delivered > peer.Ghost.Sent
		}),
	},
	{
		ID: "text-received-is-acknowledged", Name: "text received is acknowledged", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 seventh: \"When the TCP endpoint takes responsibility for delivering the data to the user, it must also acknowledge the receipt of the data.\"",
		Meaning: "Whoever delivers text says so to the peer, with the number behind it.",
		Step: func(st *explore.Step) bool {
			return len(st.Delivered) > 0 && st.After.TCB.State != model.Closed && !sentACK(st, st.After.TCB.RcvNxt)
		},
	},
	{
		ID: "text-in-the-window-is-delivered", Name: "text at the left edge is delivered, also after our own close", Kind: explore.StepProperty,
		Source:  "§3.6: \"The user who CLOSEs may continue to RECEIVE until the TCP receiver is told that the remote peer has CLOSED also.\"",
		Meaning: "A connection closed one way still receives the other way.",
		Step: func(st *explore.Step) bool {
			if st.Packet == nil || st.Endpoint().Behaviours.CloseUnread == model.CloseResets {
				return false
			}
			t, g, s := &st.Before.TCB, &st.Packet.Segment, st.Endpoint().Space
			switch t.State {
			case model.Established, model.FinWait1, model.FinWait2:
			default:
				return false
			}
			plain := g.Flags&(model.SYN|model.RST) == 0 && g.Flags.Has(model.ACK) && !g.BadSecurity
			return plain && g.Len > 0 && g.Seq == t.RcvNxt && t.RcvWnd > 0 &&
				s.Within(t.SndUna, g.Ack, t.SndNxt) && len(st.Delivered) == 0
		},
	},
	{
		ID: "send-window-respected", Name: "new text stays within the send window", Kind: explore.StepProperty,
		Source:  "§3.3.1: numbers that may be sent lie between SND.NXT and SND.UNA+SND.WND-1; §3.8.6.1: a probe is one octet beyond",
		Meaning: "No new octet or FIN leaves that the peer did not offer room for, a probe of a window of zero excepted.",
		Step: func(st *explore.Step) bool {
			b, a, s := &st.Before.TCB, &st.After.TCB, st.Endpoint().Space
			if a.State == model.Closed || !a.State.Synchronized() || !b.State.Synchronized() || st.Event.Kind == model.ZeroWindowProbe {
				return false
			}
			fresh := s.Dist(b.SndNxt, a.SndNxt)
			return fresh > 0 && s.Dist(a.SndUna, a.SndNxt) > a.SndWnd
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			t := &st.After.TCB
			return fmt.Sprintf("%v has %d numbers outstanding, and its window is %d", st.Side, st.Endpoint().Space.Dist(t.SndUna, t.SndNxt), t.SndWnd)
		},
	},
	{
		ID: "offered-window-is-there", Name: "the window offered is the room in the buffer", Kind: explore.StepProperty,
		Source:  "§3.8.6: \"The window sent in each segment indicates the range of sequence numbers the sender of the window (the data receiver) is currently prepared to accept.\"",
		Meaning: "What has not been read takes room, and the peer is told.",
		Step: eachSent(func(st *explore.Step, g model.Segment) bool {
			return !g.Flags.Has(model.RST) && g.Wnd > st.Endpoint().Window-st.After.TCB.Unread
		}),
		Title: func(_ *explore.View, st *explore.Step) string {
			room, offered := st.Endpoint().Window-st.After.TCB.Unread, uint32(0)
			for _, p := range st.Sent {
				offered = max(offered, p.Segment.Wnd)
			}
			return fmt.Sprintf("%v offers a window of %d, and has room for %d", st.Side, offered, room)
		},
	},
	{
		ID: "send-window-follows", Name: "the send window follows the peer's", Kind: explore.StepProperty,
		Source:  "§3.10.7.4 fifth: \"If SND.UNA =< SEG.ACK =< SND.NXT, the send window should be updated.\"",
		Meaning: "The newest segment says how much may be sent.",
		Step: func(st *explore.Step) bool {
			b, a := &st.Before.TCB, &st.After.TCB
			if st.Packet == nil || !b.State.Synchronized() || b.State == model.TimeWait || !a.State.Synchronized() || a.State == model.TimeWait {
				return false
			}
			g, s := &st.Packet.Segment, st.Endpoint().Space
			newest := g.Flags.Has(model.ACK) && g.Flags&(model.SYN|model.RST) == 0 && !g.BadSecurity &&
				g.Seq == b.RcvNxt && g.SegLen() <= b.RcvWnd && s.Within(b.SndUna, g.Ack, b.SndNxt) && b.SndWl1 == b.RcvNxt
			return newest && a.SndWnd != g.Wnd
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("%v was offered a window of %d, and takes it for %d", st.Side, st.Packet.Segment.Wnd, st.After.TCB.SndWnd)
		},
	},
	{
		ID: "opened-window-is-reported", Name: "the opening of a shut window is reported", Kind: explore.StepProperty,
		Source:  "§3.8.6.1: \"the reopening of the window will be reliably reported to the other\"",
		Meaning: "When the user makes room in a full buffer, the peer hears of it.",
		Step: func(st *explore.Step) bool {
			if st.Event.Kind != model.Receive || st.Before.TCB.RcvWnd > 0 || st.After.TCB.RcvWnd == 0 {
				return false
			}
			switch st.After.TCB.State {
			case model.Established, model.FinWait1, model.FinWait2:
				return !sentACK(st, st.After.TCB.RcvNxt)
			}
			return false
		},
	},
	{
		ID: "shut-window-is-probed", Name: "a window of zero is probed", Kind: explore.StepProperty,
		Source:  "§3.8.6.1: \"Probing of zero (offered) windows MUST be supported (MUST-36).\"",
		Meaning: "One number goes beyond the window, so that the loss of a window update is not the end.",
		Step: func(st *explore.Step) bool {
			if st.Event.Kind != model.ZeroWindowProbe {
				return false
			}
			return len(st.Sent) != 1 || st.Sent[0].Segment.SegLen() != 1 || st.Sent[0].Segment.Seq != st.Before.TCB.SndNxt
		},
	},
}
