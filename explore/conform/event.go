package conform

import (
	"fmt"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/reaction"
)

// Kind is what sort of thing an [Event] is.
type Kind uint8

// The kinds of event: the user's calls, a segment, time, and reports of the
// network.
const (
	OpenPassive Kind = iota
	OpenActive
	Send
	Close
	Abort
	Arrive
	Wait
	SoftError // an ICMP message says that the peer can't be reached for now (§3.9.2.2)
	HardError // an ICMP message says that the peer refuses the protocol or the port
	Fill      // the user reads no more, and text that fills the window arrives
)

// Event is one thing that happens to a stack. It says a segment by its class,
// relative to the variables at that moment, so it means the same whatever
// numbers the stack picks, and also when an event before it is left out.
type Event struct {
	Kind  Kind
	N     uint32         // octets of a Send
	Class reaction.Class // of the segment of an Arrive
	Wnd   uint32         // its window
	Wait  time.Duration
}

// The two waits: longer than any first retransmission timeout (RFC 6298: one
// second, or three), and longer than any TIME-WAIT.
const (
	shortWait = 4 * time.Second
	longWait  = 10 * time.Minute
)

// The wait of a Subject's TimeWait, longer than half of it.
func (s *Subject) halfTimeWait() time.Duration { return s.TimeWait * 3 / 5 }

// String is the event in the RFC's words.
func (ev Event) String() string {
	switch ev.Kind {
	case OpenPassive:
		return "OPEN passive"
	case OpenActive:
		return "OPEN active"
	case Send:
		return fmt.Sprintf("SEND %d", ev.N)
	case Close:
		return "CLOSE"
	case Abort:
		return "ABORT"
	case Wait:
		return fmt.Sprintf("%v pass", ev.Wait)
	case SoftError:
		return "UNREACHABLE soft"
	case HardError:
		return "UNREACHABLE hard"
	case Fill:
		return "text that fills the window, and is not read"
	}
	return fmt.Sprintf("%v, WND %d", ev.Class, ev.Wnd)
}

// The numbers of the peer, and the first ISS that the stack's own is read as.
const (
	peerISS  model.Seq = 5000
	firstISS model.Seq = 1000
	issStep            = 1 << 20 // from one incarnation to the next
	nowhere            = 64      // an ACK where nothing was sent lies so far above the ISS
	text               = 4       // octets of text in a class with text
	urgent             = 3       // urgent pointer
	mostText           = 60000   // octets that a packet has room for
	leastWnd           = 10      // stands for MAX.SND.WND before a window was heard of
)

// segment is the segment of the class for an endpoint with this TCB.
func (ev Event) segment(t *model.TCB) model.Segment {
	c, s := ev.Class, model.Space32
	if ev.Kind == Fill {
		return model.Segment{Flags: model.ACK, Seq: t.RcvNxt, Ack: t.SndUna, Len: min(t.RcvWnd, mostText), Wnd: ev.Wnd}
	}
	g := model.Segment{Flags: c.Flags, Wnd: ev.Wnd}
	if c.Text {
		g.Len = text
	}
	if c.Flags.Has(model.URG) {
		g.Up = urgent
	}
	switch c.Seq {
	case reaction.SeqAny:
		g.Seq = peerISS
	case reaction.SeqBefore:
		g.Seq = s.Sub(t.RcvNxt, text+4)
	case reaction.SeqOneBefore:
		g.Seq = s.Sub(t.RcvNxt, 1)
	case reaction.SeqLeft:
		g.Seq = t.RcvNxt
	case reaction.SeqInside:
		g.Seq = s.Add(t.RcvNxt, 3)
	case reaction.SeqRight:
		g.Seq = s.Add(t.RcvNxt, t.RcvWnd-1)
	case reaction.SeqBeyond:
		g.Seq = s.Add(t.RcvNxt, max(t.RcvWnd, 1))
	case reaction.SeqRepeat:
		g.Seq = s.Sub(t.RcvNxt, g.SegLen())
	}
	if !c.Flags.Has(model.ACK) {
		return g
	}
	most := t.MaxSndWnd
	if t.State == model.SynSent {
		most = leastWnd
	}
	switch c.Ack {
	case reaction.AckAny:
		g.Ack = s.Add(firstISS, nowhere)
	case reaction.AckTooOld:
		g.Ack = s.Sub(t.SndUna, most+1)
	case reaction.AckOld:
		g.Ack = s.Sub(t.SndUna, most)
	case reaction.AckUna:
		g.Ack = t.SndUna
	case reaction.AckPart:
		g.Ack = s.Sub(t.SndNxt, 1)
	case reaction.AckAll:
		g.Ack = t.SndNxt
	case reaction.AckBeyond:
		g.Ack = s.Add(t.SndNxt, 1)
	}
	return g
}

// modelEvent is the event for the model; a Wait has none.
func (ev Event) modelEvent(g model.Segment, iss model.Seq) model.Event {
	switch ev.Kind {
	case OpenPassive:
		return model.Event{Kind: model.OpenPassive}
	case OpenActive:
		return model.Event{Kind: model.OpenActive, ISS: iss}
	case Send:
		return model.Event{Kind: model.Send, N: ev.N, ISS: iss}
	case Close:
		return model.Event{Kind: model.Close}
	case Abort:
		return model.Event{Kind: model.Abort}
	case SoftError:
		return model.Event{Kind: model.UnreachableSoft}
	case HardError:
		return model.Event{Kind: model.UnreachableHard}
	}
	return model.Event{Kind: model.SegmentArrives, Segment: g, ISS: iss}
}

// arriving is an Arrive.
func arriving(flags model.Flags, seq reaction.SeqPlace, ack reaction.AckPlace, text bool, wnd uint32) Event {
	return Event{Kind: Arrive, Class: reaction.Class{Flags: flags, Seq: seq, Ack: ack, Text: text}, Wnd: wnd}
}
