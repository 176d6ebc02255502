package explore

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Where both sides of a scenario are alike, exchanging them turns a run into a
// run. Of two worlds that differ by that exchange only one need be seen: about
// half of all. Properties look at steps before they are exchanged, and at
// states of which either would do; a property that names a side would see only
// one of the two, so it switches the reduction off. Which of the two is kept
// depends on numbers and so on timing; counts do not depend on it, and traces
// are told as runs of the scenario.

// asymmetry says why exchanging the sides is no symmetry of the scenario with
// these properties; "" if it is one.
func (sc *Scenario) asymmetry(props []*Property) string {
	if sc.Sides[0] != sc.Sides[1] {
		a, b := SideFields(0), SideFields(1)
		for i := range a {
			if x, y := a[i].Get(sc), b[i].Get(sc); x != y {
				return fmt.Sprintf("the sides differ: %s is %s for A and %s for B", a[i].Name, x, y)
			}
		}
		return "the sides differ"
	}
	for _, p := range props {
		if p.NamesSide {
			return fmt.Sprintf("property %s names a side", p.ID)
		}
	}
	return ""
}

// swapped is the world with the sides exchanged.
func (p packed) swapped() packed {
	p.side[0], p.side[1] = p.side[1], p.side[0]
	p.net[0], p.net[1] = p.net[1], p.net[0]
	return p
}

// oriented is the world that the state stands for: if it stands for two, the
// lesser by content, swapped telling that its sides are exchanged.
func (sp *space) oriented(s search.State) (p packed, swapped bool) {
	p = sp.unpack(s)
	if !sp.swap {
		return p, false
	}
	if q := p.swapped(); sp.compare(&q, &p) < 0 {
		return q, true
	}
	return p, false
}

// Swapped is the world with the sides exchanged.
func (w World) Swapped() World {
	w.Sides[0], w.Sides[1] = w.Sides[1], w.Sides[0]
	w.Net[0], w.Net[1] = w.Net[1], w.Net[0]
	return w
}
