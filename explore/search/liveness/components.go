package liveness

import "slices"

// region is a part of a graph in which cycles are sought: states by parts, and
// steps that no cycle may take.
type region struct {
	g     *Graph
	tally *tally
	part  []uint32 // the part of each state; 0: none
	last  uint32   // the last part given
	cut   bitset
	log   []uint32 // steps in the order in which they were cut

	// Tarjan's: when a state was first met, from 1 in each part, and the
	// earliest state that it leads back to; 0 once its component is known.
	met, low []uint32
	stack    []uint32
	frames   []frame
}

// frame is a state whose steps are being followed, and the next of them.
type frame struct{ state, step uint32 }

func newRegion(g *Graph, fair Fair) *region {
	n := len(g.states)
	return &region{
		g: g, tally: newTally(g, fair), part: make([]uint32, n), met: make([]uint32, n), low: make([]uint32, n),
		cut: make(bitset, len(g.steps)/64+1),
	}
}

// own makes a part of the states.
func (r *region) own(states []uint32) {
	r.last++
	for _, s := range states {
		r.part[s] = r.last
	}
}

// inner tells whether step e from state s stays in its part.
func (r *region) inner(s, e uint32) bool {
	return r.part[r.g.steps[e].to] == r.part[s] && !r.cut.has(e)
}

// cutStep takes a step out.
func (r *region) cutStep(e uint32) {
	if !r.cut.has(e) {
		r.cut.set(e)
		r.log = append(r.log, e)
	}
}

// undo puts back the steps cut since the log had that length.
func (r *region) undo(length int) {
	for _, e := range r.log[length:] {
		r.cut.clear(e)
	}
	r.log = r.log[:length]
}

// fairComponents are the largest sets of states among these with a fair cycle
// through all of the set. Afterwards each is a part of its own.
func (r *region) fairComponents(states []uint32) (fair [][]uint32) {
	work := [][]uint32{states}
	for len(work) > 0 {
		item := work[len(work)-1]
		work = work[:len(work)-1]
		r.own(item)
		for _, c := range r.components(item) {
			r.own(c)
			switch rest, isFair := r.judge(c); {
			case isFair:
				fair = append(fair, c)
			case len(rest) > 0:
				work = append(work, rest)
			}
		}
	}
	return fair
}

// judge tells whether the cycle through all of a component is fair. If not, all
// fair cycles in it are among the rest.
func (r *region) judge(c []uint32) (rest []uint32, fair bool) {
	t, cyclic := r.tally, false
	t.reset()
	for _, s := range c {
		t.state(r.g, s)
		begin, end := r.g.from(s)
		for e := begin; e < end; e++ {
			if r.inner(s, e) {
				cyclic = true
				t.step(r.g, e)
			}
		}
	}
	if !cyclic || len(t.unmet(Weak, nil)) > 0 {
		return nil, false
	}
	starved := t.unmet(Strong, nil)
	if len(starved) == 0 {
		return nil, true
	}
	return r.without(c, starved), false
}

// without are the states of a component that enable none of the labels; the
// steps between them that leave one owed are cut.
func (r *region) without(c []uint32, labels []labelID) (rest []uint32) {
	starved := make(map[labelID]bool, len(labels))
	for _, l := range labels {
		starved[l] = true
	}
	for _, s := range c {
		begin, end := r.g.from(s)
		enables := false
		for e := begin; e < end; e++ {
			enables = enables || starved[r.g.label(e)]
			if slices.ContainsFunc(r.g.owed[e], func(l labelID) bool { return starved[l] }) {
				r.cutStep(e)
			}
		}
		if enables {
			r.part[s] = 0
		} else {
			rest = append(rest, s)
		}
	}
	return rest
}

// rests tells whether a run may end in a state: fairness demands none of its
// steps.
func (r *region) rests(s uint32) bool {
	begin, end := r.g.from(s)
	for e := begin; e < end; e++ {
		if r.tally.fair[r.g.label(e)] != None {
			return false
		}
	}
	return true
}

// components are the strongly connected components of a part, by Tarjan's
// algorithm.
func (r *region) components(states []uint32) (list [][]uint32) {
	for _, s := range states {
		r.met[s] = 0
	}
	clock := uint32(0)
	enter := func(s uint32) {
		clock++
		r.met[s], r.low[s] = clock, clock
		r.stack = append(r.stack, s)
		r.frames = append(r.frames, frame{s, r.g.first[s]})
	}
	for _, root := range states {
		if r.met[root] != 0 {
			continue
		}
		enter(root)
		for len(r.frames) > 0 {
			f := &r.frames[len(r.frames)-1]
			s := f.state
			if f.step < r.g.first[s+1] {
				e := f.step
				f.step++
				to := r.g.steps[e].to
				switch {
				case !r.inner(s, e):
				case r.met[to] == 0:
					enter(to)
				case r.low[to] != 0: // still on the stack
					r.low[s] = min(r.low[s], r.met[to])
				}
				continue
			}
			r.frames = r.frames[:len(r.frames)-1]
			if len(r.frames) > 0 {
				up := r.frames[len(r.frames)-1].state
				r.low[up] = min(r.low[up], r.low[s])
			}
			if r.low[s] == r.met[s] {
				list = append(list, r.pop(s))
			}
		}
	}
	return list
}

// pop takes a component off the stack, down to its root.
func (r *region) pop(root uint32) []uint32 {
	i := len(r.stack) - 1
	for r.stack[i] != root {
		i--
	}
	c := slices.Clone(r.stack[i:])
	r.stack = r.stack[:i]
	for _, s := range c {
		r.low[s] = 0
	}
	return c
}

// bitset is a set of small numbers.
type bitset []uint64

func (b bitset) has(i uint32) bool { return b[i/64]>>(i%64)&1 == 1 }
func (b bitset) set(i uint32)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) clear(i uint32)    { b[i/64] &^= 1 << (i % 64) }
