package model

// controlsAndText is the sixth to eighth check of RFC 9293 §3.10.7.4, on a
// segment that begins at RCV.NXT.
func (r *run) controlsAndText(g Segment) {
	r.checkUrg(g)
	if r.processText(g) {
		r.checkFin(g)
	}
}

// Sixth, check the URG bit. "max(RCV.UP,SEG.UP)" counts both from RCV.NXT, so
// that an urgent pointer never recedes; SEG.UP is an offset from SEG.SEQ.
func (r *run) checkUrg(g Segment) {
	if !g.Flags.Has(URG) {
		return
	}
	t, s := r.t, r.e.Space
	if !mayReceive.has(t.State) {
		r.rule(UrgIgnored)
		return
	}
	up := s.Add(g.Seq, uint32(g.Up))
	passed := uint32(g.Up) <= s.Dist(g.Seq, t.RcvNxt) // if g was held and has no text
	if passed || s.Dist(t.RcvNxt, up) <= s.Dist(t.RcvNxt, t.RcvUp) {
		return
	}
	r.rule(UrgAdvances)
	urgent := r.inUrgentMode()
	t.RcvUp = up
	if !urgent {
		r.signal(UrgentData)
	}
}

// inUrgentMode tells whether urgent text is still to come.
func (r *run) inUrgentMode() bool { return r.t.RcvUp != r.t.RcvNxt }

// advanceRcvNxt moves RCV.NXT by n; urgent mode ends when it passes RCV.UP.
func (r *run) advanceRcvNxt(n uint32) {
	t, s := r.t, r.e.Space
	if s.Dist(t.RcvNxt, t.RcvUp) < n {
		t.RcvUp = s.Add(t.RcvNxt, n)
	}
	t.RcvNxt = s.Add(t.RcvNxt, n)
}

// Seventh, process the segment text. It returns whether the connection lives.
func (r *run) processText(g Segment) bool {
	if g.Len == 0 {
		return true
	}
	t, s := r.t, r.e.Space
	if !mayReceive.has(t.State) {
		r.rule(TextIgnored)
		return true
	}
	if t.State != Established && r.e.Behaviours.CloseUnread == CloseResets {
		r.rule(TextAfterCloseResets)
		r.resetAnswer(Segment{Ack: t.SndNxt, Flags: ACK})
		r.signal(ConnectionReset)
		r.afterReset()
		return false
	}
	r.rule(TextDelivered)
	push := g.Flags.Has(PSH)
	r.out.Deliver(Delivery{Seq: g.Seq, Offset: s.Dist(r.textFrom, g.Seq), N: g.Len, Held: r.from, Push: push})
	if push {
		r.signal(PushSeen)
	}
	r.advanceRcvNxt(g.Len)
	if r.e.SlowReader {
		t.Unread += g.Len
		t.RcvWnd -= g.Len
	}
	r.oweAck()
	return true
}

// Eighth, check the FIN bit.
func (r *run) checkFin(g Segment) {
	if !g.Flags.Has(FIN) {
		return
	}
	t, s := r.t, r.e.Space
	r.signal(ConnectionClosing)
	r.advanceRcvNxt(s.Dist(t.RcvNxt, s.Add(g.Seq, g.SegLen())))
	r.oweAck()
	r.dropHeld() // nothing comes behind a FIN
	switch t.State {
	case Established:
		r.rule(FinInEstablished)
		r.become(CloseWait)
	case FinWait1:
		// Had our FIN been acknowledged, the fifth check would have entered
		// FIN-WAIT-2, also for this very segment.
		r.rule(FinInFinWait1)
		r.become(Closing)
	case FinWait2:
		r.rule(FinInFinWait2)
		r.enterTimeWait()
	case TimeWait:
		r.rule(FinInTimeWaitRestarts)
		t.Timer = r.e.TimeWait
	default:
		r.rule(FinRemains)
	}
}
