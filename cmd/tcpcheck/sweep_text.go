package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/tcpcheck/tcpcheck/explore"
)

// printSweep prints a table for each property whose verdict changes, with its
// boundary, and names the others.
func (a *app) printSweep(s *sweep) {
	holding := 0
	var broken []string
	var changing []int
	for k, p := range s.properties {
		switch s.throughout(k) {
		case explore.Holds:
			holding++
		case explore.Violated:
			broken = append(broken, p.ID)
		default:
			changing = append(changing, k)
		}
	}
	a.printf("%s %s%s\n\n", s.scenario.Name, a.label(s.scenario), count(len(s.points), "scenario"))
	named := len(s.properties) <= 4
	for k := range s.properties {
		if slices.Contains(changing, k) || named {
			a.sweepTable(s, k)
		}
	}
	if holding > 0 && !named {
		a.printf("✓ %s everywhere\n", plural(holding, "property holds", "properties hold"))
	}
	if len(broken) > 0 && !named {
		a.wrapped(0, fmt.Sprintf("✗ %s everywhere: %s", plural(len(broken), "property is broken", "properties are broken"), strings.Join(broken, ", ")))
	}
	idle, stop := 0, "" // those that were not begun
	for i := range s.points {
		if p := &s.points[i]; p.Err != nil {
			a.wrapped(0, "— "+strings.Join(p.Values, ", ")+" is no scenario: "+p.Err.Error())
		} else if p.Report.States == 0 {
			idle++
			stop = p.Report.Stop
		} else if !s.decided(p) {
			a.wrapped(0, "? "+strings.Join(p.Values, ", ")+": "+p.Report.Stop)
		}
	}
	if idle > 0 {
		a.printf("? %s not begun: %s\n", plural(idle, "scenario was", "scenarios were"), stop)
	}
	for i := range s.points {
		p := &s.points[i]
		if p.Report == nil || p.Report.Outcome != explore.Violated {
			continue
		}
		for _, v := range p.Report.Properties {
			if v.Outcome == explore.Violated {
				a.printf("\na run:  tcpcheck check %s --property %s\n", asked(p.Report.Scenario), v.Property.ID)
				return
			}
		}
	}
}

// throughout is the outcome at every point; unknown if they differ.
func (s *sweep) throughout(k int) explore.Outcome {
	var seen []explore.Outcome
	for i := range s.points {
		if o := s.points[i].Outcome(k); s.points[i].Err == nil && !slices.Contains(seen, o) {
			seen = append(seen, o)
		}
	}
	if len(seen) != 1 {
		return explore.Unknown
	}
	return seen[0]
}

// sweepTable prints a property's table: a row for each combination of all
// values but the last axis's, which are the columns.
func (a *app) sweepTable(s *sweep, k int) {
	p := s.properties[k]
	a.printf("%s: %s\n", a.paint(bold, p.ID), p.Name)
	last := len(s.axes) - 1
	var rows [][]string
	if last == 0 {
		rows = append(rows, []string{"", s.axes[0].Field, "verdict"})
		for i := range s.points {
			rows = append(rows, []string{"", s.points[i].Values[0], pointText(&s.points[i], k)})
		}
	} else {
		head := []string{""}
		for _, x := range s.axes[:last] {
			head = append(head, x.Field)
		}
		for _, v := range s.axes[last].Values {
			head = append(head, s.axes[last].Field+"="+v)
		}
		rows = append(rows, head)
		for i := range s.points {
			if i%len(s.axes[last].Values) == 0 {
				rows = append(rows, append([]string{""}, s.points[i].Values[:last]...))
			}
			r := &rows[len(rows)-1]
			*r = append(*r, pointText(&s.points[i], k))
		}
	}
	a.columns(rows)
	for _, b := range explore.Boundary(s.axes, s.points, k, s.along()) {
		if len(b.With) == 1 && b.With[0] == "" || len(s.axes) > 1 && len(b.With) == len(s.points)/len(s.axes[s.along()].Values) {
			a.wrapped(2, b.Says)
			continue
		}
		a.wrapped(2, b.Says+", with "+strings.Join(b.With, "; "))
	}
	a.printf("\n")
}

// along is the axis along which boundaries are told: the last of rising numbers,
// else the last.
func (s *sweep) along() int {
	for i, x := range slices.Backward(s.axes) {
		if x.Ordered {
			return i
		}
	}
	return len(s.axes) - 1
}

// pointText is the verdict at a point.
func pointText(p *explore.Point, k int) string {
	if p.Err != nil {
		return "—"
	}
	switch v := p.Report.Properties[k]; v.Outcome {
	case explore.Holds:
		return "✓ " + humanize.Comma(int64(p.Report.States))
	case explore.Violated:
		return fmt.Sprintf("✗ %d", v.Depth)
	}
	return "?"
}

// plural is a number and one of two phrases.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
