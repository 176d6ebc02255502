package invariants_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/invariants"
	"github.com/tcpcheck/tcpcheck/model"
)

// alike are the presets whose users may do the same at both sides, with sides
// that are alike: where they open, both do so actively.
func alike() (list []explore.Scenario) {
	for _, sc := range explore.Presets() {
		if a, b := sc.Sides[0], sc.Sides[1]; a.Start == b.Start && a.Budget == b.Budget && a.Slow == b.Slow && a.Old == b.Old {
			sc.Sides[1] = sc.Sides[0]
			list = append(list, sc)
		}
	}
	return list
}

// Seeing one of two states that differ by an exchange of the sides gives the
// same verdicts, by traces of the same length that replay, whatever the number
// of workers: in the large presets, of which one is enough, if TCPCHECK_LARGE is
// set.
func TestSymmetryKeepsVerdicts(t *testing.T) {
	ctx := context.Background()
	scenarios := alike()
	if len(scenarios) < 4 {
		t.Errorf("only %d presets are symmetric", len(scenarios))
	}
	for _, sc := range scenarios {
		t.Run(sc.Name, func(t *testing.T) {
			states := counts[sc.Name].states
			large := states > 500_000 && sc.Name != "reincarnation" && os.Getenv("TCPCHECK_LARGE") == ""
			if sc.Deep || large || testing.Short() && states > 100_000 {
				t.Skipf("%d states", states)
			}
			whole, err := explore.Check(ctx, &sc, invariants.Safety(), explore.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var first *explore.Report
			for _, workers := range []int{2, 1, 8} {
				if first != nil && whole.States > 500_000 {
					break
				}
				half, err := explore.Check(ctx, &sc, invariants.Safety(), explore.Options{Symmetry: true, Workers: workers})
				if err != nil {
					t.Fatal(err)
				}
				if !half.Symmetry.On {
					t.Fatalf("symmetry is off: %s", half.Symmetry.Off)
				}
				if half.Stop != "" || half.States > whole.States*51/100 || half.States < (whole.States+1)/2 || half.Depth != whole.Depth {
					t.Errorf("%d states, depth %d, %q: about half of %d and depth %d wanted", half.States, half.Depth, half.Stop, whole.States, whole.Depth)
				}
				for i, v := range half.Properties {
					want := whole.Properties[i]
					if v.Outcome != want.Outcome || v.Depth != want.Depth {
						t.Errorf("%s: %v in %d steps, without symmetry %v in %d", v.Property.ID, v.Outcome, v.Depth, want.Outcome, want.Depth)
					}
				}
				if first == nil {
					first = half
				}
				sameReport(t, first, half)
			}
		})
	}
}

// sameReport compares counts and traces, byte by byte.
func sameReport(t *testing.T, a, b *explore.Report) {
	t.Helper()
	if a.States != b.States || a.Transitions != b.Transitions || a.Depth != b.Depth {
		t.Errorf("%d states, %d steps, depth %d against %d, %d, %d", a.States, a.Transitions, a.Depth, b.States, b.Transitions, b.Depth)
	}
	for i := range a.Properties {
		x, y := a.Properties[i].Trace, b.Properties[i].Trace
		if (x == nil) != (y == nil) {
			t.Errorf("%s: only one has a trace", a.Properties[i].Property.ID)
		}
		if x == nil || y == nil {
			continue
		}
		var p, q bytes.Buffer
		if err := trace.WriteJSON(&p, x); err != nil {
			t.Fatal(err)
		}
		if err := trace.WriteJSON(&q, y); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(p.Bytes(), q.Bytes()) {
			t.Errorf("%s: the traces differ:\n%s\n%s", a.Properties[i].Property.ID, trace.Format(x, trace.Options{}), trace.Format(y, trace.Options{}))
		}
	}
}

// A scenario or a property that tells the sides apart switches symmetry off.
func TestSymmetryIsOffWhereSidesDiffer(t *testing.T) {
	sc, err := explore.Preset("handshake")
	if err != nil {
		t.Fatal(err)
	}
	r, err := explore.Check(context.Background(), sc, nil, explore.Options{Symmetry: true})
	if err != nil || r.Symmetry.On || r.Symmetry.Off == "" || r.States != counts["handshake"].states {
		t.Errorf("handshake, an active and a passive side: %+v, %d states, %v", r.Symmetry, r.States, err)
	}
	same := alike()[0]
	named := &explore.Property{
		ID: "a-is-never-established", Name: "A is never ESTABLISHED", NamesSide: true,
		State: func(v *explore.View) bool { return v.Sides[trace.A].TCB.State == model.Established },
	}
	r, err = explore.Check(context.Background(), &same, []*explore.Property{named}, explore.Options{Symmetry: true})
	if err != nil || r.Symmetry.On || r.Properties[0].Outcome != explore.Violated {
		t.Errorf("%s with a property that names a side: %+v, %v, %v", same.Name, r.Symmetry, r.Properties[0].Outcome, err)
	}
}
