package search_test

import (
	"cmp"
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// engines are all ways to search that must give one report. Where the race detector
// looks, those of one worker are left out but for the plain one.
var engines = slices.DeleteFunc([]search.Options{
	{Store: search.StoreMap, Workers: 1},
	{Store: search.StoreFlat, Workers: 1},
	{Store: search.StoreFlat, Workers: 2},
	{Store: search.StoreFlat, Workers: 8},
	{Store: search.StoreTree, Workers: 1},
	{Store: search.StoreTree, Workers: 2},
	{Store: search.StoreTree, Workers: 8},
}, func(o search.Options) bool { return raceEnabled && o.Workers == 1 && o.Store != search.StoreMap })

// words are values that weak hashes trip over: small, sparse, or equal in
// their low or high bits.
var words = rapid.OneOf(
	rapid.Uint64Range(0, 4),
	rapid.Custom(func(t *rapid.T) uint64 { return 1 << rapid.IntRange(0, 63).Draw(t, "bit") }),
	rapid.Custom(func(t *rapid.T) uint64 { return rapid.Uint64Range(0, 9).Draw(t, "high") << 60 }),
	rapid.Just(^uint64(0)),
	rapid.Uint64(),
)

var states = rapid.Custom(func(t *rapid.T) search.State {
	return search.State{A: words.Draw(t, "A"), B: words.Draw(t, "B"), C: words.Draw(t, "C")}
})

// marks are few, so that several states hit the same one.
var marks = rapid.Map(rapid.Uint64Range(0, 1<<14-1), func(n uint64) search.Marks {
	return search.Marks(n >> 7 & n & 15)
})

// costs are few, so that sums are often equal.
var costs = rapid.SampledFrom([]uint16{0, 0, 0, 1, 2, 1<<16 - 1})

func drawGraph(t *rapid.T) *models.Graph { return drawGraphOf(t, 80, 6) }

func drawGraphOf(t *rapid.T, nodes, degree int) *models.Graph {
	g := &models.Graph{Nodes: rapid.SliceOfNDistinct(states, 1, nodes, rapid.ID).Draw(t, "nodes"), Fails: -1}
	node := rapid.IntRange(0, len(g.Nodes)-1)
	g.Start = rapid.SliceOfN(node, 1, 4).Draw(t, "start")
	edges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) models.Edge {
		return models.Edge{
			To: node.Draw(t, "to"), Action: search.Action(rapid.IntRange(0, 3).Draw(t, "action")), Marks: marks.Draw(t, "marks"),
			Cost: search.Cost{First: costs.Draw(t, "first"), Then: costs.Draw(t, "then")},
		}
	}), 0, degree)
	for range g.Nodes {
		g.Edges = append(g.Edges, edges.Draw(t, "edges"))
		g.Marks = append(g.Marks, marks.Draw(t, "marks"))
	}
	return g.Prepare()
}

func TestEveryEngineGivesTheSameReport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		o := search.Options{MaxDepth: rapid.IntRange(0, 6).Draw(t, "max depth")}
		if rapid.Bool().Draw(t, "stops") {
			o.StopAt = marks.Draw(t, "stop at")
			o.Want = marks.Draw(t, "want")
		}
		var want *search.Result
		for _, e := range engines {
			e.MaxDepth, e.StopAt, e.Want = o.MaxDepth, o.StopAt, o.Want
			got, err := search.Run(context.Background(), g, e)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
				if diff := gocmp.Diff(expected(g, want, false), want.Findings); diff != "" {
					t.Fatalf("the plain engine differs from the definition:\n%s", diff)
				}
				continue
			}
			if diff := gocmp.Diff(report(want), report(got)); diff != "" {
				t.Fatalf("store %d, %d workers differ from the plain engine:\n%s", e.Store, e.Workers, diff)
			}
		}
	})
}

// Of all shortest ways one by one, the least is found.
func TestTracesAreTheLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraphOf(t, 9, 3)
		for _, e := range engines {
			got, err := search.Run(context.Background(), g, e)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(expected(g, got, true), got.Findings); diff != "" {
				t.Fatalf("store %d, %d workers differ from the definition:\n%s", e.Store, e.Workers, diff)
			}
		}
	})
}

