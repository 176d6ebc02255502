package model

// RFC 9293 §3.10.8, USER TIMEOUT.
func (r *run) userTimeout() {
	if r.t.State == Closed {
		return
	}
	r.rule(UserTimeoutAborts)
	r.signal(ErrUserTimeout)
	r.deleteTCB()
}

// RFC 9293 §3.10.8, RETRANSMISSION TIMEOUT: the segment at the front of the
// queue again. Text is one segment however it left ("may repackage", §3.8.6).
func (r *run) retransmissionTimeout() {
	t, s, e := r.t, r.e.Space, r.e
	if !e.CanRetransmit(t) {
		return
	}
	r.rule(RetransmitFront)
	if t.Retries != Unlimited {
		t.Retries--
	}
	text := e.textOutstanding(t)
	switch {
	case t.SynPending && t.State == SynSent:
		r.transmitSegment(Segment{Seq: t.ISS, Len: text, Flags: SYN})
	case t.SynPending:
		r.sendSynAck()
	case text > 0:
		g := Segment{Seq: t.SndUna, Len: text, Flags: ACK}
		if e.Behaviours.FinSegment == FinPiggybacked && t.finOutstanding() {
			g.Flags |= FIN
		}
		r.transmitSegment(g)
	default:
		r.transmitSegment(Segment{Seq: s.Sub(t.SndNxt, 1), Flags: FIN | ACK})
	}
}

// RFC 9293 §3.10.8, TIME-WAIT TIMEOUT; with a choice, FIN-WAIT-2's too.
func (r *run) timeWaitTimeout() {
	switch {
	case r.t.State == TimeWait:
		r.rule(TimeWaitEnds)
	case r.t.State == FinWait2 && r.e.Behaviours.FinWait2 == FinWait2Timeout:
		r.rule(FinWait2Ends)
	default:
		return
	}
	r.deleteTCB()
}

// RFC 9293 §3.8.4, TCP Keep-Alives: SEG.SEQ = SND.NXT-1 and no text.
func (r *run) keepAliveTimeout() {
	if !r.e.CanKeepAlive(r.t) {
		return
	}
	r.rule(KeepAlive)
	r.transmitSegment(Segment{Seq: r.e.Space.Sub(r.t.SndNxt, 1), Flags: ACK})
}

// RFC 9293 §3.8.6.1, Zero-Window Probing (MUST-36): one octet beyond the
// window, or the FIN if that is all that waits.
func (r *run) zeroWindowProbe() {
	t := r.t
	if !r.e.CanProbe(t) {
		return
	}
	r.rule(ProbeZeroWindow)
	if t.Queued > 0 {
		r.transmitText(1)
	} else {
		r.transmitFIN()
	}
}

// RFC 9293 §3.9.2.2, ICMP soft errors: MUST NOT abort (MUST-56), SHOULD be
// made known (SHLD-25).
func (r *run) unreachableSoft() {
	if r.t.State <= Listen {
		return
	}
	r.rule(SoftErrorReported)
	r.signal(SoftError)
}

// RFC 9293 §3.9.2.2, ICMP hard errors: SHOULD abort (SHLD-26). A connection
// that was opened passively goes back to LISTEN, as for a RST (reading 10).
func (r *run) unreachableHard() {
	t := r.t
	switch {
	case t.State <= Listen:
	case t.State == SynReceived && t.Passive:
		r.rule(HardErrorAborts)
		r.returnToListen()
	case t.State.Synchronized() && r.e.Behaviours.HardErrors == HardErrorsNoted:
		r.rule(HardErrorNoted)
		r.signal(SoftError)
	default:
		r.rule(HardErrorAborts)
		r.signal(HardError)
		r.deleteTCB()
	}
}

// crash loses the memory (§3.5.1). With quiet time nothing is sent for one
// MSL after it (§3.4.3).
func (r *run) crash() {
	r.rule(CrashLosesTCB)
	r.deleteTCB()
	if r.e.Behaviours.AfterCrash == CrashQuiets {
		r.t.Timer = r.e.MSL
	}
}

// quiet tells whether quiet time keeps us from sending: then nothing is
// answered and no SYN is sent.
func (r *run) quiet() bool { return r.t.State <= Listen && r.t.Timer > 0 }

// tick counts the timer down; at zero TIME-WAIT, or a FIN-WAIT-2 that does not
// wait for ever, ends at once.
func (r *run) tick() {
	if r.t.Timer == 0 {
		return
	}
	r.t.Timer--
	if r.t.Timer == 0 {
		r.timeWaitTimeout()
	}
}
