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
	"github.com/tcpcheck/tcpcheck/explore/search"
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
		names := []string{"handshake", "old-syn", "half-duplex-close", "live-open", "data", "attack"}
		if testing.Short() {
			names = names[:5] // data goes to disk
		}
		for _, name := range names {
			sc, err := explore.Preset(name)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, *sc)
		}
	}
	spilled := 0
	for _, sc := range list {
		t.Run(sc.Name, func(t *testing.T) {
			c := interrupted{sc: &sc, props: invariants.Judged(&sc)}
			whole := c.check(t, explore.Options{})
			c.same(t, whole, 0)
			// What is not enough for the tables, which stay in memory, ends a search.
			limit := 1<<17 + 3*whole.States
			for !c.same(t, whole, limit) {
				limit += limit / 2
			}
			spilled += c.spilled
		})
	}
	if spilled == 0 {
		t.Error("nothing went to disk")
	}
}

// interrupted checks a scenario that is cut short and goes on.
type interrupted struct {
	sc      *explore.Scenario
	props   []*explore.Property
	spilled int // searches that went to disk
}

func (c *interrupted) check(t *testing.T, o explore.Options) *explore.Report {
	t.Helper()
	o.Pairs, o.Workers = true, 2
	r, err := explore.Check(context.Background(), c.sc, c.props, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// same compares with the whole search one that is cut short half-way and goes on,
// with a limit of memory (0: none). It is false if that is not enough.
func (c *interrupted) same(t *testing.T, whole *explore.Report, limit uint64) bool {
	t.Helper()
	o := explore.Options{Checkpoint: t.TempDir(), Resume: true, MaxDepth: whole.Depth / 2}
	if limit > 0 {
		o.Spill = t.TempDir()
		o.StoreLimit(limit)
	}
	cut := c.check(t, o)
	o.MaxDepth = 0
	got := c.check(t, o)
	for _, r := range []*explore.Report{cut, got} {
		if limit > 0 && strings.HasPrefix(r.Stop, search.MemoryLimit.String()) {
			return false
		}
	}
	if diff := cmp.Diff(strings.Split(text(t, whole), "\n"), strings.Split(text(t, got), "\n")); diff != "" {
		t.Errorf("in %d bytes, resumed at level %d of %d: the report differs:\n%s", limit, got.Resumed, whole.Depth, diff)
	}
	if cut.Stop == "" || got.Resumed == 0 {
		t.Errorf("stopped by %q, then resumed at %d", cut.Stop, got.Resumed)
	}
	if got.Disk > 0 {
		c.spilled++
	}
	t.Logf("%d states, %d bytes of memory, %d on disk", got.States, limit, got.Disk)
	return true
}
