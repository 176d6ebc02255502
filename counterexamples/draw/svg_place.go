package draw

import (
	"math"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// svgInset is how far labels and the ends of the wire stay apart.
const svgInset = 10.0

// rounds is how often each label may move again, once it knows where the
// others are.
const rounds = 4

// costOfCover is more than all else that a place may cost; to leave the wire
// costs as much.
const costOfCover = 1000

// place gives each label the place, along its arrow, where it covers least:
// other labels and the word of a loss above all, then other arrows. It returns
// how many labels still cover such a thing.
func (l *svgLayout) place(list []arrow) (covered int) {
	boxes := make([]box, len(list))
	var fixed []box
	for i := range list {
		if a := &list[i]; a.end != arrived {
			fixed = append(fixed, a.sign())
		}
	}
	for i, st := range l.s.t.Steps {
		if st.Action.Kind == trace.Tick {
			fixed = append(fixed, newBox(svg.At((l.wire[trace.A]+l.wire[trace.B])/2, l.arrives(i)+4), 0, 4*svgLetter))
		}
	}
	for range rounds {
		covered = 0
		for i := range list {
			a := &list[i]
			least := math.Inf(1)
			for _, c := range l.candidates(a) {
				cost := c.cost
				for j, o := range boxes {
					if j != i && c.box.meets(o) {
						cost += costOfCover
					}
				}
				for _, o := range fixed {
					if c.box.meets(o) {
						cost += costOfCover
					}
				}
				for j := range list {
					if j != i && c.box.meets(box{list[j].from, list[j].to}) {
						cost += 10
					}
				}
				if cost < least {
					least, boxes[i], a.at, a.angle = cost, c.box, c.at, c.angle
				}
			}
			if least >= costOfCover {
				covered++
			}
		}
	}
	return covered
}

// candidate is a place where a label may stand.
type candidate struct {
	box   box
	at    svg.Point
	angle float64
	cost  float64 // of what is less usual: below the line, far from its middle
}

func (l *svgLayout) candidates(a *arrow) (list []candidate) {
	left, right := a.from, a.to
	if left.X > right.X {
		left, right = right, left
	}
	angle := math.Atan2(right.Y-left.Y, right.X-left.X)
	for n := -20; n <= 20; n++ {
		t := .5 + float64(n)*.02
		for side, off := range []float64{-6, 14} {
			at := left.Along(right, t)
			at.X -= off * math.Sin(angle)
			at.Y += off * math.Cos(angle)
			c := candidate{newBox(at, angle, a.width()), at, angle, math.Abs(t-.5)*6 + float64(side)*1.5}
			low, high := c.box.shadow(svg.At(1, 0))
			if low < l.wire[trace.A]+2 || high > l.wire[trace.B]-2 {
				c.cost += costOfCover
			}
			if low < left.X-4 || high > right.X+4 {
				c.cost += 15
			}
			list = append(list, c)
		}
	}
	return list
}

// sign is the room that the end of an arrow takes which does not arrive.
func (a *arrow) sign() box {
	p, width := a.to, 8.0
	if a.end != underWay {
		width += 8 + float64(len(a.end.String()))*svgLetter
	}
	left, right := p.X-8, p.X+width
	if a.to.X < a.from.X {
		left, right = p.X-width, p.X+8
	}
	return box{svg.At(left, p.Y-8), svg.At(right, p.Y-8), svg.At(right, p.Y+8), svg.At(left, p.Y+8)}
}

// box is a convex polygon, or a line of two points.
type box []svg.Point

// newBox is the box of a text whose base line's middle is at the point.
func newBox(at svg.Point, angle, width float64) box {
	cos, sin := math.Cos(angle), math.Sin(angle)
	var b box
	for _, c := range []svg.Point{svg.At(-width/2, -10), svg.At(width/2, -10), svg.At(width/2, 3), svg.At(-width/2, 3)} {
		b = append(b, svg.At(at.X+c.X*cos-c.Y*sin, at.Y+c.X*sin+c.Y*cos))
	}
	return b
}

// meets tells whether two boxes have a point in common: unless a line that is
// parallel to an edge of one of them separates them.
func (b box) meets(o box) bool {
	for _, edges := range []box{b, o} {
		for i, p := range edges {
			q := edges[(i+1)%len(edges)]
			normal := svg.At(q.Y-p.Y, p.X-q.X)
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
func (b box) shadow(d svg.Point) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range b {
		v := p.X*d.X + p.Y*d.Y
		low, high = min(low, v), max(high, v)
	}
	return low, high
}
