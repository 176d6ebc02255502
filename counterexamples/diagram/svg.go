package diagram

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/model"
)

//go:embed diagram.css
var sheet string

var style = svg.Style + svg.Sheet(sheet)

// figure writes the format svg.
type figure struct {
	svg.Writer
	*Diagram
	exits []exit
}

// exit is a cause, left out by the figure, for which states go to CLOSED.
type exit struct {
	mark   string // a letter
	text   string
	rules  []model.Rule
	counts [model.NumStates]uint64
}

func writeSVG(w *bytes.Buffer, d *Diagram) {
	f := figure{Writer: svg.Writer{W: w}, Diagram: d, exits: exits(d)}
	height := tableTop + 60 + tableRow*float64(len(f.exits))
	w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	f.Begin(f.title(), "tcpcheck diagram", width, height, style)
	f.Patterns()
	f.Empty("rect", "class", "paper", "width", width, "height", height)
	f.Text("text", f.title(), "class", "head", "x", 24.0, "y", 34.0)
	f.Text("text", f.about(), "class", "dim", "x", 24.0, "y", 54.0)
	drawn := map[[2]model.State]bool{}
	for i := range f.Arrows {
		a := &f.Arrows[i]
		drawn[[2]model.State{a.From, a.To}] = f.arrow(a)
	}
	for _, m := range f.Missing {
		if drawn[[2]model.State{m.From, m.To}] {
			continue // its label says it
		}
		f.line("missing", fmt.Sprintf("%v → %v: figure 5 draws it, no search took it", m.From, m.To), routeOf(m.From, m.To),
			[]label{{"event", m.Cause}, {"dim", "not met"}})
	}
	for s := range model.State(model.NumStates) {
		f.box(s, places[s], "")
	}
	f.box(model.Closed, closedAgain, "again")
	f.table(height)
	f.Close("svg")
}

func (d *Diagram) title() string {
	text := "The states of a TCP connection, as the search discovers them"
	if d.Mutant != "" {
		text += ", with the bug " + d.Mutant
	}
	return text
}

func (d *Diagram) about() string {
	return fmt.Sprintf("%s worlds of %s, each seen. ×n: in so many of them the arrow is taken. § is of RFC 9293.",
		humanize.Comma(int64(d.Worlds)), strings.Join(d.Scenarios, ", "))
}

// exits are the causes that take a state to CLOSED and that the figure omits.
func exits(d *Diagram) []exit {
	var list []exit
	for _, a := range d.Arrows {
		if a.To != model.Closed {
			continue
		}
		for _, c := range a.Causes {
			if c.Standing == Drawn {
				continue
			}
			i := slices.IndexFunc(list, func(e exit) bool { return e.text == c.Text })
			if i < 0 {
				i = len(list)
				list = append(list, exit{text: c.Text})
			}
			e := &list[i]
			e.counts[a.From] += c.Count
			e.rules = append(e.rules, c.Rules...)
		}
	}
	slices.SortFunc(list, func(a, b exit) int { return strings.Compare(a.text, b.text) })
	for i := range list {
		slices.Sort(list[i].rules)
		list[i].mark = string('a' + rune(i))
	}
	return list
}

// box draws a state. Below its name stand the marks of its exits.
func (f figure) box(s model.State, p svg.Point, class string) {
	title := s.String()
	if class != "" {
		title += " again, the same state: the end"
	}
	f.Open("g", title, "class", strings.TrimSpace("box "+class))
	x, y := p.X-halfW, p.Y-halfH
	f.Empty("rect", "class", fmt.Sprintf("bar %v", s), "x", x, "y", y, "width", boxWidth, "height", boxHeight, "rx", 7.0)
	if id := svg.Phase(s); id != "" {
		f.Empty("rect", "x", x, "y", y, "width", boxWidth, "height", boxHeight, "rx", 7.0, "fill", "url(#tcpcheck-"+id+")")
	}
	var marks []string
	for _, e := range f.exits {
		if e.counts[s] > 0 && class == "" {
			marks = append(marks, e.mark)
		}
	}
	at := p.Y + 5
	if len(marks) > 0 {
		at = p.Y - 4
		f.Empty("path", "class", "exit", "d", fmt.Sprintf("M%v H%s", svg.At(x+10, p.Y+4), svg.Coordinate(x+boxWidth-10)))
		f.Text("text", "⇢ CLOSED: "+strings.Join(marks, " "), "class", "small middle", "x", p.X, "y", p.Y+19)
	}
	f.Text("text", s.String(), "class", "state", "x", p.X, "y", at)
	f.Close("g")
}

// label is a line of an arrow's label.
type label struct{ class, text string }

// arrow draws an arrow with what causes it, if anything does beside what stands
// in the table: causes that lead to CLOSED and are not the figure's.
func (f figure) arrow(a *Arrow) (drawn bool) {
	class := "drawn"
	if !a.Drawn() {
		class = "omitted"
	}
	var lines []label
	var titles []string
	for _, c := range a.Causes {
		titles = append(titles, fmt.Sprintf("%s: ×%s, %s", c.Text, humanize.Comma(int64(c.Count)), decided(&c)))
		if a.To == model.Closed && c.Standing != Drawn {
			continue
		}
		lines = append(lines, f.cause(&c, len(lines) == 0)...)
		if c.Standing == Forbidden {
			class = "forbidden"
		}
	}
	if len(lines) == 0 {
		return false
	}
	for _, m := range f.Missing {
		if m.From == a.From && m.To == a.To {
			lines = append(lines, label{"dim", "not met: " + m.Cause})
		}
	}
	f.line(class, fmt.Sprintf("%v → %v\n%s", a.From, a.To, strings.Join(titles, "\n")), routeOf(a.From, a.To), lines)
	return true
}

