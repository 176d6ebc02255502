// Package models has small models with known answers, for tests and
// benchmarks of the search.
package models

import (
	"cmp"
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Counters is n counters from 0 to k-1; each step raises one. Everything about
// it is known in closed form: it catches a search that loses or repeats states.
type Counters struct {
	N int // 1 to 24
	K int // 1 to 256

	// Hit, if not nil, marks states: bit 0 where it says so.
	Hit func(search.State) bool
}

// States is how many there are.
func (c Counters) States() uint64 { return power(c.K, c.N) }

// Transitions is how many there are.
func (c Counters) Transitions() uint64 {
	return uint64(c.N) * uint64(c.K-1) * power(c.K, c.N-1)
}

// Depth is the level of the last state.
func (c Counters) Depth() int { return c.N * (c.K - 1) }

// String names the model as k^n.
func (c Counters) String() string { return fmt.Sprintf("counters %d^%d", c.K, c.N) }

func power(k, n int) uint64 {
	p := uint64(1)
	for range n {
		p *= uint64(k)
	}
	return p
}

// Init is all counters at 0.
func (c Counters) Init(dst []search.State) []search.State { return append(dst, search.State{}) }

// Worker returns a view for one goroutine.
func (c Counters) Worker() search.Worker { return counters(c) }

// Compare compares the words.
func (Counters) Compare(a, b search.State) int { return CompareWords(a, b) }

// CompareActions orders by the counter that is raised.
func (Counters) CompareActions(_ search.State, a, b search.Action) int { return int(a) - int(b) }

type counters Counters

// Known says which word can't be one of a state.
func (c Counters) Known(s search.State) error {
	for w, word := range []uint64{s.A, s.B, s.C} {
		for range counters(c).in(w) {
			if word&255 >= uint64(c.K) {
				return fmt.Errorf("word %d has a counter at %d: want less than %d", w, word&255, c.K)
			}
			word >>= 8
		}
		if word != 0 {
			return fmt.Errorf("word %d has more counters than %d", w, counters(c).in(w))
		}
	}
	return nil
}

// in is how many counters word w has: they are spread evenly over the three.
func (c counters) in(w int) int { return (c.N + 2 - w) / 3 }

func (c counters) Next(s search.State, dst []search.Step) ([]search.Step, error) {
	top := uint64(c.K - 1)
	action := search.Action(0)
	for i := range c.in(0) {
		if s.A>>(8*i)&255 < top {
			dst = append(dst, search.Step{To: search.State{A: s.A + 1<<(8*i), B: s.B, C: s.C}, Action: action})
		}
		action++
	}
	for i := range c.in(1) {
		if s.B>>(8*i)&255 < top {
			dst = append(dst, search.Step{To: search.State{A: s.A, B: s.B + 1<<(8*i), C: s.C}, Action: action})
		}
		action++
	}
	for i := range c.in(2) {
		if s.C>>(8*i)&255 < top {
			dst = append(dst, search.Step{To: search.State{A: s.A, B: s.B, C: s.C + 1<<(8*i)}, Action: action})
		}
		action++
	}
	return dst, nil
}

func (c counters) Check(s search.State, _ []search.Step) search.Marks {
	if c.Hit != nil && c.Hit(s) {
		return 1
	}
	return 0
}

// CompareWords orders states by their words.
func CompareWords(a, b search.State) int {
	return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B), cmp.Compare(a.C, b.C))
}
