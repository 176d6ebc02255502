package model

// RFC 9293 §3.10.7.4, all states but CLOSED, LISTEN and SYN-SENT: the eight
// checks in their order. Each check returns whether to go on.
func (r *run) arrivesOther(g Segment) {
	if r.reopens(g) || r.answersRepeatedSyn(&g) {
		return
	}
	cut, ok := r.checkSequence(g)
	if !ok || !r.checkReset(g) || !r.checkSecurity(g) || !r.checkSyn(g, cut) {
		return
	}
	r.textFrom = g.text(r.e.Space)
	if cut.Seq != r.t.RcvNxt {
		r.outOfOrder(cut)
	} else if r.checkAck(cut) {
		r.controlsAndText(cut)
	}
	r.processHeld()
	r.complete()
}

// complete ends the processing of a segment: a CLOSE that waited for
// ESTABLISHED takes effect (§3.10.4 SYN-RECEIVED), what may leave leaves, and
// an ACK still owed is sent by itself.
func (r *run) complete() {
	if r.t.State == Established && r.t.CloseQueued {
		r.rule(CloseInEstablished)
		r.become(FinWait1)
	}
	r.transmit()
	r.payAck()
}

// First, check sequence number. What goes on is the idealized segment, cut to
// the window; ok is false if g was answered and dropped.
func (r *run) checkSequence(g Segment) (cut Segment, ok bool) {
	t := r.t
	if r.e.Behaviours.Reset == ResetAny && g.Flags.Has(RST) {
		return g, true
	}
	cut, trimmed := r.trim(g)
	if r.acceptable(g) {
		if trimmed {
			r.rule(SequenceTrimmed)
		}
		return cut, true
	}
	if t.RcvWnd == 0 && g.Seq == t.RcvNxt {
		// "Special allowance should be made to accept valid ACKs, URGs, and
		// RSTs": the text is cut off and the rest is looked at (reading 9).
		r.rule(SequenceZeroWindow)
		if !g.Flags.Has(RST) {
			r.oweAck()
		}
		return cut, true
	}
	if g.Flags.Has(RST) {
		r.rule(SequenceDropsReset)
		return cut, false
	}
	r.rule(SequenceUnacceptable)
	if t.State == TimeWait && g.Flags.Has(FIN) && r.e.Behaviours.FinInTimeWait == FinRestarts {
		// By the letter the repeated FIN never gets past this check, though the
		// fifth and eighth restart the timer for it (reading 4).
		r.rule(TimeWaitFinRestarts)
		t.Timer = r.e.TimeWait
	}
	r.sendAckAndDrop()
	return cut, false
}

// acceptable is Table 6, Segment Acceptability Tests. A segment that covers
// the whole window and more on both sides fails it, by the letter.
func (r *run) acceptable(g Segment) bool {
	t, s := r.t, r.e.Space
	n := g.SegLen()
	switch {
	case n == 0 && t.RcvWnd == 0:
		return g.Seq == t.RcvNxt
	case n == 0:
		return s.InWindow(t.RcvNxt, g.Seq, t.RcvWnd)
	case t.RcvWnd == 0:
		return false
	}
	return s.InWindow(t.RcvNxt, g.Seq, t.RcvWnd) || s.InWindow(t.RcvNxt, s.Add(g.Seq, n-1), t.RcvWnd)
}

// trim cuts off what lies outside the window, SYN and FIN included, and tells
// whether it cut anything.
func (r *run) trim(g Segment) (cut Segment, trimmed bool) {
	t, s := r.t, r.e.Space
	n := g.SegLen()
	if n == 0 {
		return g, false
	}
	cut = g
	if !s.InWindow(t.RcvNxt, g.Seq, t.RcvWnd) {
		cut.dropFront(s, min(s.Dist(g.Seq, t.RcvNxt), n))
	}
	ahead := s.Dist(t.RcvNxt, cut.Seq)
	if room := t.RcvWnd - min(t.RcvWnd, ahead); cut.SegLen() > room {
		cut.keepFront(room)
	}
	return cut, cut != g
}

