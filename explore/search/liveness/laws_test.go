package liveness_test

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
	"github.com/tcpcheck/tcpcheck/explore/search/liveness"
)

// sketch is a small graph with labels: a model, and what the naive checker
// looks at.
type sketch struct {
	n     int
	inits []int
	marks []search.Marks
	edges []edge
}

type edge struct {
	from, to int
	label    liveness.Label
	owed     []liveness.Label
	marks    search.Marks
}

const (
	markP = search.Marks(1) << iota
	markQ
	markStill
)

// labels is how many labels a sketch has; no edge has the last, which may be
// owed.
const labels = 4

func drawSketch(t *rapid.T) *sketch {
	g := &sketch{n: rapid.IntRange(1, 5).Draw(t, "states")}
	node := rapid.IntRange(0, g.n-1)
	label := rapid.Custom(func(t *rapid.T) liveness.Label { return liveness.Label(rapid.IntRange(0, labels-2).Draw(t, "label")) })
	g.inits = rapid.SliceOfNDistinct(node, 1, 2, rapid.ID).Draw(t, "inits")
	for range g.n {
		g.marks = append(g.marks, search.Marks(rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3}).Draw(t, "marks")))
	}
	g.edges = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) edge {
		e := edge{from: node.Draw(t, "from"), to: node.Draw(t, "to"), label: label.Draw(t, "label")}
		if rapid.IntRange(0, 3).Draw(t, "owes") == 0 {
			e.owed = []liveness.Label{liveness.Label(rapid.IntRange(0, labels-1).Draw(t, "owed"))}
		}
		if rapid.IntRange(0, 2).Draw(t, "still") > 0 {
			e.marks = markStill
		}
		return e
	}), 0, 10).Draw(t, "edges")
	return g
}

func (g *sketch) Init(dst []search.State) []search.State {
	for _, i := range g.inits {
		dst = append(dst, state(i))
	}
	return dst
}

func state(i int) search.State { return search.State{A: uint64(i)} }

func (g *sketch) Worker() search.Worker                                 { return g }
func (g *sketch) Compare(_, _ search.State) int                         { return 0 }
func (g *sketch) CompareActions(_ search.State, _, _ search.Action) int { return 0 }
func (g *sketch) Check(s search.State, _ []search.Step) search.Marks    { return g.marks[s.A] }

// Next numbers actions by edge.
func (g *sketch) Next(s search.State, dst []search.Step) ([]search.Step, error) {
	for i, e := range g.edges {
		if state(e.from) == s {
			dst = append(dst, search.Step{To: state(e.to), Action: search.Action(i), Marks: e.marks})
		}
	}
	return dst, nil
}

func (g *sketch) Label(_ search.State, st search.Step) liveness.Label {
	return g.edges[st.Action].label
}

func (g *sketch) Owed(_ search.State, st search.Step, dst []liveness.Label) []liveness.Label {
	return append(dst, g.edges[st.Action].owed...)
}

// reaches tells from which states a state can be reached by edges that the
// predicate allows: the closure, by repetition.
func (g *sketch) reachable(from []int, allowed func(e edge) bool) []bool {
	seen := make([]bool, g.n)
	for _, s := range from {
		seen[s] = true
	}
	for range g.n {
		for _, e := range g.edges {
			if seen[e.from] && allowed(e) {
				seen[e.to] = true
			}
		}
	}
	return seen
}

func anyEdge(edge) bool { return true }

