package model_test

import "github.com/tcpcheck/tcpcheck/model"

// segment arrives ------------------------------------------------------------------

func (x *second) arrives(g model.Segment, iss model.Seq) {
	if x.quiet() {
		return
	}
	switch x.t.State {
	case model.Closed:
		if !g.Flags.Has(model.RST) {
			x.reject(g)
		}
	case model.Listen:
		x.inListen(g, iss)
	case model.SynSent:
		x.inSynSent(g)
	default:
		x.inOthers(g)
	}
}

// take starts the receive side and the send window from a SYN.
func (x *second) take(g model.Segment) piece {
	t := x.t
	t.IRS = g.Seq
	t.RcvNxt = x.plus(g.Seq, 1)
	t.RcvUp = t.RcvNxt
	wl2 := g.Ack
	if t.State == model.SynReceived {
		wl2 = t.ISS
	}
	x.window(g.Wnd, g.Seq, wl2)
	p := x.pieceOf(g)
	p.cut(1)
	x.keep(&p)
	p.flags &^= model.SYN | model.ACK
	if p.up == 0 {
		p.flags &^= model.URG
	}
	return p
}

func (x *second) window(w uint32, seq, ack model.Seq) {
	t := x.t
	t.SndWnd = uint32(min(uint64(w), x.most()))
	t.MaxSndWnd = max(t.MaxSndWnd, t.SndWnd)
	t.SndWl1, t.SndWl2 = seq, ack
}

func (x *second) pieceOf(g model.Segment) piece {
	p := piece{flags: g.Flags, ack: g.Ack, wnd: g.Wnd, from: -1, up: uint32(g.Up)}
	n := g.Seq
	add := func(kind byte, off uint32) {
		p.items = append(p.items, item{n, kind, off})
		n = x.plus(n, 1)
	}
	if g.Flags.Has(model.SYN) {
		add('s', 0)
	}
	for i := uint32(0); i < g.Len; i++ {
		add('t', i)
	}
	if g.Flags.Has(model.FIN) {
		add('f', 0)
	}
	return p
}

// cut drops the first n items.
func (p *piece) cut(n int) {
	p.items = p.items[n:]
	p.up -= min(p.up, uint32(n))
}

// cutTo drops what lies before a number.
func (p *piece) cutTo(n model.Seq) {
	for len(p.items) > 0 && p.items[0].n != n {
		p.cut(1)
	}
}

// keep keeps the first items of p, as far as they lie in the window.
func (x *second) keep(p *piece) {
	for i, it := range p.items {
		if x.inWindow(it.n) && i < int(x.t.RcvWnd) {
			continue
		}
		if it.kind == 't' {
			p.flags &^= model.PSH // the segment does not empty
		}
		p.items = p.items[:i]
		return
	}
}

func (x *second) inListen(g model.Segment, iss model.Seq) {
	switch {
	case g.Flags.Has(model.RST):
	case g.Flags.Has(model.ACK):
		x.reject(g)
	case !g.Flags.Has(model.SYN):
	case g.BadSecurity:
		x.reject(g)
	default:
		x.passive(g, iss)
	}
}

func (x *second) passive(g model.Segment, iss model.Seq) {
	x.enter(model.SynReceived)
	*x.t = model.TCB{State: model.SynReceived, Passive: true, SynPending: true, ISS: iss, SndUna: iss,
		SndNxt: x.plus(iss, 1), SndUp: iss, RcvWnd: x.e.Window, Retries: x.e.Retransmissions}
	x.hold(x.take(g))
	x.put(iss, model.SYN|model.ACK, 0)
}

func (x *second) inSynSent(g model.Segment) {
	t := x.t
	has := g.Flags.Has
	if has(model.ACK) && !x.fresh(g.Ack) {
		if !has(model.RST) {
			x.reject(g)
		}
		return
	}
	if has(model.RST) {
		if has(model.ACK) {
			x.out.Signal(model.ConnectionReset)
			x.gone()
		}
		return
	}
	if g.BadSecurity {
		x.reject(g)
		return
	}
	if !has(model.SYN) {
		return
	}
	p := x.take(g)
	if !has(model.ACK) {
		x.enter(model.SynReceived)
		x.hold(p)
		x.put(t.ISS, model.SYN|model.ACK, 0)
		return
	}
	x.acked(g.Ack)
	x.enter(model.Established)
	x.ack = true
	x.contents(p)
	x.transmit()
}

