package explore

import (
	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// worker computes successors for one goroutine of the search. Its memo holds
// what each event does to each side; the rest is moving numbers.
type worker struct {
	sp      *space
	stepper stepper
	memo    memo
	aged    map[uint32]uint32 // packet → the same one tick older, 0 if it vanishes
	callsOf [2]map[uint32][]action
	isses   []model.Seq
	view    View
	now     packed

	pairs      map[PairMove]uint64
	joint      [model.NumStates][model.NumStates]uint64
	checked    bool   // it serves the search, and not the derivation of a trace
	suppressed Ending // what kept something of the last state from happening: EndedFull, EndedOverdue
	actions    [numActionKinds]uint64
	endings    [EndedStuck + 1]uint64
	err        error
}

const numActionKinds = actAttack + 1

// Worker makes a view of the space for one goroutine.
func (sp *space) Worker() search.Worker {
	w := &worker{
		sp: sp, stepper: stepper{sc: sp.sc}, memo: newMemo(), aged: map[uint32]uint32{},
		callsOf: [2]map[uint32][]action{{}, {}},
	}
	w.view = View{Scenario: sp.sc, flying: func(s trace.Side, i int) *Packet {
		return sp.packets.at(sp.channel.at(w.now.net[s], i))
	}}
	if sp.pairs {
		w.pairs = map[PairMove]uint64{}
	}
	sp.workers = append(sp.workers, w)
	return w
}

// Next appends every step from s.
func (w *worker) Next(s search.State, dst []search.Step) ([]search.Step, error) {
	w.now = w.sp.unpack(s)
	w.suppressed = NotEnded
	for at := trace.A; at <= trace.B; at++ {
		for _, a := range w.calls(at) {
			e := w.effect(a, 0)
			dst = w.append(dst, a, e, w.now)
		}
		dst = w.packets(dst, at)
		if w.sp.sides.at(w.now.side[at]).Left.Attacks > 0 {
			dst = w.attacks(dst, at)
		}
	}
	if w.sp.sc.MSL > 0 {
		dst = w.tick(dst)
	}
	return dst, w.err
}

// calls are the calls and timeouts enabled at a side.
func (w *worker) calls(at trace.Side) []action {
	id := w.now.side[at]
	list, ok := w.callsOf[at][id]
	if !ok {
		list = w.sp.sc.calls(at, w.sp.sides.at(id), nil)
		w.callsOf[at][id] = list
	}
	return list
}

// packets appends what may happen to the packets on their way to a side.
func (w *worker) packets(dst []search.Step, at trace.Side) []search.Step {
	sc := w.sp.sc
	from := at.Other()
	form, in := &w.sp.channel, w.now.net[from]
	last := uint32(0)
	for i := range form.len(in) {
		id := form.at(in, i)
		if sc.Order == AnyOrder && id == last {
			continue // the same packet again
		}
		last = id
		if w.now.loss > 0 {
			next := w.now
			next.net[from] = form.without(in, i)
			spend(&next.loss, 1)
			a := action{kind: actLose, side: at, slot: uint8(i)}
			w.actions[actLose]++
			dst = append(dst, search.Step{To: w.sp.pack(&next), Action: search.Action(a.pack()), Cost: a.cost(0)})
		}
		if sc.Order == FIFO && i > 0 {
			continue
		}
		side := w.sp.sides.at(w.now.side[at])
		p := w.sp.packets.at(id)
		w.isses = sc.arrivals(at, side, p, w.isses[:0])
		for _, iss := range w.isses {
			a := action{kind: actDeliver, side: at, slot: uint8(i), event: model.SegmentArrives, iss: iss}
			e := w.effect(a, id)
			next := w.now
			next.net[from] = form.without(in, i)
			dst = w.append(dst, a, e, next)
			if w.now.duplication > 0 {
				next = w.now
				spend(&next.duplication, 1)
				a.kind = actDuplicate
				dst = w.append(dst, a, e, next)
			}
		}
	}
	return dst
}

func spend(b *uint8, n uint8) {
	if *b != Unlimited {
		*b -= n
	}
}

// append completes a step: the side changes and what it sends enters the
// channel, or is lost where the channel is full. Without losses left such a
// step can't happen.
func (w *worker) append(dst []search.Step, a action, e *effect, next packed) []search.Step {
	if e == nil {
		return dst
	}
	out := &next.net[a.side]
	dropped := 0
	for _, id := range e.sent[:e.nSent] {
		if form := &w.sp.channel; form.len(*out) < w.sp.sc.Capacity {
			*out = form.with(*out, id)
			continue
		}
		if next.loss == 0 {
			w.suppressed = EndedFull
			return dst
		}
		spend(&next.loss, 1)
		dropped++
	}
	next.side[a.side] = e.side
	e.taken++
	w.actions[a.kind]++
	return append(dst, search.Step{To: w.sp.pack(&next), Action: search.Action(a.pack()), Cost: a.cost(dropped), Marks: e.marks})
}

// effect returns what the event does to the side, computing it the first time.
// packet is the number of the one that arrives, or 0.
func (w *worker) effect(a action, packet uint32) *effect {
	at := a.side
	id := w.now.side[at]
	key := keyOf(id, a, packet)
	if e := w.memo.find(key); e != nil {
		return e
	}
	ev := a.modelEvent()
	var arrives *Packet
	if packet != 0 {
		arrives = w.sp.packets.at(packet)
		ev.Segment = arrives.Segment
	}
	st := w.stepper.do(at, w.sp.sides.at(id), ev, arrives)
	e := effect{key: key, moves: len(st.Out.Path()) > 0}
	var err error
	if e.side, err = w.sp.sides.number(*st.After); err != nil {
		w.err = err
		return nil
	}
	for _, p := range st.Sent {
		n, err := w.sp.packets.number(p)
		if err != nil {
			w.err = err
			return nil
		}
		e.sent[e.nSent] = n
		e.nSent++
	}
	for _, i := range w.sp.steps {
		if w.sp.props[i].Step(st) {
			e.marks |= 1 << i
		}
	}
	for _, r := range st.Out.Rules() {
		e.rules.Add(r)
	}
	return w.memo.add(e)
}

// tick appends the passing of time: first every packet ages and the dead ones
// vanish, then the timers count. It is enabled only if it changes something,
// so that it hides no deadlock.
func (w *worker) tick(dst []search.Step) []search.Step {
	next := w.now
	changes := w.now.net[0]|w.now.net[1] != 0
	var marks search.Marks
	for i := range next.net {
		next.net[i] = 0
		for in := w.now.net[i]; in != 0; in >>= w.sp.channel.slot {
			if old := w.older(w.sp.channel.at(in, 0)); old != 0 {
				next.net[i] = w.sp.channel.with(next.net[i], old)
			}
		}
	}
	for at := trace.A; at <= trace.B; at++ {
		side := w.sp.sides.at(w.now.side[at])
		if !w.sp.sc.ages(side) {
			continue
		}
		if w.sp.sc.overdue(side) {
			w.suppressed = EndedOverdue
			return dst
		}
		changes = true
		e := w.effect(action{side: at, event: model.Tick}, 0)
		if e == nil {
			return dst
		}
		e.taken++
		next.side[at] = e.side
		marks |= e.marks
	}
	if !changes {
		return dst
	}
	w.actions[actTick]++
	a := action{kind: actTick}
	return append(dst, search.Step{To: w.sp.pack(&next), Action: search.Action(a.pack()), Marks: marks})
}

// older is the packet one tick later; 0 if its life has ended.
func (w *worker) older(id uint32) uint32 {
	if old, ok := w.aged[id]; ok {
		return old
	}
	p := *w.sp.packets.at(id)
	old := uint32(0)
	if p.TTL > 1 {
		p.TTL--
		var err error
		if old, err = w.sp.packets.number(p); err != nil {
			w.err = err
			return 0
		}
	}
	w.aged[id] = old
	return old
}

// Check judges the state properties; next is what Next returned for s.
func (w *worker) Check(s search.State, next []search.Step) search.Marks {
	w.checked = true
	w.now = w.sp.unpack(s)
	v := &w.view
	for i := range v.Sides {
		v.Sides[i] = w.sp.sides.at(w.now.side[i])
		v.n[i] = w.sp.channel.len(w.now.net[i])
	}
	w.meet(next)
	v.Ending = NotEnded
	var marks search.Marks
	for _, i := range w.sp.states {
		if w.sp.props[i].State(v) {
			marks |= 1 << i
		}
	}
	if len(next) == 0 {
		v.Ending = v.ending(w.suppressed)
		w.endings[v.Ending]++
		for _, i := range w.sp.ends {
			if w.sp.props[i].State(v) {
				marks |= 1 << i
			}
		}
	}
	return marks
}
