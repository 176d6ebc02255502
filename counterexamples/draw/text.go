package draw

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// The bounds of a text's width. A state and an arrow need the least.
const (
	minWidth     = 40
	defaultWidth = 80
)

// Styles of text, as SGR parameters.
const (
	bold  = "1"
	faint = "2"
	red   = "31"
	green = "32"
	cyan  = "36"
)

// texter writes the format text.
type texter struct {
	w      *bytes.Buffer
	s      *story
	o      Options
	ladder [][]string // of each step, the start first, its lines
}

func writeText(w *bytes.Buffer, s *story, o Options) error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	o.Width = max(o.Width, minWidth)
	t := texter{w: w, s: s, o: o}
	t.ladder = t.rungs()
	t.header()
	for i := range s.t.Steps {
		t.step(i)
	}
	t.footer()
	return nil
}

// rungs are the lines of the ladder, by the step that they show. Where they
// are too wide, each step has lines of its own form.
func (t *texter) rungs() [][]string {
	list := make([][]string, len(t.s.t.Steps)+1)
	lines := trace.LinesApart(t.s.t)
	margin := strings.Index(lines[0].Text, "TCP Peer A")
	wide := false
	for _, l := range lines {
		if l.Step >= 0 && strings.HasPrefix(l.Text, "#") {
			continue // the footer says that it repeats
		}
		text := "    " + strings.ReplaceAll(l.Text[min(margin, len(l.Text)):], "(!!)", "    ") // the step says it
		text = strings.TrimRight(text, " ")
		wide = wide || len(text) > t.o.Width
		list[l.Step+1] = append(list[l.Step+1], t.arrows(text))
	}
	if wide {
		for i := range list {
			list[i] = t.narrow(i - 1)
		}
	}
	return list
}

// narrow is the lines of a step where the ladder does not fit.
func (t *texter) narrow(i int) []string {
	after := t.s.t.Setup.Start
	var list []string
	if i >= 0 {
		st := &t.s.t.Steps[i]
		after = st.After
		switch a := st.Action; a.Kind {
		case trace.Deliver, trace.Duplicate, trace.Attack:
			list = append(list, fmt.Sprintf("    --> %v  %s", a.Side, trace.FormatSegment(st.Segment)))
		case trace.Lose:
			list = append(list, fmt.Sprintf("    --> (lost)  %s", trace.FormatSegment(st.Segment)))
		}
		for _, f := range st.Sent {
			list = append(list, fmt.Sprintf("    %v -->  %s", f.To.Other(), trace.FormatSegment(f.Segment)))
		}
	}
	for i, l := range list {
		list[i] = t.arrows(strings.Join(wrap(l, t.o.Width, 8), "\n"))
	}
	return append(list, fmt.Sprintf("    A %-12v  B %v", after[trace.A].State, after[trace.B].State))
}

// prettier are the signs of the ladder and those that stand for them where
// there is more than ASCII, of the same width.
var prettier = strings.NewReplacer(
	"-->", "──▶", "<--", "◀──", "...", "···",
	"(lost)", "✗ lost", "(dropped)", "✗ dropped", "(expired)", "✗ expired",
)

func (t *texter) arrows(line string) string {
	if t.o.ASCII {
		return line
	}
	return prettier.Replace(line)
}

func (t *texter) header() {
	t.prose("", bold, t.s.title())
	if text := t.s.origin(); text != "" {
		t.prose("", faint, text)
	}
	t.prose("", faint, t.s.length())
	t.w.WriteByte('\n')
	for _, l := range t.ladder[0] {
		t.line("", l)
	}
	for _, f := range t.s.t.Setup.InFlight {
		t.prose("", "", fmt.Sprintf("Segment %d is in the network from the start, on its way to %v: %s",
			f.ID, f.To, trace.FormatSegment(f.Segment)))
	}
	if t.s.atStart() != "" {
		sign, style := t.sign()
		t.prose("", style, sign+" the start "+t.s.breaks())
	}
}

// sign marks what goes wrong, or what the run is there for; and its style.
func (t *texter) sign() (sign, style string) {
	sign, style = t.s.sign(), red
	if t.s.reached() {
		style = green
	}
	if t.o.ASCII {
		sign = map[string]string{"✗": "!!", "✓": "ok"}[sign]
	}
	return sign, style
}

// around marks what repeats.
func (t *texter) around() string {
	if t.o.ASCII {
		return "@"
	}
	return "↻"
}

