package matrix

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
	"github.com/tcpcheck/tcpcheck/model"
)

// Place is a scenario in which properties are decided, for one ISN policy. It is
// searched once for each variant.
type Place struct {
	Scenario string // a preset
	Settings []explore.Setting
	// Group is what the place is about: one of the Group constants.
	Group Group
	// Assumes is what a verdict "holds" needs here beyond the scenario's sizes, in
	// a sentence; "" for nothing.
	Assumes string
	// Deep: searched only when asked for.
	Deep bool
}

// Group is a kind of places.
type Group uint8

// The groups.
const (
	OneConnection Group = iota // what happens within one connection
	WholeRuns                  // what must come in the end
	Incarnations               // what an earlier connection does to a later one
)

// String names the group as a heading.
func (g Group) String() string {
	return [...]string{"One connection", "Whole runs", "One connection after another"}[g]
}

// Key is the place in one line, as the data and the command line write it.
func (p Place) Key() string {
	parts := []string{p.Scenario}
	for _, s := range p.Settings {
		parts = append(parts, s.String())
	}
	return strings.Join(parts, " ")
}

// World is the scenario of the place for a variant.
func (p Place) World(variant string) (*explore.Scenario, error) {
	sc, err := explore.Preset(p.Scenario)
	if err != nil {
		return nil, err
	}
	if err := sc.Set(append([]explore.Setting{{Field: "variant", Value: variant}}, p.Settings...)...); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Key(), err)
	}
	return sc, nil
}

// ISN is how the place's connections pick their numbers: "clock", "arbitrary" or
// "constant".
func (p Place) ISN() string {
	sc, err := p.World(model.DefaultVariant)
	if err != nil {
		return ""
	}
	f, _ := explore.FindField("isn")
	return f.Get(sc)
}

// Properties are those judged in the place.
func (p Place) Properties() []*explore.Property {
	if p.Group == WholeRuns {
		var list []*explore.Property
		for _, q := range invariants.All() {
			if q.Kind.Live() {
				list = append(list, q)
			}
		}
		return list
	}
	return invariants.Safety()
}

// Variants are the columns of the matrix.
func Variants() []string {
	var names []string
	for _, v := range model.Variants() {
		names = append(names, v.Name)
	}
	return names
}
