package models

import (
	"cmp"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Jugs is the puzzle of the film Die Hard 3: a jug of 3 gallons, one of 5, and
// water; measure 4. Mark 0 is set where it is done.
type Jugs struct{ Small, Big int }

// Jugging is the rules of the puzzle.
type Jugging struct{}

// Init is both jugs empty.
func (Jugging) Init() []Jugs { return []Jugs{{}} }

// Next fills, empties or pours; each is always possible.
func (Jugging) Next(j Jugs, emit func(Jugs, search.Action, search.Marks)) {
	toBig, toSmall := min(j.Small, 5-j.Big), min(j.Big, 3-j.Small)
	for a, next := range [...]Jugs{
		{3, j.Big}, {j.Small, 5}, {0, j.Big}, {j.Small, 0},
		{j.Small - toBig, j.Big + toBig}, {j.Small + toSmall, j.Big - toSmall},
	} {
		emit(next, search.Action(a), 0)
	}
}

// Check looks for 4 gallons.
func (Jugging) Check(j Jugs, _ bool) search.Marks {
	if j.Big == 4 {
		return 1
	}
	return 0
}

// Compare orders by the small jug, then the big one.
func (Jugging) Compare(a, b Jugs) int {
	return cmp.Or(cmp.Compare(a.Small, b.Small), cmp.Compare(a.Big, b.Big))
}