// acceptable is table 6.
func (x *second) acceptable(g model.Segment) bool {
	n := g.SegLen()
	switch {
	case n == 0 && x.t.RcvWnd == 0:
		return g.Seq == x.t.RcvNxt
	case n == 0:
		return x.inWindow(g.Seq)
	case x.t.RcvWnd == 0:
		return false
	}
	return x.inWindow(g.Seq) || x.inWindow(x.plus(g.Seq, uint64(n-1)))
}

// figure7 tells whether the ACK of a SYN,ACK counts in SYN-RECEIVED.
func (x *second) figure7(g model.Segment) bool {
	return x.t.State == model.SynReceived && x.b.SynAckInSynRcvd == model.SynAckEstablishes && g.Seq == x.t.IRS &&
		g.Flags.Has(model.SYN|model.ACK) && x.fresh(g.Ack)
}

// fresh tells whether an ACK acknowledges something new.
func (x *second) fresh(ack model.Seq) bool {
	return x.among(ack, x.plus(x.t.SndUna, 1), x.outstanding())
}

func (x *second) inOthers(g model.Segment) {
	t := x.t
	has := g.Flags.Has
	if t.State == model.TimeWait && x.reopens(g) {
		return
	}
	// Second, looked at first for its own number.
	if has(model.RST) {
		x.resetArrives(g)
		return
	}
	if t.State == model.SynReceived && has(model.SYN) && g.Seq == t.IRS && !has(model.ACK) && x.b.RepeatedSyn == model.RepeatedSynSynAcked {
		x.put(t.ISS, model.SYN|model.ACK, 0)
		return
	}
	// First.
	cut := false
	if !x.acceptable(g) && !x.figure7(g) {
		if cut = t.RcvWnd == 0 && g.Seq == t.RcvNxt; !cut {
			if t.State == model.TimeWait && has(model.FIN) && x.b.FinInTimeWait == model.FinRestarts {
				t.Timer = x.e.TimeWait
			}
			x.sendAck()
			return
		}
	}
	// Third.
	if g.BadSecurity {
		x.reject(g)
		if t.State != model.SynReceived {
			x.out.Signal(model.ConnectionReset)
			x.afterReset()
		}
		return
	}
	// Fourth.
	if has(model.SYN) && x.synArrives(g) {
		return
	}
	p := x.pieceOf(g)
	p.flags &^= model.SYN
	if cut {
		p.items = nil
		x.ack = true
	} else if len(p.items) > 0 {
		if !x.inWindow(g.Seq) {
			p.cutTo(t.RcvNxt)
		}
		x.keep(&p)
	}
	if g.Seq != t.RcvNxt && x.inWindow(g.Seq) {
		x.above(g, p)
		return
	}
	if !x.fifth(p, t.RcvNxt) {
		x.finish()
		return
	}
	x.contents(p)
	x.finish()
}

func (x *second) finish() {
	if x.t.CloseQueued && x.t.State == model.Established {
		x.enter(model.FinWait1)
	}
	if x.t.State != model.Closed && x.t.State != model.Listen {
		x.transmit()
	}
}

// synArrives is the fourth check; it tells whether the segment is done with.
func (x *second) synArrives(g model.Segment) bool {
	t := x.t
	inside := x.inWindow(g.Seq)
	if t.State == model.SynReceived {
		if !inside {
			return false
		}
		switch {
		case x.b.SynReceivedSyn == model.SynReceivedChallenged:
			x.sendAck()
		case x.b.SynReceivedSyn == model.SynRefused:
			x.reject(g)
			if t.Passive {
				x.backToListen()
			} else {
				x.out.Signal(model.ConnectionReset)
				x.gone()
			}
		case t.Passive:
			x.backToListen()
		case x.b.Syn == model.SynResets:
			x.reject(g)
			x.out.Signal(model.ConnectionReset)
			x.afterReset()
		default:
			x.sendAck()
		}
		return true
	}
	if x.b.Syn == model.SynChallenged {
		x.sendAck()
		return true
	}
	if !inside {
		return false
	}
	x.reject(g)
	x.out.Signal(model.ConnectionReset)
	x.afterReset()
	return true
}

