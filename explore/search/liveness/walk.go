package liveness

import (
	"math"
	"slices"
	"sort"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// walk is all states in breadth-first order in two moods: before the goal is
// due, and while it is due and has not come. A run changes its mood once.
type walk struct {
	g    *Graph
	seen [2][]uint32 // of each mood: what led to a state; unseen: it was not met
	due  []uint32    // the states met while it was due, nearest first
}

// What led to a state, if not a step, counted from the top.
const (
	unseen  = math.MaxUint32 - iota
	initial // the run begins there
	became  // it was met before, and the goal became due in it
)

// mood says how a run may go on.
type mood struct {
	becomesDue func(s uint32) bool // in this state
	staysDue   func(s uint32) bool // in this state
}

// walkAll never finds anything due.
var walkAll = mood{becomesDue: func(uint32) bool { return false }}

// walk visits all states.
func (g *Graph) walk(m mood) *walk {
	w := &walk{g: g}
	for i := range w.seen {
		w.seen[i] = make([]uint32, len(g.states))
		for s := range w.seen[i] {
			w.seen[i][s] = unseen
		}
	}
	type place struct {
		state uint32
		due   bool
	}
	var queue []place
	var meet func(s uint32, due bool, by uint32)
	meet = func(s uint32, due bool, by uint32) {
		i := 0
		if due {
			i = 1
		}
		if due && !m.staysDue(s) || w.seen[i][s] != unseen {
			return
		}
		w.seen[i][s] = by
		queue = append(queue, place{s, due})
		switch {
		case due:
			w.due = append(w.due, s)
		case m.becomesDue(s):
			meet(s, true, became)
		}
	}
	for s := range g.inits {
		meet(s, false, initial)
	}
	for i := 0; i < len(queue); i++ {
		p := queue[i]
		begin, end := g.from(p.state)
		for e := begin; e < end; e++ {
			meet(g.steps[e].to, p.due, e)
		}
	}
	return w
}

// path is the steps of a shortest run to a state in a mood.
func (w *walk) path(s uint32, due bool) path {
	p := path{}
	for {
		i := 0
		if due {
			i = 1
		}
		switch by := w.seen[i][s]; by {
		case initial:
			p.begin = s
			slices.Reverse(p.steps)
			return p
		case became:
			due = false
		default:
			p.steps = append(p.steps, by)
			s = w.g.source(by)
		}
	}
}

// path is a run as steps.
type path struct {
	begin uint32
	steps []uint32
}

// trace is the states of a path with their actions.
func (w *walk) trace(p path) []search.TraceStep {
	at := p.begin
	var list []search.TraceStep
	for _, e := range p.steps {
		list = append(list, search.TraceStep{State: w.g.states[at], Action: w.g.steps[e].action})
		at = w.g.steps[e].to
	}
	return append(list, search.TraceStep{State: w.g.states[at]})
}

// source is the state that a step leaves.
func (g *Graph) source(e uint32) uint32 {
	return uint32(sort.Search(len(g.states), func(s int) bool { return g.first[s+1] > e }))
}
