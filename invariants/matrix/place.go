package matrix

import (
	"fmt"
	"slices"
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
	Attacks                    // what segments do that an attacker forges, who sees nothing
)

// String names the group as a heading.
func (g Group) String() string {
	return [...]string{"One connection", "Whole runs", "One connection after another", "Forged segments"}[g]
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
	sc, err := p.World(model.DefaultVariant)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(invariants.Judged(sc), func(q *explore.Property) bool {
		return q.Kind.Live() != (p.Group == WholeRuns)
	})
}

// Assumes is what a verdict "holds" needs here beyond the scenario's sizes; "" for
// nothing. It is read off the scenario.
func (p Place) Assumes() string {
	sc, err := p.World(model.DefaultVariant)
	if err != nil || p.Group != Incarnations {
		return ""
	}
	var list []string
	if sc.ISN == explore.ISNClock {
		list = append(list, "numbers that increase and do not come round")
	}
	if !sc.UserTimeout {
		list = append(list, "nobody gives up")
	}
	switch {
	case sc.Life > 0:
		list = append(list, fmt.Sprintf("nothing stays unacknowledged for longer than %d ticks, an MSL being %d", sc.Life, sc.MSL))
	case sc.MSL > 0 && sc.ISN != explore.ISNClock:
		list = append(list, fmt.Sprintf("a segment is repeated %s at most", times(sc.Retransmissions)))
	}
	for _, c := range model.Choices() {
		if value := c.Get(sc.Behaviours); value != c.Values[0].Name {
			list = append(list, fmt.Sprintf("`%s: %s`", c.Name, value))
		}
	}
	return strings.Join(list, "; ")
}

func times(n uint8) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// Variants are the columns of the matrix.
func Variants() []string {
	var names []string
	for _, v := range model.Variants() {
		names = append(names, v.Name)
	}
	return names
}
