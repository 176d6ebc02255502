package search_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

func TestWrongOptionsAreErrors(t *testing.T) {
	for _, c := range []struct {
		options search.Options
		says    string
	}{
		{search.Options{Workers: -1}, "-1 workers: want 1 to 4096"},
		{search.Options{Workers: 4097}, "4097 workers: want 1 to 4096"},
		{search.Options{Workers: 1_000_000}, "1000000 workers"},
		{search.Options{MaxDepth: -3}, "depth limit -3"},
		{search.Options{Store: 99}, "store 99"},
	} {
		_, err := search.Run(t.Context(), models.Counters{N: 1, K: 2}, c.options)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", c.options, err, c.says)
		}
	}
	if _, err := search.Run(t.Context(), &models.Graph{Fails: -1}, search.Options{}); err == nil {
		t.Error("a model without initial states is no error")
	}
}

func TestAsManyWorkersAsAllowed(t *testing.T) {
	c := models.Counters{N: 3, K: 10}
	for _, st := range []search.Store{search.StoreFlat, search.StoreTree} {
		if r := run(t, c, search.Options{Workers: search.MaxWorkers, Store: st}); r.States != c.States() {
			t.Errorf("store %d: %d states, want %d", st, r.States, c.States())
		}
	}
}

func TestStopsAreNamed(t *testing.T) {
	c := models.Counters{N: 3, K: 6, Hit: func(s search.State) bool { return s.A == 3 }}
	for _, st := range []search.Store{search.StoreMap, search.StoreFlat, search.StoreTree} {
		r := run(t, c, search.Options{Store: st, MaxDepth: 2})
		if r.Complete || r.Stop != search.DepthLimit || r.Depth != 2 || r.States != 1+3+6 || len(r.Findings) != 0 {
			t.Errorf("store %d, depth limit: %+v", st, r)
		}
		r = run(t, c, search.Options{Store: st, StopAt: search.AllMarks})
		if r.Complete || r.Stop != search.StoppedAt || r.Depth != 3 || r.Finding(0).Depth != 3 {
			t.Errorf("store %d, first: %+v", st, r)
		}
		r = run(t, c, search.Options{Store: st, Want: 1})
		if r.Complete || r.Stop != search.Decided || r.Depth != 3 {
			t.Errorf("store %d, wanted: %+v", st, r)
		}
		// The last level: nothing is left out.
		r = run(t, c, search.Options{Store: st, MaxDepth: c.Depth()})
		if !r.Complete || r.Stop != search.NotStopped || r.States != c.States() {
			t.Errorf("store %d, depth limit at the end: %+v", st, r)
		}
	}
}

func TestProgressEndsWithTheTotals(t *testing.T) {
	c := models.Counters{N: 6, K: 6}
	for _, st := range []search.Store{search.StoreFlat, search.StoreTree} {
		var last search.Progress
		calls := 0
		run(t, c, search.Options{Store: st, Workers: 2, ProgressEvery: time.Millisecond, Progress: func(p search.Progress) {
			if p.States < last.States || p.Transitions < last.Transitions || p.Level < last.Level {
				t.Errorf("progress goes back from %+v to %+v", last, p)
			}
			last = p
			calls++
		}})
		if last.States != c.States() || last.Transitions != c.Transitions() || last.Level != c.Depth() || last.Frontier != 1 || last.Memory == 0 {
			t.Errorf("store %d: the last of %d calls: %+v", st, calls, last)
		}
	}
}

// TestNothingIsAllocatedForAState allows for what grows with the logarithm of
// the states and with levels.
func TestNothingIsAllocatedForAState(t *testing.T) {
	if raceEnabled {
		t.Skip("one worker, and allocations of the race detector's")
	}
	c := models.Counters{N: 6, K: 8}
	for _, st := range []search.Store{search.StoreFlat, search.StoreTree} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := run(t, c, search.Options{Workers: 1, Store: st})
		runtime.ReadMemStats(&after)
		if n := after.Mallocs - before.Mallocs; n > r.States/100 {
			t.Errorf("store %d: %d allocations for %d states", st, n, r.States)
		}
	}
}
