package draw

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strconv"
)

// xmlWriter writes elements. Texts and values are escaped; names are ours.
type xmlWriter struct{ w *bytes.Buffer }

// attributes are names and values in turn; a float64 is a coordinate.
func (x xmlWriter) tag(name string, attributes []any) {
	x.w.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		value := attributes[i+1]
		if f, ok := value.(float64); ok {
			value = coordinate(f)
		}
		fmt.Fprintf(x.w, ` %s="%s"`, attributes[i], html.EscapeString(fmt.Sprint(value)))
	}
}

// open writes a start tag and the element's <title>, if it has one.
func (x xmlWriter) open(name, title string, attributes ...any) {
	x.tag(name, attributes)
	x.w.WriteString(">")
	if title != "" {
		x.w.WriteString("<title>" + html.EscapeString(title) + "</title>")
	}
	x.w.WriteString("\n")
}

func (x xmlWriter) close(name string) { x.w.WriteString("</" + name + ">\n") }

// empty writes an element without content.
func (x xmlWriter) empty(name string, attributes ...any) {
	x.tag(name, attributes)
	x.w.WriteString("/>\n")
}

// text writes an element that contains text.
func (x xmlWriter) text(name, text string, attributes ...any) {
	x.tag(name, attributes)
	x.w.WriteString(">" + html.EscapeString(text) + "</" + name + ">\n")
}

// coordinate writes a number with at most one decimal, the same everywhere.
func coordinate(f float64) string {
	f = math.Round(f*10) / 10
	if f == 0 {
		f = 0 // no minus
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// point is a place of a drawing; y grows downwards.
type point struct{ x, y float64 }

func (p point) String() string { return coordinate(p.x) + "," + coordinate(p.y) }

// along is the point at the share t of the way to q.
func (p point) along(q point, t float64) point {
	return point{p.x + (q.x-p.x)*t, p.y + (q.y-p.y)*t}
}

// distance is how far q is.
func (p point) distance(q point) float64 { return math.Hypot(q.x-p.x, q.y-p.y) }

// towards is the point so far from p on the line through q.
func (p point) towards(q point, d float64) point {
	if n := p.distance(q); n > 0 {
		return p.along(q, d/n)
	}
	return p
}
