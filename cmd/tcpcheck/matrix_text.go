package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants/matrix"
)

// matrixText prints the cells as tables, what is broken with a letter for the
// reason.
func (a *app) matrixText(cells []matrix.Cell) {
	var why []*matrix.Reason
	letter := func(r *matrix.Reason) string {
		if r == nil {
			return ""
		}
		i := slices.IndexFunc(why, func(x *matrix.Reason) bool { return x.ID == r.ID })
		if i < 0 {
			i = len(why)
			why = append(why, r)
		}
		return " " + footnote(i)
	}
	n := map[explore.Outcome]int{}
	starred := false
	for i := range cells {
		n[cells[i].Outcome]++
		starred = starred || cells[i].TwiceNote() != ""
	}
	for _, t := range matrix.Tables(cells) {
		a.printf("%s\n", a.paint(bold, t.Title))
		a.wrapped(0, t.About)
		rows := [][]string{append([]string{t.First}, matrix.Variants()...)}
		holding := 0
		for _, r := range t.Rows {
			if r.Place == nil && holdsEverywhere(&r) && len(t.Rows) > 10 {
				holding++
				continue
			}
			row := []string{r.Label}
			for _, s := range r.Sums {
				row = append(row, sumText(&s, letter, r.Place == nil))
			}
			rows = append(rows, row)
		}
		a.printf("\n")
		if len(rows) > 1 {
			a.columns(rows)
		}
		if holding > 0 {
			a.wrapped(0, fmt.Sprintf("✓ %s in every variant and every state (--markdown names them)", plural(holding, "other holds", "others hold")))
		}
		a.printf("\n")
	}
	for i, r := range why {
		source := r.Source
		if r.Finding {
			source += "; a finding"
		}
		a.wrapped(0, fmt.Sprintf("%s: %s (%s)", footnote(i), r.Text, source))
	}
	if starred {
		a.wrapped(0, "*: in twice the sequence space it takes another number of steps, or was not decided (--markdown says which)")
	}
	stops := matrix.Stops(cells)
	if len(stops) > 0 {
		a.wrapped(0, "?: not decided, since not all was seen: "+strings.Join(stops, "; ")+"; a ✗ of several scenarios may take fewer steps in another")
	}
	if len(why)+len(stops) > 0 {
		a.printf("\n")
	}
	a.printf("%s: %d hold, %d broken, %d unknown\n", count(len(cells), "verdict"), n[explore.Holds], n[explore.Violated], n[explore.Unknown])
}

// holdsEverywhere tells whether a row's property holds for every variant.
func holdsEverywhere(r *matrix.Row) bool {
	return !slices.ContainsFunc(r.Sums, func(s matrix.Sum) bool { return s.Outcome != explore.Holds })
}

// footnote is a, b, ... z, aa, ...
func footnote(i int) string {
	s := string(rune('a' + i%26))
	if i >= 26 {
		s = string(rune('a'+i/26-1)) + s
	}
	return s
}

// sumText is the verdict of some cells; named: with the scenario that decided.
func sumText(s *matrix.Sum, letter func(*matrix.Reason) string, named bool) string {
	switch {
	case s.Judged == 0:
		return ""
	case s.Outcome == explore.Holds:
		return "✓ " + humanize.Comma(int64(s.States))
	case s.Outcome == explore.Unknown:
		return "?"
	}
	text := fmt.Sprintf("✗ %d%s", s.Worst.Steps, letter(s.Worst.Reason))
	if s.Worst.TwiceNote() != "" {
		text += "*"
	}
	if named {
		text += " " + s.Worst.Place.Scenario
	}
	return text
}

// columns prints rows in columns, each as wide as it must be; the first row is
// the head.
func (a *app) columns(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], len([]rune(text)))
		}
	}
	for n, row := range rows {
		line := ""
		for i, text := range row {
			if i < len(row)-1 {
				text = pad(text, widths[i]+2)
			}
			line += text
		}
		line = strings.TrimRight(line, " ")
		if n == 0 {
			line = a.paint(faint, line)
		}
		a.printf("%s\n", line)
	}
}
