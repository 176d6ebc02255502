package explore

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// With the reduction the search sees exactly one of each two worlds that
// differ by an exchange of the sides, and takes its steps.
func TestSymmetrySeesOneOfTwo(t *testing.T) {
	oneAfterTheOther(t)
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		sc.Sides[1] = sc.Sides[0]
		if err := sc.prepare(); err != nil {
			t.Skip("impossible")
		}
		all, _, ok := sc.plainly(3000)
		if !ok {
			t.Skip("large")
		}
		store := rapid.SampledFrom([]search.Store{search.StoreMap, search.StoreTree}).Draw(t, "store")
		sp := newSpace(sc, nil)
		sp.swap = true
		seen, r := record(t, sp, store)

		want, steps := 0, 0
		for w := range all {
			other := w.Swapped().settle(sc.Order)
			if !seen[w] && !seen[other] {
				t.Fatalf("neither of two is seen: %+v", w)
			}
			if w != other && seen[w] && seen[other] {
				t.Fatalf("both of two are seen: %+v", w)
			}
			if seen[w] {
				want++
				steps += len(sc.next(w))
			}
		}
		if len(seen) != want || int(r.States) != want || int(r.Transitions) != steps {
			t.Fatalf("%d states recorded, %d counted, %d steps: want %d, %d", len(seen), r.States, r.Transitions, want, steps)
		}
	})
}
