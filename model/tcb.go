package model

// MaxHeld is how many segments a TCB holds: text or FIN that came on a SYN,
// and segments above RCV.NXT. What does not fit is dropped, as if lost.
const MaxHeld = 4

// Unlimited as [Endpoint.Retransmissions] means no limit.
const Unlimited = 255

// TCB is the transmission control block, the whole memory of an endpoint. The
// zero value is CLOSED: no TCB. Fields are the RFC's variables (§3.3.1):
// SndUna is SND.UNA and so on.
type TCB struct {
	State   State
	Passive bool // SYN-RECEIVED was reached from LISTEN (MUST-11)

	SynPending  bool // our SYN is sent and not yet acknowledged
	CloseQueued bool // CLOSE was called and our FIN is not sent yet
	PushQueued  bool // the queue ends with a PUSH

	// Timer counts ticks: of quiet time in CLOSED and LISTEN, of the wait in
	// FIN-WAIT-2 (if that ends) and TIME-WAIT. 0: not running.
	Timer uint8
	// Retries is how often the front of the retransmission queue may still be
	// repeated; [Unlimited] never falls.
	Retries uint8

	ISS, IRS       Seq
	SndUna, SndNxt Seq
	SndWl1, SndWl2 Seq // SEG.SEQ and SEG.ACK of the last window update
	SndUp          Seq // end of urgent text to send; SndUna if there is none
	RcvNxt         Seq
	RcvUp          Seq // end of urgent text to receive; RcvNxt if there is none

	SndWnd    uint32 // octets from SndUna
	MaxSndWnd uint32 // largest window heard of (RFC 5961 §5)
	RcvWnd    uint32 // octets from RcvNxt
	Queued    uint32 // octets that the user SENT and no segment has carried yet
	Unread    uint32 // octets received that the user has not read

	// Reopened: the connection was opened from TIME-WAIT by a SYN that may
	// prove an old duplicate; OldSndNxt and OldRcvNxt lead back (MAY-2).
	Reopened             bool
	OldSndNxt, OldRcvNxt Seq

	NHeld uint8
	Held  [MaxHeld]Segment // in order from RcvNxt; those from a SYN carry no ACK
}

// Outstanding is how many numbers are sent and not yet acknowledged.
func (e *Endpoint) Outstanding(t *TCB) uint32 { return e.Space.Dist(t.SndUna, t.SndNxt) }

// finOutstanding tells whether our FIN is sent and not acknowledged. FIN-WAIT-1,
// CLOSING and LAST-ACK are the states in which it may be; CloseQueued says
// that it has not left yet.
func (t *TCB) finOutstanding() bool {
	switch t.State {
	case FinWait1, Closing, LastAck:
		return !t.CloseQueued
	}
	return false
}

// textOutstanding is how many octets of text are sent and not acknowledged.
func (e *Endpoint) textOutstanding(t *TCB) uint32 {
	n := e.Outstanding(t)
	if t.SynPending && n > 0 {
		n--
	}
	if t.finOutstanding() && n > 0 {
		n--
	}
	return n
}

// usable is how many more numbers the send window has room for.
func (e *Endpoint) usable(t *TCB) uint32 {
	if n := e.Outstanding(t); t.SndWnd > n {
		return t.SndWnd - n
	}
	return 0
}

// held are the segments held.
func (t *TCB) held() []Segment { return t.Held[:t.NHeld] }

// CanRetransmit tells whether a RETRANSMISSION TIMEOUT would send something:
// there is a front of the queue, and a retransmission left.
func (e *Endpoint) CanRetransmit(t *TCB) bool { return e.Outstanding(t) > 0 && t.Retries > 0 }

// CanGiveUp tells whether a USER TIMEOUT has a cause: something is
// outstanding and no retransmission is left. FIN-WAIT-2, CLOSE-WAIT and LISTEN
// never have one.
func (e *Endpoint) CanGiveUp(t *TCB) bool { return e.Outstanding(t) > 0 && t.Retries == 0 }

// CanProbe tells whether a ZERO-WINDOW PROBE would send something: text or a
// FIN waits behind a window of zero and nothing outstanding probes it already.
func (e *Endpoint) CanProbe(t *TCB) bool {
	switch t.State {
	case Established, FinWait1, CloseWait, Closing:
		return t.SndWnd == 0 && e.Outstanding(t) == 0 && (t.Queued > 0 || t.CloseQueued)
	}
	return false
}

// CanKeepAlive tells whether a KEEP-ALIVE TIMEOUT would send something
// (MUST-26): nothing is outstanding in a connection that may stay idle.
func (e *Endpoint) CanKeepAlive(t *TCB) bool {
	switch t.State {
	case Established, FinWait2, CloseWait:
		return e.Outstanding(t) == 0 && t.Queued == 0
	}
	return false
}

// CanTick tells whether a tick changes the TCB.
func (t *TCB) CanTick() bool { return t.Timer > 0 }
