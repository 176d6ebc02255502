package draw

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/explore/trace"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string

	pageTemplate = template.Must(template.New("page").Parse(pageText))
)

// page is what the template of the format html needs. Its texts are escaped
// there; SVG, styles and script are ours.
type page struct {
	Title, Origin, Length string
	Cycle                 int           // number of the step that a lasso goes on from; 0: none
	SVG                   template.HTML // "" if the run is too long to draw
	Ladder                []pageLine
	Steps                 []pageStep
	SVGStyle, Style       template.CSS
	Script                template.JS
}

// pageLine is a line of the ladder, which stands in for a drawing.
type pageLine struct {
	Step   int
	Text   string
	Marked bool
}

// pageStep is what is shown of a step; number 0 is the start.
type pageStep struct {
	Number       int
	What, Breaks string // Breaks with its sign
	Tone         string
	Segment      string
	Marked       bool
	Repeats      string // how the steps of a cycle go on
	Notes        []pageNote
	Rules        []pageRule
	Rows         []pageRow
	Network      []pageNote
}

// pageNote is a text, and a segment behind it.
type pageNote struct{ Text, Segment, More string }

type pageRule struct {
	Side                       trace.Side
	ID, Source, Title, Meaning string
}

// pageRow is a variable of both TCBs.
type pageRow struct {
	Name  string
	Cells [2]pageCell
}

// pageCell is a value, and what it was before if it changed.
type pageCell struct{ Before, Now string }

func writeHTML(w *bytes.Buffer, s *story, _ Options) error {
	p := page{
		Title: s.title(), Origin: s.origin(), Length: s.length(), Cycle: s.t.Info.CycleFrom + 1,
		SVGStyle: template.CSS(svg.Variables() + svg.Style), Style: template.CSS(pageStyle), Script: template.JS(pageScript),
	}
	if s.short("svg") == nil {
		var b bytes.Buffer
		drawSVG(&b, s, true)
		p.SVG = template.HTML(b.String())
	} else {
		p.Ladder = s.ladder()
	}
	for i := -1; i < len(s.t.Steps); i++ {
		p.Steps = append(p.Steps, s.page(i))
	}
	return pageTemplate.Execute(w, p)
}

// ladder is the ladder with the numbers of the steps.
func (s *story) ladder() (list []pageLine) {
	t := texter{s: s, o: Options{Width: math.MaxInt}}
	width := len(fmt.Sprint(len(s.t.Steps)))
	for i, lines := range t.rungs() {
		for n, l := range lines {
			number := strings.Repeat(" ", width+1)
			if i > 0 && n == 0 {
				number = fmt.Sprintf("%*d.", width, i)
			}
			list = append(list, pageLine{i - 1, number + l[2:], s.marked[i-1]})
		}
	}
	return list
}

// page is what is shown of a step; −1 is the start.
func (s *story) page(i int) pageStep {
	p := pageStep{Number: i + 1, What: "Before the first step", Breaks: s.sign() + " " + s.breaks(), Tone: s.tone(), Network: s.network(i)}
	if text := s.atStart(); text != "" {
		p.Breaks, p.Marked = text, true
	}
	before, after := s.t.Setup.Start, s.t.Setup.Start
	if i >= 0 {
		st := &s.t.Steps[i]
		before, after = s.t.Before(i), st.After
		p.What, p.Marked = s.happened(i), s.marked[i]
		if s.repeats(i) {
			p.Repeats = s.goesOn()
		}
		if k := st.Action.Kind; k != trace.Call && k != trace.Tick {
			p.Segment = trace.FormatSegment(st.Segment)
		}
		for side := trace.A; side <= trace.B; side++ {
			p.Notes = append(p.Notes, s.notes(i, side)...)
			for _, r := range st.Outputs[side].Rules() {
				info := r.Info()
				p.Rules = append(p.Rules, pageRule{side, info.ID, source(r), info.Title, info.Meaning})
			}
		}
	}
	p.Rows = append(p.Rows, pageRow{Name: "state"})
	for _, v := range variables {
		p.Rows = append(p.Rows, pageRow{Name: v.name})
	}
	for side := trace.A; side <= trace.B; side++ {
		p.Rows[0].Cells[side] = newCell(before[side].State.String(), after[side].State.String())
		for n, v := range variables {
			p.Rows[n+1].Cells[side] = newCell(v.text(&before[side]), v.text(&after[side]))
		}
	}
	return p
}

func newCell(before, now string) pageCell {
	if before == now {
		return pageCell{Now: now}
	}
	return pageCell{before, now}
}

// notes is what a side does in a step, in sentences.
func (s *story) notes(i int, side trace.Side) (list []pageNote) {
	st := &s.t.Steps[i]
	out := &st.Outputs[side]
	if p := path(s.t.Before(i)[side], st.After[side], out); p != "" {
		list = append(list, pageNote{Text: fmt.Sprintf("%v goes %s", side, p)})
	}
	for _, f := range st.Sent {
		if f.To == side.Other() {
			n := pageNote{Text: fmt.Sprintf("%v sends segment %d: ", side, f.ID), Segment: trace.FormatSegment(f.Segment)}
			if s.flight(f.ID).end == dropped {
				n.More = ", which is lost at once: the network has no room"
			}
			list = append(list, n)
		}
	}
	if t := told(out); len(t) > 0 {
		list = append(list, pageNote{Text: fmt.Sprintf("%v's user is %s", side, strings.Join(t, ", "))})
	}
	return list
}

// inNetwork tells whether the segment is in the network after a step.
func (f *flight) inNetwork(i int) bool { return !f.attack() && f.sent <= i && f.endAt > i }

// network lists what is in the network after a step.
func (s *story) network(i int) (list []pageNote) {
	for n := range s.flights {
		f := &s.flights[n]
		if !f.inNetwork(i) {
			continue
		}
		note := pageNote{Text: fmt.Sprintf("segment %d to %v: ", f.ID, f.To), Segment: trace.FormatSegment(f.Segment)}
		if len(f.arrivals) > 0 && f.arrivals[0] <= i {
			note.More = ", a copy"
		}
		list = append(list, note)
	}
	return list
}
