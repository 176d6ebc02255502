package explore_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/invariants"
)

// text is all of a report but what it took.
func text(t *testing.T, r *explore.Report) string {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "%v %q %d %d %d %v %d\n%+v\n%+v\n%+v\n", r.Outcome, r.Stop, r.States, r.Transitions, r.Depth, r.Levels, r.Whole, r.Symmetry, r.Coverage, r.Pairs)
	for _, v := range r.Properties {
		fmt.Fprintf(&b, "%s %v %d\n", v.Property.ID, v.Outcome, v.Depth)
		if v.Trace != nil {
			if err := trace.WriteJSON(&b, v.Trace); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b.String()
}

// Spilled and resumed, a check gives the report that it gives in memory: on some
// presets, or on all if TCPCHECK_LARGE is set.
func TestSpilledAndResumedReportsAreTheSame(t *testing.T) {
	list := explore.Presets()
	if os.Getenv("TCPCHECK_LARGE") == "" {
		list = nil
		for _, name := range []string{"handshake", "old-syn", "half-duplex-close", "data", "live-open"} {
			sc, err := explore.Preset(name)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, *sc)
		}
	}
	spilled := 0
	for _, sc := range list {
		props := invariants.Judged(&sc)
		check := func(o explore.Options) *explore.Report {
			o.Pairs, o.Workers = true, 2
			r, err := explore.Check(context.Background(), &sc, props, o)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		r := check(explore.Options{})
		want := text(t, r)
		for _, limit := range []uint64{0, 1<<17 + 3*r.States} {
			o := explore.Options{Checkpoint: t.TempDir(), Resume: true, MaxDepth: r.Depth / 2}
			if limit > 0 {
				o.Spill = t.TempDir()
				o.StoreLimit(limit)
			}
			cut := check(o)
			o.MaxDepth = 0
			got := check(o)
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(text(t, got), "\n")); diff != "" {
				t.Errorf("%s, in %d bytes, resumed at level %d of %d: the report differs:\n%s", sc.Name, limit, got.Resumed, r.Depth, diff)
			}
			if cut.Stop == "" || got.Resumed == 0 {
				t.Errorf("%s: stopped by %q, then resumed at %d", sc.Name, cut.Stop, got.Resumed)
			}
			if got.Disk > 0 {
				spilled++
			}
			t.Logf("%s: %d states, %d bytes on disk", sc.Name, got.States, got.Disk)
		}
	}
	if spilled == 0 {
		t.Error("nothing went to disk")
	}
}
