package model

// sendSyn opens: <SEQ=ISS><CTL=SYN>, enter SYN-SENT (§3.10.1).
func (r *run) sendSyn(iss Seq) {
	r.openSynSent(iss)
	r.transmitSegment(Segment{Seq: iss, Flags: SYN})
}

// openSynSent enters SYN-SENT; the SYN, with or without text, is still to leave.
func (r *run) openSynSent(iss Seq) {
	r.chooseISS(iss)
	r.t.RcvWnd = r.e.Window
	r.become(SynSent)
}

// chooseISS sets SND.UNA to ISS and SND.NXT to ISS+1.
func (r *run) chooseISS(iss Seq) {
	t, s := r.t, r.e.Space
	t.ISS, t.SndUna, t.SndNxt = iss, iss, s.Add(iss, 1)
	t.SndUp = iss
	t.SynPending = true
	t.Retries = r.e.Retransmissions
}

// sendSynAck sends <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>.
func (r *run) sendSynAck() { r.transmitSegment(Segment{Seq: r.t.ISS, Flags: SYN | ACK}) }

// transmitSegment completes and sends a segment of this connection: RCV.NXT
// where it carries ACK, the window, and the urgent pointer (§3.8.5).
func (r *run) transmitSegment(g Segment) {
	t, s := r.t, r.e.Space
	g.Wnd = t.RcvWnd
	if g.Flags.Has(ACK) {
		g.Ack = t.RcvNxt
		r.ack = false
	}
	if g.Len > 0 {
		if up := s.Dist(g.Seq, t.SndUp); s.Above(g.Seq, t.SndUp, s.Add(t.SndNxt, t.Queued)) && t.SndUp != t.SndUna {
			g.Flags |= URG
			g.Up = uint16(min(up, 1<<16-1))
		}
	}
	r.sendSegment(g)
}

// sendSegment hands a segment to the network.
func (r *run) sendSegment(g Segment) {
	g.BadSecurity = r.e.OtherSecurity
	r.out.Send(g)
}

// transmit segmentizes what waits, as far as the send window allows: text,
// then the FIN, which obeys the window like an octet (reading 7). What leaves
// carries the ACK that is owed.
func (r *run) transmit() {
	t := r.t
	switch t.State {
	case Established, FinWait1, CloseWait, Closing:
	default:
		return
	}
	if n := min(t.Queued, r.e.usable(t)); n > 0 {
		r.transmitText(n)
	}
	if t.CloseQueued && t.Queued == 0 && r.e.usable(t) > 0 {
		r.transmitFIN()
	}
}

// transmitText sends the next n octets of the queue.
func (r *run) transmitText(n uint32) {
	t := r.t
	r.rule(TextSent)
	g := Segment{Seq: t.SndNxt, Flags: ACK}
	r.segmentize(&g, n)
	if r.e.Behaviours.FinSegment == FinPiggybacked && t.CloseQueued && t.Queued == 0 && r.e.usable(t) > 0 {
		g.Flags |= FIN
		r.finLeaves()
	}
	r.transmitSegment(g)
}

// segmentize puts the next n octets of the queue on g; the last of them bears
// the PUSH with which the queue ends.
func (r *run) segmentize(g *Segment, n uint32) {
	t := r.t
	g.Len = n
	t.SndNxt = r.e.Space.Add(t.SndNxt, n)
	t.Queued -= n
	if t.Queued == 0 && t.PushQueued {
		t.PushQueued = false
		g.Flags |= PSH
	}
}

// transmitFIN sends <SEQ=SND.NXT><ACK=RCV.NXT><CTL=FIN,ACK>.
func (r *run) transmitFIN() {
	seq := r.t.SndNxt
	r.finLeaves()
	r.transmitSegment(Segment{Seq: seq, Flags: FIN | ACK})
}

// finLeaves counts the FIN; in CLOSE-WAIT it is then that LAST-ACK is entered.
func (r *run) finLeaves() {
	t := r.t
	r.rule(FinSent)
	t.SndNxt = r.e.Space.Add(t.SndNxt, 1)
	t.CloseQueued = false
	if t.State == CloseWait {
		r.become(LastAck)
	}
}

// oweAck remembers that an ACK is due; several in one event are one (MUST-58).
func (r *run) oweAck() { r.ack = true }

// payAck sends <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> if an ACK is still owed.
func (r *run) payAck() {
	if r.ack {
		r.transmitSegment(Segment{Seq: r.t.SndNxt, Flags: ACK})
	}
}

// sendAckAndDrop is the answer to an unacceptable segment (§3.5.2, group 3).
func (r *run) sendAckAndDrop() {
	r.oweAck()
	r.payAck()
}

// sendRST sends a reset; its window means nothing.
func (r *run) sendRST(g Segment) { r.sendSegment(g) }

// resetAnswer is the reset that answers g (§3.5.2): from its ACK field if it
// has one, else number zero acknowledging all of g.
func (r *run) resetAnswer(g Segment) {
	if g.Flags.Has(ACK) {
		r.sendRST(Segment{Seq: g.Ack, Flags: RST})
		return
	}
	r.sendRST(Segment{Ack: r.e.Space.Add(g.Seq, g.SegLen()), Flags: RST | ACK})
}

// afterReset leaves a connection that we reset: CLOSED (§3.10.5), or TIME-WAIT
// as 3.5.2 says the issuing side should.
func (r *run) afterReset() {
	if r.e.Behaviours.AfterReset != ResetTimeWaits || r.t.State == SynReceived {
		r.deleteTCB()
		return
	}
	r.rule(ResetEntersTimeWait)
	r.ack = false
	r.flush()
	r.enterTimeWait()
}

// flush empties the queues; what was outstanding counts as acknowledged.
func (r *run) flush() {
	t := r.t
	t.SndUna, t.SndUp = t.SndNxt, t.SndNxt
	t.Queued, t.CloseQueued, t.PushQueued, t.SynPending = 0, false, false, false
	t.Retries = r.e.Retransmissions
}

// dropHeld forgets the segments held.
func (r *run) dropHeld() { r.t.NHeld, r.t.Held = 0, [MaxHeld]Segment{} }

// enterTimeWait starts the time-wait timer and turns off the others.
func (r *run) enterTimeWait() {
	r.become(TimeWait)
	r.t.Timer = r.e.TimeWait
	r.dropHeld()
}
