package search_test

import (
	"context"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

func TestTheSameSeedTheSameWalks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		o := search.Walks{
			Walks: rapid.IntRange(1, 20).Draw(t, "walks"), Steps: rapid.IntRange(1, 20).Draw(t, "steps"),
			Seed: rapid.Uint64().Draw(t, "seed"), StopAt: marks.Draw(t, "stop at"),
		}
		first, err := search.Simulate(context.Background(), g, o)
		if err != nil {
			t.Fatal(err)
		}
		second, err := search.Simulate(context.Background(), g, o)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(first, second); diff != "" {
			t.Fatalf("one seed, two simulations:\n%s", diff)
		}
		if first.Steps > uint64(o.Walks*o.Steps) || first.Walks > o.Walks {
			t.Fatalf("%d walks of %d steps in all: more than %+v allows", first.Walks, first.Steps, o)
		}
		// What walks find, a search finds too, no later.
		all, err := search.Run(context.Background(), g, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range first.Findings {
			checkTrace(t, g, f)
			if s := all.Finding(f.Mark); s == nil || s.Depth > f.Depth {
				t.Fatalf("a walk hits mark %d after %d steps, the search: %+v", f.Mark, f.Depth, s)
			}
		}
	})
}

// checkTrace plays a trace.
func checkTrace(t *rapid.T, g *models.Graph, f search.Finding) {
	if len(f.Trace) != f.Depth+1 {
		t.Fatalf("a trace of %d steps has %d states", f.Depth, len(f.Trace))
	}
	var hit search.Marks
	for i, at := range f.Trace {
		next, _ := g.Next(at.State, nil)
		if i == f.Depth {
			hit |= g.Check(at.State, next)
			break
		}
		found := false
		for _, s := range next {
			if s.Action == at.Action && s.To == f.Trace[i+1].State {
				found = true
				if i == f.Depth-1 {
					hit |= s.Marks
				}
			}
		}
		if !found {
			t.Fatalf("step %d of mark %d is none of the model's", i, f.Mark)
		}
	}
	if hit>>f.Mark&1 == 0 {
		t.Fatalf("the trace of mark %d doesn't hit it", f.Mark)
	}
}

func TestWalksReachTheEnd(t *testing.T) {
	c := models.Counters{N: 3, K: 4, Hit: func(s search.State) bool { return s.A == 3 && s.B == 3 && s.C == 3 }}
	s, err := search.Simulate(t.Context(), c, search.Walks{Walks: 5, Steps: 100, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if s.Walks != 5 || s.Deadlocks != 5 || s.Steps != 5*9 || len(s.Findings) != 1 || s.Findings[0].Depth != 9 {
		t.Errorf("%+v", s)
	}
	for _, o := range []search.Walks{{Walks: 0, Steps: 1}, {Walks: 1, Steps: 0}, {Walks: -1, Steps: 1}} {
		if _, err := search.Simulate(t.Context(), c, o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	s, err = search.Simulate(cancelled, c, search.Walks{Walks: 5, Steps: 100})
	if err != nil || s.Stop != search.Interrupted || s.Walks != 0 {
		t.Errorf("cancelled: %+v, %v", s, err)
	}
	s, err = search.Simulate(t.Context(), c, search.Walks{Walks: 5, Steps: 100, ProcessMemory: 1})
	if err != nil || s.Stop != search.MemoryLimit || s.Err == nil || s.Walks != 1 || s.Steps != 0 {
		t.Errorf("no memory: %+v, %v", s, err)
	}
	s, err = search.Simulate(t.Context(), c, search.Walks{Walks: 5, Steps: 100, Seed: 1, ProcessMemory: 1 << 40})
	if err != nil || s.Stop != search.NotStopped || s.Walks != 5 || len(s.Findings) != 1 {
		t.Errorf("memory enough: %+v, %v", s, err)
	}
}