// backToListen is reading 3, and MAY-2 (2).
func (x *second) backToListen() {
	t := x.t
	x.resetSends()
	if t.Reopened {
		x.enter(model.TimeWait)
		una, rcv := t.OldSndNxt, t.OldRcvNxt
		*t = model.TCB{State: model.TimeWait, Timer: x.e.TimeWait, Retries: x.e.Retransmissions, SndUna: una, SndNxt: una,
			SndWl1: rcv, SndWl2: una, SndUp: una, RcvNxt: rcv, RcvUp: rcv, RcvWnd: x.e.Window}
		return
	}
	closed := t.CloseQueued
	x.enter(model.Listen)
	*t = model.TCB{State: model.Listen}
	if closed {
		x.gone()
	}
}

// reopens is MAY-2.
func (x *second) reopens(g model.Segment) bool {
	t := x.t
	if x.b.SynInTimeWait != model.SynReopens || !g.Flags.Has(model.SYN) || g.Flags&(model.RST|model.ACK) != 0 || g.BadSecurity {
		return false
	}
	if d := x.gap(t.RcvNxt, g.Seq); d == 0 || d > x.most() {
		return false
	}
	nxt, rcv := t.SndNxt, t.RcvNxt
	x.passive(g, x.plus(nxt, 1)) // an ACK may have had SEQ=SND.NXT
	t.Reopened, t.OldSndNxt, t.OldRcvNxt = true, nxt, rcv
	return true
}

func (x *second) resetArrives(g model.Segment) {
	t := x.t
	inside := x.inWindow(g.Seq) || g.Seq == t.RcvNxt
	if !inside && x.b.Reset != model.ResetAny {
		return
	}
	if x.b.Reset == model.ResetExact && g.Seq != t.RcvNxt {
		x.sendAck()
		return
	}
	if t.State == model.TimeWait && x.b.RstInTimeWait == model.RstIgnored {
		return
	}
	switch t.State {
	case model.SynReceived:
		switch {
		case t.Passive:
			x.backToListen()
		case x.b.ActiveReset == model.ActiveResetReturns && !t.CloseQueued:
			*t = model.TCB{State: t.State, SynPending: true, ISS: t.ISS, SndUna: t.ISS, SndNxt: t.SndNxt, SndUp: t.SndUp,
				RcvWnd: x.e.Window, Retries: t.Retries, Queued: t.Queued, PushQueued: t.PushQueued}
			x.enter(model.SynSent)
		default:
			x.out.Signal(model.ConnectionRefused)
			x.gone()
		}
	case model.Closing, model.LastAck, model.TimeWait:
		if x.b.ClosingReset == model.ClosingResetReported && t.State != model.TimeWait {
			x.out.Signal(model.ConnectionReset)
		}
		x.gone()
	default:
		x.out.Signal(model.ConnectionReset)
		x.gone()
	}
}

// above is for a segment that begins above RCV.NXT.
func (x *second) above(g model.Segment, p piece) {
	if x.aboveTaken(g, p) && x.b.OutOfOrderAnswer == model.OutOfOrderAcked && g.SegLen() > 0 {
		x.ack = true
	}
	x.reach()
	x.finish()
}

// aboveTaken holds what there is to hold; it tells whether the segment is one
// that may be answered.
func (x *second) aboveTaken(g model.Segment, p piece) bool {
	receives := x.receives() || x.t.State == model.SynReceived
	switch x.b.OutOfOrder {
	case model.OutOfOrderHeld:
		if !p.flags.Has(model.ACK) {
			return false
		}
	case model.OutOfOrderTextHeld:
		if !x.fifth(p, g.Seq) {
			return false
		}
		receives = x.receives()
		p.flags &^= model.ACK
	default:
		return true
	}
	if receives && len(p.items) > 0 {
		x.hold(p)
	}
	return true
}

