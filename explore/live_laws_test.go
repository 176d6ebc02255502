package explore

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore/search/liveness"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// plainGraph is all worlds of a scenario and all steps, in the clear.
type plainGraph struct {
	worlds []World
	steps  [][]plainEdge // from each world; world 0 is the first
}

type plainEdge struct {
	to   int
	deed plainDeed
	owes []plainDeed
}

// plainGraph visits every world; nil beyond the limit.
func (sc *Scenario) plainGraph(limit int) *plainGraph {
	g := &plainGraph{}
	index := map[World]int{}
	number := func(w World) int {
		i, ok := index[w]
		if !ok {
			i = len(g.worlds)
			index[w] = i
			g.worlds = append(g.worlds, w)
		}
		return i
	}
	number(sc.start().settle(sc.Order))
	for i := 0; i < len(g.worlds); i++ {
		if len(g.worlds) > limit {
			return nil
		}
		var edges []plainEdge
		sc.plainSteps(g.worlds[i], func(s plainStep) {
			edges = append(edges, plainEdge{number(s.to), s.deed, s.owes})
		})
		g.steps = append(g.steps, edges)
	}
	return g
}

// fairnessOf a deed, from its name.
func fairnessOf(deed plainDeed, assumed Assumptions) liveness.Fairness {
	need, f := Assumptions(0), liveness.Weak
	switch deed.what {
	case "arrival":
		need, f = FairNetwork, liveness.Strong
	case "RETRANSMISSION TIMEOUT", "ZERO-WINDOW PROBE", "KEEP-ALIVE TIMEOUT":
		need = FairTimers
	case "time", "TIME-WAIT TIMEOUT":
		need = FairClock
	case "RECEIVE":
		need = FairReaders
	}
	if assumed&need == 0 {
		return liveness.None
	}
	return f
}

// reach is the worlds that can be reached from some, by steps between worlds of
// a set.
func (g *plainGraph) reach(from []int, in func(w int) bool) map[int]bool {
	seen := map[int]bool{}
	var queue []int
	meet := func(w int) {
		if in(w) && !seen[w] {
			seen[w] = true
			queue = append(queue, w)
		}
	}
	for _, w := range from {
		meet(w)
	}
	for i := 0; i < len(queue); i++ {
		for _, e := range g.steps[queue[i]] {
			meet(e.to)
		}
	}
	return seen
}

// onFairCycles are the worlds on fair cycles within a set of worlds and steps.
// What can be reached from a world and back is a component; the rest is by the
// definition of fairness.
func (g *plainGraph) onFairCycles(set map[int]bool, banned map[[2]int]bool, assumed Assumptions) map[int]bool {
	found, done := map[int]bool{}, map[int]bool{}
	forward := func(from int, set map[int]bool) map[int]bool {
		seen, queue := map[int]bool{from: true}, []int{from}
		for i := 0; i < len(queue); i++ {
			for n, e := range g.steps[queue[i]] {
				if set[e.to] && !banned[[2]int{queue[i], n}] && !seen[e.to] {
					seen[e.to] = true
					queue = append(queue, e.to)
				}
			}
		}
		return seen
	}
	for w := range set {
		if done[w] {
			continue
		}
		component := map[int]bool{}
		for v := range forward(w, set) {
			if !done[v] && forward(v, set)[w] {
				component[v] = true
			}
		}
		enabledIn, owed, taken := map[plainDeed]int{}, map[plainDeed]bool{}, map[plainDeed]bool{}
		for v := range component {
			done[v] = true
			deeds := map[plainDeed]bool{}
			for n, e := range g.steps[v] {
				deeds[e.deed] = true
				if component[e.to] && !banned[[2]int{v, n}] {
					taken[e.deed] = true
					for _, d := range e.owes {
						owed[d] = true
					}
				}
			}
			for d := range deeds {
				enabledIn[d]++
			}
		}
		unfair, starved := len(taken) == 0, map[plainDeed]bool{}
		for d, n := range enabledIn {
			unfair = unfair || !taken[d] && n == len(component) && fairnessOf(d, assumed) == liveness.Weak
			if !taken[d] && fairnessOf(d, assumed) == liveness.Strong {
				starved[d] = true
			}
		}
		for d := range owed {
			if !taken[d] && fairnessOf(d, assumed) == liveness.Strong {
				starved[d] = true
			}
		}
		switch {
		case unfair:
		case len(starved) == 0:
			for v := range component {
				found[v] = true
			}
		default:
			rest, cut := map[int]bool{}, map[[2]int]bool{}
			for k := range banned {
				cut[k] = true
			}
			for v := range component {
				starves := false
				for n, e := range g.steps[v] {
					starves = starves || starved[e.deed]
					if slices.ContainsFunc(e.owes, func(d plainDeed) bool { return starved[d] }) {
						cut[[2]int{v, n}] = true
					}
				}
				if !starves {
					rest[v] = true
				}
			}
			for v := range g.onFairCycles(rest, cut, assumed) {
				found[v] = true
			}
		}
	}
	return found
}

