package captured

import (
	"bytes"
	"fmt"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/explore/observe/track"
)

// The places of the drawing, in pixels.
const (
	margin   = 14.0
	numbers  = 110.0 // width of the packet's number and time
	column   = 172.0 // width of the states of an endpoint
	wire     = 460.0 // between the endpoints
	lineHigh = 15.0
	letters  = 22 // that fit into a column
	wide     = 110
	width    = 2*margin + numbers + 2*column + wire
	left     = margin + numbers // of a's column; b's is behind the wire
	right    = left + column + wire
)

// drawing is an SVG that grows downwards.
type drawing struct {
	svg.Writer
	y    float64
	bars [2]bar
}

// bar is a set of states that lasts.
type bar struct {
	states track.States
	since  float64
	open   bool
}

func writeSVG(w *bytes.Buffer, conns []*track.Conn, o Options) {
	w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	drawSVG(w, conns, o, true)
}

// drawSVG writes the element svg, with its style if it stands alone.
func drawSVG(w *bytes.Buffer, conns []*track.Conn, o Options, alone bool) {
	var body bytes.Buffer
	d := drawing{Writer: svg.Writer{W: &body}, y: margin}
	for _, c := range conns {
		d.connection(c, o)
	}
	x := svg.Writer{W: w}
	style := ""
	if alone {
		style = svg.Style
	}
	x.Begin("", "tcpcheck", width, d.y, style)
	x.Patterns()
	x.Empty("rect", "class", "paper", "width", width, "height", d.y)
	w.Write(body.Bytes())
	x.Close("svg")
}

func (d *drawing) connection(c *track.Conn, o Options) {
	d.y += lineHigh
	d.Text("text", title(c), "class", "head", "x", margin, "y", d.y)
	for _, text := range summary(c) {
		for _, l := range wrap(text, wide) {
			d.y += lineHigh
			d.Text("text", l, "class", "dim", "x", margin, "y", d.y)
		}
	}
	d.y += 2 * lineHigh
	d.Text("text", "a", "class", "head middle", "x", left+column/2, "y", d.y)
	d.Text("text", "b", "class", "head middle", "x", right+column/2, "y", d.y)
	d.y += 6
	d.bars = [2]bar{}
	for _, r := range rows(c, o) {
		d.row(r, o)
	}
	for s := range d.bars {
		d.end(track.Side(s), d.y)
	}
	d.y += margin
}

// row draws a packet; the states beside it begin with it.
func (d *drawing) row(r row, o Options) {
	top := d.y
	high := 2 * lineHigh
	for _, text := range r.states {
		high = max(high, float64(len(wrap(text, letters))+1)*lineHigh)
	}
	var wrong []string
	if r.wrong != "" {
		wrong = append(wrap(r.wrong, 60), wrap("rules: "+r.rules, 60)...)
		high += float64(len(wrong)) * lineHigh
	}
	class := "step"
	if r.wrong != "" {
		class += " marked"
	}
	d.Open("g", fmt.Sprintf("packet %d from %v: %v", r.N, r.From, r.Packet), "class", class)
	d.Empty("rect", "class", "row", "x", margin/2, "y", top, "width", width-margin, "height", high)
	y := top + lineHigh + 6
	d.Text("text", fmt.Sprint(r.N), "class", "number right", "x", margin+34, "y", y)
	d.Text("text", r.seconds, "class", "dim right", "x", left-8, "y", y)
	d.arrow(r, y)
	for i, l := range wrong {
		d.Text("text", l, "class", "bad middle", "x", (left+column+right)/2, "y", y+float64(i+1)*lineHigh)
	}
	d.Close("g")
	for s, text := range r.states {
		if text != "" {
			d.end(track.Side(s), top)
			d.bars[s] = bar{r.States[s], top, true}
		}
	}
	d.y = top + high
}

// arrow draws the packet on the wire.
func (d *drawing) arrow(r row, y float64) {
	from, to, back := left+column+4, right-4, -9.0
	if r.From == track.B {
		from, to, back = to, from, 9.0
	}
	d.Open("g", "", "class", "arrow")
	d.Empty("path", "class", "way", "d", fmt.Sprintf("M%v L%v", svg.At(from, y), svg.At(to, y)))
	d.Empty("path", "class", "point", "d", fmt.Sprintf("M%v L%v L%v Z", svg.At(to, y), svg.At(to+back, y-4), svg.At(to+back, y+4)))
	d.Label(r.Packet.String(), "", "x", (from+to)/2, "y", y-4)
	d.Close("g")
}

// end draws what an endpoint may have been until y.
func (d *drawing) end(s track.Side, y float64) {
	b := &d.bars[s]
	if !b.open {
		return
	}
	x := left
	if s == track.B {
		x = right
	}
	d.Open("g", fmt.Sprintf("%v may be %v", s, b.states))
	d.fill(b.states, x, b.since, y-b.since)
	for i, l := range wrap(b.states.String(), letters) {
		d.Text("text", l, "class", "state", "x", x+column/2, "y", b.since+lineHigh*float64(i+1)+4)
	}
	d.Close("g")
	b.open = false
}

// fill draws the box: in the colour of the state if there is one only.
func (d *drawing) fill(states track.States, x, y, high float64) {
	box := []any{"x", x, "y", y, "width", column, "height", high}
	list := states.List()
	if len(list) != 1 {
		d.Empty("rect", append(box, "class", "bar paper")...)
		return
	}
	d.Empty("rect", append(box, "class", fmt.Sprintf("bar %v", list[0]))...)
	if p := svg.Phase(list[0]); p != "" {
		d.Empty("rect", append(box, "fill", "url(#tcpcheck-"+p+")")...)
	}
}
