package model_test

import "github.com/tcpcheck/tcpcheck/model"

// second is an endpoint of RFC 9293 section 3.10 that was written from the text,
// docs/decisions.md and the meanings of the choices, before Step was looked at;
// where the two differed, the text said who was right. It is the oracle of
// TestSecondAgrees. Where Step computes with intervals, second lists the numbers
// that a segment occupies, one item for each.
type second struct {
	e   *model.Endpoint
	b   model.Behaviours
	t   *model.TCB
	out *model.Output
	ack bool // an acknowledgment is to be sent
	old [model.MaxHeld]int8
}

type item struct {
	n    model.Seq
	kind byte // 's', 't', 'f'
	off  uint32
}

// piece is what is left of a segment, or of one held.
type piece struct {
	items []item
	flags model.Flags
	ack   model.Seq
	wnd   uint32
	up    uint32 // how far behind the first item the urgent pointer points; 0: nowhere
	from  int8
}

// numbers ----------------------------------------------------------------

func (x *second) size() uint64 { return x.e.Space.Size() }

// plus is a+n.
func (x *second) plus(a model.Seq, n uint64) model.Seq { return model.Seq((uint64(a) + n) % x.size()) }

// gap is how many steps lead from a up to b.
func (x *second) gap(a, b model.Seq) uint64 { return (x.size() + uint64(b) - uint64(a)) % x.size() }

// among tells whether n is one of the count numbers from a on.
func (x *second) among(n, a model.Seq, count uint64) bool { return x.gap(a, n) < count }

func (x *second) inWindow(n model.Seq) bool { return x.among(n, x.t.RcvNxt, uint64(x.t.RcvWnd)) }

// what the TCB says -------------------------------------------------------

func (x *second) outstanding() uint64 { return x.gap(x.t.SndUna, x.t.SndNxt) }

func (x *second) finOut() bool {
	return in(x.t.State, model.FinWait1, model.Closing, model.LastAck) && !x.t.CloseQueued
}

func (x *second) textOut() uint64 {
	n := x.outstanding()
	if x.t.SynPending {
		n--
	}
	if x.finOut() {
		n--
	}
	return n
}

func (x *second) most() uint64 { return x.size()/2 - 1 }

func in(s model.State, list ...model.State) bool {
	for _, y := range list {
		if s == y {
			return true
		}
	}
	return false
}

func (x *second) receives() bool {
	return in(x.t.State, model.Established, model.FinWait1, model.FinWait2)
}

// outputs -------------------------------------------------------------------

func (x *second) enter(s model.State) {
	if x.t.State != s {
		x.t.State = s
		x.out.Enter(s)
	}
}

func (x *second) gone() {
	quiet := model.TCB{}
	if x.quiet() {
		quiet.Timer = x.t.Timer
	}
	x.enter(model.Closed)
	*x.t = quiet
	x.ack = false
}

// put sends a segment of the connection.
func (x *second) put(seq model.Seq, f model.Flags, n uint64) {
	g := model.Segment{Seq: seq, Flags: f, Len: uint32(n), Wnd: x.t.RcvWnd, BadSecurity: x.e.OtherSecurity}
	if f.Has(model.ACK) {
		g.Ack = x.t.RcvNxt
		x.ack = false
	}
	if n > 0 && x.t.SndUp != seq && x.among(x.t.SndUp, seq, x.most()+2) {
		g.Flags |= model.URG
		g.Up = uint16(min(x.gap(seq, x.t.SndUp), 65535))
	}
	x.out.Send(g)
}

func (x *second) sendAck() { x.put(x.t.SndNxt, model.ACK, 0) }

// reject sends the RST that its cause will believe.
func (x *second) reject(g model.Segment) {
	r := model.Segment{Flags: model.RST, BadSecurity: x.e.OtherSecurity}
	if g.Flags.Has(model.ACK) {
		r.Seq = g.Ack
	} else {
		r.Flags |= model.ACK
		r.Ack = x.plus(g.Seq, uint64(g.SegLen()))
	}
	x.out.Send(r)
}

// user calls ------------------------------------------------------------------

// secondStep is the second endpoint as a model.StepFunc; it names no rules.
func secondStep(e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
	x := second{e: e, b: e.Behaviours, t: t, out: out, old: [model.MaxHeld]int8{0, 1, 2, 3}}
	x.step(ev)
}