// report is what must not depend on the engine.
func report(r *search.Result) search.Result {
	c := *r
	c.BytesPerState, c.Memory, c.Disk = 0, 0, 0
	return c
}

// way is a way through a graph: its nodes, and the edge taken from each but the last.
type way struct {
	nodes []int
	edges []models.Edge
}

// compare orders ways of the same length by cost, then step by step.
func (w way) compare(o way) int {
	cost := func(w way) (first, then int) {
		for _, e := range w.edges {
			first, then = first+int(e.Cost.First), then+int(e.Cost.Then)
		}
		return first, then
	}
	first, then := cost(w)
	first2, then2 := cost(o)
	c := cmp.Or(cmp.Compare(first, first2), cmp.Compare(then, then2), cmp.Compare(w.nodes[0], o.nodes[0]))
	for i := 0; c == 0 && i < len(w.edges); i++ {
		c = cmp.Or(cmp.Compare(w.edges[i].Action, o.edges[i].Action), cmp.Compare(w.nodes[i+1], o.nodes[i+1]))
	}
	return c
}

func (w way) then(e models.Edge) way {
	return way{append(slices.Clone(w.nodes), e.To), append(slices.Clone(w.edges), e)}
}

func (w way) finding(g *models.Graph, mark int) search.Finding {
	f := search.Finding{Mark: mark, Depth: len(w.edges)}
	for i, n := range w.nodes {
		step := search.TraceStep{State: g.Nodes[n]}
		if i < len(w.edges) {
			step.Action = w.edges[i].Action
		}
		f.Trace = append(f.Trace, step)
	}
	return f
}

// expected is the findings by their definition, over the levels that the search
// expanded: among all ways that hit a mark the shortest and of those the least.
// If it keeps all, it compares every shortest way; if not, only the least to each node.
func expected(g *models.Graph, r *search.Result, all bool) []search.Finding {
	levels := levelsOf(g)[:len(r.Levels)]
	depthOf := map[int]int{}
	for depth, level := range levels {
		for _, i := range level {
			depthOf[i] = depth
		}
	}
	least := map[int]way{} // by mark
	take := func(marks search.Marks, w way) {
		for mark := range 64 {
			had, ok := least[mark]
			if marks>>mark&1 == 1 && (!ok || len(w.edges) < len(had.edges) || len(w.edges) == len(had.edges) && w.compare(had) < 0) {
				least[mark] = w
			}
		}
	}
	to := map[int][]way{} // by node
	for _, i := range levels[0] {
		to[i] = []way{{nodes: []int{i}}}
	}
	for depth, level := range levels {
		for _, i := range level {
			if !all {
				to[i] = []way{slices.MinFunc(to[i], way.compare)}
			}
			for _, w := range to[i] {
				take(g.Check(g.Nodes[i], make([]search.Step, len(g.Edges[i]))), w)
				for _, e := range g.Edges[i] {
					on := w.then(e)
					take(e.Marks, on)
					if d, ok := depthOf[e.To]; ok && d == depth+1 {
						to[e.To] = append(to[e.To], on)
					}
				}
			}
		}
	}
	var list []search.Finding
	for mark := range 64 {
		if w, ok := least[mark]; ok {
			list = append(list, w.finding(g, mark))
		}
	}
	return list
}

func levelsOf(g *models.Graph) (levels [][]int) {
	seen := map[int]bool{}
	next := g.Start
	for {
		var level []int
		for _, i := range next {
			if !seen[i] {
				seen[i] = true
				level = append(level, i)
			}
		}
		if level == nil {
			return levels
		}
		levels = append(levels, level)
		next = nil
		for _, i := range level {
			for _, e := range g.Edges[i] {
				next = append(next, e.To)
			}
		}
	}
}

func TestAModelThatFailsIsNeverComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		levels := levelsOf(g)
		g.Fails = rapid.SampledFrom(slices.Concat(levels...)).Draw(t, "fails")
		for _, e := range engines {
			r, err := search.Run(context.Background(), g, e)
			if err != nil && strings.Contains(err.Error(), "deriving a trace") {
				continue
			}
			if err != nil || r.Complete || r.Stop != search.Exhausted || r.Err == nil {
				t.Fatalf("store %d, %d workers: complete %v, stop %q, %v, %v", e.Store, e.Workers, r.Complete, r.Stop, r.Err, err)
			}
		}
	})
}

func TestLargeGraphsGiveTheSameReport(t *testing.T) {
	seeds := uint64(4)
	if raceEnabled {
		seeds = 2
	}
	for seed := range seeds {
		m := models.Scramble{Seed: seed, Bits: 15, Edges: 3}
		var want *search.Result
		for _, e := range engines {
			got := run(t, m, e)
			if want == nil {
				want = got
				continue
			}
			if diff := gocmp.Diff(report(want), report(got)); diff != "" {
				t.Errorf("seed %d, store %d, %d workers differ from the plain engine:\n%s", seed, e.Store, e.Workers, diff)
			}
		}
	}
}

func TestCancelledIsNeverComplete(t *testing.T) {
	for _, e := range engines {
		ctx, cancel := context.WithCancelCause(context.Background())
		n := 0
		m := models.Counters{N: 6, K: 6, Hit: func(search.State) bool {
			if n++; n == 1000 {
				cancel(errors.New("enough"))
			}
			return false
		}}
		e.Workers = 1 // the hook counts without a lock
		r, err := search.Run(ctx, m, e)
		if err != nil || r.Complete || r.Stop != search.Interrupted || r.States >= m.States() {
			t.Errorf("store %d: complete %v, stop %q, %d states, %v", e.Store, r.Complete, r.Stop, r.States, err)
		}
		expired, cancelExpired := context.WithTimeout(context.Background(), 0)
		e.Workers = 2
		r, err = search.Run(expired, models.Counters{N: 6, K: 6}, e)
		cancelExpired()
		if err != nil || r.Complete || r.Stop != search.Deadline {
			t.Errorf("store %d: complete %v, stop %q, %v", e.Store, r.Complete, r.Stop, err)
		}
	}
}

func TestMemoryLimitIsNeverComplete(t *testing.T) {
	m := models.Counters{N: 6, K: 7}
	for _, st := range []search.Store{search.StoreMap, search.StoreFlat, search.StoreTree} {
		r := run(t, m, search.Options{Store: st, Workers: 2, Memory: 1 << 18})
		if r.Complete || r.Stop != search.MemoryLimit || r.Err == nil || r.States >= m.States() || r.Memory > 3<<17 {
			t.Errorf("store %d: complete %v, stop %q, %v, %d states, %d bytes", st, r.Complete, r.Stop, r.Err, r.States, r.Memory)
		}
		if whole := uint64(r.Expanded); whole == 0 || whole >= uint64(len(r.Levels)) {
			t.Errorf("store %d: %d of %d levels expanded", st, r.Expanded, len(r.Levels))
		}
		r = run(t, m, search.Options{Store: st, Workers: 2, Memory: 1 << 30})
		if !r.Complete || r.States != m.States() || r.Expanded != len(r.Levels) {
			t.Errorf("store %d: %d states, stop %q, %d of %d levels", st, r.States, r.Stop, r.Expanded, len(r.Levels))
		}
	}
}

func TestTheProcessHasALimitToo(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes memory of its own")
	}
	m := models.Counters{N: 6, K: 14}
	for _, st := range []search.Store{search.StoreMap, search.StoreFlat, search.StoreTree} {
		debug.FreeOSMemory() // else what tests before left makes room
		limit := search.ProcessBytes() + 8<<20
		r := run(t, m, search.Options{Store: st, Workers: 2, ProcessMemory: limit})
		if r.Complete || r.Stop != search.MemoryLimit || r.Err == nil {
			t.Errorf("store %d: complete %v, stop %q, %v, %d states", st, r.Complete, r.Stop, r.Err, r.States)
		}
		if bytes := search.ProcessBytes(); bytes > limit+limit/4 {
			t.Errorf("store %d: the process has %d bytes, allowed are %d", st, bytes, limit)
		}
	}
}
