package draw

import (
	"bytes"
	"fmt"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Measures of a small picture.
const (
	smallWidth = 150.0
	smallBar   = 14.0
	smallRow   = 9.0
	smallEdge  = 4.0
)

// Small draws the run as a small picture without words, to know it again by: the
// states as colours, the segments as lines, and the step that is marked.
func Small(w *bytes.Buffer, t *trace.Trace) {
	s := tell(t)
	d := svg.Writer{W: w}
	y := func(step int) float64 { return smallEdge + smallRow*(float64(step)+1.5) }
	bottom := y(len(t.Steps)) - smallRow/2
	height := bottom + smallEdge
	w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	d.Begin(s.title(), "tcpcheck", smallWidth, height, svg.Style)
	d.Empty("rect", "class", "paper", "width", smallWidth, "height", height, "rx", 4.0)
	x := [2]float64{smallEdge + smallBar, smallWidth - smallEdge - smallBar}
	for side, left := range [2]float64{smallEdge, smallWidth - smallEdge - smallBar} {
		from, state := smallEdge, t.Setup.Start[side].State
		bar := func(to float64, s model.State) {
			d.Empty("rect", "class", s, "x", left, "y", from, "width", smallBar, "height", to-from)
		}
		for i := range t.Steps {
			if next := t.Steps[i].After[side].State; next != state {
				bar(y(i), state)
				from, state = y(i), next
			}
		}
		bar(bottom, state)
	}
	for i := range s.flights {
		f := &s.flights[i]
		from := svg.At(x[f.from()], smallEdge)
		if f.attack() {
			from = svg.At(smallWidth/2, y(f.sent)-smallRow)
		} else if f.sent != fromStart {
			from.Y = y(f.sent)
		} else {
			from = svg.At(smallWidth/2, smallEdge)
		}
		for _, at := range f.arrivals {
			d.Empty("path", "class", "way", "d", fmt.Sprintf("M%v L%v", from, svg.At(x[f.To], y(at))))
		}
		if f.end == lost || f.end == dropped || f.end == expired {
			to := svg.At((x[trace.A]+x[trace.B])/2, y(f.endAt))
			d.Empty("path", "class", "way", "d", fmt.Sprintf("M%v L%v", from, to))
			d.Empty("path", "class", "cross", "d", fmt.Sprintf("M%v l6,6 m-6,0 l6,-6", svg.At(to.X-3, to.Y-3)))
		}
	}
	for _, i := range t.Info.Marked {
		d.Empty("circle", "class", "mark", "cx", x[s.blamed(i)], "cy", y(i), "r", 5.0)
	}
	d.Close("svg")
}

// blamed is the side beside which a marked step is marked.
func (s *story) blamed(i int) trace.Side { return s.t.Steps[i].Action.Side }
