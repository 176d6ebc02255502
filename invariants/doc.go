// Package invariants is the properties of TCP: each with an ID, the sentence
// of the RFC that it comes from, its meaning in plain words, and a predicate
// over states or steps of a world.
//
// [All] lists them, [Find] finds some by ID. A predicate is true where its
// property is broken, or, for a witness, where it is shown.
//
// Predicates look from outside: at what an endpoint was sent and sends, at its
// variables and at the ghosts. None calls the model to ask what it would do.
package invariants

import (
	"fmt"
	"slices"

	"github.com/tcpcheck/tcpcheck/explore"
)

// families lists the properties in the order in which they are shown.
var families = [][]*explore.Property{data, handshake, resets, closing, incarnations, forged, shape, endings, liveness, witnesses}

// All lists every property. The slice is the caller's; the properties are not.
func All() []*explore.Property {
	var list []*explore.Property
	for _, f := range families {
		list = append(list, f...)
	}
	return list
}

// Find returns the property with the ID.
func Find(id string) (*explore.Property, error) {
	for _, p := range slices.Concat(All(), leftovers, arrowWitnesses) {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, fmt.Errorf("property %q is not known", id)
}

// Leftovers lists the questions after what is in the network when TIME-WAIT ends.
// They are judged only if they are asked for. The slice is the caller's; the
// properties are not.
func Leftovers() []*explore.Property { return slices.Clone(leftovers) }

// Safety lists the properties of states and steps that are not witnesses.
func Safety() []*explore.Property {
	var list []*explore.Property
	for _, p := range All() {
		if p.Kind != explore.Reachable && !p.Kind.Live() {
			list = append(list, p)
		}
	}
	return list
}

// Judged lists the properties that can be judged in the scenario: those of
// states and steps, of them those of attacks where there are any, and those of
// runs where segments are repeated without end.
func Judged(sc *explore.Scenario) []*explore.Property {
	list := Safety()
	if sc.Sides[0].Budget.Attacks == 0 && sc.Sides[1].Budget.Attacks == 0 {
		list = slices.DeleteFunc(list, func(p *explore.Property) bool { return slices.Contains(forged, p) })
	}
	if sc.Retransmissions == explore.Unlimited && sc.Loss == explore.Unlimited {
		list = append(list, liveness...)
	}
	return list
}

// Guaranteed lists the properties that the scenario guarantees: all that can be
// judged but the known holes.
func Guaranteed(sc *explore.Scenario) []*explore.Property {
	var list []*explore.Property
	for _, p := range Judged(sc) {
		if sc.Hole(p.ID) == nil {
			list = append(list, p)
		}
	}
	return list
}
