package diagram

import (
	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/model"
)

// Measures of the drawing. The boxes stand where figure 5 has them.
const (
	width     = 1240.0
	boxWidth  = 156.0
	boxHeight = 52.0
	left      = 196.0 // middles of the three columns
	middle    = 620.0
	right     = 1044.0
	letter    = 7.22
	line      = 15.0
	tableTop  = 1150.0
	tableRow  = 20.0
)

// places are the middles of the boxes.
var places = [model.NumStates]svg.Point{
	model.Closed:      svg.At(middle, 150),
	model.Listen:      svg.At(middle, 306),
	model.SynReceived: svg.At(left, 456),
	model.SynSent:     svg.At(right, 456),
	model.Established: svg.At(middle, 606),
	model.FinWait1:    svg.At(left, 756),
	model.CloseWait:   svg.At(right, 756),
	model.FinWait2:    svg.At(left, 920),
	model.Closing:     svg.At(middle, 920),
	model.LastAck:     svg.At(right, 920),
	model.TimeWait:    svg.At(middle, 1070),
}

// closedAgain is where the figure draws CLOSED for the second time, as the end.
var closedAgain = svg.At(right, 1070)

// route is the way of an arrow and where its label stands.
type route struct {
	way   []svg.Point // corners, from border to border
	label svg.Point   // of the first line
	align string      // "right", "middle" or "" of the label
	up    bool        // the label grows upwards from there
}

func at(x, y float64) svg.Point { return svg.At(x, y) }

const (
	halfW = boxWidth / 2
	halfH = boxHeight / 2
)

// routes are the ways of the figure's arrows.
var routes = map[[2]model.State]route{
	{model.Closed, model.Listen}: {
		way: []svg.Point{at(middle-30, 150+halfH), at(middle-30, 306-halfH)}, label: at(middle-40, 206), align: "right"},
	{model.Listen, model.Closed}: {
		way: []svg.Point{at(middle+30, 306-halfH), at(middle+30, 150+halfH)}, label: at(middle+40, 206)},
	{model.Closed, model.SynSent}: {
		way: []svg.Point{at(middle+halfW, 138), at(right+44, 138), at(right+44, 456-halfH)}, label: at(850, 130), align: "middle", up: true},
	{model.SynSent, model.Closed}: {
		way: []svg.Point{at(right, 456-halfH), at(right, 162), at(middle+halfW, 162)}, label: at(850, 180), align: "middle"},
	{model.Listen, model.SynReceived}: {
		way: []svg.Point{at(middle-halfW, 318), at(left+44, 318), at(left+44, 456-halfH)}, label: at(left+60, 338)},
	{model.SynReceived, model.Listen}: {
		way: []svg.Point{at(left-20, 456-halfH), at(left-20, 294), at(middle-halfW, 294)}, label: at(left-8, 286), up: true},
	{model.Listen, model.SynSent}: {
		way: []svg.Point{at(middle+halfW, 306), at(right-44, 306), at(right-44, 456-halfH)}, label: at(right-60, 326), align: "right"},
	{model.SynSent, model.SynReceived}: {
		way: []svg.Point{at(right-halfW, 456), at(left+halfW, 456)}, label: at(middle, 448), align: "middle", up: true},
	{model.SynReceived, model.Established}: {
		way: []svg.Point{at(left+44, 456+halfH), at(left+44, 594), at(middle-halfW, 594)}, label: at(left+60, 586), up: true},
	{model.SynSent, model.Established}: {
		way: []svg.Point{at(right-44, 456+halfH), at(right-44, 594), at(middle+halfW, 594)}, label: at(right-60, 586), align: "right", up: true},
	{model.SynReceived, model.FinWait1}: {
		way: []svg.Point{at(left-44, 456+halfH), at(left-44, 756-halfH)}, label: at(left-54, 590), align: "right"},
	{model.Established, model.FinWait1}: {
		way: []svg.Point{at(middle-halfW, 618), at(left+44, 618), at(left+44, 756-halfH)}, label: at(left+60, 638)},
	{model.Established, model.CloseWait}: {
		way: []svg.Point{at(middle+halfW, 606), at(right+44, 606), at(right+44, 756-halfH)}, label: at(right+30, 626), align: "right"},
	{model.FinWait1, model.FinWait2}: {
		way: []svg.Point{at(left-44, 756+halfH), at(left-44, 920-halfH)}, label: at(left-34, 830)},
	{model.FinWait1, model.Closing}: {
		way: []svg.Point{at(left+halfW, 748), at(middle, 748), at(middle, 920-halfH)}, label: at(middle-12, 740), align: "right", up: true},
	{model.FinWait1, model.TimeWait}: {
		way: []svg.Point{at(left+halfW, 768), at(420, 768), at(420, 1058), at(middle-halfW, 1058)}, label: at(430, 802)},
	{model.FinWait2, model.TimeWait}: {
		way: []svg.Point{at(left, 920+halfH), at(left, 1082), at(middle-halfW, 1082)}, label: at(left+12, 1000)},
	{model.CloseWait, model.LastAck}: {
		way: []svg.Point{at(right, 756+halfH), at(right, 920-halfH)}, label: at(right+12, 816)},
	{model.Closing, model.TimeWait}: {
		way: []svg.Point{at(middle, 920+halfH), at(middle, 1070-halfH)}, label: at(middle+12, 984)},
	{model.LastAck, model.Closed}: {
		way: []svg.Point{at(right, 920+halfH), at(right, 1070-halfH)}, label: at(right+12, 984)},
	{model.TimeWait, model.Closed}: {
		way: []svg.Point{at(middle+halfW, 1070), at(right-halfW, 1070)}, label: at(832, 1090), align: "middle"},
}

// routeOf is the way of an arrow. One that the figure has no place for is a
// line from box to box, with its label in the middle.
func routeOf(from, to model.State) route {
	if r, ok := routes[[2]model.State{from, to}]; ok {
		return r
	}
	p, q := places[from], places[to]
	a, b := border(p, q), border(q, p)
	return route{way: []svg.Point{a, b}, label: a.Along(b, .42), align: "middle", up: true}
}

// border is where the line from the middle of a box to q leaves the box.
func border(p, q svg.Point) svg.Point {
	t := 1.0
	if d := abs(q.X - p.X); d > 0 {
		t = min(t, (halfW+2)/d)
	}
	if d := abs(q.Y - p.Y); d > 0 {
		t = min(t, (halfH+2)/d)
	}
	return p.Along(q, t)
}

func abs(f float64) float64 { return max(f, -f) }
