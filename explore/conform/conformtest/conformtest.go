// Package conformtest is what the tests of a stack's adapter share.
package conformtest

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/conform"
)

var update = flag.Bool("update", false, "write the report anew")

// Report runs the subject and fails for each deviation that known, the text of
// a known.yaml, does not list. -update writes the report as JSON to the file.
// exact, if the subject depends on neither chance nor time: it fails too for
// each that known lists in vain, and if the report is not what the file holds.
func Report(t *testing.T, s *conform.Subject, walks int, known []byte, file string, exact bool) {
	t.Helper()
	list, err := conform.ParseKnown(known)
	if err != nil {
		t.Fatal(err)
	}
	r, err := conform.Run(s, walks, list)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.New() {
		t.Errorf("new: %s\n%s", d.ID, d.Trace)
	}
	for _, id := range list.Unseen(r) {
		if exact {
			t.Errorf("%s is listed as known, and was not seen", id)
		} else {
			t.Logf("%s is listed as known, and was not seen", id)
		}
	}
	for _, id := range r.Unsteady {
		t.Logf("%s was seen, but not again", id)
	}
	t.Logf("%d of %d pairs, %d deviations", r.Pairs.Reached, r.Pairs.Exist, len(r.Deviations))
	var got bytes.Buffer
	if err := r.WriteJSON(&got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if exact && !bytes.Equal(want, got.Bytes()) {
		t.Errorf("%s is not current: go test -update writes it", file)
	}
}

// Benchmark measures how many sequences, and steps of the stack and the model
// beside it, are played in a second.
func Benchmark(b *testing.B, s *conform.Subject) {
	sequences, steps := uint64(0), uint64(0)
	for b.Loop() {
		n, m, err := conform.Play(s, 2000)
		if err != nil {
			b.Fatal(err)
		}
		sequences, steps = sequences+n, steps+m
	}
	b.ReportMetric(float64(sequences)/b.Elapsed().Seconds(), "sequences/s")
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
}