// hold keeps a piece for later, in order.
func (x *second) hold(p piece) {
	t := x.t
	if len(p.items) == 0 && p.flags&(model.URG) == 0 || int(t.NHeld) == model.MaxHeld {
		return
	}
	g := x.segmentOf(p)
	for _, h := range t.Held[:t.NHeld] {
		if h == g {
			return
		}
	}
	i := int(t.NHeld)
	for i > 0 && x.gap(t.RcvNxt, t.Held[i-1].Seq) > x.gap(t.RcvNxt, g.Seq) {
		t.Held[i] = t.Held[i-1]
		x.old[i] = x.old[i-1]
		i--
	}
	t.Held[i] = g
	x.old[i] = -1
	t.NHeld++
}

func (x *second) segmentOf(p piece) model.Segment {
	g := model.Segment{Seq: x.t.RcvNxt, Flags: p.flags &^ model.FIN}
	for i, it := range p.items {
		if i == 0 {
			g.Seq = it.n
		}
		if it.kind == 't' {
			g.Len++
		} else {
			g.Flags |= model.FIN
		}
	}
	if g.Flags.Has(model.URG) {
		g.Up = uint16(p.up)
	}
	if g.Flags.Has(model.ACK) {
		g.Ack, g.Wnd = p.ack, p.wnd
	}
	return g
}

// acked lets SND.UNA advance.
func (x *second) acked(ack model.Seq) {
	t := x.t
	text := x.textOut()
	upGone := x.among(t.SndUp, t.SndUna, x.gap(t.SndUna, ack)+1)
	t.SndUna = ack
	t.SynPending = false
	if upGone {
		t.SndUp = ack
	}
	t.Retries = x.e.Retransmissions
	if text > 0 && t.Queued == 0 {
		left := x.outstanding()
		if x.finOut() && left > 0 {
			left--
		}
		if left == 0 {
			x.out.Signal(model.SendOK)
		}
	}
}

// fifth is the check of the ACK field; it tells whether to go on.
func (x *second) fifth(p piece, seq model.Seq) bool {
	t := x.t
	if !p.flags.Has(model.ACK) {
		return false
	}
	fresh := x.fresh(p.ack)
	if t.State == model.SynReceived {
		if !fresh {
			x.out.Send(model.Segment{Seq: p.ack, Flags: model.RST, BadSecurity: x.e.OtherSecurity})
			x.ack = false
			return false
		}
		x.acked(p.ack)
		x.enter(model.Established)
		t.Passive, t.Reopened, t.OldSndNxt, t.OldRcvNxt = false, false, 0, 0
		x.window(p.wnd, seq, p.ack)
		return true
	}
	valid := false
	if x.b.AckRange == model.AckRange5961 {
		low := x.plus(t.SndUna, x.size()-uint64(t.MaxSndWnd))
		valid = x.among(p.ack, low, x.outstanding()+uint64(t.MaxSndWnd)+1)
	} else {
		valid = fresh || x.gap(p.ack, t.SndUna) <= x.size()/2
	}
	if !valid {
		x.ack = true
		return false
	}
	if fresh {
		finWas := x.finOut()
		x.acked(p.ack)
		if finWas && x.outstanding() == 0 {
			switch t.State {
			case model.FinWait1:
				defer x.finAcked()
			case model.Closing:
				defer x.startTimeWait()
			case model.LastAck:
				x.gone()
				return false
			}
		}
	}
	if fresh || p.ack == t.SndUna {
		edge := x.plus(t.RcvNxt, uint64(max(t.RcvWnd, 1)-1)) // the newest number that may come
		older := x.gap(t.SndWl1, edge) > x.gap(seq, edge)
		if older || t.SndWl1 == seq && x.gap(t.SndWl2, t.SndNxt) >= x.gap(p.ack, t.SndNxt) {
			x.window(p.wnd, seq, p.ack)
		}
		if t.SndWnd == 0 {
			t.Retries = x.e.Retransmissions
		}
	}
	if t.State == model.Closing && !(fresh && x.outstanding() == 0 && !t.CloseQueued) {
		return false
	}
	return true
}

