package explore

import (
	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// World is two sides, the network between them and what may still go wrong:
// one state of the exploration, in the clear. The search stores it interned,
// as three words.
type World struct {
	Sides [2]Side
	// Net[s] is what side s sent and has not arrived: in order of sending if
	// the scenario is FIFO, else in any fixed order.
	Net               [2]Channel
	Loss, Duplication uint8
}

// Channel is the segments on their way in one direction.
type Channel struct {
	N       uint8
	Packets [MaxCapacity]Packet
}

// List is the packets in the channel.
func (c *Channel) List() []Packet { return c.Packets[:c.N] }

// actionKind is what sort of thing an action is.
type actionKind uint8

const (
	actCall      actionKind = iota // an event at the side
	actDeliver                     // the packet in slot arrives
	actDuplicate                   // the packet in slot arrives and a copy stays
	actLose                        // the packet in slot is lost
	actTick                        // time passes
	actAttack                      // a forged segment arrives
)

// action is one thing that may happen in a world, small enough to be a label
// of the search: kind, side, slot of the packet, event and ISS.
type action struct {
	kind   actionKind
	side   trace.Side // where; for packets the side they are sent to
	slot   uint8
	event  model.EventKind
	form   form // of a call
	iss    model.Seq
	forged forgery // of actAttack
}

// form is what a user says with a call, beside the call: in its low bits the
// [model.Refusal] that it meets, then whether a SEND is urgent.
type form uint8

const (
	refusalBits = 3
	urgentForm  = form(1) << refusalBits
	formBits    = refusalBits + 1
)

func (f form) refusal() model.Refusal { return model.Refusal(f & (1<<refusalBits - 1)) }

// maxBits bounds the sequence space of an exploration: an ISS fits an action
// and a key of the memo.
const maxBits = 12

// pack is the action as a label.
func (a action) pack() uint32 {
	if a.kind == actAttack {
		return uint32(a.kind) | uint32(a.side)<<3 | uint32(a.forged)<<4 | uint32(a.iss)<<(4+forgeryBits)
	}
	return uint32(a.kind) | uint32(a.side)<<3 | uint32(a.slot)<<4 | uint32(a.event)<<6 | uint32(a.iss)<<11 |
		uint32(a.form)<<(11+maxBits)
}

func unpackAction(l uint32) action {
	a := action{kind: actionKind(l & 7), side: trace.Side(l >> 3 & 1)}
	if a.kind == actAttack {
		a.forged, a.iss = forgery(l>>4&(1<<forgeryBits-1)), model.Seq(l>>(4+forgeryBits))
		a.event = model.SegmentArrives
		return a
	}
	a.slot, a.event, a.iss = uint8(l>>4&3), model.EventKind(l>>6&31), model.Seq(l>>11&(1<<maxBits-1))
	a.form = form(l >> (11 + maxBits) & (1<<formBits - 1))
	return a
}

// cost makes a run clearer that needs less of it: first faults of the network,
// timeouts, failures; then large numbers. dropped is how many segments the action
// makes its side send that do not fit the channel.
func (a action) cost(dropped int) search.Cost {
	faults, numbers := dropped, uint16(a.iss)
	switch a.kind {
	case actLose, actDuplicate:
		faults++
	case actAttack:
		faults++
		numbers += a.forged.parts()
	case actCall:
		switch a.event {
		case model.RetransmissionTimeout, model.UserTimeout, model.UnreachableSoft, model.UnreachableHard, model.Crash:
			faults++
		}
	}
	return search.Cost{First: uint16(faults), Then: numbers}
}

// rank orders actions, the clearest first.
func (a action) rank() int {
	switch {
	case a.kind == actDeliver:
		return 0
	case a.kind == actCall && a.event == model.OpenPassive:
		return 1
	case a.kind == actCall:
		return 2
	}
	return 3
}

// calls are the events that may happen at a side and are no segments: what
// its user and its timers may do now, within the budgets. Calls that would
// only return an error are left out.
func (sc *Scenario) calls(at trace.Side, s *Side, dst []action) []action {
	t, l, e := &s.TCB, &s.Left, &sc.endpoints[at]
	formOf := func(k model.EventKind) form {
		if k == model.Send && sc.Sides[at].Urgent {
			return urgentForm
		}
		return 0
	}
	add := func(k model.EventKind) { dst = append(dst, action{kind: actCall, side: at, event: k, form: formOf(k)}) }
	addISS := func(k model.EventKind) {
		var buf [1 << maxBits]model.Seq
		for _, iss := range sc.isses(at, &s.Ghost, buf[:0]) {
			dst = append(dst, action{kind: actCall, side: at, event: k, form: formOf(k), iss: iss})
		}
	}
	quiet := t.State <= model.Listen && t.Timer > 0

	switch t.State {
	case model.Closed:
		if l.Opens > 0 {
			if open := sc.Sides[at].Open; open != OpensPassively && !quiet {
				addISS(model.OpenActive)
			}
			if open := sc.Sides[at].Open; open != OpensActively {
				add(model.OpenPassive)
			}
		}
	case model.Listen:
		if sc.Sides[at].Open == OpensEither && !quiet {
			addISS(model.OpenActive)
		}
	}
	mayClose, maySend := false, false
	switch t.State {
	case model.SynSent:
		mayClose, maySend = true, true
	case model.SynReceived, model.Established, model.CloseWait:
		mayClose, maySend = !t.CloseQueued, !t.CloseQueued
	case model.Listen:
		mayClose = true
	}
	if sc.Sides[at].Stubborn && t.State.Synchronized() {
		mayClose, maySend = true, true
	}
	if sc.FirstOnly && s.Ghost.Inc > 1 {
		mayClose, maySend = false, false
	}
	if l.Octets > 0 && maySend {
		add(model.Send)
	}
	if l.Octets > 0 && t.State == model.Listen && sc.Sides[at].Open == OpensEither && !quiet {
		addISS(model.Send)
	}
	if l.Closes > 0 && mayClose {
		add(model.Close)
	}
	if l.Aborts > 0 && t.State != model.Closed && (!sc.FirstOnly || s.Ghost.Inc <= 1) {
		add(model.Abort)
	}
	if t.Unread > 0 {
		add(model.Receive)
	}
	if e.CanRetransmit(t) {
		add(model.RetransmissionTimeout)
	}
	if sc.UserTimeout && (e.CanGiveUp(t) || sc.Retransmissions == Unlimited && e.Outstanding(t) > 0) {
		add(model.UserTimeout)
	}
	if e.CanProbe(t) {
		add(model.ZeroWindowProbe)
	}
	if l.KeepAlives > 0 && e.CanKeepAlive(t) {
		add(model.KeepAliveTimeout)
	}
	if sc.MSL == 0 && (t.State == model.TimeWait ||
		t.State == model.FinWait2 && e.Behaviours.FinWait2 == model.FinWait2Timeout) {
		add(model.TimeWaitTimeout)
	}
	if l.SoftErrors > 0 && t.State > model.Listen {
		add(model.UnreachableSoft)
	}
	if l.HardErrors > 0 && t.State > model.Listen {
		add(model.UnreachableHard)
	}
	if l.Crashes > 0 && t.State != model.Closed {
		add(model.Crash)
	}
	if l.Asides > 0 {
		dst = asides(at, t, dst)
	}
	return dst
}

// event is the event of a call.
func (a action) modelEvent() model.Event {
	ev := model.Event{Kind: a.event, ISS: a.iss, Refusal: a.form.refusal(), Urgent: a.form&urgentForm != 0}
	if a.event == model.Send || a.event == model.Receive {
		ev.N = 1
	}
	return ev
}

// mayBeAnswered tells whether the packet may make the side choose an ISS.
func mayBeAnswered(t *model.TCB, g *model.Segment) bool {
	return t.State == model.Listen && g.Flags&(model.SYN|model.RST|model.ACK) == model.SYN
}

// arrivals are the ISSs with which the packet may arrive at the side: one
// (0 if none is needed) unless it must choose one.
func (sc *Scenario) arrivals(at trace.Side, s *Side, p *Packet, dst []model.Seq) []model.Seq {
	if mayBeAnswered(&s.TCB, &p.Segment) {
		return sc.isses(at, &s.Ghost, dst)
	}
	return append(dst, 0)
}
