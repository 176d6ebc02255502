package models

import "github.com/tcpcheck/tcpcheck/explore/search"

// Scramble is a random graph given by a function: 2^Bits nodes with some edges
// each, all wild. Nearly everything is reached from node 0 within few levels.
type Scramble struct {
	Seed  uint64
	Bits  int
	Edges int
}

// Init is node 0.
func (m Scramble) Init(dst []search.State) []search.State { return append(dst, m.state(0)) }

// Worker returns the model itself.
func (m Scramble) Worker() search.Worker { return m }

// state spreads the number of a node over the words: all of them differ in A,
// few in B and C, so halves are shared unevenly.
func (m Scramble) state(n uint64) search.State {
	return search.State{A: n, B: n % 7 << 61, C: n % 1021 << 20}
}

// Next is what a mixer makes of the node and the number of the edge.
func (m Scramble) Next(s search.State, dst []search.Step) ([]search.Step, error) {
	for e := range m.Edges {
		h := mix(s.A ^ mix(m.Seed<<32|uint64(e)))
		step := search.Step{To: m.state(h >> (64 - m.Bits)), Action: search.Action(h & 3)}
		if h&0xff0 == 0 {
			step.Marks = 1 << (h >> 12 & 3)
		}
		dst = append(dst, step)
	}
	return dst, nil
}

// Check marks about one node of a thousand.
func (m Scramble) Check(s search.State, _ []search.Step) search.Marks {
	h := mix(s.A ^ m.Seed)
	if h&1023 != 0 {
		return 0
	}
	return 1 << (4 + h>>10&7)
}

// Compare compares the words.
func (Scramble) Compare(a, b search.State) int { return CompareWords(a, b) }

// CompareActions orders by number.
func (Scramble) CompareActions(_ search.State, a, b search.Action) int { return int(a) - int(b) }

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
