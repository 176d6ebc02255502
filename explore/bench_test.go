package explore

import (
	"context"
	"fmt"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// An operation is one state of a preset: -benchmem shows allocations for each.
func BenchmarkPreset(b *testing.B) {
	for _, name := range []string{"half-close", "close"} {
		sc, err := Preset(name)
		if err != nil {
			b.Fatal(err)
		}
		for _, store := range []search.Store{search.StoreMap, search.StoreTree} {
			for _, workers := range []int{1, 2} {
				if store == search.StoreMap && workers > 1 {
					continue
				}
				b.Run(fmt.Sprintf("%s/%v/workers=%d", name, store, workers), func(b *testing.B) { benchmarkPreset(b, sc, store, workers) })
			}
		}
	}
}

func benchmarkPreset(b *testing.B, sc *Scenario, store search.Store, workers int) {
	b.ReportAllocs()
	var done uint64
	for done < uint64(b.N) {
		if err := sc.prepare(); err != nil {
			b.Fatal(err)
		}
		r, err := search.Run(context.Background(), newSpace(sc, nil), search.Options{Store: store, Workers: workers})
		if err != nil {
			b.Fatal(err)
		}
		done += r.States
	}
	// Whole searches only: what b.N leaves over is not taken back.
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(done), "ns/state")
	b.ReportMetric(float64(done)/b.Elapsed().Seconds(), "states/s")
}
