package matrix

import (
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

// Harms are the properties that tell what an earlier connection does to a later
// one: each has a table of its own.
var Harms = []string{
	"no-stale-text", "stale-segment-moves-nothing", "stale-segment-kills-nothing", "no-false-connection", "agreed-numbers",
}

// Table is a part of the matrix: rows, and a column for each variant.
type Table struct {
	Title, About string
	First        string // the head of the first column
	Rows         []Row
}

// Row is a property, or a place.
type Row struct {
	Label string
	Place *Place // if the row is one
	Sums  []Sum  // one for each variant
}

// Sum is the verdict of some cells: broken if one is, with the shortest run;
// unknown if one is; else it holds in all their states.
type Sum struct {
	Outcome explore.Outcome
	Judged  int    // cells
	States  uint64 // of all cells
	Worst   *Cell  // that decided, of the broken ones the one with the shortest run
}

// add counts one more cell.
func (s *Sum) add(c *Cell) {
	worse := s.Judged == 0 || c.Outcome == explore.Violated && (s.Outcome != explore.Violated || c.Steps < s.Worst.Steps) ||
		c.Outcome == explore.Unknown && s.Outcome == explore.Holds
	if worse {
		s.Outcome, s.Worst = c.Outcome, c
	}
	s.Judged++
	s.States += c.States
}

// Tables arranges the cells.
func Tables(cells []Cell) []Table {
	var list []Table
	add := func(t Table) {
		if len(t.Rows) > 0 {
			list = append(list, t)
		}
	}
	var atStake []string // of what is forged: asked of it only, or broken by it
	for i := range cells {
		if c := &cells[i]; c.Place.Group == Attacks && (c.Outcome == explore.Violated || strings.HasPrefix(c.Property.ID, "blind-")) {
			atStake = append(atStake, c.Property.ID)
		}
	}
	for _, id := range Harms {
		p, err := invariants.Find(id)
		if err != nil {
			panic(err)
		}
		add(Table{Title: id, About: p.Meaning, First: "scenario", Rows: byPlace(cells, id)})
	}
	add(Table{Title: "Forged segments", First: "property",
		About: "An attacker who sees nothing forges one segment, with any numbers and flags. What holds makes the guess hard; nothing makes it impossible.",
		Rows:  byProperty(cells, func(c *Cell) bool { return c.Place.Group == Attacks && slices.Contains(atStake, c.Property.ID) })})
	add(Table{Title: "All other properties, one connection after another", First: "property",
		About: "Judged in all places of the tables of places above.",
		Rows:  byProperty(cells, func(c *Cell) bool { return c.Place.Group == Incarnations && !slices.Contains(Harms, c.Property.ID) })})
	add(Table{Title: "All properties, within one connection", First: "property",
		About: "How later connections pick their numbers does not matter here.",
		Rows:  byProperty(cells, func(c *Cell) bool { return c.Place.Group == OneConnection })})
	add(Table{Title: "Properties of whole runs", First: "property",
		About: "What must come in the end, if the network delivers what is repeated often enough, and timers fire.",
		Rows:  byProperty(cells, func(c *Cell) bool { return c.Place.Group == WholeRuns })})
	return list
}

// Stops are why cells are unknown, each once.
func Stops(cells []Cell) []string {
	var list []string
	for i := range cells {
		if stop := cells[i].Stop; stop != "" && !slices.Contains(list, stop) {
			list = append(list, stop)
		}
	}
	return list
}

// byPlace has a row for each place of several connections.
func byPlace(cells []Cell, property string) []Row {
	return rows(cells, func(c *Cell) (string, *Place, bool) {
		return c.Place.Key(), &c.Place, c.Place.Group == Incarnations && c.Property.ID == property
	})
}

// byProperty has a row for each property, summed over the places that belong.
func byProperty(cells []Cell, belongs func(c *Cell) bool) []Row {
	return rows(cells, func(c *Cell) (string, *Place, bool) { return c.Property.ID, nil, belongs(c) })
}

// rows sums cells up by label, in the order in which labels come.
func rows(cells []Cell, label func(c *Cell) (string, *Place, bool)) []Row {
	var list []Row
	variants := Variants()
	for i := range cells {
		c := &cells[i]
		name, place, belongs := label(c)
		if !belongs {
			continue
		}
		at := slices.IndexFunc(list, func(r Row) bool { return r.Label == name })
		if at < 0 {
			at = len(list)
			list = append(list, Row{Label: name, Place: place, Sums: make([]Sum, len(variants))})
		}
		list[at].Sums[slices.Index(variants, c.Variant)].add(c)
	}
	return list
}
