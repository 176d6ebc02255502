package explore

import (
	"cmp"
	"slices"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// space is the worlds of a scenario as the search sees them. A world is three
// words: the numbers of both sides and what may still go wrong; the numbers
// of the packets from A; those of the packets from B.
type space struct {
	sc      *Scenario
	props   []*Property // property i is bit i of the marks
	sides   *table[Side]
	packets *table[Packet]
	deeds   *table[deed]

	// forgeries are what an attacker may send, and forged their packets' numbers.
	forgeries []forgery
	forged    map[forgery]uint32

	// swap: of two worlds that differ by an exchange of the sides, one stands
	// for both.
	swap bool
	// pairs: moves from one pair of states to another are counted.
	pairs bool

	channel channelForm
	states  []int // indices of the properties of each kind
	steps   []int
	ends    []int
	workers []*worker

	// Of a search that is kept.
	until   string   // when it ends
	program string   // that keeps it
	kept    keptSets // values that were handed over
	before  counted  // what was counted before it was taken up
}

const (
	sideBits   = 24
	sideMask   = 1<<sideBits - 1
	budgetBits = 8
	budgetMask = 1<<budgetBits - 1
	packetBits = 20 // at most: a packet's number is part of a memoKey
)

func newSpace(sc *Scenario, props []*Property) *space {
	channel := newChannelForm(sc)
	sp := &space{
		sc: sc, props: props, channel: channel,
		sides:   newTable[Side]("endpoint states", sideBits),
		packets: newTable[Packet]("segments", int(channel.slot)),
		deeds:   newTable[deed]("actions", packetBits),
	}
	for i, p := range props {
		switch {
		case p.Step != nil:
			sp.steps = append(sp.steps, i)
		case p.Kind == DeadlockProperty:
			sp.ends = append(sp.ends, i)
		default:
			sp.states = append(sp.states, i)
		}
	}
	sp.numberForgeries()
	return sp
}

// packed is a world in numbers.
type packed struct {
	side              [2]uint32
	net               [2]channelWord
	loss, duplication uint8
}

func (sp *space) unpack(s search.State) packed {
	return packed{
		side:        [2]uint32{uint32(s.A & sideMask), uint32(s.A >> sideBits & sideMask)},
		loss:        uint8(s.A >> (2 * sideBits) & budgetMask),
		duplication: uint8(s.A >> (2*sideBits + budgetBits) & budgetMask),
		net:         [2]channelWord{channelWord(s.B), channelWord(s.C)},
	}
}

// pack is the state that stands for the world.
func (sp *space) pack(p *packed) search.State {
	a, b := p.side[0], p.side[1]
	fromA, fromB := uint64(p.net[0]), uint64(p.net[1])
	if sp.swap && (a > b || a == b && fromA > fromB) {
		a, b, fromA, fromB = b, a, fromB, fromA
	}
	return search.State{
		A: uint64(a) | uint64(b)<<sideBits | uint64(p.loss)<<(2*sideBits) |
			uint64(p.duplication)<<(2*sideBits+budgetBits),
		B: fromA,
		C: fromB,
	}
}

// World is the state in the clear.
func (sp *space) world(s search.State) World {
	p := sp.unpack(s)
	w := World{Loss: p.loss, Duplication: p.duplication}
	for i := range w.Sides {
		w.Sides[i] = *sp.sides.at(p.side[i])
		for _, id := range sp.channel.all(p.net[i], nil) {
			w.Net[i].Packets[w.Net[i].N] = *sp.packets.at(id)
			w.Net[i].N++
		}
	}
	return w
}

// Halves cuts a world in two: each side with what it sent and is still on its
// way, since the one says much about the other.
func (sp *space) Halves(s search.State) (left, right search.Half) {
	const b = sideMask << sideBits
	return search.Half{A: s.A &^ b, B: s.B}, search.Half{A: s.A & b, B: s.C}
}

// Whole is the world of these halves.
func (sp *space) Whole(left, right search.Half) search.State {
	return search.State{A: left.A | right.A, B: left.B, C: right.B}
}

// intern numbers a world.
func (sp *space) intern(w *World) (search.State, error) {
	p, err := sp.number(w)
	return sp.pack(&p), err
}

func (sp *space) number(w *World) (packed, error) {
	p := packed{loss: w.Loss, duplication: w.Duplication}
	for i := range w.Sides {
		id, err := sp.sides.number(w.Sides[i])
		if err != nil {
			return p, err
		}
		p.side[i] = id
		for _, pkt := range w.Net[i].List() {
			id, err := sp.packets.number(pkt)
			if err != nil {
				return p, err
			}
			p.net[i] = sp.channel.with(p.net[i], id)
		}
	}
	return p, nil
}

// Compare orders states by content: fewer packets first, then the sides, then
// the packets, then the budgets.
func (sp *space) Compare(a, b search.State) int {
	if a == b {
		return 0
	}
	p, _ := sp.oriented(a)
	q, _ := sp.oriented(b)
	return sp.compare(&p, &q)
}

func (sp *space) compare(p, q *packed) int {
	for i := range p.side {
		if c := sp.sides.compare(p.side[i], q.side[i]); c != 0 {
			return c
		}
	}
	for i := range p.net {
		if c := cmp.Compare(sp.channel.len(p.net[i]), sp.channel.len(q.net[i])); c != 0 {
			return c
		}
		if c := slices.CompareFunc(sp.inOrder(p.net[i]), sp.inOrder(q.net[i]), sp.packets.compare); c != 0 {
			return c
		}
	}
	if c := cmp.Compare(p.loss, q.loss); c != 0 {
		return c
	}
	return cmp.Compare(p.duplication, q.duplication)
}

// inOrder lists a channel's packets in an order that depends on content only.
func (sp *space) inOrder(c channelWord) []uint32 {
	ids := sp.channel.all(c, nil)
	if sp.sc.Order == AnyOrder {
		slices.SortFunc(ids, sp.packets.compare)
	}
	return ids
}

// CompareActions orders what may happen in a state, for runs that read well: a
// segment arrives rather than waits, a side listens before another opens; then
// by side and content.
func (sp *space) CompareActions(s search.State, x, y search.Action) int {
	a, b := unpackAction(uint32(x)), unpackAction(uint32(y))
	p, swapped := sp.oriented(s)
	if swapped {
		a.side, b.side = a.side.Other(), b.side.Other()
	}
	packet := func(a action) uint32 {
		if a.kind == actAttack {
			return sp.forged[a.forged]
		}
		if a.kind == actDeliver || a.kind == actDuplicate || a.kind == actLose {
			return sp.channel.at(p.net[a.side.Other()], int(a.slot))
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(a.rank(), b.rank()),
		cmp.Compare(a.side, b.side),
		cmp.Compare(a.kind, b.kind),
		cmp.Compare(a.event, b.event),
		cmp.Compare(a.iss, b.iss),
		sp.packets.compare(packet(a), packet(b)),
	)
}

// Init is the initial state.
func (sp *space) Init(dst []search.State) []search.State {
	w := sp.sc.start()
	s, err := sp.intern(&w)
	if err != nil {
		panic(err) // two sides exhaust no table
	}
	return append(dst, s)
}
