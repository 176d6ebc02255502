package explore

import (
	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// effect is what an event does to a side, in numbers: remembered, so that
// each event happens to each distinct side once.
type effect struct {
	side  uint32
	nSent uint8
	moves bool // the state changes
	sent  [model.MaxSent]uint32
	marks search.Marks
	taken uint64 // how often the search took it

	key   memoKey
	rules model.RuleSet
}

// memoKey is a side's number, which side it is, and the event: the kind, the
// ISS, and a packet's number if one arrives, or the form of a call.
type memoKey uint64

func keyOf(side uint32, a action, packet uint32) memoKey {
	last := packet
	if a.event != model.SegmentArrives {
		last = uint32(a.form)
	}
	return memoKey(side) | memoKey(a.side)<<24 | memoKey(a.event)<<25 | memoKey(a.iss)<<30 | memoKey(last)<<42
}

func (k memoKey) side() uint32          { return uint32(k & (1<<24 - 1)) }
func (k memoKey) at() trace.Side        { return trace.Side(k >> 24 & 1) }
func (k memoKey) kind() model.EventKind { return model.EventKind(k >> 25 & 31) }
func (k memoKey) iss() model.Seq        { return model.Seq(k >> 30 & (1<<maxBits - 1)) }

// packet is the number of the one that arrives, or 0.
func (k memoKey) packet() uint32 {
	if k.kind() != model.SegmentArrives {
		return 0
	}
	return uint32(k >> 42)
}

// event is the event without the segment.
func (k memoKey) event() model.Event {
	a := action{event: k.kind(), iss: k.iss()}
	if a.event != model.SegmentArrives {
		a.form = form(k >> 42)
	}
	return a.modelEvent()
}

// memo is a hash table from key to effect with open addressing. Key 0 is no
// key: sides are numbered from 1.
type memo struct {
	keys    []memoKey
	slots   []uint32
	effects []effect
	shift   uint
}

func newMemo() memo {
	const bits = 12
	return memo{keys: make([]memoKey, 1<<bits), slots: make([]uint32, 1<<bits), shift: 64 - bits}
}

// slot is where the key is, or would go.
func (m *memo) slot(k memoKey) uint64 {
	mask := uint64(len(m.keys) - 1)
	i := (uint64(k) * 0x9e3779b97f4a7c15) >> m.shift
	for m.keys[i] != k && m.keys[i] != 0 {
		i = (i + 1) & mask
	}
	return i
}

// find returns the effect of the key, or nil.
func (m *memo) find(k memoKey) *effect {
	if i := m.slot(k); m.keys[i] == k {
		return &m.effects[m.slots[i]]
	}
	return nil
}

// add remembers the effect of a key that has none.
func (m *memo) add(e effect) *effect {
	if 4*len(m.effects) >= 3*len(m.keys) {
		m.grow()
	}
	i := m.slot(e.key)
	m.keys[i], m.slots[i] = e.key, uint32(len(m.effects))
	m.effects = append(m.effects, e)
	return &m.effects[len(m.effects)-1]
}

func (m *memo) grow() {
	m.keys = make([]memoKey, 2*len(m.keys))
	m.slots = make([]uint32, 2*len(m.slots))
	m.shift--
	for n, e := range m.effects {
		i := m.slot(e.key)
		m.keys[i], m.slots[i] = e.key, uint32(n)
	}
}