// naive answers the question by its definition. What a run does infinitely
// often is a strongly connected set of edges, and each such set is what some
// run does: so all sets of edges are tried.
func (g *sketch) naive(q liveness.Question) bool {
	goal := func(s int) bool { return g.marks[s]&q.Goal != 0 }
	missed := func(e edge) bool { return !goal(e.from) && !goal(e.to) }
	reachable := g.reachable(g.inits, anyEdge)
	ends := func(s int) bool { return !slices.ContainsFunc(g.edges, func(e edge) bool { return e.from == s }) }

	var due []bool
	inner := missed
	switch q.Kind {
	case liveness.Possibly:
		for s := range g.n {
			if reachable[s] && !slices.ContainsFunc(where(g.reachable([]int{s}, anyEdge)), goal) {
				return false
			}
		}
		return true
	case liveness.Feasible:
		for s := range g.n {
			if reachable[s] && !g.fairRunFrom(s, q.Fair) {
				return false
			}
		}
		return true
	case liveness.NoDeadlock:
		return !slices.ContainsFunc(where(reachable), func(s int) bool { return ends(s) && !goal(s) })
	case liveness.NoLivelock:
		due, inner = reachable, func(e edge) bool { return e.marks&q.Steps != 0 }
	default:
		var begin []int
		for s := range g.n {
			switch {
			case goal(s):
			case q.Kind == liveness.Eventually && slices.Contains(g.inits, s),
				q.Kind == liveness.LeadsTo && reachable[s] && g.marks[s]&q.From != 0,
				q.Kind == liveness.AlwaysEventually && reachable[s]:
				begin = append(begin, s)
			}
		}
		due = g.reachable(begin, missed)
		if slices.ContainsFunc(where(due), func(s int) bool { return g.rests(s, q.Fair) }) {
			return false
		}
	}
	return !g.fairCycle(q.Fair, func(e edge) bool { return inner(e) && due[e.from] })
}

// fairRunFrom tells whether a fair run goes on from a state.
func (g *sketch) fairRunFrom(s int, fair liveness.Fair) bool {
	from := g.reachable([]int{s}, anyEdge)
	return slices.ContainsFunc(where(from), func(s int) bool { return g.rests(s, fair) }) ||
		g.fairCycle(fair, func(e edge) bool { return from[e.from] })
}

func (g *sketch) rests(s int, fair liveness.Fair) bool {
	return !slices.ContainsFunc(g.edges, func(e edge) bool { return e.from == s && fair(e.label) != liveness.None })
}

// fairCycle tells whether some edges, all allowed, are what a fair run takes
// for ever.
func (g *sketch) fairCycle(fair liveness.Fair, allowed func(e edge) bool) bool {
	for set := 1; set < 1<<len(g.edges); set++ {
		var taken []edge
		for i, e := range g.edges {
			if set>>i&1 == 1 {
				taken = append(taken, e)
			}
		}
		if slices.ContainsFunc(taken, func(e edge) bool { return !allowed(e) }) {
			continue
		}
		if g.connected(taken) && g.fair(taken, fair) {
			return true
		}
	}
	return false
}

func where(set []bool) (list []int) {
	for s, in := range set {
		if in {
			list = append(list, s)
		}
	}
	return list
}

// connected tells whether each edge can follow each.
func (g *sketch) connected(taken []edge) bool {
	for _, a := range taken {
		seen := make([]bool, g.n)
		seen[a.to] = true
		for range taken {
			for _, e := range taken {
				seen[e.to] = seen[e.to] || seen[e.from]
			}
		}
		if slices.ContainsFunc(taken, func(b edge) bool { return !seen[b.from] }) {
			return false
		}
	}
	return true
}

// fair tells whether a run that takes just these edges for ever is fair.
func (g *sketch) fair(taken []edge, fair liveness.Fair) bool {
	enables := func(s int, l liveness.Label) bool {
		return slices.ContainsFunc(g.edges, func(e edge) bool { return e.from == s && e.label == l })
	}
	for l := range liveness.Label(labels) {
		always, sometimes := true, false
		for _, e := range taken {
			always = always && enables(e.from, l)
			sometimes = sometimes || enables(e.from, l) || slices.Contains(e.owed, l)
		}
		if slices.ContainsFunc(taken, func(e edge) bool { return e.label == l }) {
			continue
		}
		if fair(l) == liveness.Weak && always || fair(l) == liveness.Strong && sometimes {
			return false
		}
	}
	return true
}

