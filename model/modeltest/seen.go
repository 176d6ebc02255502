package modeltest

import "github.com/tcpcheck/tcpcheck/model"

// seen is what was seen of one end from outside since its connection was
// opened: its calls, what it sent, what arrived, the states it entered. The
// properties judge by this and by the TCB.
type seen struct {
	passive bool // SYN-RECEIVED was entered from LISTEN

	iss    model.Seq // of the SYN that it sent
	synned bool      // it sent one
	irs    model.Seq // of the SYN that it accepted
	synced bool      // it accepted one

	sent      uint32 // octets that its user SENT
	delivered uint32 // octets delivered to its user
	read      uint32 // octets that its user took by RECEIVE

	closed  bool      // its user closed
	finSent bool      // it sent a FIN,
	fin     model.Seq // with this number
	peerFIN bool      // it took the peer's FIN

	edge    model.Seq // right edge of the window that it offered last
	offered bool      // it offered one
	ticks   int       // since it entered TIME-WAIT, or heard another FIN there
	failed  bool      // it, or its user, knows of a failure
}

// rcvNxt is the number that it should expect next.
func (x *seen) rcvNxt(s model.Space) model.Seq {
	n := 1 + x.delivered
	if x.peerFIN {
		n++
	}
	return s.Add(x.irs, n)
}

// step is one event at one end, with what was seen before it and after.
type step struct {
	side   int // 0: A
	e      *model.Endpoint
	before model.TCB
	after  model.TCB
	ev     model.Event
	out    model.Output
	was    seen
	now    seen
}

// arrives returns the segment that arrives in this step, if one does.
func (s *step) arrives() (model.Segment, bool) {
	return s.ev.Segment, s.ev.Kind == model.SegmentArrives
}

// entered tells whether the step passed into the state.
func (s *step) entered(state model.State) bool {
	for _, p := range s.out.Path() {
		if p == state {
			return true
		}
	}
	return false
}

// repeatsFIN tells whether the peer's FIN arrives once more.
func (s *step) repeatsFIN() bool {
	g, ok := s.arrives()
	return ok && g.Flags.Has(model.FIN) && !g.Flags.Has(model.RST) && s.e.Space.Add(g.Seq, g.SegLen()) == s.before.RcvNxt
}

// refused tells whether a call was answered by an error.
func (s *step) refused() bool {
	for _, g := range s.out.Signals() {
		switch g {
		case model.ErrIllegal, model.ErrNoConnection, model.ErrExists, model.ErrNoResources, model.ErrRemoteUnspecified,
			model.ErrDiffserv, model.ErrSecurity, model.ErrConnectionClosing, model.StillQuiet:
			return true
		}
	}
	return false
}

// look sets now from was and the step.
func (s *step) look() {
	s.now = s.was
	s.lookAtPath()
	s.lookAtCall()
	s.lookAtSent()
	for _, d := range s.out.Delivered() {
		s.now.delivered += d.N
	}
	for _, g := range s.out.Signals() {
		if g.ReportsFailure() {
			s.now.failed = true
		}
	}
}

func (s *step) lookAtPath() {
	x := &s.now
	from := s.before.State
	for _, to := range s.out.Path() {
		switch {
		case to == model.SynSent && from == model.SynReceived:
			// What the peer sent is forgotten; what this side sent is not.
			*x = seen{failed: x.failed, iss: x.iss, synned: x.synned, sent: x.sent}
		case to == model.Listen, to == model.SynSent:
			*x = seen{failed: x.failed}
		case to == model.SynReceived && from == model.TimeWait:
			*x = seen{passive: true, irs: s.ev.Segment.Seq, synced: true}
		case to == model.SynReceived:
			x.passive = from == model.Listen
			x.irs, x.synced = s.ev.Segment.Seq, true
		case to == model.Established && from == model.SynSent:
			x.irs, x.synced = s.ev.Segment.Seq, true
		case to == model.CloseWait, to == model.Closing:
			x.peerFIN = true
		case to == model.TimeWait:
			if s.resetSent() == nil { // who resets may enter it too (§3.5.2)
				x.peerFIN = x.peerFIN || from == model.FinWait2 || from == model.FinWait1
			}
			x.ticks = 0
		}
		from = to
	}
}

func (s *step) lookAtCall() {
	x := &s.now
	switch s.ev.Kind {
	case model.Send:
		if !s.refused() {
			x.sent += s.ev.N
		}
	case model.Receive:
		if !s.refused() && s.e.SlowReader {
			x.read += min(s.ev.N, x.delivered-x.read)
		}
	case model.Close:
		x.closed = x.closed || !s.refused() && s.before.State >= model.SynReceived
	case model.Abort, model.UserTimeout, model.Crash, model.UnreachableHard:
		x.failed = x.failed || s.before.State > model.Listen
	case model.Tick:
		x.ticks++
	case model.SegmentArrives:
		if s.before.State == model.TimeWait && s.repeatsFIN() {
			x.ticks = 0
		}
	}
}

func (s *step) lookAtSent() {
	x, space := &s.now, s.e.Space
	for _, g := range s.out.Sent() {
		if g.Flags.Has(model.RST) {
			continue
		}
		if g.Flags.Has(model.SYN) && !x.synned {
			x.iss, x.synned = g.Seq, true
		}
		if g.Flags.Has(model.FIN) && !x.finSent {
			x.fin, x.finSent = space.Add(g.Seq, g.SegLen()-1), true
		}
		if g.Flags.Has(model.ACK) {
			x.edge, x.offered = space.Add(g.Ack, g.Wnd), true
		}
	}
}