func (t *texter) step(i int) {
	st := &t.s.t.Steps[i]
	t.w.WriteByte('\n')
	if i == t.s.t.Info.CycleFrom {
		t.prose("", cyan, "From here on it repeats for ever:")
	}
	number := fmt.Sprintf("%d. ", i+1)
	if t.s.repeats(i) {
		number = t.around() + " " + number
	}
	t.prose(number, bold, t.s.happened(i)+".")
	if t.s.marked[i] {
		sign, style := t.sign()
		t.prose("    "+sign+" ", style, t.s.breaks())
	}
	for _, l := range t.ladder[i+1] {
		t.line("", l)
	}
	before := t.s.t.Before(i)
	for side := trace.A; side <= trace.B; side++ {
		t.side(side, st, before[side])
	}
	for _, id := range st.Dropped {
		t.prose("      ", "", fmt.Sprintf("the network has no room for segment %d: it is lost", id))
	}
}

// side tells what a step did to a side.
func (t *texter) side(side trace.Side, st *trace.Step, before model.TCB) {
	out, lead := &st.Outputs[side], fmt.Sprintf("      %v ", side)
	var sent []string
	for _, f := range st.Sent {
		if f.To == side.Other() {
			sent = append(sent, t.whole(fmt.Sprintf("segment %d: %s", f.ID, t.s.label(f.Segment, side))))
		}
	}
	if len(sent) > 0 {
		t.prose(lead, "", "sends "+strings.Join(sent, "; "))
	}
	var list []string
	if p := path(before, st.After[side], out); p != "" {
		list = append(list, t.whole(p))
	}
	for _, c := range changes(before, st.After[side]) {
		list = append(list, t.whole(c))
	}
	if len(list) > 0 {
		t.prose(lead, "", strings.Join(list, ", "))
	}
	if list := told(out); len(list) > 0 {
		t.prose(fmt.Sprintf("      %v's user is ", side), "", strings.Join(list, ", "))
	}
	for _, r := range out.Rules() {
		t.prose(lead+"by ", faint, fmt.Sprintf("%v (%s): %s", r, source(r), r.Info().Title))
	}
}

func (t *texter) footer() {
	if len(t.s.t.Steps) == 0 {
		return
	}
	var list []string
	for _, f := range t.s.flights {
		if f.end == underWay {
			list = append(list, fmt.Sprint(f.ID))
		}
	}
	if len(list) > 0 {
		t.w.WriteByte('\n')
		what := "segment " + list[0]
		if last := len(list) - 1; last > 0 {
			what = "segments " + strings.Join(list[:last], ", ") + " and " + list[last]
		}
		t.prose("", faint, "Still in the network at the end: "+what+".")
	}
	if from := t.s.t.Info.CycleFrom; from >= 0 {
		t.w.WriteByte('\n')
		t.prose("", cyan, fmt.Sprintf("%s Then it goes on from step %d, for ever.", t.around(), from+1))
	}
}

// prose writes text behind a lead, wrapped to the width, its further lines
// below its first.
func (t *texter) prose(lead, style, text string) {
	if t.o.ASCII {
		lead, text = ascii(lead), ascii(text)
	}
	indent := utf8.RuneCountInString(lead)
	for i, l := range wrap(text, t.o.Width-indent, 0) {
		if i > 0 {
			lead = strings.Repeat(" ", indent)
		}
		t.line(style, lead+l)
	}
}

// hardSpace is a space at which prose is not wrapped.
const hardSpace = "\u00a0"

// whole keeps text in one line, if it is not too long for that.
func (t *texter) whole(text string) string {
	if utf8.RuneCountInString(text) > t.o.Width-12 {
		return text
	}
	return strings.ReplaceAll(text, " ", hardSpace)
}

// line writes a line in a style.
func (t *texter) line(style, text string) {
	if t.o.ASCII {
		text = ascii(text)
	}
	text = strings.ReplaceAll(text, hardSpace, " ")
	if t.o.Colour && style != "" {
		text = "\x1b[" + style + "m" + text + "\x1b[0m"
	}
	t.w.WriteString(text)
	t.w.WriteByte('\n')
}

// ascii writes what is not ASCII otherwise.
func ascii(text string) string {
	text = strings.NewReplacer("→", "->", "·", "-", "§", "section ", "–", "-", "’", "'").Replace(text)
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf && string(r) != hardSpace {
			return '?'
		}
		return r
	}, text)
}

// wrap breaks text at spaces into lines of at most width columns; lines but
// the first begin with indent spaces. Spaces at the beginning stay.
func wrap(text string, width, indent int) []string {
	rest := strings.TrimLeft(text, " ")
	words := strings.Split(rest, " ")
	words[0] = text[:len(text)-len(rest)] + words[0]
	var list []string
	line, n := "", 0
	for i, w := range words {
		k := utf8.RuneCountInString(w)
		switch {
		case i == 0:
			line, n = w, k
		case n+1+k > width:
			list = append(list, line)
			line, n = strings.Repeat(" ", indent)+w, indent+k
		default:
			line, n = line+" "+w, n+1+k
		}
	}
	return append(list, line)
}