func (x *second) step(ev model.Event) {
	switch ev.Kind {
	case model.SegmentArrives:
		x.arrives(ev.Segment, ev.ISS)
	case model.UserTimeout, model.RetransmissionTimeout, model.TimeWaitTimeout, model.KeepAliveTimeout, model.ZeroWindowProbe,
		model.UnreachableSoft, model.UnreachableHard, model.Crash, model.Tick:
		x.clockOrNetwork(ev.Kind)
	default:
		x.call(ev)
	}
}

func (x *second) quiet() bool { return in(x.t.State, model.Closed, model.Listen) && x.t.Timer > 0 }

func (x *second) call(ev model.Event) {
	if ev.Refusal == model.NoAccess {
		x.out.Signal(model.ErrIllegal)
		return
	}
	// What else the world refuses, it refuses anywhere but where the call fails anyhow.
	if x.t.State == model.Closed && ev.Kind != model.OpenActive && ev.Kind != model.OpenPassive {
		x.out.Signal(model.ErrNoConnection)
		return
	}
	switch ev.Kind {
	case model.OpenActive, model.OpenPassive:
		x.open(ev)
	case model.Send:
		x.send(ev)
	case model.Receive:
		x.receive(ev)
	case model.Close:
		x.close()
	case model.Abort:
		x.abort()
	case model.Status:
		x.out.Signal(model.StatusOf(x.t.State))
	}
}

var refusals = map[model.Refusal]model.Signal{
	model.NoResources: model.ErrNoResources, model.RemoteUnspecified: model.ErrRemoteUnspecified,
	model.BadDiffserv: model.ErrDiffserv, model.SecurityDenied: model.ErrSecurity,
}

func (x *second) open(ev model.Event) {
	active := ev.Kind == model.OpenActive
	if x.t.State != model.Closed && !(x.t.State == model.Listen && active) {
		x.out.Signal(model.ErrExists)
		return
	}
	if s, ok := refusals[ev.Refusal]; ok && (active || ev.Refusal != model.RemoteUnspecified) {
		x.out.Signal(s)
		return
	}
	if !active {
		x.enter(model.Listen)
		return
	}
	if x.quiet() {
		x.out.Signal(model.StillQuiet)
		return
	}
	x.newActive(ev.ISS)
	x.put(ev.ISS, model.SYN, 0)
}

func (x *second) newActive(iss model.Seq) {
	x.enter(model.SynSent)
	*x.t = model.TCB{State: model.SynSent, SynPending: true, ISS: iss, SndUna: iss, SndNxt: x.plus(iss, 1), SndUp: iss,
		RcvWnd: x.e.Window, Retries: x.e.Retransmissions}
}

func (x *second) send(ev model.Event) {
	switch {
	case in(x.t.State, model.FinWait1, model.FinWait2, model.Closing, model.LastAck, model.TimeWait) || x.t.CloseQueued:
		x.out.Signal(model.ErrConnectionClosing)
		return
	case ev.Refusal != model.Granted:
		x.out.Signal(refusals[ev.Refusal])
		return
	}
	listening := x.t.State == model.Listen
	have := uint64(0)
	if !listening {
		have = x.outstanding() + uint64(x.t.Queued)
	}
	if have+uint64(ev.N) > x.most() {
		x.out.Signal(model.ErrNoResources)
		return
	}
	if listening && x.quiet() {
		x.out.Signal(model.StillQuiet)
		return
	}
	if listening {
		x.newActive(ev.ISS)
	}
	x.t.Queued += ev.N
	x.t.PushQueued = ev.Push
	if ev.Urgent {
		x.t.SndUp = x.plus(x.t.SndNxt, uint64(x.t.Queued))
	}
	if listening {
		n := uint64(0)
		if x.b.SynText == model.SynTextSent {
			n = min(uint64(x.t.Queued), uint64(x.e.Window))
		}
		f := model.SYN
		if n > 0 {
			f |= x.push(n)
		}
		x.t.Queued -= uint32(n)
		x.t.SndNxt = x.plus(x.t.SndNxt, n)
		x.put(ev.ISS, f, n)
		return
	}
	if in(x.t.State, model.Established, model.CloseWait) {
		x.transmit()
	}
}

