package draw

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// svgDrawing writes the format svg.
type svgDrawing struct {
	svg.Writer
	*svgLayout
}

func writeSVG(w *bytes.Buffer, s *story, _ Options) error {
	if err := s.short("svg"); err != nil {
		return err
	}
	w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	drawSVG(w, s, false)
	return nil
}

// drawSVG writes the element svg. One that is part of a page leaves title and
// style to the page.
func drawSVG(w *bytes.Buffer, s *story, part bool) {
	l, arrows := layoutSVG(s, part)
	d := svgDrawing{svg.Writer{W: w}, l}
	foot := d.foot(arrows)
	height := d.bottom() + 24
	if foot != "" {
		height += svgLine
	}
	style := svg.Style
	if part {
		style = ""
	}
	d.Begin(s.title(), "tcpcheck", d.width, height, style)
	d.Patterns()
	d.Empty("rect", "class", "paper", "width", d.width, "height", height)
	d.heading()
	for i := range s.t.Steps {
		d.row(i)
	}
	for side := trace.A; side <= trace.B; side++ {
		d.column(side)
	}
	d.cycle()
	for i := range arrows {
		d.arrow(&arrows[i])
	}
	for i := range arrows {
		d.label(&arrows[i])
	}
	if foot != "" {
		d.Text("text", foot, "class", "dim middle", "x", d.width/2, "y", height-10)
	}
	d.Close("svg")
}

func (d svgDrawing) heading() {
	y := svgMargin
	for _, n := range d.header {
		y += svgLine + 3
		d.Text("text", n.text, "class", n.class, "x", svgMargin, "y", y-3)
	}
	for side := trace.A; side <= trace.B; side++ {
		d.Text("text", fmt.Sprintf("TCP Peer %v", side), "class", "head middle",
			"x", d.left[side]+svgState/2, "y", d.top-8)
	}
}

// row writes what a step is called and what is said beside it.
func (d svgDrawing) row(i int) {
	class := "step"
	if d.s.marked[i] {
		class += " marked " + d.s.tone()
	}
	top, y := d.rows[i+1], d.arrives(i)
	d.Open("g", fmt.Sprintf("Step %d: %s", i+1, d.s.happened(i)), "class", class, "data-step", i)
	d.Empty("rect", "class", "row", "x", svgMargin/2, "y", top, "width", d.width-svgMargin, "height", d.rows[i+2]-top)
	d.Text("text", fmt.Sprint(i+1), "class", "number right", "x", svgMargin+18, "y", y+4)
	st := &d.s.t.Steps[i]
	if st.Action.Kind == trace.Tick {
		d.Empty("path", "class", "tick", "d", fmt.Sprintf("M%v H%s", svg.At(d.wire[trace.A], y), svg.Coordinate(d.wire[trace.B])))
		d.Label("tick", "dim", "x", (d.wire[trace.A]+d.wire[trace.B])/2, "y", y+4)
	}
	for side := trace.A; side <= trace.B; side++ {
		x, align := d.left[trace.A]-8, " right"
		if side == trace.B {
			x, align = d.left[trace.B]+svgState+8, ""
		}
		for n, line := range d.notes[i+1][side] {
			d.Text("text", line.text, "class", strings.TrimSpace(line.class+align), "x", x, "y", y+4+float64(n)*svgLine)
		}
	}
	d.Close("g")
}

// cycle marks the steps that repeat: a line from the last back to the first.
func (d svgDrawing) cycle() {
	from := d.s.t.Info.CycleFrom
	if from < 0 {
		return
	}
	// In the free margin at the right.
	x, near := d.width-22, d.width-40
	top, bottom := d.arrives(from), d.arrives(len(d.s.t.Steps)-1)
	if from == len(d.s.t.Steps)-1 {
		top, bottom = top-svgEvent/2, bottom+svgEvent/2
	}
	d.Open("g", d.s.goesOn(), "class", "cycle")
	d.Empty("path", "class", "way", "d", fmt.Sprintf("M%v H%s V%s H%s", svg.At(near, bottom),
		svg.Coordinate(x), svg.Coordinate(top), svg.Coordinate(near+6)))
	d.head(svg.At(x, top), svg.At(near, top))
	d.Label("for ever", "", "transform",
		fmt.Sprintf("translate(%v) rotate(90)", svg.At(x+7, (top+bottom)/2)))
	d.Empty("path", "class", "tick", "d", fmt.Sprintf("M%v H%s", svg.At(svgMargin, d.rows[from+1]), svg.Coordinate(d.width-svgMargin)))
	d.Close("g")
}

