package search

import (
	"iter"
	"math/bits"
)

// hits keeps, for each mark, all the places where it was hit that are nearest
// to the initial states.
type hits struct {
	marks   Marks
	nearest [64][]hit
}

// hit is a state, or a step from it.
type hit struct {
	depth  int
	from   State
	isStep bool
	step   Step
}

// length is how many steps the trace takes.
func (h *hit) length() int {
	if h.isStep {
		return h.depth + 1
	}
	return h.depth
}

// length is how many steps the shortest trace to a mark that was hit takes.
func (h *hits) length(mark int) int { return h.nearest[mark][0].length() }

func (h *hits) state(depth int, s State, marks Marks) {
	for mark := range eachMark(marks) {
		h.take(mark, hit{depth: depth, from: s})
	}
}

func (h *hits) step(depth int, s State, st Step) {
	for mark := range eachMark(st.Marks) {
		h.take(mark, hit{depth: depth, from: s, step: st, isStep: true})
	}
}

func (h *hits) take(mark int, n hit) {
	if h.marks>>mark&1 == 1 {
		switch had := h.length(mark); {
		case n.length() > had:
			return
		case n.length() < had:
			h.nearest[mark] = nil
		}
	}
	h.marks |= 1 << mark
	h.nearest[mark] = append(h.nearest[mark], n)
}

// open is the marks of which a hit with a trace of that length may be one of
// the nearest.
func (h *hits) open(length int) Marks {
	open := ^h.marks
	for mark := range eachMark(h.marks) {
		if h.length(mark) >= length {
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
