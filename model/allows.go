package model

// Allows returns the rules that forbid an endpoint with this TCB to send g;
// none: it may. It is what any TCP may do, looser than what Step does: octets
// may be split and joined, any outstanding range repeated, ACKs delayed,
// merged and repeated, windows chosen, probes and keep-alives sent, and the
// connection aborted. What the user does is part of t: text must have been
// SENT (queued or outstanding) and a FIN needs a CLOSE.
//
// Where a segment is sent by the event that changes the TCB, it is allowed if
// the TCB before or the TCB after allows it.
func (e *Endpoint) Allows(t *TCB, g Segment) RuleSet {
	a := allowing{e: e, t: t, g: g}
	if g.Flags.Has(RST) {
		a.reset()
		return a.forbid
	}
	switch t.State {
	case Closed, Listen:
		a.forbid.Add(ForbidsOnlyReset)
	case SynSent:
		a.synSent()
	case SynReceived:
		a.synReceived()
	default:
		a.connection()
	}
	return a.forbid
}

// allowing is one call of Allows.
type allowing struct {
	e      *Endpoint
	t      *TCB
	g      Segment
	forbid RuleSet
}

// require forbids by rule x unless ok.
func (a *allowing) require(ok bool, x Rule) {
	if !ok {
		a.forbid.Add(x)
	}
}

// reset: §3.5.2 and §3.10.5. Where there is no connection, or none yet, a
// reset answers a segment whose numbers are not known here.
func (a *allowing) reset() {
	t, s, g := a.t, a.e.Space, a.g
	a.require(g.Flags&(SYN|FIN) == 0, ForbidsResetForm)
	if !g.Flags.Has(ACK) {
		if t.State.Synchronized() {
			a.require(s.Within(s.Sub(t.SndUna, t.MaxSndWnd), g.Seq, t.SndNxt), ForbidsResetForm)
		}
		return
	}
	// With ACK: SEQ=0 in answer to a segment without one. Implementations
	// also abort with SEQ=SND.NXT and an ACK of what they received.
	if g.Seq != 0 && t.State.Synchronized() {
		a.require(g.Seq == t.SndNxt, ForbidsResetForm)
		a.ackReceived()
	}
}

// synSent: <SEQ=ISS><CTL=SYN>, possibly with text (§3.10.2 LISTEN).
func (a *allowing) synSent() {
	t, s, g := a.t, a.e.Space, a.g
	if !g.Flags.Has(SYN) {
		a.forbid.Add(ForbidsOnlySyn)
		return
	}
	a.require(g.Seq == t.ISS, ForbidsSynOnlyOnce)
	a.require(g.Flags&(ACK|FIN) == 0, ForbidsSynForm)
	a.require(g.Len <= s.Dist(s.Add(t.ISS, 1), t.SndNxt), ForbidsTextBeforeEstablished)
}

// synReceived: <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>, or an ACK.
func (a *allowing) synReceived() {
	t, s, g := a.t, a.e.Space, a.g
	if g.Flags.Has(SYN) {
		a.synAck()
		return
	}
	if !g.Flags.Has(ACK) {
		a.forbid.Add(ForbidsAckMissing)
		return
	}
	a.ackReceived()
	a.require(g.Len == 0, ForbidsTextBeforeEstablished)
	a.require(!g.Flags.Has(FIN), ForbidsFinWithoutClose)
	a.require(s.Within(t.SndUna, g.Seq, t.SndNxt), ForbidsSequenceNotOurs)
}

// synAck: the SYN of SYN-RECEIVED; also later, while it is not acknowledged.
func (a *allowing) synAck() {
	a.require(a.t.SynPending && a.g.Seq == a.t.ISS, ForbidsSynOnlyOnce)
	a.require(a.g.Flags.Has(ACK) && !a.g.Flags.Has(FIN), ForbidsSynForm)
	a.require(a.g.Len == 0, ForbidsTextBeforeEstablished)
	if a.g.Flags.Has(ACK) {
		a.ackReceived()
	}
}

// ackReceived: SEG.ACK =< RCV.NXT. Of text held from a SYN an acknowledgment
// may be sent (Fast Open's servers do).
func (a *allowing) ackReceived() {
	t, s := a.t, a.e.Space
	top := t.RcvNxt
	if t.SynPending {
		for _, h := range t.held() {
			if end := s.Add(h.Seq, h.SegLen()); s.Above(top, end, s.Add(t.RcvNxt, t.RcvWnd)) {
				top = end
			}
		}
	}
	a.require(s.Dist(a.g.Ack, top) <= a.e.maxWindow(), ForbidsAckNotReceived)
}

// connection: the synchronized states.
func (a *allowing) connection() {
	t, s, g := a.t, a.e.Space, a.g
	if g.Flags.Has(SYN) {
		a.synAck()
		return
	}
	if !g.Flags.Has(ACK) {
		a.forbid.Add(ForbidsAckMissing)
		return
	}
	a.ackReceived()
	if g.SegLen() == 0 {
		// A keep-alive has SND.NXT−1; a sender whose window shrank may stay
		// at its edge.
		a.require(s.Within(s.Sub(t.SndUna, 1), g.Seq, t.SndNxt), ForbidsSequenceNotOurs)
		return
	}
	a.textAndFin()
}

// textAndFin: numbers that the segment occupies.
func (a *allowing) textAndFin() {
	t, s, g := a.t, a.e.Space, a.g
	end := s.Add(g.Seq, g.Len) // behind the text
	if g.Len == 1 && g.Seq == s.Sub(t.SndUna, 1) && !g.Flags.Has(FIN) && a.e.Outstanding(t) == 0 {
		return // a keep-alive with one garbage octet (MAY-6)
	}
	// What may be sent: from SND.UNA to SND.NXT again, and the queue as far as
	// the window allows, or one number as a probe of a window of zero.
	fin := t.finOutstanding()
	sent := t.SndNxt // behind the last octet sent
	if fin {
		sent = s.Sub(sent, 1)
	}
	fresh := min(t.Queued, a.e.usable(t))
	if t.SndWnd == 0 && t.Queued > 0 {
		fresh = max(fresh, 1)
	}
	queued := s.Add(sent, t.Queued)
	switch {
	case t.SynPending && g.Len > 0:
		a.forbid.Add(ForbidsTextBeforeEstablished)
	case !s.Within(t.SndUna, g.Seq, queued) && s.Dist(g.Seq, t.SndUna) <= a.e.maxWindow():
		a.forbid.Add(ForbidsBeforeUna)
	case !s.Within(t.SndUna, g.Seq, queued), !s.Within(g.Seq, end, queued):
		if fin || finAcked.has(t.State) {
			a.forbid.Add(ForbidsTextAfterFin)
		} else {
			a.forbid.Add(ForbidsNeverQueued)
		}
	case !s.Within(g.Seq, end, s.Add(sent, fresh)):
		a.forbid.Add(ForbidsBeyondWindow)
	}
	if !g.Flags.Has(FIN) {
		return
	}
	switch {
	case fin:
		a.require(end == sent, ForbidsFinMoved)
	case finAcked.has(t.State):
		a.forbid.Add(ForbidsBeforeUna)
	case !t.CloseQueued:
		a.forbid.Add(ForbidsFinWithoutClose)
	default:
		a.require(end == queued, ForbidsFinMoved)
		room := a.e.usable(t) > t.Queued || t.SndWnd == 0 && t.Queued == 0
		a.require(room, ForbidsBeyondWindow)
	}
}
