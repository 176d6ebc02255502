package search

import (
	"iter"
	"math/bits"
)

// hits keeps, for each mark, the least place where it was hit on the first
// level that has one.
type hits struct {
	m     Model
	marks Marks
	first [64]hit
}

// hit is a state, or a step from it.
type hit struct {
	depth  int
	from   State
	action Action
	to     State
	isStep bool
}

// length is how many steps the trace takes.
func (h hit) length() int {
	if h.isStep {
		return h.depth + 1
	}
	return h.depth
}

func newHits(m Model) *hits { return &hits{m: m} }

func (h *hits) state(depth int, s State, marks Marks) {
	for mark := range eachMark(marks) {
		h.take(mark, hit{depth: depth, from: s})
	}
}

func (h *hits) step(depth int, s State, st Step) {
	for mark := range eachMark(st.Marks) {
		h.take(mark, hit{depth: depth, from: s, action: st.Action, to: st.To, isStep: true})
	}
}

func (h *hits) take(mark int, n hit) {
	if h.marks>>mark&1 == 0 || h.less(n, h.first[mark]) {
		h.marks |= 1 << mark
		h.first[mark] = n
	}
}

func (h *hits) less(a, b hit) bool {
	if a.length() != b.length() {
		return a.length() < b.length()
	}
	if a.from != b.from {
		return h.m.Compare(a.from, b.from) < 0
	}
	if !a.isStep || !b.isStep {
		return false
	}
	if c := h.m.CompareActions(a.from, a.action, b.action); c != 0 {
		return c < 0
	}
	return h.m.Compare(a.to, b.to) < 0
}

// open is the marks of which a hit with a trace of that length may be the
// least.
func (h *hits) open(length int) Marks {
	open := ^h.marks
	for mark := range eachMark(h.marks) {
		if h.first[mark].length() >= length {
			open |= 1 << mark
		}
	}
	return open
}

// eachMark is the bits that are set, in order.
func eachMark(marks Marks) iter.Seq[int] {
	return func(yield func(int) bool) {
		for ; marks != 0; marks &= marks - 1 {
			if !yield(bits.TrailingZeros64(uint64(marks))) {
				return
			}
		}
	}
}
