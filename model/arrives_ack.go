package model

// RFC 9293 §3.10.7.4, fifth, check the ACK field. It returns whether the
// sixth to eighth checks follow.
func (r *run) checkAck(g Segment) bool {
	t, s := r.t, r.e.Space
	if !g.Flags.Has(ACK) {
		r.rule(AckOff)
		return false
	}
	if t.State == SynReceived {
		if !r.ackInSynReceived(g) {
			return false
		}
	} else if !r.ackInRange(g.Ack) {
		return false
	}

	// ESTABLISHED; the other states do this too.
	fin := t.finOutstanding()
	if s.Above(t.SndUna, g.Ack, t.SndNxt) {
		r.rule(AckAdvances)
		r.acknowledge(g.Ack)
	} else if g.Ack != t.SndUna {
		r.rule(AckOld)
	}
	if s.Within(t.SndUna, g.Ack, t.SndNxt) {
		r.windowFrom(g)
	}
	acked := fin && t.SndUna == t.SndNxt

	switch t.State {
	case FinWait1:
		if acked {
			r.rule(FinAckedInFinWait1)
			r.become(FinWait2)
			r.signal(OK)
			if r.e.Behaviours.FinWait2 == FinWait2Timeout {
				t.Timer = r.e.TimeWait
			}
		}
	case Closing:
		if !acked {
			r.rule(ClosingIgnores)
			return false
		}
		r.rule(FinAckedInClosing)
		r.enterTimeWait()
	case LastAck:
		if acked {
			r.rule(FinAckedInLastAck)
			r.deleteTCB()
			return false
		}
	}
	return true
}

// ackInSynReceived takes SYN-RECEIVED to ESTABLISHED, or answers an ACK that
// is not acceptable with a reset: at once, before RFC 5961's range, and drops
// the segment, for which the text lacks a "return" (reading 2).
func (r *run) ackInSynReceived(g Segment) bool {
	t := r.t
	if !r.e.Space.Above(t.SndUna, g.Ack, t.SndNxt) {
		r.rule(SynReceivedBadAck)
		r.resetAnswer(g)
		return false
	}
	r.rule(SynReceivedEstablishes)
	t.Passive, t.Reopened, t.OldSndNxt, t.OldRcvNxt = false, false, 0, 0
	r.become(Established)
	r.updateWindow(g.Wnd, g.Seq, g.Ack)
	return true
}

// ackInRange drops and answers an ACK of what was never sent, and with
// RFC 5961 one that is too old.
func (r *run) ackInRange(ack Seq) bool {
	t, s := r.t, r.e.Space
	if r.e.Behaviours.AckRange == AckRange5961 {
		if s.Within(s.Sub(t.SndUna, t.MaxSndWnd), ack, t.SndNxt) {
			return true
		}
		r.rule(AckOutOfRange)
	} else {
		if s.Within(t.SndUna, ack, t.SndNxt) || s.Dist(t.SndUna, ack) > r.e.maxWindow() {
			return true
		}
		r.rule(AckBeyond)
	}
	if r.from == arrived {
		r.sendAckAndDrop()
	} else {
		r.oweAck() // the other held segments come first (MUST-59)
	}
	return false
}

// acknowledge advances SND.UNA and refills the retransmissions.
func (r *run) acknowledge(ack Seq) {
	t, s := r.t, r.e.Space
	text := r.e.textOutstanding(t)
	t.SndUna = ack
	t.SynPending = false
	t.Retries = r.e.Retransmissions
	if !s.Within(t.SndUna, t.SndUp, s.Add(t.SndNxt, t.Queued)) {
		t.SndUp = t.SndUna
	}
	if text > 0 && r.e.textOutstanding(t) == 0 && t.Queued == 0 {
		r.signal(SendOK)
	}
}

// windowFrom updates the send window if g is newer than the last update.
func (r *run) windowFrom(g Segment) {
	t, s := r.t, r.e.Space
	newest := s.Add(t.RcvNxt, max(t.RcvWnd, 1)-1)
	if s.Before(t.SndWl1, g.Seq, newest) || t.SndWl1 == g.Seq && !s.Before(g.Ack, t.SndWl2, t.SndNxt) {
		r.rule(WindowFromSegment)
		r.updateWindow(g.Wnd, g.Seq, g.Ack)
	}
	if t.SndWnd == 0 {
		// The peer answers probes, so the connection stays open (MUST-37).
		t.Retries = r.e.Retransmissions
	}
}

// updateWindow sets SND.WND, SND.WL1, SND.WL2 and MAX.SND.WND.
func (r *run) updateWindow(wnd uint32, seq, ack Seq) {
	t := r.t
	t.SndWnd = min(wnd, r.e.maxWindow())
	t.SndWl1, t.SndWl2 = seq, ack
	t.MaxSndWnd = max(t.MaxSndWnd, t.SndWnd)
}
