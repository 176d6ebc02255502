package matrix

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/search"
)

// The plain engine, a map and forty lines that know of no symmetry, comes to the
// same verdicts where it can.
func TestPlainEngine(t *testing.T) {
	limit := uint64(20_000)
	if testing.Short() {
		limit = 3_000
	}
	n := 0
	for _, p := range Places() {
		for _, v := range Variants() {
			if r := find(Recorded(), p.Key(), v); r == nil || r.States > limit || p.Group == WholeRuns {
				continue
			}
			n++
			s, err := Run(context.Background(), p, v, Options{Plain: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range s.Differences() {
				t.Error(d)
			}
		}
	}
	if n == 0 {
		t.Error("no place is small enough")
	}
}

// growth is a field of a scenario and what it may become when the world grows.
// Growing adds runs, and takes none away.
var growth = []struct {
	field string
	more  func(sc *explore.Scenario) string
}{
	{"capacity", func(*explore.Scenario) string { return "3" }},
	{"duplication", func(sc *explore.Scenario) string { return "2" }},
	{"retransmissions", func(sc *explore.Scenario) string { return "2" }},
	{"a.octets", func(sc *explore.Scenario) string { return strconv.Itoa(int(sc.Sides[0].Budget.Octets) + 1) }},
	{"b.octets", func(sc *explore.Scenario) string { return strconv.Itoa(int(sc.Sides[1].Budget.Octets) + 1) }},
	{"a.soft-errors", func(*explore.Scenario) string { return "1" }},
	{"b.keep-alives", func(*explore.Scenario) string { return "1" }},
}

// grown is what holds where it was decided and no more in a larger world: what
// is outgrown, and by what. Each is explained in the docs.
var grown = []struct{ property, field string }{
	{"no-silent-loss", "a.octets"}, // RST in LAST-ACK and CLOSING is silent: with text there is something to lose
	{"no-silent-loss", "b.octets"},
}

// Random walks through larger worlds try to break what holds.
func TestWalks(t *testing.T) {
	var cells []*Record
	for _, p := range Places() {
		for _, v := range Variants() {
			if r := find(Recorded(), p.Key(), v); r != nil && p.Group != WholeRuns {
				cells = append(cells, r)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(cells).Draw(t, "place")
		p := Places()[slices.IndexFunc(Places(), func(p Place) bool { return p.Key() == r.Place })]
		sc, err := p.World(r.Variant)
		if err != nil {
			t.Fatal(err)
		}
		// Twice the space, so that more octets do not wrap round.
		if err := sc.Set(explore.Setting{Field: "bits", Value: strconv.Itoa(sc.Bits + 1)}); err != nil {
			t.Fatal(err)
		}
		var fields []string
		for _, g := range growth {
			if !rapid.Bool().Draw(t, g.field) {
				continue
			}
			if err := sc.Set(explore.Setting{Field: g.field, Value: g.more(sc)}); err != nil {
				t.Fatal(err)
			}
			fields = append(fields, g.field)
		}
		props := slices.DeleteFunc(p.Properties(), func(q *explore.Property) bool {
			return r.broken(q.ID) != nil || slices.ContainsFunc(grown, func(g struct{ property, field string }) bool {
				return g.property == q.ID && slices.Contains(fields, g.field)
			})
		})
		w, err := explore.Simulate(context.Background(), sc, props, search.Walks{Walks: 30, Steps: 80, Seed: rapid.Uint64().Draw(t, "seed")})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range w.Violations {
			t.Errorf("%s, %s, larger by %q: %s is broken in %d steps: %s", r.Place, r.Variant, fields, v.Property.ID, v.Depth, v.Trace.Info.Title)
		}
	})
}
