package main

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/conform"
	"github.com/tcpcheck/tcpcheck/explore/conform/conformtest"
)

func start(tb testing.TB) *conform.Subject {
	tb.Helper()
	n, err := newNetwork()
	if err != nil {
		tb.Fatal(err)
	}
	return n.subject()
}

// What is found is what known.yaml lists, and the report beside it is current
// (go test -update writes it).
func TestReport(t *testing.T) {
	conformtest.Report(t, start(t), walks, known, "report.json", true)
}

// The sequences per second.
func BenchmarkSequences(b *testing.B) { conformtest.Benchmark(b, start(b)) }