// kinds are all that can be asked.
var kinds = []liveness.Kind{
	liveness.Eventually, liveness.LeadsTo, liveness.AlwaysEventually, liveness.Possibly, liveness.NoDeadlock, liveness.NoLivelock,
	liveness.Feasible,
}

// The answer is the naive checker's, on any graph with any fairness; where it
// is no, the run shown withstands Verify.
func TestAnswersAreThoseOfTheNaiveChecker(t *testing.T) {
	asked := map[liveness.Kind][2]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := drawSketch(t)
		g, err := liveness.Build(context.Background(), m, liveness.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		fairness := rapid.SliceOfN(rapid.SampledFrom([]liveness.Fairness{liveness.None, liveness.Weak, liveness.Strong}), labels, labels).Draw(t, "fairness")
		for _, kind := range kinds {
			q := liveness.Question{Kind: kind, From: markP, Goal: markQ, Steps: markStill,
				Fair: func(l liveness.Label) liveness.Fairness { return fairness[l] }}
			lasso, err := g.Check(q)
			if err != nil {
				t.Fatalf("%v: %v", kind, err)
			}
			if want := m.naive(q); (lasso == nil) != want {
				t.Fatalf("%v: the answer is %v, the naive checker's %v", kind, lasso == nil, want)
			}
			n := asked[kind]
			if lasso == nil {
				n[0]++
			} else {
				n[1]++
				if err := liveness.Verify(m, q, lasso); err != nil {
					t.Fatalf("%v: %v", kind, err)
				}
			}
			asked[kind] = n
		}
	})
	for _, kind := range kinds {
		if n := asked[kind]; n[0] == 0 || n[1] == 0 && kind != liveness.Feasible { // which is seldom drawn
			t.Errorf("%v: %d times yes and %d times no: want both", kind, n[0], n[1])
		}
	}
}

// A step that leaves owed what no step pays can't be taken for ever.
func TestFairnessThatCannotBeMet(t *testing.T) {
	m := &sketch{n: 2, inits: []int{0}, marks: make([]search.Marks, 2), edges: []edge{
		{from: 0, to: 1, label: 0}, {from: 1, to: 1, label: 1, owed: []liveness.Label{2}},
	}}
	g, err := liveness.Build(context.Background(), m, liveness.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for f, want := range map[liveness.Fairness]bool{liveness.Weak: true, liveness.Strong: false} {
		l, err := g.Check(liveness.Question{Kind: liveness.Feasible, Fair: all(f)})
		if err != nil || (l == nil) != want || l != nil && len(l.Trace) != 1 {
			t.Errorf("%v: %v, %v: want %v, shown in the initial state", f, l, err, want)
		}
	}
}

// What is stronger assumed allows no more runs: more fairness, no new lasso,
// unless it is asked whether fairness can be met.
func TestMoreFairnessNeverBreaksMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawSketch(t)
		g, err := liveness.Build(context.Background(), m, liveness.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		held := false
		for _, f := range []liveness.Fairness{liveness.None, liveness.Weak, liveness.Strong} {
			lasso, err := g.Check(liveness.Question{Kind: kind, From: markP, Goal: markQ, Steps: markStill,
				Fair: func(liveness.Label) liveness.Fairness { return f }})
			if err != nil {
				t.Fatal(err)
			}
			if held && lasso != nil && kind != liveness.Feasible {
				t.Fatalf("%v holds with less fairness and not with %v", kind, f)
			}
			held = lasso == nil
		}
	})
}