func (x *second) finAcked() {
	x.enter(model.FinWait2)
	x.out.Signal(model.OK)
	if x.b.FinWait2 == model.FinWait2Timeout {
		x.t.Timer = x.e.TimeWait
	}
}

func (x *second) startTimeWait() {
	x.enter(model.TimeWait)
	x.t.Timer = x.e.TimeWait
}

// contents is the sixth to the eighth check, for the segment and what is held.
func (x *second) contents(p piece) {
	x.sixth(p)
	if !x.rest(p) {
		return
	}
	x.reach()
}

// reach processes what is held and begins at or before RCV.NXT.
func (x *second) reach() {
	t := x.t
	for t.NHeld > 0 && t.State.Synchronized() {
		g := t.Held[0]
		if t.SynPending && g.Seq == t.RcvNxt && t.RcvNxt == x.plus(t.IRS, 1) {
			return // it came on the SYN
		}
		if g.Seq != t.RcvNxt && x.inWindow(g.Seq) {
			return
		}
		from := x.old[0]
		copy(t.Held[:], t.Held[1:])
		t.Held[model.MaxHeld-1] = model.Segment{}
		copy(x.old[:], x.old[1:])
		t.NHeld--
		q := x.pieceOf(g)
		q.from = from
		if len(q.items) == 0 {
			q.up -= min(q.up, uint32(x.gap(g.Seq, t.RcvNxt)))
		} else if q.cutTo(t.RcvNxt); len(q.items) == 0 {
			continue // all of it is old
		}
		x.keep(&q)
		if g.Flags.Has(model.ACK) && !x.fifth(q, t.RcvNxt) {
			continue
		}
		x.sixth(q)
		if !x.rest(q) {
			return
		}
	}
}

func (x *second) sixth(p piece) {
	t := x.t
	if !p.flags.Has(model.URG) || !x.receives() {
		return
	}
	if d := uint64(p.up); d > x.gap(t.RcvNxt, t.RcvUp) {
		if t.RcvUp == t.RcvNxt {
			x.out.Signal(model.UrgentData)
		}
		t.RcvUp = x.plus(t.RcvNxt, d)
	}
}

// rest is the seventh and the eighth check. It tells whether there still is a
// connection.
func (x *second) rest(p piece) bool {
	t := x.t
	d := model.Delivery{Held: p.from}
	fin := false
	for _, it := range p.items {
		if it.kind == 'f' {
			fin = true
			continue
		}
		if d.N == 0 {
			d.Seq, d.Offset = it.n, it.off
		}
		d.N++
	}
	if d.N > 0 && x.receives() {
		if x.b.CloseUnread == model.CloseResets && t.State != model.Established {
			x.out.Send(model.Segment{Seq: x.t.SndNxt, Flags: model.RST, BadSecurity: x.e.OtherSecurity})
			x.out.Signal(model.ConnectionReset)
			x.afterReset()
			return false
		}
		upPassed := x.among(t.RcvUp, t.RcvNxt, uint64(d.N)+1)
		t.RcvNxt = x.plus(t.RcvNxt, uint64(d.N))
		if upPassed {
			t.RcvUp = t.RcvNxt
		}
		if x.e.SlowReader {
			t.Unread += d.N
			t.RcvWnd -= d.N
		}
		x.ack = true
		d.Push = p.flags.Has(model.PSH)
		x.out.Deliver(d)
		if d.Push {
			x.out.Signal(model.PushSeen)
		}
	}
	if !fin {
		return true
	}
	x.out.Signal(model.ConnectionClosing)
	t.NHeld, t.Held = 0, [model.MaxHeld]model.Segment{}
	next := x.plus(p.items[len(p.items)-1].n, 1) // over text before it that was ignored, too
	up := x.gap(t.RcvNxt, t.RcvUp) <= x.gap(t.RcvNxt, next)
	t.RcvNxt = next
	if up {
		t.RcvUp = t.RcvNxt
	}
	x.ack = true
	switch t.State {
	case model.Established:
		x.enter(model.CloseWait)
	case model.FinWait1:
		x.enter(model.Closing)
	case model.FinWait2, model.TimeWait:
		x.startTimeWait()
	}
	return true
}
