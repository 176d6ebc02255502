package main

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/conform/conformtest"
)

// What is found is what known.yaml lists, and the report beside it is current
// (go test -update writes it).
func TestReport(t *testing.T) { conformtest.Report(t, subject(), walks, known, "report.json", true) }

// The steps per second, of the stack and of the model beside it.
func BenchmarkSteps(b *testing.B) { conformtest.Benchmark(b, subject()) }
