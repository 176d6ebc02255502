package model

// refused answers a call that the world refuses, and tells whether it did.
// "Connection illegal for this process" comes first in every paragraph.
func (r *run) refused(ev Event) bool {
	switch ev.Refusal {
	case NoAccess:
		r.rule(CallIllegal)
		r.signal(ErrIllegal)
	case NoResources:
		r.rule(CallNoResources)
		r.signal(ErrNoResources)
	case RemoteUnspecified:
		r.rule(CallRemoteUnspecified)
		r.signal(ErrRemoteUnspecified)
	case BadDiffserv:
		r.rule(OpenNotAllowed)
		r.signal(ErrDiffserv)
	case SecurityDenied:
		r.rule(OpenNotAllowed)
		r.signal(ErrSecurity)
	default:
		return false
	}
	return true
}

// refusedAccess answers a call without access to the connection.
func (r *run) refusedAccess(ev Event) bool { return ev.Refusal == NoAccess && r.refused(ev) }

// RFC 9293 §3.10.1, OPEN, active.
func (r *run) openActive(ev Event) {
	switch r.t.State {
	case Closed, Listen:
		if r.refused(ev) {
			return
		}
		if r.quiet() {
			r.rule(QuietTime)
			r.signal(StillQuiet)
			return
		}
		r.rule(OpenActiveSendsSyn)
		r.sendSyn(ev.ISS)
	default:
		r.openExists(ev)
	}
}

// RFC 9293 §3.10.1, OPEN, passive.
func (r *run) openPassive(ev Event) {
	if r.t.State != Closed {
		r.openExists(ev)
		return
	}
	// "Some parts of the remote socket may be unspecified in a passive OPEN."
	if ev.Refusal != RemoteUnspecified && r.refused(ev) {
		return
	}
	r.rule(OpenPassiveListens)
	r.become(Listen)
}

func (r *run) openExists(ev Event) {
	if r.refusedAccess(ev) {
		return
	}
	r.rule(OpenExists)
	r.signal(ErrExists)
}

// RFC 9293 §3.10.2, SEND.
func (r *run) send(ev Event) {
	if r.refusedAccess(ev) {
		return
	}
	t := r.t
	switch t.State {
	case Closed:
		r.rule(CallNoConnection)
		r.signal(ErrNoConnection)

	case Listen:
		if r.refused(ev) || !r.roomToQueue(ev.N) {
			return
		}
		if r.quiet() {
			r.rule(QuietTime)
			r.signal(StillQuiet)
			return
		}
		r.rule(SendInListen)
		r.openSynSent(ev.ISS)
		syn := Segment{Seq: ev.ISS, Flags: SYN}
		if r.e.Behaviours.SynText == SynTextSent {
			r.rule(SynCarriesText)
			r.queue(ev, ev.N)
			r.segmentize(&syn, min(ev.N, r.e.Window))
		} else {
			r.queue(ev, ev.N)
		}
		r.transmitSegment(syn)

	case SynSent, SynReceived:
		if t.CloseQueued {
			r.sendClosing()
			return
		}
		if r.refused(ev) || !r.roomToQueue(ev.N) {
			return
		}
		r.rule(SendQueued)
		r.queue(ev, ev.N)

	case Established, CloseWait:
		if t.CloseQueued {
			r.sendClosing()
			return
		}
		if r.refused(ev) || !r.roomToQueue(ev.N) {
			return
		}
		r.rule(SendSegmentized)
		r.queue(ev, ev.N)
		r.transmit()

	default:
		r.sendClosing()
	}
}

// sendClosing refuses a SEND after CLOSE: "no further SENDs from the user will
// be accepted" (§3.6), also while the FIN waits.
func (r *run) sendClosing() {
	r.rule(SendAfterClose)
	r.signal(ErrConnectionClosing)
}

// roomToQueue tells whether n octets more may wait; the limit keeps what is
// queued and outstanding below half the space.
func (r *run) roomToQueue(n uint32) bool {
	used := r.t.Queued
	if r.t.State != Listen {
		used += r.e.Outstanding(r.t)
	}
	if most := r.e.maxWindow(); used <= most && n <= most-used {
		return true
	}
	r.rule(CallNoResources)
	r.signal(ErrNoResources)
	return false
}

// queue takes n octets of a SEND into the queue.
func (r *run) queue(ev Event, n uint32) {
	t := r.t
	t.Queued += n
	if ev.Urgent {
		// "SND.UP <- SND.NXT", counted behind the octets of this SEND, since
		// it MUST point to the octet following the urgent data (MUST-62).
		r.rule(SendUrgent)
		t.SndUp = r.e.Space.Add(t.SndNxt, t.Queued)
	}
	t.PushQueued = ev.Push
}

