package draw

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Measures of a drawing, in its units; a letter is 0.6 em wide.
const (
	svgMargin   = 14.0
	svgGutter   = 30.0  // of the steps' numbers
	svgNotes    = 196.0 // of what happens at a side
	svgState    = 110.0 // of a side's states
	svgWire     = 330.0 // at least, between them
	svgLetter   = 7.22
	svgLine     = 15.0
	svgRow      = 46.0 // at least
	svgEvent    = 20.0 // from a row's top to where its segment arrives
	svgDepart   = 9.0  // from there to where the first of its segments leaves
	noteLetters = 26   // in svgNotes
)

// layout is where things stand.
type svgLayout struct {
	s      *story
	wire   [2]float64 // x of the two ends
	left   [2]float64 // of the states' columns
	width  float64
	top    float64   // of the first row
	rows   []float64 // tops; the start is the first; one more for the bottom
	notes  [][2][]note
	header []note
}

// note is a line of text.
type note struct{ text, class string }

// layoutSVG is the layout and the arrows. Where labels have no room the wire
// grows longer.
func layoutSVG(s *story, untitled bool) (*svgLayout, []arrow) {
	const more, most = 70.0, 350.0
	for extra := 0.0; ; extra += more {
		l := newSVGLayout(s, extra, untitled)
		arrows := l.arrows()
		if l.place(arrows) == 0 || extra >= most {
			return l, arrows
		}
	}
}

func newSVGLayout(s *story, extra float64, untitled bool) *svgLayout {
	l := &svgLayout{s: s}
	longest := 0
	for i := range s.flights {
		f := &s.flights[i]
		longest = max(longest, utf8.RuneCountInString(s.label(f.Segment, f.from())))
	}
	wire := max(svgWire, float64(longest+7)*svgLetter+130) + extra
	l.left[trace.A] = svgMargin + svgGutter + svgNotes
	l.wire[trace.A] = l.left[trace.A] + svgState
	l.wire[trace.B] = l.wire[trace.A] + wire
	l.left[trace.B] = l.wire[trace.B]
	l.width = l.left[trace.B] + svgState + svgNotes + svgGutter + svgMargin
	if !untitled {
		l.head()
	}
	l.top = svgMargin + float64(len(l.header))*(svgLine+3) + 30
	l.notes = append(l.notes, [2][]note{})
	for i := range s.t.Steps {
		l.notes = append(l.notes, l.step(i))
	}
	y := l.top
	for i, n := range l.notes {
		l.rows = append(l.rows, y)
		lines := max(len(n[trace.A]), len(n[trace.B]))
		y += max(svgRow, svgEvent+float64(lines)*svgLine)
		if i > 0 {
			y += max(0, float64(len(s.t.Steps[i-1].Sent)-2)*svgDepart)
		}
	}
	for i := range s.flights {
		if s.flights[i].end == underWay {
			y += svgRow / 2 // for those that are under way
			break
		}
	}
	l.rows = append(l.rows, y)
	return l
}

func (l *svgLayout) head() {
	letters := int((l.width - 2*svgMargin) / (svgLetter * 7 / 6))
	for _, t := range wrap(l.s.title(), letters, 0) {
		l.header = append(l.header, note{t, "head"})
	}
	for _, text := range []string{l.s.origin(), strings.TrimSuffix(l.s.length(), ".")} {
		if text == "" {
			continue
		}
		for _, t := range wrap(text, letters, 0) {
			l.header = append(l.header, note{t, "dim"})
		}
	}
	if text := l.s.atStart(); text != "" {
		l.header = append(l.header, note{text, l.s.tone()})
	}
}

// step is what is said beside a step: what happens, what the users hear, and
// how the numbers move.
func (l *svgLayout) step(i int) (n [2][]note) {
	st := &l.s.t.Steps[i]
	before := l.s.t.Before(i)
	for side := trace.A; side <= trace.B; side++ {
		add := func(class, text string) {
			for _, t := range wrap(divided(text, noteLetters-3), noteLetters-1, 2) {
				n[side] = append(n[side], note{t, class})
			}
		}
		if a := st.Action; a.Kind == trace.Call && a.Side == side {
			add("event", event(a))
		}
		for _, text := range told(&st.Outputs[side]) {
			add("", text)
		}
		if text := moved(before[side], st.After[side]); text != "" {
			add("dim", text)
		}
		if l.s.marked[i] && side == l.s.blamed(i) {
			add(l.s.tone(), l.s.sign()+" "+l.s.breaks())
		}
	}
	return n
}

// divided puts a space behind a hyphen of each word of more than most letters,
// as far back as they allow.
func divided(text string, most int) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		if len(w) > most {
			if at := strings.LastIndex(w[:most], "-") + 1; at > 0 {
				words[i] = w[:at] + " " + w[at:]
			}
		}
	}
	return strings.Join(words, " ")
}

// moved tells of the variables that say how far the connection is.
func moved(before, after model.TCB) string {
	var list []string
	for _, v := range variables {
		was, is := v.text(&before), v.text(&after)
		if was == is || is == noValue {
			continue
		}
		switch v.name {
		case "TIMER":
			if was == noValue && is == "0" {
				continue
			}
		case "RCV.NXT":
			if after.State == model.SynSent {
				continue // it has none yet
			}
		case "SND.UNA", "SND.NXT":
		default:
			continue
		}
		list = append(list, fmt.Sprintf("%s=%s", v.name, is))
	}
	return strings.Join(list, " ")
}

// arrives is the height at which something happens in a step; −1 is the start.
func (l *svgLayout) arrives(step int) float64 { return l.rows[step+1] + svgEvent }

// departs is the height at which a segment leaves.
func (l *svgLayout) departs(f *flight) float64 {
	return l.arrives(f.sent) + svgDepart*float64(f.nth+1)
}

func (l *svgLayout) bottom() float64 { return l.rows[len(l.rows)-1] }
