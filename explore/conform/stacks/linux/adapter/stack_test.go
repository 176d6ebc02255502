//go:build linux

package main

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/conform/conformtest"
)

// here is a namespace, or the test is skipped with the reason why there is none.
func here(tb testing.TB) *namespace {
	tb.Helper()
	n, err := newNamespace()
	if err != nil {
		tb.Skip(err)
	}
	tb.Cleanup(n.close)
	return n
}

// What is found is what known.yaml lists. It was written for one kernel: on
// another the report beside it is not compared, and what is new is told only.
func TestReport(t *testing.T) {
	n := here(t)
	if s := n.subject(); s.Name == "Linux 6.18" {
		conformtest.Report(t, s, walks, known, "report.json", false)
	} else {
		t.Skipf("known.yaml is of Linux 6.18, this is %s: go run . shows what is new", s.Name)
	}
}

// The sequences per second.
func BenchmarkSequences(b *testing.B) { conformtest.Benchmark(b, here(b).subject()) }