// restsIn tells whether a run may end in a world.
func (g *plainGraph) restsIn(w int, assumed Assumptions) bool {
	return !slices.ContainsFunc(g.steps[w], func(e plainEdge) bool { return fairnessOf(e.deed, assumed) != liveness.None })
}

// answer judges a property by what its kind means.
func (g *plainGraph) answer(sc *Scenario, p *Property) Outcome {
	holds := func(pred func(*View) bool, w int) bool {
		return pred != nil && pred(&View{Scenario: sc, Sides: [2]*Side{&g.worlds[w].Sides[0], &g.worlds[w].Sides[1]}})
	}
	goal := func(w int) bool { return holds(p.State, w) }
	all := map[int]bool{}
	for w := range g.worlds {
		all[w] = true
	}
	ends := g.onFairCycles(all, nil, p.Fair)
	for w := range all {
		if g.restsIn(w, p.Fair) {
			ends[w] = true
		}
	}
	some := func(set map[int]bool, such func(w int) bool) bool {
		for w := range set {
			if such(w) {
				return true
			}
		}
		return false
	}
	for w := range all {
		if !some(g.reach([]int{w}, func(int) bool { return true }), func(v int) bool { return ends[v] }) {
			return Unknown // no fair run goes on from here
		}
	}
	if p.Kind == PossiblyProperty {
		for w := range all {
			if !some(g.reach([]int{w}, func(int) bool { return true }), goal) {
				return Violated
			}
		}
		return Holds
	}
	var begin []int
	for w := range all {
		due := map[Kind]bool{EventuallyProperty: w == 0, LeadsToProperty: holds(p.From, w), RecurrentProperty: true}
		if due[p.Kind] {
			begin = append(begin, w)
		}
	}
	due := g.reach(begin, func(w int) bool { return !goal(w) })
	if some(due, func(w int) bool { return g.restsIn(w, p.Fair) }) || len(g.onFairCycles(due, nil, p.Fair)) > 0 {
		return Violated
	}
	return Holds
}

// drawLive draws a property of runs: somebody comes into one state, or leaves
// another for ever.
func drawLive(t *rapid.T) *Property {
	in := func(name string) func(*View) bool {
		at := trace.Side(rapid.IntRange(0, 1).Draw(t, name+" side"))
		s := model.State(rapid.IntRange(0, model.NumStates-1).Draw(t, name))
		not := rapid.Bool().Draw(t, name+" not")
		return func(v *View) bool { return (v.Sides[at].TCB.State == s) != not }
	}
	return &Property{
		ID: "drawn", Name: "drawn", State: in("goal"), From: in("premise"),
		Kind: rapid.SampledFrom([]Kind{EventuallyProperty, LeadsToProperty, RecurrentProperty, PossiblyProperty}).Draw(t, "kind"),
		Fair: Assumptions(rapid.IntRange(0, 15).Draw(t, "fair")),
	}
}

// What is said of whole runs is what a naive checker says that walks the worlds
// in the clear and knows deeds by their words.
func TestRunsAreJudgedPlainly(t *testing.T) {
	oneAfterTheOther(t)
	seen := map[Outcome]int{}
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		sc.Loss, sc.Retransmissions = Unlimited, Unlimited
		if err := sc.prepare(); err != nil {
			t.Fatal(err)
		}
		g := sc.plainGraph(250)
		if g == nil {
			t.Skip("large")
		}
		p := drawLive(t)
		r, err := Check(context.Background(), sc, []*Property{p}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, want := r.Properties[0].Outcome, g.answer(sc, p)
		if got != want {
			t.Fatalf("%d worlds: %v (%s), the naive checker says %v", len(g.worlds), got, r.Stop, want)
		}
		seen[got]++
	})
	if seen[Holds] == 0 || seen[Violated] == 0 {
		t.Errorf("%v: want some of each", seen)
	}
}