// Verify refuses what is no answer.
func TestVerifyRefusesWrongRuns(t *testing.T) {
	m := &sketch{n: 3, inits: []int{0}, marks: []search.Marks{0, 0, markQ}, edges: []edge{
		{from: 0, to: 1, label: 0}, {from: 1, to: 0, label: 1}, {from: 1, to: 2, label: 2},
	}}
	at := func(i int, a search.Action) search.TraceStep { return search.TraceStep{State: state(i), Action: a} }
	q := liveness.Question{Kind: liveness.Eventually, Goal: markQ, Fair: liveness.Unfair}
	round := &liveness.Lasso{Trace: []search.TraceStep{at(0, 0), at(1, 1), at(0, 0)}, Cycle: 0}
	if err := liveness.Verify(m, q, round); err != nil {
		t.Fatal(err)
	}
	strong := q
	strong.Fair = func(liveness.Label) liveness.Fairness { return liveness.Strong }
	rest := &liveness.Lasso{Trace: []search.TraceStep{at(0, 0), at(1, 0)}, Cycle: -1}
	if err := liveness.Verify(m, q, rest); err != nil {
		t.Error(err)
	}
	livelock := liveness.Question{Kind: liveness.NoLivelock, Steps: markStill}
	for name, x := range map[string]struct {
		q liveness.Question
		l *liveness.Lasso
	}{
		"unfair":         {strong, round},
		"other steps":    {livelock, round},
		"not initial":    {q, &liveness.Lasso{Trace: []search.TraceStep{at(1, 1), at(0, 0), at(1, 0)}, Cycle: 0}},
		"open":           {q, &liveness.Lasso{Trace: []search.TraceStep{at(0, 0), at(1, 0)}, Cycle: 0}},
		"no cycle":       {q, &liveness.Lasso{Trace: []search.TraceStep{at(0, 0)}, Cycle: 0}},
		"empty":          {q, &liveness.Lasso{Cycle: -1}},
		"cut short":      {strong, &liveness.Lasso{Trace: []search.TraceStep{at(0, 0), at(1, 0)}, Cycle: -1}},
		"no such step":   {q, &liveness.Lasso{Trace: []search.TraceStep{at(0, 2), at(1, 1), at(0, 0)}, Cycle: 0}},
		"goal reached":   {q, &liveness.Lasso{Trace: []search.TraceStep{at(0, 0), at(1, 2), at(2, 0)}, Cycle: -1}},
		"no deadlock":    {liveness.Question{Kind: liveness.NoDeadlock}, &liveness.Lasso{Trace: []search.TraceStep{at(0, 0)}, Cycle: -1}},
		"never was due":  {liveness.Question{Kind: liveness.LeadsTo, From: markP, Goal: markQ}, round},
		"livelock ended": {livelock, &liveness.Lasso{Trace: []search.TraceStep{at(0, 0)}, Cycle: -1}},
	} {
		if liveness.Verify(m, x.q, x.l) == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

// A graph that could not be built whole is an error, never an answer.
func TestBuildSaysWhatItDidNotSee(t *testing.T) {
	m := &sketch{n: 3, inits: []int{0}, marks: make([]search.Marks, 3), edges: []edge{{from: 0, to: 1}, {from: 1, to: 2}}}
	if _, err := liveness.Build(context.Background(), m, liveness.Limits{States: 2}); !errors.Is(err, liveness.ErrLimit) {
		t.Errorf("3 states and a limit of 2: %v", err)
	}
	if g, err := liveness.Build(context.Background(), m, liveness.Limits{States: 3}); err != nil || g.States() != 3 || g.Steps() != 2 {
		t.Errorf("a limit of 3: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := liveness.Build(ctx, m, liveness.Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := liveness.Build(context.Background(), &sketch{}, liveness.Limits{}); err == nil {
		t.Error("no initial state is no error")
	}
	large := models.Scramble{Seed: 1, Bits: 18, Edges: 6}
	debug.FreeOSMemory() // else what tests before left makes room
	g, err := liveness.Build(context.Background(), large, liveness.Limits{ProcessMemory: search.ProcessBytes() + 8<<20})
	if !errors.Is(err, liveness.ErrMemory) || g.States() == 0 || g.States() == 1<<18 {
		t.Errorf("8 MiB for a graph of 20: %v", err)
	}
}