// RFC 9293 §3.10.3, RECEIVE.
func (r *run) receive(ev Event) {
	if r.refusedAccess(ev) {
		return
	}
	t := r.t
	switch t.State {
	case Closed:
		r.rule(CallNoConnection)
		r.signal(ErrNoConnection)

	case Listen, SynSent, SynReceived:
		if r.refused(ev) {
			return
		}
		r.rule(ReceiveQueued)

	case Established, FinWait1, FinWait2:
		if t.Unread == 0 {
			if r.refused(ev) {
				return
			}
			r.rule(ReceiveQueued)
			return
		}
		r.read(ev.N)

	case CloseWait:
		if t.Unread == 0 {
			r.rule(ReceiveClosing)
			r.signal(ErrConnectionClosing)
			return
		}
		r.read(ev.N)

	default:
		r.rule(ReceiveClosing)
		r.signal(ErrConnectionClosing)
	}
}

// read passes up to n octets to the user and widens the window. A window that
// was shut is reported, or the peer would have to probe for it (§3.8.6).
func (r *run) read(n uint32) {
	t := r.t
	r.rule(ReceiveReturnsText)
	n = min(n, t.Unread)
	wasShut := t.RcvWnd == 0
	t.Unread -= n
	t.RcvWnd += n
	if r.inUrgentMode() {
		r.signal(UrgentData)
	}
	if wasShut && n > 0 && mayReceive.has(t.State) {
		r.rule(WindowUpdate)
		r.oweAck()
		r.payAck()
	}
}

// RFC 9293 §3.10.4, CLOSE.
func (r *run) close(ev Event) {
	if r.refusedAccess(ev) {
		return
	}
	t := r.t
	switch t.State {
	case Closed:
		r.rule(CallNoConnection)
		r.signal(ErrNoConnection)

	case Listen:
		r.rule(CloseInListen)
		r.deleteTCB()

	case SynSent:
		r.rule(CloseInSynSent)
		r.answerSends(ErrClosing)
		r.deleteTCB()

	case SynReceived:
		if t.CloseQueued {
			r.closeAgain()
			return
		}
		t.CloseQueued = true
		if t.Queued > 0 || r.e.textOutstanding(t) > 0 || r.e.Behaviours.CloseInSynRcvd == CloseWaits {
			r.rule(CloseQueuedInSynReceived)
			return
		}
		r.rule(CloseInSynReceived)
		r.become(FinWait1)
		t.Passive, t.Reopened, t.OldSndNxt, t.OldRcvNxt = false, false, 0, 0
		r.transmit()

	case Established:
		if r.resetsUnread() {
			return
		}
		r.rule(CloseInEstablished)
		t.CloseQueued = true
		r.become(FinWait1)
		r.transmit()

	case CloseWait:
		if t.CloseQueued {
			r.closeAgain()
			return
		}
		if r.resetsUnread() {
			return
		}
		r.rule(CloseInCloseWait)
		t.CloseQueued = true
		r.transmit()

	default:
		r.closeAgain()
	}
}

func (r *run) closeAgain() {
	r.rule(CloseTwice)
	r.signal(ErrConnectionClosing)
}

// resetsUnread is SHLD-3 of §3.6.1: a CLOSE with unread text resets, where
// closing means that the user reads no more.
func (r *run) resetsUnread() bool {
	if r.e.Behaviours.CloseUnread != CloseResets || r.t.Unread == 0 {
		return false
	}
	r.rule(CloseUnreadResets)
	r.abortWithReset()
	return true
}

// RFC 9293 §3.10.5, ABORT.
func (r *run) abort(ev Event) {
	if r.refusedAccess(ev) {
		return
	}
	switch r.t.State {
	case Closed:
		r.rule(CallNoConnection)
		r.signal(ErrNoConnection)

	case Listen:
		r.rule(AbortInListen)
		r.deleteTCB()

	case SynSent:
		r.rule(AbortInSynSent)
		r.answerSends(ConnectionReset)
		r.deleteTCB()

	case SynReceived, Established, FinWait1, FinWait2, CloseWait:
		r.rule(AbortSendsReset)
		r.abortWithReset()

	default:
		r.rule(AbortWhenClosing)
		r.signal(OK)
		r.deleteTCB()
	}
}

// abortWithReset sends <SEQ=SND.NXT><CTL=RST> and answers the SENDs that it ends.
func (r *run) abortWithReset() {
	r.sendRST(Segment{Seq: r.t.SndNxt, Flags: RST})
	r.answerSends(ConnectionReset)
	r.afterReset()
}

// answerSends gives SENDs that are queued or not acknowledged the response of a
// call that ends the connection. RECEIVEs that wait are not kept.
func (r *run) answerSends(g Signal) {
	if r.t.Queued > 0 || r.e.textOutstanding(r.t) > 0 {
		r.signal(g)
	}
}

// RFC 9293 §3.10.6, STATUS.
func (r *run) status(ev Event) {
	if r.refusedAccess(ev) {
		return
	}
	if r.t.State == Closed {
		r.rule(CallNoConnection)
		r.signal(ErrNoConnection)
		return
	}
	r.rule(StatusReturnsState)
	r.signal(StatusOf(r.t.State))
}