// dropFront cuts the first n numbers off, n =< SEG.LEN.
func (g *Segment) dropFront(s Space, n uint32) {
	if n == 0 {
		return
	}
	g.Seq = s.Add(g.Seq, n)
	if uint32(g.Up) > n {
		g.Up -= uint16(n)
	} else {
		g.Up, g.Flags = 0, g.Flags&^URG
	}
	if g.Flags.Has(SYN) {
		g.Flags &^= SYN
		n--
	}
	if n > g.Len {
		g.Flags &^= FIN
		n = g.Len
	}
	g.Len -= n
}

// keepFront cuts off all but the first n numbers, n < SEG.LEN.
func (g *Segment) keepFront(n uint32) {
	g.Flags &^= FIN
	if g.Flags.Has(SYN) {
		if n == 0 {
			g.Flags &^= SYN
		} else {
			n--
		}
	}
	if n < g.Len {
		g.Len = n
		g.Flags &^= PSH // it stood behind the last octet
	}
}

// Second, check the RST bit.
func (r *run) checkReset(g Segment) bool {
	if !g.Flags.Has(RST) {
		return true
	}
	t := r.t
	inWindow := r.e.Space.InWindow(t.RcvNxt, g.Seq, t.RcvWnd) || g.Seq == t.RcvNxt
	switch r.e.Behaviours.Reset {
	case ResetExact:
		switch {
		case !inWindow:
			r.rule(ResetOutsideWindow)
			return false
		case g.Seq != t.RcvNxt:
			r.rule(ResetChallenged)
			r.sendAckAndDrop()
			return false
		}
	case ResetInWindow:
		// "A reset is valid if its sequence number is in the window" (§3.5.3),
		// also when text that it carries reaches into the window.
		if !inWindow {
			r.rule(ResetOutsideWindow)
			return false
		}
	}
	switch t.State {
	case SynReceived:
		if t.Passive {
			r.rule(ResetSynReceivedPassive)
			r.returnToListen()
			return false
		}
		if r.e.Behaviours.ActiveReset == ActiveResetReturns && !t.CloseQueued {
			r.rule(ResetReturnsToSynSent)
			r.returnToSynSent()
			return false
		}
		r.rule(ResetSynReceivedActive)
		r.signal(ConnectionRefused)
	case Established, FinWait1, FinWait2, CloseWait:
		r.rule(ResetSynchronized)
		r.signal(ConnectionReset)
	default:
		if t.State == TimeWait && r.e.Behaviours.RstInTimeWait == RstIgnored {
			r.rule(ResetIgnoredInTimeWait)
			return false
		}
		r.rule(ResetClosing)
		if t.State != TimeWait && r.e.Behaviours.ClosingReset == ClosingResetReported {
			r.signal(ConnectionReset)
		}
	}
	r.deleteTCB()
	return false
}

// returnToListen is SYN-RECEIVED, passively opened, back to where it came
// from: LISTEN, or TIME-WAIT if that was reopened (MAY-2). A CLOSE queued
// meanwhile acts as CLOSE in LISTEN; queued SENDs are lost (reading 3).
func (r *run) returnToListen() {
	t := r.t
	if t.Queued > 0 {
		r.signal(ConnectionReset)
	}
	closed := t.CloseQueued
	switch {
	case t.Reopened:
		r.rule(ReopenReturns)
		*t = TCB{
			State: SynReceived, SndUna: t.OldSndNxt, SndNxt: t.OldSndNxt, SndUp: t.OldSndNxt, SndWl2: t.OldSndNxt,
			RcvNxt: t.OldRcvNxt, RcvUp: t.OldRcvNxt, SndWl1: t.OldRcvNxt, RcvWnd: r.e.Window, Retries: r.e.Retransmissions,
		}
		r.enterTimeWait()
	case closed:
		r.rule(CloseInListen)
		r.become(Listen)
		r.deleteTCB()
	default:
		r.become(Listen)
		*t = TCB{State: Listen}
	}
}

