package matrix

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore"
)

// small is a place in that scenario, which takes no time.
func small(t *testing.T, scenario string) Place {
	i := slices.IndexFunc(Places(), func(p Place) bool { return p.Scenario == scenario })
	if i < 0 {
		t.Fatalf("no place in scenario %s", scenario)
	}
	return Places()[i]
}

// What is asked when the time is over is unknown, and never as recorded.
func TestNotBegun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s, err := Run(ctx, small(t, "refused"), Variants()[0], Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Double(ctx, Options{}); err != nil {
		t.Fatal(err)
	}
	if s.Stop() != "interrupted" || len(s.Differences()) > 0 {
		t.Errorf("stop %q, differences %q", s.Stop(), s.Differences())
	}
	cells := s.Cells()
	if len(cells) == 0 {
		t.Error("no cells")
	}
	for _, c := range cells {
		if c.Outcome != explore.Unknown || c.Stop != "interrupted" {
			t.Errorf("%s: %v, %q", c.Property.ID, c.Outcome, c.Stop)
		}
	}
	if _, err := s.Record(); err == nil {
		t.Error("what was not searched makes a record")
	}
	var b strings.Builder
	if err := Markdown(&b, cells); err != nil || strings.Contains(b.String(), "| ✓") || !strings.Contains(b.String(), "Not all was seen (interrupted)") {
		t.Errorf("%v: %s", err, b.String())
	}
}

// In a search that was cut short what was decided is compared, and only that.
func TestDifferencesOfAPart(t *testing.T) {
	s, err := Run(context.Background(), small(t, "refused"), Variants()[0], Options{})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, s)
	i := slices.IndexFunc(s.Report.Properties, func(v explore.Verdict) bool { return v.Outcome == explore.Holds })
	if i < 0 {
		t.Fatal("nothing holds")
	}
	s.Report.Stop = "interrupted"
	s.Report.States--
	v := &s.Report.Properties[i]
	v.Outcome = explore.Unknown
	if got := s.Differences(); len(got) != 0 || s.Stop() == "" {
		t.Errorf("undecided: stop %q, differences %q", s.Stop(), got)
	}
	v.Outcome, v.Depth = explore.Violated, 3
	if got := s.Differences(); len(got) != 1 || !strings.Contains(got[0], v.Property.ID+" violated in 3 steps, expected holds") {
		t.Errorf("broken: %q", got)
	}
	v.Outcome = explore.Unknown
	s.Report.States += 2
	if got := s.Differences(); len(got) != 1 || !strings.Contains(got[0], "states, expected") {
		t.Errorf("more states: %q", got)
	}
}

// A violation that could not be repeated in twice the space is no difference, but
// not as recorded either.
func TestUndecidedInTwiceTheSpace(t *testing.T) {
	s, err := Run(context.Background(), small(t, "old-text-close"), Variants()[0], Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Double(ctx, Options{}); err != nil {
		t.Fatal(err)
	}
	if len(s.twice) == 0 {
		t.Fatal("nothing is broken")
	}
	if got := s.Differences(); len(got) != 0 || s.Stop() != "interrupted" {
		t.Errorf("stop %q, differences %q", s.Stop(), got)
	}
}
