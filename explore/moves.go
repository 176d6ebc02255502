package explore

import (
	"cmp"
	"maps"
	"slices"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/model"
)

// Move is a change of state, and what brought it about, as the search met it.
type Move struct {
	From, To model.State
	Event    model.EventKind
	Flags    model.Flags // of the segment that arrived: SYN, ACK, RST, FIN
	Sends    model.Flags // of the first segment sent, the same four
	Count    uint64      // once for each distinct state of the world in which it happened
	Rules    model.RuleSet
	Always   model.RuleSet // those of Rules that decided every time
}

// what tells moves apart.
func (m *Move) what() [5]int {
	return [5]int{int(m.From), int(m.To), int(m.Event), int(m.Flags), int(m.Sends)}
}

func compareMoves(a, b Move) int {
	x, y := a.what(), b.what()
	return slices.Compare(x[:], y[:])
}

// MergeMoves adds up the moves of several searches, in order.
func MergeMoves(lists ...[]Move) []Move {
	sum := moveSum{}
	for _, list := range lists {
		for _, m := range list {
			sum.add(m)
		}
	}
	return sum.list()
}

type moveSum map[[5]int]*Move

func (s moveSum) add(m Move) {
	old := s[m.what()]
	if old == nil {
		s[m.what()] = &m
		return
	}
	old.Count += m.Count
	old.Rules.AddAll(m.Rules)
	var both model.RuleSet
	for _, r := range m.Always.Rules() {
		if old.Always.Has(r) {
			both.Add(r)
		}
	}
	old.Always = both
}

func (s moveSum) list() []Move {
	var list []Move
	for m := range maps.Values(s) {
		list = append(list, *m)
	}
	slices.SortFunc(list, compareMoves)
	return list
}

// shownFlags are the flags that tell moves apart.
const shownFlags = model.SYN | model.ACK | model.RST | model.FIN

// moves lists the changes of state that the workers took. Each distinct event
// that changed a state happens once more, for its path.
func (sp *space) moves() []Move {
	sum := moveSum{}
	do := stepper{sc: sp.sc}
	for _, w := range sp.workers {
		if !w.checked {
			continue
		}
		for i := range w.memo.effects {
			if e := &w.memo.effects[i]; e.moves && e.taken > 0 {
				sp.follow(&do, e, sum)
			}
		}
	}
	return sum.list()
}

// follow adds the moves of an event.
func (sp *space) follow(do *stepper, e *effect, sum moveSum) {
	ev := e.key.event()
	var arrives *Packet
	if id := e.key.packet(); id != 0 {
		arrives = sp.packets.at(id)
		ev.Segment = arrives.Segment
	}
	before := sp.sides.at(e.key.side())
	st := do.do(e.key.at(), before, ev, arrives)
	m := Move{
		To: before.TCB.State, Event: ev.Kind, Flags: ev.Segment.Flags & shownFlags,
		Count: e.taken, Rules: e.rules, Always: e.rules,
	}
	path := st.Path()
	for i, to := range path {
		m.From, m.To = m.To, to
		if i == len(path)-1 && len(st.Sent) > 0 {
			m.Sends = st.Sent[0].Segment.Flags & shownFlags
		}
		sum.add(m)
	}
}

// Path is the states that the step entered, in order. From FIN-WAIT-1 to
// TIME-WAIT at once is one arrow (figure 5, note 2), though FIN-WAIT-2 lies between.
func (st *Step) Path() []model.State {
	path := st.Out.Path()
	if st.Before.TCB.State == model.FinWait1 && len(path) == 2 &&
		path[0] == model.FinWait2 && path[1] == model.TimeWait {
		return path[1:]
	}
	return path
}

// Pairs is which states the two sides are in at the same time.
type Pairs struct {
	// Worlds is how many states of the world have A in the first and B in the
	// second.
	Worlds [model.NumStates][model.NumStates]uint64
	Moves  []PairMove // by From, then To
}

// PairMove is a step from one pair of states, A's and B's, to another.
type PairMove struct {
	From, To [2]model.State
	Count    uint64 // steps
}

// meet counts the pair of states of the world that is being checked, and the
// moves from it.
func (w *worker) meet(next []search.Step) {
	if w.pairs == nil {
		return
	}
	from := [2]model.State{w.view.Sides[0].TCB.State, w.view.Sides[1].TCB.State}
	w.joint[from[0]][from[1]]++
	for i := range next {
		to := w.sp.unpack(next[i].To)
		m := PairMove{From: from, To: [2]model.State{
			w.sp.sides.at(to.side[0]).TCB.State, w.sp.sides.at(to.side[1]).TCB.State,
		}}
		if m.To != from {
			w.pairs[m]++
		}
	}
}

// jointStates sums up what the workers met; nil if it was not asked for.
func (sp *space) jointStates() *Pairs {
	if !sp.pairs {
		return nil
	}
	p := &Pairs{}
	sum := map[PairMove]uint64{}
	if before := sp.before.Pairs; before != nil {
		p.Worlds = before.Worlds
		for _, m := range before.Moves {
			sum[PairMove{From: m.From, To: m.To}] += m.Count
		}
	}
	for _, w := range sp.workers {
		for a := range w.joint {
			for b, n := range w.joint[a] {
				p.Worlds[a][b] += n
			}
		}
		for m, n := range w.pairs {
			sum[m] += n
		}
	}
	for m, n := range sum {
		m.Count = n
		p.Moves = append(p.Moves, m)
	}
	slices.SortFunc(p.Moves, func(x, y PairMove) int {
		return cmp.Or(slices.Compare(x.From[:], y.From[:]), slices.Compare(x.To[:], y.To[:]))
	})
	return p
}
