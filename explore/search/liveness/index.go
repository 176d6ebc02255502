package liveness

import (
	"math/bits"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// index finds the number of a state: a hash table with open addressing that
// keeps numbers only and compares with the states themselves.
type index struct {
	slots []uint32 // number + 1; 0: empty
	used  int
}

func newIndex() index { return index{slots: make([]uint32, 1<<10)} }

// number is the place of s in states, or len(states), where it is to be put.
func (x *index) number(states []search.State, s search.State) (id uint32, known bool) {
	if 4*x.used >= 3*len(x.slots) {
		x.grow(states)
	}
	i := x.slot(states, s)
	if x.slots[i] != 0 {
		return x.slots[i] - 1, true
	}
	id = uint32(len(states))
	x.slots[i] = id + 1
	x.used++
	return id, false
}

// slot is where s is, or would be.
func (x *index) slot(states []search.State, s search.State) uint64 {
	mask := uint64(len(x.slots) - 1)
	i := hash(s) & mask
	for x.slots[i] != 0 && states[x.slots[i]-1] != s {
		i = (i + 1) & mask
	}
	return i
}

// room is what the table takes beside itself when it next grows; 0 if that is not
// soon.
func (x *index) room() uint64 {
	if 4*(x.used+roomLeft) < 3*len(x.slots) {
		return 0
	}
	return 2 * 4 * uint64(len(x.slots))
}

func (x *index) grow(states []search.State) {
	x.slots = make([]uint32, 2*len(x.slots))
	for id, s := range states {
		x.slots[x.slot(states, s)] = uint32(id) + 1
	}
}

// hash mixes the words of a state; only speed depends on it.
func hash(s search.State) uint64 {
	mix := func(a, b uint64) uint64 {
		high, low := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd1b54a32d192ed03)
		return high ^ low
	}
	return mix(mix(s.A, s.B), s.C^0x8bb84b93962eacc9)
}
