package search_test

import (
	"fmt"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// An operation is one state: -benchmem shows allocations for each. bench/run
// compares with other programs.

func BenchmarkCounters(b *testing.B) { benchmark(b, models.Counters{N: 6, K: 10}) }

func BenchmarkScramble(b *testing.B) { benchmark(b, models.Scramble{Bits: 20, Edges: 6}) }

func benchmark(b *testing.B, m search.Model) {
	for _, e := range engines {
		if e.Workers > 2 {
			continue
		}
		name := map[search.Store]string{search.StoreMap: "map", search.StoreFlat: "flat", search.StoreTree: "tree"}[e.Store]
		b.Run(fmt.Sprintf("%s/workers=%d", name, e.Workers), func(b *testing.B) {
			b.ReportAllocs()
			var r *search.Result
			done := 0
			for done < b.N {
				r = run(b, m, e)
				done += int(r.States)
			}
			// Whole searches only: what b.N leaves over is not taken back.
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(done), "ns/state")
			b.ReportMetric(float64(done)/b.Elapsed().Seconds(), "states/s")
			b.ReportMetric(r.BytesPerState, "B/state")
		})
	}
}
