//go:build unix

package liveness

import (
	"context"
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// cpu is the CPU time that the process has used.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Bytes and CPU time for a step, over graphs of growing size: both stay about the
// same where they grow linearly. Build is the graph; yes is a question whose
// answer takes a decomposition of all of it; no is a lasso and its shortening,
// whose effort is bounded.
func BenchmarkGraph(b *testing.B) {
	for _, bits := range []int{14, 16, 18, 20} {
		b.Run(fmt.Sprintf("2^%d", bits), func(b *testing.B) {
			m := models.Scramble{Seed: 1, Bits: bits, Edges: 6}
			for range b.N {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				begin := cpu(b)
				g, err := Build(context.Background(), m, Limits{})
				if err != nil {
					b.Fatal(err)
				}
				built := cpu(b)
				r := newRegion(g, func(Label) Fairness { return Strong })
				for e := range uint32(len(g.steps)) {
					if g.labels[g.label(e)] == 3 { // never taken, so all that enable it go
						r.cut.set(e)
					}
				}
				all := make([]uint32, len(g.states))
				for s := range all {
					all[s] = uint32(s)
				}
				fair := len(r.fairComponents(all))
				yes := cpu(b)
				if _, err := g.Check(Question{Kind: AlwaysEventually, Goal: 2}); err != nil {
					b.Fatal(err)
				}
				no := cpu(b)
				runtime.GC()
				runtime.ReadMemStats(&after)
				per := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(g.Steps()) }
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(g.Steps()), "bytes/step")
				b.ReportMetric(per(built-begin), "build-ns/step")
				b.ReportMetric(per(yes-built), "yes-ns/step")
				b.ReportMetric((no - yes).Seconds(), "no-s")
				b.ReportMetric(float64(fair), "fair")
				runtime.KeepAlive(g)
				runtime.KeepAlive(r)
			}
		})
	}
}
