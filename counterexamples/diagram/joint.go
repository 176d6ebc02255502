package diagram

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/model"
)

// Joint is the pairs of states that a scenario's two sides are in.
type Joint struct {
	Scenario string
	Mutant   string
	Worlds   uint64
	explore.Pairs
}

// DiscoverJoint searches the scenario for pairs, as [Discover] does.
func DiscoverJoint(ctx context.Context, sc *explore.Scenario, memory uint64) (*Joint, error) {
	r, err := explore.Check(ctx, sc, nil, explore.Options{Pairs: true, Memory: memory})
	if err != nil {
		return nil, err
	}
	if r.Stop != "" {
		return nil, &StoppedError{sc.Name, r.Stop}
	}
	return &Joint{sc.Name, sc.Mutant, r.States, *r.Pairs}, nil
}

// WriteJoint draws the pairs, as [Write] draws a diagram.
func WriteJoint(w io.Writer, format string, j *Joint) error {
	var b bytes.Buffer
	switch format {
	case "svg":
		jointSVG(&b, j)
	case "dot":
		jointDOT(&b, j)
	case "mermaid":
		jointMermaid(&b, j)
	default:
		return unknown(format)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (j *Joint) title() string {
	text := "The states of both sides at the same time, as the search discovers them"
	if j.Mutant != "" {
		text += ", with the bug " + j.Mutant
	}
	return text
}

func (j *Joint) about() string {
	n := 0
	for _, row := range j.Pairs.Worlds {
		for _, worlds := range row {
			if worlds > 0 {
				n++
			}
		}
	}
	return fmt.Sprintf("Scenario %s: %s worlds, each seen, in %d of 121 pairs; %d moves between pairs.",
		j.Scenario, humanize.Comma(int64(j.Worlds)), n, len(j.Moves))
}

// Measures of the matrix.
const (
	cellWidth  = 104.0
	cellHeight = 62.0
	cellsLeft  = 130.0
	cellsTop   = 110.0
)

// cell is the upper left corner of a pair: A's state says the row, B's the column.
func cell(a, b model.State) svg.Point {
	return svg.At(cellsLeft+cellWidth*float64(b), cellsTop+cellHeight*float64(a))
}

func jointSVG(w *bytes.Buffer, j *Joint) {
	f := svg.Writer{W: w}
	end := cell(model.State(model.NumStates), model.State(model.NumStates))
	width, height := end.X+20, end.Y+64
	w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	f.Begin(j.title(), "tcpcheck diagram", width, height, style)
	f.Empty("rect", "class", "paper", "width", width, "height", height)
	f.Text("text", j.title(), "class", "head", "x", 20.0, "y", 34.0)
	f.Text("text", j.about(), "class", "dim", "x", 20.0, "y", 54.0)
	f.Text("text", "A ↓   B →", "class", "event right", "x", cellsLeft-10, "y", cellsTop-10)
	for s := range model.State(model.NumStates) {
		f.Text("text", s.String(), "class", "event middle", "x", cell(0, s).X+cellWidth/2, "y", cellsTop-10)
		f.Text("text", s.String(), "class", "event right", "x", cellsLeft-10, "y", cell(s, 0).Y+cellHeight/2+4)
	}
	for a, row := range j.Pairs.Worlds {
		for b, n := range row {
			jointCell(f, model.State(a), model.State(b), n)
		}
	}
	for _, m := range j.Moves {
		jointMove(f, m)
	}
	for i, text := range []string{
		"A cell is a pair of states that some world is in, and how many worlds are. An empty one is never reached.",
		"Lines: from a pair to the next one. ▴ A goes to CLOSED from there, ◂ B does.",
	} {
		f.Text("text", text, "class", "dim", "x", 20.0, "y", end.Y+28+line*1.2*float64(i))
	}
	f.Close("svg")
}

func jointCell(f svg.Writer, a, b model.State, worlds uint64) {
	p := cell(a, b)
	const gap = 7.0
	if worlds == 0 {
		f.Empty("rect", "class", "never", "x", p.X+gap, "y", p.Y+gap, "width", cellWidth-2*gap, "height", cellHeight-2*gap, "rx", 5.0)
		return
	}
	f.Open("g", fmt.Sprintf("A %v, B %v: %s worlds", a, b, humanize.Comma(int64(worlds))))
	// A's colour on the left, B's on the right.
	for i, s := range []model.State{a, b} {
		f.Empty("rect", "class", s, "x", p.X+gap+float64(i)*(cellWidth/2-gap), "y", p.Y+gap, "width", cellWidth/2-gap, "height", cellHeight-2*gap)
	}
	f.Empty("rect", "class", "frame", "x", p.X+gap, "y", p.Y+gap, "width", cellWidth-2*gap, "height", cellHeight-2*gap)
	f.Text("text", humanize.Comma(int64(worlds)), "class", "middle", "x", p.X+cellWidth/2, "y", p.Y+cellHeight/2+4)
	f.Close("g")
}

// jointMove draws a move between two cells as a bow, so that it passes those
// between by. A move to CLOSED is a sign in the cell that it leaves.
func jointMove(f svg.Writer, m explore.PairMove) {
	from, to := cell(m.From[0], m.From[1]), cell(m.To[0], m.To[1])
	title := fmt.Sprintf("A %v, B %v → A %v, B %v: %s steps", m.From[0], m.From[1], m.To[0], m.To[1], humanize.Comma(int64(m.Count)))
	for i, sign := range []string{"▴", "◂"} {
		if m.To[i] == model.Closed && m.From[i] != model.Closed && m.To[1-i] == m.From[1-i] {
			at := []svg.Point{svg.At(from.X+cellWidth/2, from.Y+17), svg.At(from.X+13, from.Y+cellHeight/2+4)}[i]
			f.Open("g", title)
			f.Text("text", sign, "class", "sign middle", "x", at.X, "y", at.Y)
			f.Close("g")
			return
		}
	}
	middle := func(p svg.Point) svg.Point { return svg.At(p.X+cellWidth/2, p.Y+cellHeight/2) }
	p, q := middle(from), middle(to)
	var bow svg.Point
	switch far := max(abs(to.X-from.X)/cellWidth, abs(to.Y-from.Y)/cellHeight); {
	case p.X == q.X: // A moves
		side := min(16+7*(far-1), 40)
		if q.Y < p.Y {
			side = -side
		}
		p.Y, q.Y = edge(p.Y, q.Y, cellHeight), edge(q.Y, p.Y, cellHeight)
		p.X, q.X = p.X+side, q.X+side
		bow = svg.At(p.X+side*.5*(far-1), (p.Y+q.Y)/2)
	case p.Y == q.Y: // B moves
		side := min(8+4*(far-1), 22)
		if q.X < p.X {
			side = -side
		}
		p.X, q.X = edge(p.X, q.X, cellWidth), edge(q.X, p.X, cellWidth)
		p.Y, q.Y = p.Y+side, q.Y+side
		bow = svg.At((p.X+q.X)/2, p.Y+side*.6*(far-1))
	default: // both, as time passes
		p, q = p.Along(q, .25), q.Along(p, .25)
		bow = p.Along(q, .5)
	}
	f.Open("g", title, "class", "move")
	f.Empty("path", "class", "thin", "d", fmt.Sprintf("M%v Q%v %v", p, bow, q.Towards(bow, 4)))
	const length = 7.0
	back := q.Towards(bow, length)
	x, y := (q.Y-back.Y)*.4, (back.X-q.X)*.4
	f.Empty("path", "class", "point", "d", fmt.Sprintf("M%v L%v L%v Z", q, svg.At(back.X+x, back.Y+y), svg.At(back.X-x, back.Y-y)))
	f.Close("g")
}

// edge moves from the middle of a cell to its border in the direction of to.
func edge(from, to, size float64) float64 {
	if to > from {
		return from + size/2 - 7
	}
	return from - size/2 + 7
}

func pairName(p [2]model.State) string { return p[0].String() + " / " + p[1].String() }

func jointDOT(w *bytes.Buffer, j *Joint) {
	fmt.Fprintf(w, "// %s\ndigraph pairs {\n  label=%s; labelloc=t; fontname=\"sans-serif\";\n", j.about(), quoted(j.title()))
	w.WriteString("  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=9];\n")
	for a, row := range j.Pairs.Worlds {
		for b, n := range row {
			if n > 0 {
				name := pairName([2]model.State{model.State(a), model.State(b)})
				fmt.Fprintf(w, "  %s [label=%s];\n", quoted(name), quoted(name+"\n"+humanize.Comma(int64(n))))
			}
		}
	}
	for _, m := range j.Moves {
		fmt.Fprintf(w, "  %s -> %s [label=%s];\n", quoted(pairName(m.From)), quoted(pairName(m.To)), quoted(humanize.Comma(int64(m.Count))))
	}
	w.WriteString("}\n")
}

func jointMermaid(w *bytes.Buffer, j *Joint) {
	fmt.Fprintf(w, "---\ntitle: %s\n---\nstateDiagram-v2\n  %%%% %s\n", j.title(), j.about())
	id := func(p [2]model.State) string {
		return strings.NewReplacer("-", "_", " / ", "__").Replace(pairName(p))
	}
	for a, row := range j.Pairs.Worlds {
		for b, n := range row {
			if n > 0 {
				p := [2]model.State{model.State(a), model.State(b)}
				fmt.Fprintf(w, "  state \"%s<br/>%s\" as %s\n", pairName(p), humanize.Comma(int64(n)), id(p))
			}
		}
	}
	for _, m := range j.Moves {
		fmt.Fprintf(w, "  %s --> %s\n", id(m.From), id(m.To))
	}
}
