package matrix

import (
	"bytes"
	"context"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tcpcheck/tcpcheck/explore"
)

var (
	update     = flag.Bool("update", false, "search all places and write matrix.txt anew")
	updatePage = flag.Bool("page", false, "write docs/matrix.md anew")
	only       = flag.String("place", "", "with -update: search these scenarios only, with commas between, or \"new\": those that are not recorded; and keep the others")
)

// TestRecord writes the data anew when asked to.
func TestRecord(t *testing.T) {
	if !*update {
		t.Skip("run with -update to write matrix.txt anew")
	}
	var list []Record
	for _, p := range Places() {
		for _, v := range Variants() {
			had := find(Recorded(), p.Key(), v)
			asked := *only == "" || slices.Contains(strings.Split(*only, ","), p.Scenario) || *only == "new" && had == nil
			if !asked {
				if had != nil {
					list = append(list, *had)
				}
				continue
			}
			begin := time.Now()
			s, err := Run(context.Background(), p, v, Options{})
			if err != nil {
				t.Fatal(err)
			}
			r, err := s.Record()
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s, %s: %d states, %v", r.Place, v, r.States, time.Since(begin).Round(time.Millisecond))
			twice(t, p, &r)
			list = append(list, r)
		}
	}
	if err := os.WriteFile("matrix.txt", []byte(format(list)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// twice repeats what is broken in twice the sequence space.
func twice(t *testing.T, p Place, r *Record) {
	begin := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	v, _, err := Double(ctx, p, r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Broken {
		r.Broken[i].Twice = v[i]
	}
	t.Logf("  twice: %v", time.Since(begin).Round(time.Millisecond))
}

// Whatever is broken has a reason, and every reason is one.
func TestReasons(t *testing.T) {
	var used []string
	for _, c := range RecordedCells(Places()) {
		if c.Outcome != explore.Violated {
			continue
		}
		if c.Reason == nil {
			t.Errorf("%s, %s: %s is broken in %d steps, and nobody knows why", c.Place.Key(), c.Variant, c.Property.ID, c.Steps)
			continue
		}
		used = append(used, c.Reason.ID)
	}
	for _, r := range Reasons() {
		if !slices.Contains(used, r.ID) {
			t.Errorf("reason %s explains nothing", r.ID)
		}
	}
}

// Every place is recorded for every variant, and nothing else is.
func TestRecordIsWhole(t *testing.T) {
	n := 0
	for _, p := range Places() {
		for _, v := range Variants() {
			if n++; find(Recorded(), p.Key(), v) == nil {
				t.Errorf("%s, %s: not recorded", p.Key(), v)
			}
		}
	}
	if len(Recorded()) != n {
		t.Errorf("%d records: want %d", len(Recorded()), n)
	}
	if text := format(Recorded()); text != data {
		t.Error("matrix.txt is not as it would be written")
	}
}

// compare fails unless all was decided as recorded.
func compare(t *testing.T, s *Search) {
	t.Helper()
	if stop := s.Stop(); stop != "" {
		t.Errorf("%s, %s: %s", s.Place.Key(), s.Variant, stop)
	}
	for _, d := range s.Differences() {
		t.Error(d)
	}
}

// The places that take no time are as recorded. (tcpcheck matrix --verify
// searches them all.)
func TestSmallPlaces(t *testing.T) {
	limit := uint64(60_000)
	if testing.Short() {
		limit = 15_000
	}
	for _, p := range Places() {
		for _, v := range Variants() {
			if r := find(Recorded(), p.Key(), v); r == nil || r.States > limit {
				continue
			}
			s, err := Run(context.Background(), p, v, Options{})
			if err != nil {
				t.Fatal(err)
			}
			compare(t, s)
		}
	}
}

// docs/matrix.md shows what is recorded, and what the presets say of themselves.
func TestPage(t *testing.T) {
	var b bytes.Buffer
	if err := Markdown(&b, RecordedCells(Places())); err != nil {
		t.Fatal(err)
	}
	const page = "../../docs/matrix.md"
	if *update || *updatePage {
		if err := os.WriteFile(page, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	had, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(had, b.Bytes()) {
		t.Error("docs/matrix.md is out of date: go test ./invariants/matrix -run TestPage -page")
	}
}
