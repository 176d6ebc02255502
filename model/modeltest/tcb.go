package modeltest

import (
	"github.com/tcpcheck/tcpcheck/model"
	"pgregory.net/rapid"
)

// TCB draws TCBs that [model.Endpoint.Validate] accepts, in all eleven states
// and with the odd corners: a SYN unacknowledged in FIN-WAIT-1 and CLOSING, a
// CLOSE queued, segments held, windows of zero, text unread and urgent.
func TCB(e model.Endpoint) *rapid.Generator[model.TCB] {
	return rapid.Custom(func(t *rapid.T) model.TCB {
		state := model.State(rapid.IntRange(0, model.NumStates-1).Draw(t, "state"))
		return TCBIn(e, state).Draw(t, "TCB")
	})
}

// TCBIn is [TCB] for one state.
func TCBIn(e model.Endpoint, state model.State) *rapid.Generator[model.TCB] {
	return rapid.Custom(func(t *rapid.T) model.TCB {
		d := tcbDraw{T: t, e: e, tcb: model.TCB{State: state}}
		switch state {
		case model.Closed, model.Listen:
			if d.bool("quiet") && e.Behaviours.AfterCrash == model.CrashQuiets {
				d.tcb.Timer = rapid.Uint8Max(e.MSL).Draw(t, "quiet time")
			}
			return d.tcb
		case model.SynSent:
			d.tcb.SynPending = true
			d.sender(few(e.Window))
			d.tcb.RcvWnd = e.Window
			return d.tcb
		case model.SynReceived:
			d.synReceived()
		default:
			d.connection()
		}
		d.sendWindow()
		d.held()
		return d.tcb
	})
}

// tcbDraw is a TCB being drawn.
type tcbDraw struct {
	*rapid.T
	e   model.Endpoint
	tcb model.TCB
}

func (d *tcbDraw) bool(what string) bool { return rapid.Bool().Draw(d.T, what) }

func (d *tcbDraw) number(what string) model.Seq { return number(d.e.Space).Draw(d.T, what) }

func (d *tcbDraw) upTo(most uint32, what string) uint32 { return few(most).Draw(d.T, what) }

func (d *tcbDraw) synReceived() {
	t, s := &d.tcb, d.e.Space
	t.SynPending = true
	t.Passive = d.bool("passive")
	t.CloseQueued = d.bool("CLOSE queued")
	outstanding := rapid.Just(uint32(0))
	if !t.Passive {
		outstanding = few(d.e.Window) // a SYN with text went out before
	} else if d.e.Behaviours.SynInTimeWait == model.SynReopens && d.bool("reopened") {
		t.Reopened, t.OldSndNxt, t.OldRcvNxt = true, d.number("old SND.NXT"), d.number("old RCV.NXT")
	}
	d.sender(outstanding)
	t.IRS = d.number("IRS")
	t.RcvNxt = s.Add(t.IRS, 1)
	t.RcvWnd = d.e.Window
	d.urgentReceived()
}

// connection is for ESTABLISHED and the states after it.
func (d *tcbDraw) connection() {
	t, s := &d.tcb, d.e.Space
	switch t.State {
	case model.FinWait1, model.Closing:
		t.SynPending = d.bool("SYN unacknowledged")
		t.CloseQueued = d.bool("CLOSE queued")
	case model.CloseWait:
		t.CloseQueued = d.bool("CLOSE queued")
	}
	d.sender(few(longest(s)))
	t.IRS, t.RcvNxt = d.number("IRS"), d.number("RCV.NXT")
	if d.bool("nothing received") {
		t.RcvNxt = s.Add(t.IRS, 1)
	}
	if d.e.SlowReader {
		t.Unread = d.upTo(d.e.Window, "unread")
	}
	t.RcvWnd = d.e.Window - t.Unread
	d.urgentReceived()
	if t.State == model.TimeWait || t.State == model.FinWait2 && d.e.Behaviours.FinWait2 == model.FinWait2Timeout {
		t.Timer = rapid.Uint8Max(d.e.TimeWait).Draw(d.T, "timer")
	}
}