// push is PSH if the n octets are the last of a queue that ends with a PUSH.
func (x *second) push(n uint64) model.Flags {
	if x.t.PushQueued && n == uint64(x.t.Queued) {
		x.t.PushQueued = false
		return model.PSH
	}
	return 0
}

func (x *second) receive(ev model.Event) {
	t := x.t
	if t.Unread > 0 && !in(t.State, model.Closing, model.LastAck, model.TimeWait) {
		n := min(ev.N, t.Unread)
		shut := t.RcvWnd == 0
		t.Unread -= n
		t.RcvWnd += n
		if t.RcvUp != t.RcvNxt {
			x.out.Signal(model.UrgentData)
		}
		if shut && x.receives() {
			x.sendAck()
		}
		return
	}
	switch {
	case in(t.State, model.CloseWait, model.Closing, model.LastAck, model.TimeWait):
		x.out.Signal(model.ErrConnectionClosing)
	case ev.Refusal != model.Granted:
		x.out.Signal(refusals[ev.Refusal])
	}
}

func (x *second) close() {
	t := x.t
	switch t.State {
	case model.Listen:
		x.gone()
	case model.SynSent:
		if t.Queued > 0 || x.textOut() > 0 {
			x.out.Signal(model.ErrClosing)
		}
		x.gone()
	case model.SynReceived:
		if t.CloseQueued {
			x.out.Signal(model.ErrConnectionClosing)
			return
		}
		t.CloseQueued = true
		if t.Queued == 0 && x.textOut() == 0 && x.b.CloseInSynRcvd == model.CloseSendsFin {
			x.enter(model.FinWait1)
			t.Passive, t.Reopened, t.OldSndNxt, t.OldRcvNxt = false, false, 0, 0
			x.transmit()
		}
	case model.Established, model.CloseWait:
		if t.CloseQueued {
			x.out.Signal(model.ErrConnectionClosing)
			return
		}
		if x.b.CloseUnread == model.CloseResets && t.Unread > 0 {
			x.abortWithReset()
			return
		}
		t.CloseQueued = true
		if t.State == model.Established {
			x.enter(model.FinWait1)
		}
		x.transmit()
	default:
		x.out.Signal(model.ErrConnectionClosing)
	}
}

func (x *second) abort() {
	switch x.t.State {
	case model.Listen:
		x.gone()
	case model.SynSent:
		x.resetSends()
		x.gone()
	case model.Closing, model.LastAck, model.TimeWait:
		x.out.Signal(model.OK)
		x.gone()
	default:
		x.abortWithReset()
	}
}

func (x *second) resetSends() {
	if x.t.Queued > 0 || x.textOut() > 0 {
		x.out.Signal(model.ConnectionReset)
	}
}

func (x *second) abortWithReset() {
	x.out.Send(model.Segment{Seq: x.t.SndNxt, Flags: model.RST, BadSecurity: x.e.OtherSecurity})
	x.resetSends()
	x.afterReset()
}

// afterReset is where the side goes that issued a reset.
func (x *second) afterReset() {
	if x.b.AfterReset == model.ResetTimeWaits && x.t.State.Synchronized() {
		x.timeWait()
		return
	}
	x.gone()
}

// timeWait enters TIME-WAIT with nothing but the numbers.
func (x *second) timeWait() {
	x.enter(model.TimeWait)
	t := x.t
	*t = model.TCB{State: model.TimeWait, Timer: x.e.TimeWait, Retries: x.e.Retransmissions, ISS: t.ISS, IRS: t.IRS,
		SndUna: t.SndNxt, SndNxt: t.SndNxt, SndWl1: t.SndWl1, SndWl2: t.SndWl2, SndUp: t.SndNxt,
		RcvNxt: t.RcvNxt, RcvUp: t.RcvUp, SndWnd: t.SndWnd, MaxSndWnd: t.MaxSndWnd, RcvWnd: t.RcvWnd, Unread: t.Unread}
	x.ack = false
}

// transmission ------------------------------------------------------------------

