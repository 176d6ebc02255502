// Package svg writes drawings: elements, the places in them, and how states
// look.
package svg

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// Writer writes elements. Texts and values are escaped; names are ours.
type Writer struct{ W *bytes.Buffer }

// Attributes are names and values in turn; a float64 is a coordinate.
func (x Writer) tag(name string, attributes []any) {
	x.W.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		value := attributes[i+1]
		if f, ok := value.(float64); ok {
			value = Coordinate(f)
		}
		fmt.Fprintf(x.W, ` %s="%s"`, attributes[i], html.EscapeString(fmt.Sprint(value)))
	}
}

// Open writes a start tag and the element's <title>, if it has one.
func (x Writer) Open(name, title string, attributes ...any) {
	x.tag(name, attributes)
	x.W.WriteString(">")
	if title != "" {
		x.W.WriteString("<title>" + html.EscapeString(title) + "</title>")
	}
	x.W.WriteString("\n")
}

// Close writes an end tag.
func (x Writer) Close(name string) { x.W.WriteString("</" + name + ">\n") }

// Empty writes an element without content.
func (x Writer) Empty(name string, attributes ...any) {
	x.tag(name, attributes)
	x.W.WriteString("/>\n")
}

// Text writes an element that contains text.
func (x Writer) Text(name, text string, attributes ...any) {
	x.tag(name, attributes)
	x.W.WriteString(">" + html.EscapeString(text) + "</" + name + ">\n")
}

// Begin opens a drawing. One that is part of a page has no style of its own: "".
func (x Writer) Begin(title, class string, width, height float64, style string) {
	x.Open("svg", title, "xmlns", "http://www.w3.org/2000/svg", "class", class, "role", "img",
		"viewBox", fmt.Sprintf("0 0 %s %s", Coordinate(width), Coordinate(height)), "width", width, "height", height)
	if style != "" {
		x.W.WriteString("<style>\n" + style + "</style>\n")
	}
}

// Label writes a text that keeps clear of the lines below it by a halo. It is a
// text of its own, since many programs paint the outline of a text over it.
func (x Writer) Label(text, class string, attributes ...any) {
	x.Text("text", text, append([]any{"class", strings.TrimSpace("label halo " + class), "aria-hidden", "true"}, attributes...)...)
	x.Text("text", text, append([]any{"class", strings.TrimSpace("label " + class)}, attributes...)...)
}

// Coordinate writes a number with at most one decimal, the same everywhere.
func Coordinate(f float64) string {
	f = math.Round(f*10) / 10
	if f == 0 {
		f = 0 // no minus
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// Point is a place of a drawing; y grows downwards.
type Point struct{ X, Y float64 }

func (p Point) String() string { return Coordinate(p.X) + "," + Coordinate(p.Y) }

// Along is the point at the share t of the way to q.
func (p Point) Along(q Point, t float64) Point {
	return Point{p.X + (q.X-p.X)*t, p.Y + (q.Y-p.Y)*t}
}

// Distance is how far q is.
func (p Point) Distance(q Point) float64 { return math.Hypot(q.X-p.X, q.Y-p.Y) }

// Towards is the point so far from p on the line through q.
func (p Point) Towards(q Point, d float64) Point {
	if n := p.Distance(q); n > 0 {
		return p.Along(q, d/n)
	}
	return p
}

// At is the place with these coordinates.
func At(x, y float64) Point { return Point{x, y} }
