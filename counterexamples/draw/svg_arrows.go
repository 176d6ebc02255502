package draw

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// arrow is the way of a segment, or of a copy of it.
type arrow struct {
	f        *flight
	from, to svg.Point
	end      fate // of this copy
	step     int  // of its end
	again    bool // another copy arrived before
	repeated bool // it arrives more than once
	late     bool
	label    string
	at       svg.Point // of the middle of the label's base line
	angle    float64   // of the label, in radians
}

// width is the width of the label, with a space behind it.
func (a *arrow) width() float64 { return float64(utf8.RuneCountInString(a.label)+1) * svgLetter }

// arrows are the ways of all segments.
func (l *svgLayout) arrows() []arrow {
	var list []arrow
	ends := [2]int{} // of those under way to each side
	for i := range l.s.flights {
		f := &l.s.flights[i]
		for n, step := range f.arrivals {
			list = append(list, l.arrow(f, arrived, step, n > 0))
		}
		if f.end != arrived && !(f.end == underWay && len(f.arrivals) > 0) {
			a := l.arrow(f, f.end, f.endAt, len(f.arrivals) > 0)
			if f.end == underWay {
				a.to.X += float64(ends[f.To]) * svgApart * float64(1-2*int(f.To))
				ends[f.To]++
			}
			list = append(list, a)
		}
	}
	return list
}

// svgApart is how far apart segments end that are under way.
const svgApart = 22.0

// reach is how far across a segment comes that does not arrive: there must be
// room for its label.
func (l *svgLayout) reach(a *arrow) float64 {
	least := a.width() + 2*svgInset
	across := l.wire[trace.B] - l.wire[trace.A]
	switch a.end {
	case dropped:
		return least
	case underWay:
		return max(least, .6*across)
	}
	return max(least, .66*across)
}

func (l *svgLayout) arrow(f *flight, end fate, step int, again bool) arrow {
	a := arrow{f: f, end: end, step: step, again: again, late: f.wasLate(step), repeated: len(f.arrivals) > 1}
	if end == arrived && step >= 0 {
		a.repeated = a.repeated || l.s.t.Steps[step].Action.Kind == trace.Duplicate
	}
	a.label = l.words(&a)
	x := [2]float64{l.wire[f.from()], l.wire[f.To]}
	middle := (x[0] + x[1]) / 2
	switch {
	case f.attack():
		a.from = svg.At(middle, l.arrives(f.sent)-svgEvent+4)
	case f.sent == fromStart:
		a.from = svg.At(middle, l.arrives(fromStart)+float64(f.nth)*svgDepart)
	default:
		a.from = svg.At(x[0], l.departs(f))
	}
	reach := l.reach(&a)
	if a.f.sent == fromStart {
		reach /= 3
	}
	if x[1] < x[0] {
		reach = -reach
	}
	switch end {
	case arrived:
		a.to = svg.At(x[1], l.arrives(step))
	case dropped:
		a.to = svg.At(a.from.X+reach, a.from.Y+svgRow/2)
	case underWay:
		a.to = svg.At(a.from.X+reach, l.bottom()-8+float64(f.nth)*svgDepart)
	default:
		a.to = svg.At(a.from.X+reach, l.arrives(step))
	}
	return a
}

// words is what stands along an arrow.
func (l *svgLayout) words(a *arrow) string {
	text := l.s.label(a.f.Segment, a.f.from())
	if a.again {
		text = fmt.Sprintf("%v SEQ=%d", a.f.Segment.Flags, a.f.Segment.Seq)
	}
	var notes []string
	add := func(yes bool, note string) {
		if yes {
			notes = append(notes, note)
		}
	}
	add(a.f.attack(), "attack")
	add(a.f.sent == fromStart, "old")
	add(a.again, "again")
	add(a.late && !a.again, "late")
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return text
}

// tells what became of a segment, in a sentence.
func (l *svgLayout) tells(a *arrow) string {
	text := fmt.Sprintf("Segment %d from %v: ", a.f.ID, a.f.from())
	if a.f.attack() {
		text = "An attacker's segment: "
	}
	text += l.s.label(a.f.Segment, a.f.from())
	switch {
	case a.f.attack():
	case a.f.sent == fromStart:
		text += ", in the network from the start"
	default:
		text += fmt.Sprintf(", sent at step %d", a.f.sent+1)
	}
	switch a.end {
	case underWay:
		return text + ", still in the network at the end"
	case dropped:
		return text + ", lost at once: the network had no room for it"
	case arrived:
		text += fmt.Sprintf(", arrives at %v", a.f.To)
		if a.again {
			text += " again"
		}
	default:
		text += fmt.Sprintf(", %v", a.end)
	}
	text += fmt.Sprintf(" at step %d", a.step+1)
	if a.late {
		text += ", overtaken on its way"
	}
	return text
}
