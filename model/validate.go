package model

import "fmt"

// Validate returns an error that names the first thing about t that no run of
// e leads to: a number outside the space, variables that contradict the state
// or each other. Step keeps a valid TCB valid.
func (e *Endpoint) Validate(t *TCB) error {
	if int(t.State) >= NumStates {
		return fmt.Errorf("state %d: there are %d states", t.State, NumStates)
	}
	check := validators[t.State]
	if err := check(e, t); err != nil {
		return fmt.Errorf("%v: %w", t.State, err)
	}
	return nil
}

var validators = [NumStates]func(*Endpoint, *TCB) error{
	Closed:      validNoTCB,
	Listen:      validNoTCB,
	SynSent:     validSynSent,
	SynReceived: validSynReceived,
	Established: validConnection,
	FinWait1:    validConnection,
	FinWait2:    validConnection,
	CloseWait:   validConnection,
	Closing:     validConnection,
	LastAck:     validConnection,
	TimeWait:    validConnection,
}

// validNoTCB: CLOSED and LISTEN remember nothing but the quiet time.
func validNoTCB(e *Endpoint, t *TCB) error {
	if (*t != TCB{State: t.State, Timer: t.Timer}) {
		return fmt.Errorf("a variable is set, and there is no connection")
	}
	return validTimer(e, t, e.Behaviours.AfterCrash == CrashQuiets, e.MSL)
}

func validTimer(e *Endpoint, t *TCB, runs bool, most uint8) error {
	switch {
	case !runs && t.Timer != 0:
		return fmt.Errorf("timer at %d: none runs here", t.Timer)
	case t.Timer > most:
		return fmt.Errorf("timer at %d ticks: want at most %d", t.Timer, most)
	}
	return nil
}

func validSynSent(e *Endpoint, t *TCB) error {
	received := TCB{IRS: t.IRS, RcvNxt: t.RcvNxt, RcvUp: t.RcvUp, SndWnd: t.SndWnd, MaxSndWnd: t.MaxSndWnd,
		SndWl1: t.SndWl1, SndWl2: t.SndWl2, NHeld: t.NHeld, Held: t.Held}
	switch {
	case received != TCB{}:
		return fmt.Errorf("a receive variable is set before the peer's SYN")
	case t.Passive || t.Reopened || t.CloseQueued:
		return fmt.Errorf("it is reached by an active OPEN, and CLOSE deletes it")
	case t.RcvWnd != e.Window || t.Unread != 0:
		return fmt.Errorf("RCV.WND=%d with %d unread: want %d and none", t.RcvWnd, t.Unread, e.Window)
	}
	return validUnacknowledgedSyn(e, t)
}

func validSynReceived(e *Endpoint, t *TCB) error {
	switch {
	case t.RcvNxt != e.Space.Add(t.IRS, 1):
		return fmt.Errorf("RCV.NXT=%d: want IRS+1=%d", t.RcvNxt, e.Space.Add(t.IRS, 1))
	case t.RcvWnd != e.Window || t.Unread != 0:
		return fmt.Errorf("RCV.WND=%d with %d unread: want %d and none", t.RcvWnd, t.Unread, e.Window)
	case t.Reopened && !t.Passive:
		return fmt.Errorf("reopened from TIME-WAIT, but not by the peer's SYN")
	case t.Passive && e.textOutstanding(t) != 0:
		return fmt.Errorf("text was sent on a SYN,ACK")
	}
	if err := validUnacknowledgedSyn(e, t); err != nil {
		return err
	}
	return validReceiver(e, t)
}

// validUnacknowledgedSyn is what SYN-SENT and SYN-RECEIVED share.
func validUnacknowledgedSyn(e *Endpoint, t *TCB) error {
	switch {
	case !t.SynPending || t.SndUna != t.ISS:
		return fmt.Errorf("SND.UNA=%d: want ISS=%d, the SYN is not acknowledged", t.SndUna, t.ISS)
	case e.Outstanding(t) == 0 || e.textOutstanding(t) > e.Window:
		return fmt.Errorf("SND.NXT=%d: want ISS+1 and at most %d octets of text", t.SndNxt, e.Window)
	case t.Timer != 0:
		return fmt.Errorf("timer at %d: none runs here", t.Timer)
	}
	return validSender(e, t)
}

// validConnection is for the synchronized states.
func validConnection(e *Endpoint, t *TCB) error {
	n := e.Outstanding(t)
	fin := uint32(0)
	if t.finOutstanding() {
		fin = 1
	}
	syn := uint32(0)
	if t.SynPending {
		syn = 1
	}
	switch {
	case t.Passive || t.Reopened:
		return fmt.Errorf("how SYN-RECEIVED was reached is remembered after it")
	case t.SynPending && t.State != FinWait1 && t.State != Closing:
		return fmt.Errorf("the SYN is not acknowledged")
	case t.SynPending && (t.SndUna != t.ISS || t.Queued != 0):
		return fmt.Errorf("the SYN is not acknowledged, and SND.UNA=%d is not ISS=%d, or text is queued", t.SndUna, t.ISS)
	case n < syn+fin:
		return fmt.Errorf("SND.UNA=%d, SND.NXT=%d: too few numbers for what is outstanding", t.SndUna, t.SndNxt)
	case t.SynPending && n != syn+fin:
		return fmt.Errorf("text is outstanding, and the SYN is not acknowledged")
	case finAcked.has(t.State) && (n != 0 || t.Queued != 0):
		return fmt.Errorf("our FIN is acknowledged, and something is outstanding or queued")
	case t.CloseQueued && t.State != FinWait1 && t.State != CloseWait && t.State != Closing:
		return fmt.Errorf("a CLOSE is queued: it has taken effect here, or there was none")
	case closedByUser.has(t.State) && !t.CloseQueued && t.Queued != 0:
		return fmt.Errorf("%d octets are queued behind our FIN", t.Queued)
	}
	runs := t.State == TimeWait || t.State == FinWait2 && e.Behaviours.FinWait2 == FinWait2Timeout
	if err := validTimer(e, t, runs, e.TimeWait); err != nil {
		return err
	}
	if err := validSender(e, t); err != nil {
		return err
	}
	return validReceiver(e, t)
}

