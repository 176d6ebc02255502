package draw

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// arrow is the way of a segment, or of a copy of it.
type arrow struct {
	f        *flight
	from, to point
	end      fate // of this copy
	step     int  // of its end
	again    bool // another copy arrived before
	repeated bool // it arrives more than once
	late     bool
	label    string
	at       point   // of the label's middle
	angle    float64 // of the label, in radians
}

// arrows are the ways of all segments, and their labels in places where they
// don't collide.
func (l *svgLayout) arrows() []arrow {
	var list []arrow
	for i := range l.s.flights {
		f := &l.s.flights[i]
		for n, step := range f.arrivals {
			a := l.arrow(f, arrived, step, n > 0)
			a.repeated, a.late = len(f.arrivals) > 1, f.late[n]
			if st := l.s.t.Steps[step]; st.Action.Kind == trace.Duplicate {
				a.repeated = true
			}
			list = append(list, a)
		}
		if f.end != arrived && !(f.end == underWay && len(f.arrivals) > 0) {
			list = append(list, l.arrow(f, f.end, f.endAt, len(f.arrivals) > 0))
		}
	}
	for i := range list {
		list[i].label = l.words(&list[i])
	}
	place(list)
	return list
}

// How much of the way across a segment comes that does not arrive.
const (
	wayDropped = 0.3
	wayLost    = 0.66
	wayEnd     = 0.6
)

func (l *svgLayout) arrow(f *flight, end fate, step int, again bool) arrow {
	a := arrow{f: f, end: end, step: step, again: again}
	x := [2]float64{l.wire[f.from()], l.wire[f.To]}
	middle := (x[0] + x[1]) / 2
	switch {
	case f.attack():
		a.from = point{middle, l.arrives(f.sent) - svgEvent + 4}
	case f.sent == fromStart:
		a.from = point{middle, l.arrives(fromStart) + float64(f.nth)*svgDepart}
	default:
		a.from = point{x[0], l.departs(f)}
	}
	switch end {
	case arrived:
		a.to = point{x[1], l.arrives(step)}
	case dropped:
		a.to = a.from.along(point{x[1], a.from.y + svgRow}, wayDropped)
	case underWay:
		a.to = point{a.from.x + (x[1]-a.from.x)*wayEnd, l.bottom() + 6}
	default:
		a.to = point{a.from.x + (x[1]-a.from.x)*wayLost, l.arrives(step)}
	}
	return a
}

// words is what stands along an arrow.
func (l *svgLayout) words(a *arrow) string {
	text := l.s.label(a.f.Segment, a.f.from())
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

// place gives each label the place, along its arrow, where it covers least:
// other labels above all, then other arrows.
func place(list []arrow) {
	var taken []box
	for i := range list {
		a := &list[i]
		left, right := a.from, a.to
		if left.x > right.x {
			left, right = right, left
		}
		a.angle = math.Atan2(right.y-left.y, right.x-left.x)
		best, least := box{}, math.Inf(1)
		for _, t := range []float64{.5, .44, .56, .38, .62, .32, .68, .26, .74} {
			for side, off := range []float64{-6, 14} {
				at := left.along(right, t)
				at.x -= off * math.Sin(a.angle)
				at.y += off * math.Cos(a.angle)
				b := newBox(at, a.angle, float64(utf8.RuneCountInString(a.label))*svgLetter)
				cost := math.Abs(t-.5)*4 + float64(side)*1.5
				for _, o := range taken {
					if b.meets(o) {
						cost += 100
					}
				}
				for j := range list {
					if j != i && b.meets(box{list[j].from, list[j].to}) {
						cost += 10
					}
				}
				if cost < least {
					best, least, a.at = b, cost, at
				}
			}
		}
		taken = append(taken, best)
	}
}

// box is a convex polygon, or a line of two points.
type box []point

// newBox is the box of a text whose base line's middle is at the point.
func newBox(at point, angle, width float64) box {
	cos, sin := math.Cos(angle), math.Sin(angle)
	var b box
	for _, c := range []point{{-width / 2, -10}, {width / 2, -10}, {width / 2, 3}, {-width / 2, 3}} {
		b = append(b, point{at.x + c.x*cos - c.y*sin, at.y + c.x*sin + c.y*cos})
	}
	return b
}

// meets tells whether two boxes have a point in common: unless a line that is
// parallel to an edge of one of them separates them.
func (b box) meets(o box) bool {
	for _, edges := range []box{b, o} {
		for i, p := range edges {
			q := edges[(i+1)%len(edges)]
			normal := point{q.y - p.y, p.x - q.x}
			low1, high1 := b.shadow(normal)
			low2, high2 := o.shadow(normal)
			if high1 < low2 || high2 < low1 {
				return false
			}
		}
	}
	return true
}

// shadow is the extent of the box in a direction.
func (b box) shadow(d point) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range b {
		v := p.x*d.x + p.y*d.y
		low, high = min(low, v), max(high, v)
	}
	return low, high
}
