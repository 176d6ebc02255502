package search_test

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

func TestCountersHaveTheClosedFormCounts(t *testing.T) {
	for _, c := range []models.Counters{{N: 1, K: 1}, {N: 1, K: 256}, {N: 3, K: 5}, {N: 6, K: 5}, {N: 24, K: 1}, {N: 12, K: 2}} {
		r := run(t, c, search.Options{Store: search.StoreMap})
		if r.States != c.States() || r.Transitions != c.Transitions() || r.Depth != c.Depth() || !r.Complete {
			t.Errorf("%v: %d states, %d transitions, depth %d, complete %v; want %d, %d, %d, true",
				c, r.States, r.Transitions, r.Depth, r.Complete, c.States(), c.Transitions(), c.Depth())
		}
	}
}

func run(t testing.TB, m search.Model, o search.Options) *search.Result {
	t.Helper()
	r, err := search.Run(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWorkersOutOfRange(t *testing.T) {
	for _, n := range []int{-1, search.MaxWorkers + 1, 1_000_000} {
		if _, err := search.Run(t.Context(), models.Counters{N: 1, K: 2}, search.Options{Workers: n}); err == nil {
			t.Errorf("%d workers: no error", n)
		}
	}
}