// returnToSynSent forgets the SYN that came to SYN-SENT, and all that it brought.
func (r *run) returnToSynSent() {
	t := r.t
	r.become(SynSent)
	*t = TCB{
		State: SynSent, SynPending: true, Retries: t.Retries, ISS: t.ISS, SndUna: t.SndUna, SndNxt: t.SndNxt,
		SndUp: t.SndUp, Queued: t.Queued, PushQueued: t.PushQueued, RcvWnd: r.e.Window,
	}
}

// Third, check security.
func (r *run) checkSecurity(g Segment) bool {
	if !g.BadSecurity {
		return true
	}
	r.resetAnswer(g)
	if r.t.State == SynReceived {
		r.rule(SecuritySynReceived)
		return false
	}
	r.rule(SecuritySynchronized)
	r.signal(ConnectionReset)
	r.afterReset()
	return false
}

// Fourth, check the SYN bit. RFC 5961 looks at it whatever its number; RFC 793
// and SYN-RECEIVED only where it lies in the window, so in what trim left.
func (r *run) checkSyn(g, cut Segment) bool {
	t := r.t
	if t.State == SynReceived && cut.Flags.Has(SYN) {
		switch r.e.Behaviours.SynReceivedSyn {
		case SynReceivedChallenged:
			r.rule(SynChallengeAck)
			r.sendAckAndDrop()
			return false
		case SynRefused:
			r.rule(SynReceivedRefuses)
			r.resetAnswer(g)
			if t.Passive {
				r.returnToListen()
			} else {
				r.signal(ConnectionReset)
				r.deleteTCB()
			}
			return false
		}
		if t.Passive {
			r.rule(SynReceivedPassiveSyn)
			r.returnToListen()
			return false
		}
	}
	if r.e.Behaviours.Syn == SynChallenged {
		if t.State == SynReceived && !cut.Flags.Has(SYN) || !g.Flags.Has(SYN) {
			return true
		}
		r.rule(SynChallengeAck)
		r.sendAckAndDrop()
		return false
	}
	if !cut.Flags.Has(SYN) {
		return true
	}
	r.rule(SynInWindowResets)
	r.resetAnswer(g)
	r.signal(ConnectionReset)
	r.afterReset()
	return false
}

// outOfOrder is the end of the first check: a segment that begins above
// RCV.NXT (SHLD-31, MAY-13).
func (r *run) outOfOrder(g Segment) {
	switch r.e.Behaviours.OutOfOrder {
	case OutOfOrderDropped:
		r.rule(AboveDropped)
	case OutOfOrderHeld:
		if !g.Flags.Has(ACK) {
			r.rule(AckOff)
			return
		}
		r.holdAbove(g)
	case OutOfOrderTextHeld:
		if !r.checkAck(g) {
			return
		}
		g.Flags &^= ACK
		g.Ack, g.Wnd = 0, 0
		r.holdAbove(g)
	}
	if r.e.Behaviours.OutOfOrderAnswer == OutOfOrderAcked && g.SegLen() > 0 && r.t.State != Closed {
		r.rule(AboveAcked)
		r.oweAck()
	}
}

func (r *run) holdAbove(g Segment) {
	if g.SegLen() == 0 || !mayReceive.has(r.t.State) && r.t.State != SynReceived {
		r.rule(AboveDropped)
		return
	}
	r.rule(AboveHeld)
	r.hold(g)
}

