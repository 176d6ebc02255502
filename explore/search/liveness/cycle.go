package liveness

import "slices"

// cycleEffort is about how many states are looked at for a shorter cycle.
const cycleEffort = 1_000_000

// cycle is a short fair cycle in a fair component: a cycle through its state
// that is nearest to the beginning, lengthened by what fairness still demands.
func (r *region) cycle(c []uint32, near []uint32) path {
	c = slices.Clone(c)
	slices.SortFunc(c, func(a, b uint32) int { return int(near[a]) - int(near[b]) })
	var best path
	for i, s := range c {
		if i > 0 && i*len(c) > cycleEffort {
			break
		}
		if p := r.cycleFrom(s); best.steps == nil || len(p.steps) < len(best.steps) {
			best = p
		}
	}
	return best
}

// cycleFrom is a short fair cycle through a state. It ends, since each round
// serves a label that stays served, and there are so many.
func (r *region) cycleFrom(s uint32) path {
	var stops []func(e uint32) bool // steps that the cycle must take, in order
	for {
		p := path{begin: s}
		at := s
		for _, stop := range stops {
			p.steps = append(p.steps, r.shortest(at, stop)...)
			at = r.end(p)
		}
		if at != s || len(p.steps) == 0 {
			p.steps = append(p.steps, r.shortest(at, func(e uint32) bool { return r.g.steps[e].to == s })...)
		}
		l, ok := r.unserved(p)
		if !ok {
			return p
		}
		stops = append(stops, r.serves(l))
	}
}

// end is where a path ends.
func (r *region) end(p path) uint32 {
	if len(p.steps) == 0 {
		return p.begin
	}
	return r.g.steps[p.steps[len(p.steps)-1]].to
}

// unserved is a label that a cycle is unfair to, if there is one.
func (r *region) unserved(p path) (labelID, bool) {
	t := r.tally
	t.reset()
	for _, e := range p.steps {
		t.state(r.g, r.g.source(e))
		t.step(r.g, e)
	}
	list := t.unmet(Weak, t.unmet(Strong, nil))
	if len(list) == 0 {
		return 0, false
	}
	return slices.Min(list), true
}

// serves tells of a step whether a cycle that takes it is fair to the label.
func (r *region) serves(l labelID) func(e uint32) bool {
	return func(e uint32) bool {
		if r.g.label(e) == l {
			return true
		}
		if r.tally.fair[l] != Weak {
			return false
		}
		begin, end := r.g.from(r.g.steps[e].to)
		for e := begin; e < end; e++ {
			if r.g.label(e) == l {
				return false
			}
		}
		return true // it leads to a state that does not enable the label
	}
}

// shortest is a shortest path of inner steps from a state, at least one, whose
// last is the one sought. The component has such a path.
func (r *region) shortest(from uint32, sought func(e uint32) bool) []uint32 {
	by := map[uint32]uint32{}
	queue := []uint32{from}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		begin, end := r.g.from(s)
		for e := begin; e < end; e++ {
			if !r.inner(s, e) {
				continue
			}
			if sought(e) {
				steps := []uint32{e}
				for s != from {
					e = by[s]
					steps = append(steps, e)
					s = r.g.source(e)
				}
				slices.Reverse(steps)
				return steps
			}
			if to := r.g.steps[e].to; to != from {
				if _, met := by[to]; !met {
					by[to] = e
					queue = append(queue, to)
				}
			}
		}
	}
	panic("liveness: a component of a graph is not strongly connected, or not fair")
}
