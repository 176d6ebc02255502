package search_test

import (
	"cmp"
	"context"
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// ferry is the puzzle of the wolf, the goat and the cabbage: what is on the far
// bank of a river. The farmer rows with at most one of them.
type ferry struct{ farmer, wolf, goat, cabbage bool }

const (
	eaten  = iota // mark: the wolf is alone with the goat, or the goat with the cabbage
	across        // mark: all are on the far bank
)

var trips = []string{"alone", "with the wolf", "with the goat", "with the cabbage"}

type ferrying struct{}

func (ferrying) Init() []ferry { return []ferry{{}} }

func (ferrying) Next(f ferry, emit func(ferry, search.Action, search.Marks)) {
	if lost(f) {
		return
	}
	for trip := range trips {
		next := f
		next.farmer = !f.farmer
		switch {
		case trip == 1 && f.wolf == f.farmer:
			next.wolf = next.farmer
		case trip == 2 && f.goat == f.farmer:
			next.goat = next.farmer
		case trip == 3 && f.cabbage == f.farmer:
			next.cabbage = next.farmer
		case trip != 0:
			continue
		}
		emit(next, search.Action(trip), 0)
	}
}

func lost(f ferry) bool {
	return f.goat != f.farmer && (f.wolf == f.goat || f.cabbage == f.goat)
}

func (ferrying) Check(f ferry, deadlock bool) (marks search.Marks) {
	if lost(f) {
		marks |= 1 << eaten
	}
	if f == (ferry{true, true, true, true}) {
		marks |= 1 << across
	}
	return marks
}

func (ferrying) Compare(a, b ferry) int { return cmp.Compare(a.number(), b.number()) }

func (f ferry) number() (n int) {
	for _, bank := range []bool{f.farmer, f.wolf, f.goat, f.cabbage} {
		n *= 2
		if bank {
			n++
		}
	}
	return n
}

// A model of your own: what there is, what may happen, and what is looked for.
// The search finds the shortest way there, and what it doesn't find in a complete
// search doesn't exist.
func Example() {
	model := search.Of(ferrying{})
	r, err := search.Run(context.Background(), model, search.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d states, %d transitions, complete: %v\n", r.States, r.Transitions, r.Complete)
	fmt.Println("something may be eaten after", r.Finding(eaten).Depth, "trip")
	for _, step := range r.Finding(across).Trace[:r.Finding(across).Depth] {
		fmt.Println("row", trips[step.Action])
	}
	// Output:
	// 16 states, 30 transitions, complete: true
	// something may be eaten after 1 trip
	// row with the goat
	// row alone
	// row with the wolf
	// row with the goat
	// row with the cabbage
	// row alone
	// row with the goat
}