// hold keeps g in its place among the segments held, in order from RCV.NXT.
// What is there already, or does not fit, is not kept.
func (r *run) hold(g Segment) {
	t, s := r.t, r.e.Space
	at := int(t.NHeld)
	for i, h := range t.held() {
		if h == g {
			return
		}
		if s.Dist(t.RcvNxt, g.Seq) < s.Dist(t.RcvNxt, h.Seq) {
			at = i
			break
		}
	}
	if int(t.NHeld) == MaxHeld {
		return
	}
	for i := int(t.NHeld); i > at; i-- {
		t.Held[i], r.origin[i] = t.Held[i-1], r.origin[i-1]
	}
	t.Held[at], r.origin[at] = g, arrived
	t.NHeld++
}

// takeHeld takes out the first segment held if RCV.NXT has reached it. What
// came on a SYN waits until ours is acknowledged (ESTABLISHED, §3.10.7.2), or
// until RCV.NXT has moved past it without that.
func (r *run) takeHeld() (g Segment, origin int8, ok bool) {
	t, s := r.t, r.e.Space
	if t.NHeld == 0 || !t.State.Synchronized() {
		return Segment{}, 0, false
	}
	g, origin = t.Held[0], r.origin[0]
	if fromSyn := g.Seq == s.Add(t.IRS, 1); t.SynPending && fromSyn && g.Seq == t.RcvNxt {
		return Segment{}, 0, false
	}
	if s.Above(t.RcvNxt, g.Seq, s.Add(t.RcvNxt, t.RcvWnd)) {
		return Segment{}, 0, false
	}
	copy(t.Held[:], t.Held[1:])
	copy(r.origin[:], r.origin[1:])
	t.NHeld--
	t.Held[t.NHeld] = Segment{}
	return g, origin, true
}

// processHeld goes on with what was held on a SYN, once ESTABLISHED has been
// reached, and with segments that RCV.NXT has reached.
func (r *run) processHeld() {
	for {
		g, origin, ok := r.takeHeld()
		if !ok {
			return
		}
		r.from, r.textFrom = origin, g.Seq
		if cut, _ := r.trim(g); cut.SegLen() > 0 || g.SegLen() == 0 {
			r.rule(HeldProcessed)
			if !cut.Flags.Has(ACK) || r.checkAck(cut) {
				r.controlsAndText(cut)
			}
		}
	}
}

// answersRepeatedSyn is what implementations do, before the first check, when
// the SYN that brought us to SYN-RECEIVED comes again. It may rewrite g.
func (r *run) answersRepeatedSyn(g *Segment) bool {
	t, s := r.t, r.e.Space
	if t.State != SynReceived || !g.Flags.Has(SYN) || g.Flags.Has(RST) || g.Seq != t.IRS {
		return false
	}
	if g.Flags.Has(ACK) {
		if r.e.Behaviours.SynAckInSynRcvd == SynAckEstablishes && s.Above(t.SndUna, g.Ack, t.SndNxt) {
			r.rule(SynAckCounts)
			g.dropFront(s, 1)
		}
		return false
	}
	if r.e.Behaviours.RepeatedSyn == RepeatedSynSynAcked {
		r.rule(RepeatedSynAnswered)
		r.sendSynAck()
		return true
	}
	return false
}

// reopens is MAY-2 of §3.6.1: TIME-WAIT takes a new SYN, with an ISS above all
// that the old connection used.
func (r *run) reopens(g Segment) bool {
	t, s := r.t, r.e.Space
	if t.State != TimeWait || r.e.Behaviours.SynInTimeWait != SynReopens ||
		!g.Flags.Has(SYN) || g.Flags&(ACK|RST) != 0 || g.BadSecurity ||
		!s.Above(t.RcvNxt, g.Seq, s.Add(t.RcvNxt, r.e.maxWindow())) {
		return false
	}
	r.rule(TimeWaitReopens)
	old := *t
	*t = TCB{State: TimeWait, Reopened: true, OldSndNxt: old.SndNxt, OldRcvNxt: old.RcvNxt, Passive: true}
	r.acceptSyn(g, s.Add(old.SndNxt, 1))
	return true
}
