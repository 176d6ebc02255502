package modeltest

import "github.com/tcpcheck/tcpcheck/model"

// acceptable is Table 6 of §3.10.7.4: whether a segment may be looked at by a
// receiver that expects next and has a window of wnd octets.
func acceptable(s model.Space, g model.Segment, next model.Seq, wnd uint32) bool {
	first := s.InWindow(next, g.Seq, wnd)
	last := s.InWindow(next, s.Add(g.Seq, g.SegLen()-1), wnd)
	switch {
	case g.SegLen() == 0 && wnd == 0:
		return g.Seq == next
	case g.SegLen() == 0:
		return first
	case wnd == 0:
		return false
	}
	return first || last
}

// unacceptable tells whether a segment arrives that Table 6 refuses, at an end
// with a connection.
func (s *step) unacceptable() (model.Segment, bool) {
	g, ok := s.arrives()
	if !ok || s.before.State < model.SynReceived {
		return g, false
	}
	return g, !acceptable(s.e.Space, g, s.before.RcvNxt, s.before.RcvWnd)
}

// connected tells whether a segment arrives at an end with a connection, that
// no check before the fifth stops or changes: it begins at RCV.NXT, fits into
// the window, and carries ACK, but no SYN, no RST and no other security.
func (s *step) connected() (model.Segment, bool) {
	g, ok := s.arrives()
	t := &s.before
	return g, ok && t.State >= model.SynReceived && g.Seq == t.RcvNxt && g.SegLen() <= t.RcvWnd &&
		g.Flags&(model.ACK|model.SYN|model.RST) == model.ACK && !g.BadSecurity
}

// acknowledging is connected, with SND.UNA =< SEG.ACK =< SND.NXT, or in
// SYN-RECEIVED SND.UNA < SEG.ACK: the segment passes the fifth check too.
func (s *step) acknowledging() (model.Segment, bool) {
	g, ok := s.connected()
	t := &s.before
	return g, ok && s.e.Space.Within(t.SndUna, g.Ack, t.SndNxt) && (t.State != model.SynReceived || g.Ack != t.SndUna)
}

// ackAnswer tells whether the only answer is <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>.
func (s *step) ackAnswer() bool {
	sent := s.out.Sent()
	return len(sent) == 1 && sent[0].Flags == model.ACK && sent[0].Len == 0 &&
		sent[0].Seq == s.before.SndNxt && sent[0].Ack == s.before.RcvNxt
}

// textComes tells whether text arrives, or was held and may be looked at now.
func (s *step) textComes() bool {
	g, ok := s.arrives()
	if !ok || g.Len > 0 {
		return ok
	}
	for _, h := range s.before.Held[:s.before.NHeld] {
		if h.Len > 0 {
			return true
		}
	}
	return false
}

// delivered counts the octets delivered in the step.
func (s *step) delivered() (n uint32) {
	for _, d := range s.out.Delivered() {
		n += d.N
	}
	return n
}

// quiet tells whether quiet time keeps the end from answering.
func (s *step) quiet() bool { return s.before.State <= model.Listen && s.before.Timer > 0 }

// receiving tells whether the peer's FIN has not come in the state.
func receiving(state model.State) bool {
	return state == model.Established || state == model.FinWait1 || state == model.FinWait2
}
