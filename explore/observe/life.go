package observe

import "github.com/tcpcheck/tcpcheck/model"

// life is one incarnation of the endpoint: the facts of its numbers, and the
// shapes that it may have.
type life struct {
	shapes shapeSet

	issKnown, irsKnown bool // the SYN was seen
	sndKnown, rcvKnown bool // the numbers below are known at all
	ackedKnown         bool // an ACK was sent
	edgeKnown          bool // a window was received
	rcvEdgeKnown       bool // a window was sent
	reachedKnown       bool // a segment came
	finInKnown         bool // the peer's FIN was seen
	ackInKnown         bool // an ACK without FIN came
	finSent            bool // our FIN was seen
	provenKnown        bool // text came with an ACK of our FIN
	reordered          bool // text came above a hole
	repeated           bool // something was sent again
	free               bool // something was sent since nothing holds back a FIN
	filled             bool // what was sent last went up to the window's edge
	reset              bool // more resets came than are remembered: any may be believed
	passive            bool // the peer's SYN opened it
	synReceived        bool // it may have been in SYN-RECEIVED, where SYN,ACK is sent
	late               bool // an ACK came since it ended
	fastOpen           bool // text or the option on a SYN: text before ESTABLISHED is in order

	iss, irs model.Seq
	low      model.Seq       // at or below SND.UNA: text may be repeated from here
	una      model.Seq       // the highest ACK that came
	sndMax   model.Seq       // SND.NXT as far as seen: behind the highest number sent
	edge     model.Seq       // the right edge of the widest window received
	lastEdge model.Seq       // the right edge of the window received last
	acked    model.Seq       // the highest ACK sent: RCV.NXT is no lower
	ended    model.Seq       // contig when it ended
	lateAck  model.Seq       // the ACK that came last since it ended
	contig   model.Seq       // behind what was seen to come without a hole
	reached  model.Seq       // the highest number that a segment began with that came
	rcvEdge  model.Seq       // the right edge of the widest window sent
	proven   model.Seq       // where the first such text began: who acknowledges it knows that
	finIn    model.Seq       // number of the peer's FIN
	ackIn    model.Seq       // the highest ACK that came on a segment without FIN
	ackAbove model.Seq       // an ACK that came of what was not seen to be sent; 0: none
	arrived  uint32          // segments that came after the SYN that opened it
	synWnd   uint32          // window of the SYN that was answered
	above    spans           // what came above a hole
	early    []model.Segment // what came before the SYN of the peer

	pool pool // segments that may still be processed
}

// far is farther than any window: numbers this far below are old.
const far = 1 << 30

// lag is how far below the highest ACK text may be repeated.
const lag = 1 << 28

// maxSynText bounds what a server may send before its SYN,ACK is seen, by Fast
// Open.
const maxSynText = 1 << 20

// slack is how far beyond the advertised window text may be accepted: windows
// are rounded when they are scaled.
const slack = 1 << 14

// raise moves a up to b if b is ahead of it.
func raise(s model.Space, a *model.Seq, b model.Seq) bool {
	if d := s.Dist(*a, b); d != 0 && d < 1<<31 {
		*a = b
		return true
	}
	return false
}

// atOrAbove is b >= a for numbers less than half the space apart.
func atOrAbove(s model.Space, a, b model.Seq) bool { return s.Dist(a, b) < 1<<31 }

// top is the highest RCV.NXT that the shape can have.
func (l *life) top(s model.Space, h shape) model.Seq {
	switch {
	case h.state() == model.SynReceived && l.irsKnown && !l.fastOpen:
		return s.Add(l.irs, 1) // text is not acknowledged before ESTABLISHED
	case h.finReceived() && l.finInKnown:
		return s.Add(l.finIn, 1)
	case h.finReceived(), !l.finInKnown:
		return l.contig
	case atOrAbove(s, l.finIn, l.contig):
		return l.finIn
	}
	return l.contig
}

// lowestAck is the least ACK that a segment of this incarnation can carry.
func (l *life) lowestAck(s model.Space) model.Seq {
	if l.irsKnown {
		if s.Dist(l.irs, l.contig) < far {
			return s.Add(l.irs, 1)
		}
	}
	return s.Sub(l.contig, far)
}

// least is the least RCV.NXT that the endpoint can have now.
func (l *life) least(s model.Space) model.Seq {
	if l.ackedKnown {
		return l.acked
	}
	return l.lowestAck(s)
}

// tcb is a TCB with the shape.
func (l *life) tcb(e *model.Endpoint, h shape) model.TCB {
	s := e.Space
	most := uint32(s.Size()/2 - 1)
	t := model.TCB{
		State: h.state(), Passive: h&passive != 0, SynPending: h&synPending != 0, CloseQueued: h&closeQueued != 0,
		Retries: e.Retransmissions,
		ISS:     l.iss, SndUna: l.low, SndNxt: l.sndMax, RcvWnd: e.Window,
	}
	switch {
	case h&synPending != 0:
		t.SndUna = l.iss
	case l.issKnown && l.low == l.iss:
		t.SndUna = s.Add(l.iss, 1) // the SYN is acknowledged
	}
	if h.finSent() && !h.finOut() {
		t.SndUna = t.SndNxt
	}
	t.SndUp = t.SndUna
	if h.state() == model.SynSent {
		return t
	}
	t.IRS, t.RcvNxt = l.irs, l.top(s, h)
	t.RcvUp = t.RcvNxt
	if l.rcvEdgeKnown {
		t.RcvWnd = 0
		if atOrAbove(s, t.RcvNxt, l.rcvEdge) {
			t.RcvWnd = s.Dist(t.RcvNxt, l.rcvEdge)
		}
	}
	t.SndWl1, t.SndWl2 = t.RcvNxt, t.SndUna
	t.MaxSndWnd = most
	if l.edgeKnown {
		t.SndWnd = min(s.Dist(t.SndUna, l.edge)+1, most) // one more: a probe
	} else {
		t.SndWnd = min(s.Dist(t.SndUna, l.sndMax)+far, most)
	}
	return t
}

// outstanding tells whether something is sent and not acknowledged.
func (l *life) outstanding() bool { return l.una != l.sndMax }

// full tells whether the peer's window has no room, or was shrunk so that it has
// none.
func (l *life) full(s model.Space) bool {
	return l.edgeKnown && (atOrAbove(s, l.edge, l.sndMax) || atOrAbove(s, l.lastEdge, l.sndMax))
}