// transmit sends what the window has room for, and an ACK if one is owed still.
func (x *second) transmit() {
	t := x.t
	if !in(t.State, model.Established, model.FinWait1, model.CloseWait, model.Closing) {
		x.payAck()
		return
	}
	room := uint64(0)
	if out := x.outstanding(); uint64(t.SndWnd) > out {
		room = uint64(t.SndWnd) - out
	}
	n := min(room, uint64(t.Queued))
	fin := t.CloseQueued && n == uint64(t.Queued) && room > n
	if n > 0 {
		f := model.ACK | x.push(n)
		if fin && x.b.FinSegment == model.FinPiggybacked {
			f |= model.FIN
		}
		seq := t.SndNxt
		t.SndNxt = x.plus(t.SndNxt, n)
		t.Queued -= uint32(n)
		x.put(seq, f, n)
	}
	if fin {
		if n == 0 || x.b.FinSegment == model.FinAlone {
			x.put(t.SndNxt, model.FIN|model.ACK, 0)
		}
		x.finLeft()
	}
	x.payAck()
}

func (x *second) finLeft() {
	x.t.SndNxt = x.plus(x.t.SndNxt, 1)
	x.t.CloseQueued = false
	if x.t.State == model.CloseWait {
		x.enter(model.LastAck)
	}
}

func (x *second) payAck() {
	if x.ack {
		x.sendAck()
	}
}

// timeouts and the network ------------------------------------------------------

func (x *second) clockOrNetwork(k model.EventKind) {
	t := x.t
	switch k {
	case model.UserTimeout:
		if t.State != model.Closed { // "for any state"
			x.out.Signal(model.ErrUserTimeout)
			x.gone()
		}
	case model.RetransmissionTimeout:
		x.again()
	case model.TimeWaitTimeout:
		if t.State == model.TimeWait || t.State == model.FinWait2 && x.b.FinWait2 == model.FinWait2Timeout {
			x.gone()
		}
	case model.KeepAliveTimeout:
		if in(t.State, model.Established, model.FinWait2, model.CloseWait) && x.outstanding() == 0 && t.Queued == 0 {
			x.put(x.plus(t.SndNxt, x.size()-1), model.ACK, 0)
		}
	case model.ZeroWindowProbe:
		x.probe()
	case model.UnreachableSoft:
		if !in(t.State, model.Closed, model.Listen) {
			x.out.Signal(model.SoftError)
		}
	case model.UnreachableHard:
		x.hardError()
	case model.Crash:
		x.gone()
		t.Timer = 0
		if x.b.AfterCrash == model.CrashQuiets {
			t.Timer = x.e.MSL
		}
	case model.Tick:
		if t.Timer > 0 {
			t.Timer--
			if t.Timer == 0 && in(t.State, model.TimeWait, model.FinWait2) {
				x.gone()
			}
		}
	}
}

// again repeats the front of the retransmission queue.
func (x *second) again() {
	t := x.t
	if x.outstanding() == 0 || t.Retries == 0 {
		return
	}
	if t.Retries != model.Unlimited {
		t.Retries--
	}
	text := x.textOut()
	if t.SynPending {
		f := model.SYN
		if t.State != model.SynSent {
			f |= model.ACK
			text = 0
		}
		x.put(t.ISS, f, text)
		return
	}
	f := model.ACK
	if x.finOut() && (text == 0 || x.b.FinSegment == model.FinPiggybacked) {
		f |= model.FIN
	}
	x.put(t.SndUna, f, text)
}

func (x *second) probe() {
	t := x.t
	if !in(t.State, model.Established, model.FinWait1, model.CloseWait, model.Closing) || t.SndWnd != 0 || x.outstanding() > 0 {
		return
	}
	switch {
	case t.Queued > 0:
		f := model.ACK | x.push(1)
		seq := t.SndNxt
		t.SndNxt = x.plus(seq, 1)
		t.Queued--
		x.put(seq, f, 1)
	case t.CloseQueued:
		x.put(t.SndNxt, model.FIN|model.ACK, 0)
		x.finLeft()
	}
}

func (x *second) hardError() {
	t := x.t
	switch {
	case in(t.State, model.Closed, model.Listen):
	case x.b.HardErrors == model.HardErrorsNoted && t.State.Synchronized():
		x.out.Signal(model.SoftError)
	case t.State == model.SynReceived && t.Passive:
		x.backToListen()
	default:
		x.out.Signal(model.HardError)
		x.gone()
	}
}
