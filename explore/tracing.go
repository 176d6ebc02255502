package explore

import (
	"fmt"
	"slices"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// telling turns a path of the search into a trace: it plays the path again
// with packets that have names, so that equal segments can be told apart.
type telling struct {
	sp      *space
	stepper stepper
	sides   [2]Side
	flying  []flight
	nextID  int
	actions []trace.Action
	last    Step // the latest, for titles
	stepped bool // the last action made it
	before  Side
	after   Side
}

type flight struct {
	id     int
	from   trace.Side
	packet Packet
}

// tell makes the trace of a path: the states passed, with the action taken in
// each; the last state has none.
func (sp *space) tell(path []search.TraceStep) (*trace.Trace, *telling, error) {
	start := sp.sc.start()
	t := &telling{sp: sp, stepper: stepper{sc: sp.sc}, sides: start.Sides, nextID: 1}
	for i := range start.Net {
		for _, p := range start.Net[i].List() {
			t.flying = append(t.flying, flight{t.nextID, trace.Side(i), p})
			t.nextID++
		}
	}
	for i := range len(path) - 1 {
		w, a := sp.world(path[i].State), unpackAction(uint32(path[i].Action))
		if !t.meets(&w) {
			w, a.side = w.Swapped(), a.side.Other()
		}
		if err := t.play(&w, a); err != nil {
			return nil, nil, fmt.Errorf("step %d of the trace: %w", i+1, err)
		}
	}
	setup := sp.sc.setup()
	tr, err := trace.Run(setup, [2]model.StepFunc{sp.sc.step, sp.sc.step}, t.actions)
	if err != nil {
		return nil, nil, fmt.Errorf("the trace found does not play: %w", err)
	}
	return tr, t, nil
}

// setup is the scenario's beginning, for a trace.
func (sc *Scenario) setup() trace.Setup {
	w := sc.start()
	setup := trace.Setup{Endpoints: sc.endpoints, Start: [2]model.TCB{w.Sides[0].TCB, w.Sides[1].TCB}}
	for i := range w.Net {
		for _, p := range w.Net[i].List() {
			setup.InFlight = append(setup.InFlight, trace.Flight{
				ID: len(setup.InFlight) + 1, To: trace.Side(i).Other(), Segment: p.Segment, TTL: p.TTL,
			})
		}
	}
	return setup
}

// meets tells whether the run has come to world w, budgets of the network
// apart. If not, it has come to w with the sides exchanged.
func (t *telling) meets(w *World) bool {
	var left [2][]Packet
	for i := range left {
		left[i] = slices.Clone(w.Net[i].List())
	}
	for _, f := range t.flying {
		i := slices.Index(left[f.from], f.packet)
		if i < 0 {
			return false
		}
		left[f.from] = slices.Delete(left[f.from], i, i+1)
	}
	return t.sides == w.Sides && len(left[0])+len(left[1]) == 0
}

// play takes one action of the path in world w.
func (t *telling) play(w *World, a action) error {
	t.stepped = false
	switch a.kind {
	case actCall:
		t.event(trace.Action{Kind: trace.Call, Side: a.side, Event: a.modelEvent()}, nil)
	case actLose:
		f, err := t.find(w, a)
		if err != nil {
			return err
		}
		t.actions = append(t.actions, trace.Action{Kind: trace.Lose, Side: a.side, ID: t.flying[f].id})
		t.remove(f)
	case actDeliver, actDuplicate:
		f, err := t.find(w, a)
		if err != nil {
			return err
		}
		p := t.flying[f].packet
		do := trace.Action{Kind: trace.Deliver, Side: a.side, ID: t.flying[f].id,
			Event: model.Event{Kind: model.SegmentArrives, Segment: p.Segment, ISS: a.iss}}
		if a.kind == actDuplicate {
			do.Kind = trace.Duplicate
		} else {
			t.remove(f)
		}
		t.event(do, &p)
	case actAttack:
		p := t.sp.sc.forge(a.forged)
		t.event(trace.Action{Kind: trace.Attack, Side: a.side,
			Event: model.Event{Kind: model.SegmentArrives, Segment: p.Segment, ISS: a.iss}}, &p)
	case actTick:
		var left []flight
		for _, f := range t.flying {
			if f.packet.TTL > 1 {
				f.packet.TTL--
				left = append(left, f)
			}
		}
		t.flying = left
		for at := trace.A; at <= trace.B; at++ {
			if t.sp.sc.ages(&t.sides[at]) {
				t.step(at, model.Event{Kind: model.Tick}, nil)
			}
		}
		t.actions = append(t.actions, trace.Action{Kind: trace.Tick})
	}
	return nil
}

// step lets an event happen to a side and keeps what came of it.
func (t *telling) step(at trace.Side, ev model.Event, p *Packet) {
	t.before, t.stepped = t.sides[at], true
	st := t.stepper.do(at, &t.before, ev, p)
	t.after = *st.After
	t.last = *st
	t.last.Before, t.last.After = &t.before, &t.after
	t.sides[at] = t.after
}

// event takes an action at a side; what it sends gets names, or is lost where
// the channel is full.
func (t *telling) event(do trace.Action, p *Packet) {
	t.step(do.Side, do.Event, p)
	n := 0
	for _, f := range t.flying {
		if f.from == do.Side {
			n++
		}
	}
	for i, s := range t.last.Sent {
		id := t.nextID
		t.nextID++
		if n == t.sp.sc.Capacity {
			do.Dropped |= 1 << i
			continue
		}
		n++
		t.flying = append(t.flying, flight{id, do.Side, s})
	}
	t.actions = append(t.actions, do)
}

// find is the packet of the action among those with names: the oldest that is
// equal to it.
func (t *telling) find(w *World, a action) (int, error) {
	want := w.Net[a.side.Other()].Packets[a.slot]
	for i, f := range t.flying {
		if f.from == a.side.Other() && f.packet == want {
			return i, nil
		}
	}
	return 0, fmt.Errorf("no packet %+v is on its way to %v", want, a.side)
}

func (t *telling) remove(i int) { t.flying = append(t.flying[:i], t.flying[i+1:]...) }

// view is the state that the path ends in.
func (t *telling) view() *View {
	v := &View{Scenario: t.sp.sc, Sides: [2]*Side{&t.sides[0], &t.sides[1]}}
	var list [2][]*Packet
	for i := range t.flying {
		f := &t.flying[i]
		list[f.from] = append(list[f.from], &f.packet)
	}
	v.n = [2]int{len(list[0]), len(list[1])}
	v.flying = func(s trace.Side, i int) *Packet { return list[s][i] }
	return v
}
