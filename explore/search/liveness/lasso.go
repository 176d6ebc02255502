package liveness

import "slices"

// lasso is a fair run on which the goal is due and never comes, or nil: a
// shortest run to where it may stay away for ever, and there a fair cycle, or
// a rest.
func (g *Graph) lasso(q Question) *Lasso {
	w := g.walk(g.moodOf(q))
	r := newRegion(g, q.Fair)
	if q.Kind == NoLivelock {
		for e := range uint32(len(g.steps)) {
			if g.stepMarks(e)&q.Steps == 0 {
				r.cut.set(e)
			}
		}
	}
	near := make([]uint32, len(g.states)) // of a state that is due: its place in w.due
	for i, s := range w.due {
		near[s] = uint32(i)
	}
	nearest := func(c []uint32) uint32 {
		return slices.MinFunc(c, func(a, b uint32) int { return int(near[a]) - int(near[b]) })
	}

	fair := r.fairComponents(w.due)
	if q.Kind != NoLivelock {
		for _, s := range w.due {
			if !r.rests(s) {
				continue
			}
			if len(fair) > 0 && near[s] > near[nearest(slices.Concat(fair...))] {
				break
			}
			return &Lasso{Trace: w.trace(w.path(s, true)), Cycle: -1}
		}
	}
	if len(fair) == 0 {
		return nil
	}
	c := slices.MinFunc(fair, func(a, b []uint32) int { return int(near[nearest(a)]) - int(near[nearest(b)]) })
	cycle := r.cycle(r.shrink(c), near)
	p := w.path(cycle.begin, true)
	at := len(p.steps)
	p.steps = append(p.steps, cycle.steps...)
	return &Lasso{Trace: w.trace(p), Cycle: at}
}

// moodOf says when the goal of a question is due, and while it is not reached.
func (g *Graph) moodOf(q Question) mood {
	missed := func(s uint32) bool { return !g.goal(s, q.Goal) }
	always := func(uint32) bool { return true }
	switch q.Kind {
	case Eventually: // due at the beginning: initial states come first
		return mood{func(s uint32) bool { return s < g.inits && missed(s) }, missed}
	case LeadsTo:
		return mood{func(s uint32) bool { return g.goal(s, q.From) && missed(s) }, missed}
	case AlwaysEventually:
		return mood{missed, missed}
	default: // NoLivelock
		return mood{always, always}
	}
}

// shrinkEffort is about how many steps are looked at for a smaller cycle.
const shrinkEffort = 100_000_000

// shrink finds a small part of a fair component that is one too: it leaves out
// steps label by label, then states, half of them, a quarter, down to single
// ones, as long as a fair component remains. Which one a reader is shown
// depends on it, the answer does not.
func (r *region) shrink(c []uint32) []uint32 {
	effort := shrinkEffort
	for _, l := range r.labels(c) {
		if effort < 0 {
			return c
		}
		c = r.attempt(c, &effort, func(_, e uint32) bool { return r.g.label(e) == l })
	}
	for size := len(c) / 2; size > 0; size /= 2 {
		for block := range slices.Chunk(slices.Clone(c), size) {
			if effort < 0 {
				return c
			}
			out := map[uint32]bool{}
			for _, s := range block {
				out[s] = r.part[s] == r.part[c[0]]
			}
			c = r.attempt(c, &effort, func(s, _ uint32) bool { return out[s] })
		}
	}
	return c
}

// attempt leaves out the steps of a component for which it is asked to, and
// returns the least fair component of the rest; if there is none, c again.
func (r *region) attempt(c []uint32, effort *int, out func(s, e uint32) bool) []uint32 {
	length := len(r.log)
	for _, s := range c {
		begin, end := r.g.from(s)
		*effort -= 2 * int(end-begin)
		for e := begin; e < end; e++ {
			if r.inner(s, e) && out(s, e) {
				r.cutStep(e)
			}
		}
	}
	if len(r.log) == length {
		return c
	}
	fair := r.fairComponents(c)
	if len(fair) == 0 {
		r.undo(length)
		r.own(c)
		return c
	}
	return slices.MinFunc(fair, func(a, b []uint32) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return int(slices.Min(a)) - int(slices.Min(b))
	})
}

// labels are those of the inner steps of a component, in order.
func (r *region) labels(c []uint32) (list []labelID) {
	seen := map[labelID]bool{}
	for _, s := range c {
		begin, end := r.g.from(s)
		for e := begin; e < end; e++ {
			if l := r.g.label(e); r.inner(s, e) && !seen[l] {
				seen[l] = true
				list = append(list, l)
			}
		}
	}
	slices.Sort(list)
	return list
}