// sender draws what was sent and what waits; text is how many octets may be
// outstanding.
func (d *tcbDraw) sender(text *rapid.Generator[uint32]) {
	t, s := &d.tcb, d.e.Space
	most := longest(s)
	controls, octets, queued := uint32(0), uint32(0), uint32(0)
	if t.SynPending {
		controls++
	}
	if finSent(t) {
		controls++
	}
	switch {
	case t.State == model.FinWait2, t.State == model.TimeWait: // all is acknowledged
	case t.SynPending && t.State.Synchronized(): // nothing else left
	default:
		octets = min(text.Draw(d.T, "octets outstanding"), most+1-controls)
		if !finSent(t) {
			queued = d.upTo(min(most, most+1-controls-octets), "queued")
		}
	}
	t.ISS = d.number("ISS")
	if t.SndUna = t.ISS; !t.SynPending {
		t.SndUna = d.number("SND.UNA")
	}
	t.SndNxt = s.Add(t.SndUna, controls+octets)
	t.Queued = queued
	t.PushQueued = queued > 0 && d.bool("push queued")
	t.SndUp = t.SndUna
	if d.bool("urgent text to send") {
		t.SndUp = s.Add(t.SndUna, d.upTo(controls+octets+queued, "SND.UP"))
	}
	t.Retries = model.Unlimited
	if d.e.Retransmissions != model.Unlimited {
		t.Retries = rapid.Uint8Max(d.e.Retransmissions).Draw(d.T, "retransmissions left")
	}
}

// finSent tells whether a FIN is outstanding.
func finSent(t *model.TCB) bool {
	switch t.State {
	case model.FinWait1, model.Closing, model.LastAck:
		return !t.CloseQueued
	}
	return false
}

func (d *tcbDraw) sendWindow() {
	t := &d.tcb
	t.MaxSndWnd = d.upTo(longest(d.e.Space), "MAX.SND.WND")
	t.SndWnd = d.upTo(t.MaxSndWnd, "SND.WND")
	t.SndWl1, t.SndWl2 = d.number("SND.WL1"), d.number("SND.WL2")
	if d.bool("window updated lately") {
		t.SndWl1, t.SndWl2 = t.RcvNxt, t.SndUna
	}
}

func (d *tcbDraw) urgentReceived() {
	t := &d.tcb
	t.RcvUp = t.RcvNxt
	if d.bool("urgent text to come") {
		t.RcvUp = d.e.Space.Add(t.RcvNxt, d.upTo(d.e.Window, "RCV.UP"))
	}
}

// held draws segments held: text or FIN from the SYN, and those above RCV.NXT.
func (d *tcbDraw) held() {
	t, s := &d.tcb, d.e.Space
	end := uint32(0) // behind what is held, from RCV.NXT
	if t.SynPending && t.RcvNxt == s.Add(t.IRS, 1) && d.bool("text held from the SYN") {
		g := model.Segment{
			Seq: t.RcvNxt, Len: d.upTo(d.e.Window, "octets on the SYN"),
			Flags: rapid.SampledFrom([]model.Flags{0, model.FIN, model.PSH}).Draw(d.T, "flags of the SYN"),
		}
		if g.Len > 0 || g.Flags.Has(model.FIN) {
			d.hold(g)
		}
		end = g.Len
	}
	switch t.State {
	case model.SynReceived, model.Established, model.FinWait1, model.FinWait2:
	default:
		return
	}
	for end+1 < t.RcvWnd && int(t.NHeld) < model.MaxHeld && d.bool("segment held") {
		from := end + 1 + d.upTo(t.RcvWnd-end-2, "gap")
		g := model.Segment{
			Seq: s.Add(t.RcvNxt, from), Len: 1 + d.upTo(t.RcvWnd-from-1, "octets held"),
			Flags: rapid.SampledFrom([]model.Flags{0, model.PSH, model.ACK, model.ACK | model.FIN}).Draw(d.T, "flags held"),
		}
		if end = from + g.Len; end == t.RcvWnd {
			g.Flags &^= model.FIN
		}
		if g.Flags.Has(model.ACK) {
			g.Ack = s.Sub(t.SndNxt, d.upTo(2, "ACK held"))
			g.Wnd = d.upTo(d.e.Window, "window held")
		}
		d.hold(g)
	}
}

func (d *tcbDraw) hold(g model.Segment) {
	d.tcb.Held[d.tcb.NHeld] = g
	d.tcb.NHeld++
}
