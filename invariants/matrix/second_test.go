package matrix

import (
	"context"
	"flag"
	"os"
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
			compare(t, s)
		}
	}
	if n == 0 {
		t.Error("no place is small enough")
	}
}

// growth is a field of a scenario and what it may become when the world grows.
// Growing adds runs, and takes none away. "" where it must not grow.
var growth = []struct {
	field string
	more  func(p Place, sc *explore.Scenario) string
}{
	{"capacity", func(Place, *explore.Scenario) string { return "3" }},
	{"duplication", func(Place, *explore.Scenario) string { return "2" }},
	{"retransmissions", func(Place, *explore.Scenario) string { return "2" }},
	{"a.octets", func(p Place, sc *explore.Scenario) string { return moreText(p, sc, 0) }},
	{"b.octets", func(p Place, sc *explore.Scenario) string { return moreText(p, sc, 1) }},
	{"a.soft-errors", func(Place, *explore.Scenario) string { return "1" }},
	{"b.keep-alives", func(Place, *explore.Scenario) string { return "1" }},
}

// moreText is one octet more. Where a second connection repeats numbers of the first
// and a side SENDs nothing, nothing is decided of text from it: what holds of it
// holds of no text at all.
func moreText(p Place, sc *explore.Scenario, side int) string {
	n := sc.Sides[side].Budget.Octets
	if n == 0 && p.Group == Incarnations && sc.ISN != explore.ISNClock {
		return ""
	}
	return strconv.Itoa(int(n) + 1)
}

// grown is what holds where it was decided and no more in a larger world: what
// is outgrown, and by what. Each is explained in the docs.
var grown = []struct{ property, field string }{
	{"no-silent-loss", "a.octets"}, // RST in LAST-ACK and CLOSING is silent: with text there is something to lose
	{"no-silent-loss", "b.octets"},
}

// Random walks through larger worlds try to break what holds. No search has decided what
// they find, so they are the same walks each time, unless another seed is asked
// for (-rapid.seed) or TCPCHECK_LARGE is set.
func TestWalks(t *testing.T) {
	if seed := flag.Lookup("rapid.seed"); seed.Value.String() == seed.DefValue && os.Getenv("TCPCHECK_LARGE") == "" {
		if err := seed.Value.Set("9293"); err != nil {
			t.Fatal(err)
		}
		defer seed.Value.Set(seed.DefValue)
	}
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
			more := g.more(p, sc)
			if more == "" || !rapid.Bool().Draw(t, g.field) {
				continue
			}
			if err := sc.Set(explore.Setting{Field: g.field, Value: more}); err != nil {
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