// decided says which rules decide.
func decided(c *Cause) string {
	var list []string
	for _, r := range c.Rules {
		list = append(list, fmt.Sprintf("rule %s (%s)", r, paragraph(r)))
	}
	if len(list) == 0 {
		return "no rule of its own"
	}
	return strings.Join(list, ", ")
}

// cause is the lines of a cause: what happens, what is sent, how often and why.
// Unless it is the first, it is shorter.
func (f figure) cause(c *Cause, alone bool) []label {
	class, first := "event", c.Text
	if c.Standing != Drawn {
		class = "event extra"
	}
	if !alone {
		first = "+ " + first
	}
	if c.Does != "" && !alone {
		first += ", " + c.Does
	}
	list := []label{{class, first}}
	if c.Note > 0 {
		list = append(list, label{"dim", fmt.Sprintf("figure 5, note %d", c.Note)})
	}
	if c.Does != "" && alone {
		list = append(list, label{"does", c.Does})
	}
	source := c.Source
	if c.Standing == Forbidden {
		source = "no paragraph allows it"
	}
	number := "×" + humanize.Comma(int64(c.Count))
	if len(number+source) > 31 {
		return append(list, label{"dim", number}, label{"dim", source})
	}
	return append(list, label{"dim", strings.TrimSuffix(number+" · "+source, " · ")})
}

// line draws a way and its label.
func (f figure) line(class, title string, r route, lines []label) {
	f.Open("g", title, "class", "move "+class)
	f.Empty("path", "class", "way", "d", rounded(r.way))
	n := len(r.way)
	f.head(r.way[n-2], r.way[n-1])
	y := r.label.Y
	if r.up {
		y -= line * float64(len(lines)-1)
	}
	for i, l := range lines {
		f.Label(l.text, l.class+" "+r.align, "x", r.label.X, "y", y+line*float64(i))
	}
	f.Close("g")
}

// head draws an arrow's head.
func (f figure) head(from, to svg.Point) {
	const length = 10.0
	back := to.Towards(from, length)
	x, y := (to.Y-back.Y)*.4, (back.X-to.X)*.4
	f.Empty("path", "class", "point", "d", fmt.Sprintf("M%v L%v L%v Z", to, svg.At(back.X+x, back.Y+y), svg.At(back.X-x, back.Y-y)))
}

// rounded is a way with round corners that ends under its head.
func rounded(way []svg.Point) string {
	const radius = 14.0
	var b strings.Builder
	fmt.Fprintf(&b, "M%v", way[0])
	for i := 1; i < len(way)-1; i++ {
		corner := way[i]
		fmt.Fprintf(&b, " L%v Q%v %v", corner.Towards(way[i-1], radius), corner, corner.Towards(way[i+1], radius))
	}
	last := len(way) - 1
	fmt.Fprintf(&b, " L%v", way[last].Towards(way[last-1], 6))
	return b.String()
}

// table lists the exits, and what the lines mean.
func (f figure) table(height float64) {
	const first, column = 400.0, 76.0
	y := tableTop
	f.Text("text", "⇢ CLOSED: what the figure leaves out", "class", "event", "x", 24.0, "y", y)
	for s := model.Listen; int(s) < model.NumStates; s++ {
		f.Text("text", short[s], "class", "small dim right", "x", first+column*float64(s), "y", y)
	}
	for _, e := range f.exits {
		y += tableRow
		f.Empty("path", "class", "rule", "d", fmt.Sprintf("M%v H%s", svg.At(24, y-14), svg.Coordinate(width-24)))
		f.Text("text", e.mark+"  "+e.text, "class", "event extra", "x", 24.0, "y", y)
		f.Text("text", paragraphs(e.rules), "class", "dim", "x", 190.0, "y", y)
		for s := model.Listen; int(s) < model.NumStates; s++ {
			if n := e.counts[s]; n > 0 {
				f.Text("text", humanize.Comma(int64(n)), "class", "small right", "x", first+column*float64(s), "y", y)
			}
		}
	}
	y = height - 20
	x := 24.0
	for _, l := range []struct{ class, text string }{
		{"drawn", "figure 5 draws it"}, {"omitted", "figure 5 leaves it out; the paragraph named allows it"},
		{"forbidden", "nothing allows it"}, {"missing", "figure 5 draws it; no search met it"},
	} {
		f.Open("g", "", "class", "move "+l.class)
		f.Empty("path", "class", "way", "d", fmt.Sprintf("M%v H%s", svg.At(x, y-4), svg.Coordinate(x+32)))
		f.head(svg.At(x, y-4), svg.At(x+40, y-4))
		f.Close("g")
		f.Text("text", l.text, "class", "dim", "x", x+50, "y", y)
		x += 80 + letter*float64(len(l.text))
	}
}

// short are the names of the states in a narrow column.
var short = [model.NumStates]string{
	"CLOSED", "LISTEN", "SYN-SENT", "SYN-RCVD", "ESTAB", "FIN-W-1", "FIN-W-2", "CLOSE-W", "CLOSING", "LAST-ACK", "TIME-W",
}