// column writes the states of a side.
func (d svgDrawing) column(side trace.Side) {
	state, since, step := d.s.t.Setup.Start[side].State, d.rows[0], -1
	for i := range d.s.t.Steps {
		if next := d.s.t.Steps[i].After[side].State; next != state {
			d.bar(side, state, step, since, d.arrives(i))
			state, since, step = next, d.arrives(i), i
		}
	}
	d.bar(side, state, step, since, d.bottom())
}

func (d svgDrawing) bar(side trace.Side, state model.State, step int, from, to float64) {
	x, title := d.left[side], fmt.Sprintf("%v is %v from the start", side, state)
	if step >= 0 {
		before := d.s.t.Before(step)[side]
		title = fmt.Sprintf("%v goes %s at step %d", side, path(before, d.s.t.Steps[step].After[side], &d.s.t.Steps[step].Outputs[side]), step+1)
	}
	d.Open("g", title, "data-since", step)
	d.Empty("rect", "class", fmt.Sprintf("bar %v", state), "x", x, "y", from, "width", svgState, "height", to-from)
	if p := svg.Phase(state); p != "" {
		d.Empty("rect", "x", x, "y", from, "width", svgState, "height", to-from, "fill", "url(#tcpcheck-"+p+")")
	}
	d.Text("text", state.String(), "class", "state", "x", x+svgState/2, "y", from+17)
	d.Close("g")
}

// headLength is the length of an arrow's head.
const headLength = 9.0

func (d svgDrawing) arrow(a *arrow) {
	class := "arrow"
	if a.again {
		class += " again"
	}
	if a.end != arrived {
		class += " gone"
	}
	d.Open("g", d.tells(a), "class", class, "data-from", a.f.sent, "data-to", a.step)
	d.Empty("path", "class", "way", "d", fmt.Sprintf("M%v L%v", a.from, a.to))
	if a.f.attack() || a.f.sent == fromStart {
		d.Empty("circle", "class", "point", "cx", a.from.X, "cy", a.from.Y, "r", 3.5)
	}
	switch a.end {
	case arrived:
		d.head(a.from, a.to)
		if a.repeated {
			d.head(a.from, a.to.Towards(a.from, headLength))
		}
	case underWay:
		d.Empty("circle", "class", "open", "cx", a.to.X, "cy", a.to.Y, "r", 4.0)
	default:
		d.cross(a)
	}
	d.Close("g")
}

// head writes the head of an arrow.
func (d svgDrawing) head(from, to svg.Point) {
	back := to.Towards(from, headLength)
	x, y := (to.Y-back.Y)*.42, (back.X-to.X)*.42
	d.Empty("path", "class", "point", "d", fmt.Sprintf("M%v L%v L%v Z", to, svg.At(back.X+x, back.Y+y), svg.At(back.X-x, back.Y-y)))
}

// cross writes the sign of a loss, and its word.
func (d svgDrawing) cross(a *arrow) {
	const r = 6
	p := a.to
	d.Empty("path", "class", "cross", "d", fmt.Sprintf("M%v L%v M%v L%v",
		svg.At(p.X-r, p.Y-r), svg.At(p.X+r, p.Y+r), svg.At(p.X-r, p.Y+r), svg.At(p.X+r, p.Y-r)))
	x, class := p.X+12, "bad"
	if a.to.X < a.from.X {
		x, class = p.X-12, "bad right"
	}
	d.Text("text", a.end.String(), "class", class, "x", x, "y", p.Y+4)
}

func (d svgDrawing) label(a *arrow) {
	class := "arrow"
	if a.again {
		class += " again"
	}
	d.Open("g", d.tells(a), "class", class, "data-from", a.f.sent, "data-to", a.step)
	d.Label(a.label, "", "transform",
		fmt.Sprintf("translate(%v) rotate(%s)", a.at, svg.Coordinate(a.angle*180/math.Pi)))
	d.Close("g")
}

// foot explains the signs that the drawing uses; "" if there are none.
func (d svgDrawing) foot(arrows []arrow) string {
	var twice, gone, open, dot bool
	for _, a := range arrows {
		twice = twice || a.repeated
		gone = gone || a.end == lost || a.end == dropped || a.end == expired
		open = open || a.end == underWay
		dot = dot || a.f.attack() || a.f.sent == fromStart
	}
	var list []string
	for _, x := range []struct {
		used bool
		text string
	}{
		{gone, "✗ never arrives"},
		{twice, "two heads: the network repeats it"},
		{open, "○ still under way at the end"},
		{dot, "● not sent in this run"},
		{d.s.t.Info.CycleFrom >= 0, "↻ " + d.s.goesOn()},
	} {
		if x.used {
			list = append(list, x.text)
		}
	}
	return strings.Join(list, " · ")
}