func validSender(e *Endpoint, t *TCB) error {
	s := e.Space
	most := e.maxWindow()
	for _, n := range [...]Seq{t.ISS, t.SndUna, t.SndNxt, t.SndWl1, t.SndWl2, t.SndUp, t.OldSndNxt, t.OldRcvNxt} {
		if !s.Contains(n) {
			return fmt.Errorf("number %d: the space has %d", n, s.Size())
		}
	}
	n := e.Outstanding(t)
	switch {
	// One more than the window: a SYN, or a probe.
	case n > most+1 || t.Queued > most || n+t.Queued > most+1:
		return fmt.Errorf("%d outstanding and %d queued: want at most %d together", n, t.Queued, most)
	case t.SndWnd > t.MaxSndWnd || t.MaxSndWnd > most:
		return fmt.Errorf("SND.WND=%d, MAX.SND.WND=%d: want SND.WND =< MAX.SND.WND =< %d", t.SndWnd, t.MaxSndWnd, most)
	case !s.Within(t.SndUna, t.SndUp, s.Add(t.SndNxt, t.Queued)):
		return fmt.Errorf("SND.UP=%d: want from SND.UNA to the end of the queue", t.SndUp)
	case t.PushQueued && t.Queued == 0:
		return fmt.Errorf("a PUSH is queued without text")
	case e.Retransmissions == Unlimited && t.Retries != Unlimited,
		e.Retransmissions != Unlimited && t.Retries > e.Retransmissions:
		return fmt.Errorf("%d retransmissions left of %d", t.Retries, e.Retransmissions)
	case !t.Reopened && (t.OldSndNxt != 0 || t.OldRcvNxt != 0):
		return fmt.Errorf("numbers of an old connection are kept without need")
	}
	return nil
}

func validReceiver(e *Endpoint, t *TCB) error {
	s := e.Space
	for _, n := range [...]Seq{t.IRS, t.RcvNxt, t.RcvUp} {
		if !s.Contains(n) {
			return fmt.Errorf("number %d: the space has %d", n, s.Size())
		}
	}
	switch {
	case t.Unread > e.Window || t.RcvWnd != e.Window-t.Unread:
		return fmt.Errorf("RCV.WND=%d with %d octets unread: want %d together", t.RcvWnd, t.Unread, e.Window)
	case t.Unread != 0 && !e.SlowReader:
		return fmt.Errorf("%d octets unread: the user reads at once", t.Unread)
	case int(t.NHeld) > MaxHeld:
		return fmt.Errorf("%d segments held: want at most %d", t.NHeld, MaxHeld)
	}
	for i, g := range t.Held {
		if i >= int(t.NHeld) {
			if g != (Segment{}) {
				return fmt.Errorf("segment %d is held beyond the count of %d", i, t.NHeld)
			}
			continue
		}
		if err := validHeld(e, t, g); err != nil {
			return fmt.Errorf("held segment %d: %w", i, err)
		}
		if i > 0 && s.Dist(t.RcvNxt, g.Seq) < s.Dist(t.RcvNxt, t.Held[i-1].Seq) {
			return fmt.Errorf("held segment %d: lies before the one held before it", i)
		}
	}
	return nil
}

// validHeld: a held segment lies in the window; before ESTABLISHED it came on
// a SYN, after it lies above RCV.NXT.
func validHeld(e *Endpoint, t *TCB, g Segment) error {
	s := e.Space
	fromSyn := t.SynPending && g.Seq == s.Add(t.IRS, 1)
	end := s.Dist(t.RcvNxt, g.Seq) + g.SegLen()
	switch {
	case !s.Contains(g.Seq) || !s.Contains(g.Ack) || g.Flags&^(ACK|FIN|PSH|URG) != 0 || g.BadSecurity:
		return fmt.Errorf("%+v can't have got past the first four checks", g)
	case !g.Flags.Has(ACK) && (g.Ack != 0 || g.Wnd != 0):
		return fmt.Errorf("an ACK number or window is kept without ACK")
	case !g.Flags.Has(URG) && g.Up != 0:
		return fmt.Errorf("an urgent pointer is kept without URG")
	case !fromSyn && !mayReceive.has(t.State) && t.State != SynReceived:
		return fmt.Errorf("nothing more is received in this state")
	case !fromSyn && (g.SegLen() == 0 || !s.InWindow(t.RcvNxt, g.Seq, t.RcvWnd) || g.Seq == t.RcvNxt):
		return fmt.Errorf("%+v is not above RCV.NXT=%d in the window", g, t.RcvNxt)
	case g.Len > e.Window || end > e.Window+1:
		return fmt.Errorf("%+v reaches beyond the window", g)
	}
	return nil
}
