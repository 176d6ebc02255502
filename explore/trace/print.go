package trace

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tcpcheck/tcpcheck/model"
)

// Print writes the trace as a ladder, header included. [Parse] reads it.
func Print(t *Trace) string { return Format(t, Options{}) }

// Options are what [Format] tells besides the ladder, in lines that start with
// # and that [Parse] passes over.
type Options struct {
	Changes bool // the variables that each step changes
	Told    bool // what the users are told and given
	Rules   bool // the rules that decided
}

// Format is [Print] with more told.
func Format(t *Trace, o Options) string {
	var b strings.Builder
	writeHeader(&b, t)
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	lines := Lines(t)
	told := -1
	for i, l := range lines {
		b.WriteString(l.Text)
		b.WriteByte('\n')
		continues := i+1 < len(lines) && lines[i+1].Step == l.Step && lines[i+1].Number == 0
		if l.Step > told && !continues {
			writeDetails(&b, t, l.Step, o)
			told = l.Step
		}
	}
	return b.String()
}

// Line is one line of the ladder.
type Line struct {
	// Number is what it is called; 0 if it continues the line before.
	Number int
	// Step is the index of the step that it shows; −1 for headings and the
	// start. A step may have several lines: a call, and each of its segments
	// that leaves.
	Step int
	Text string // without end of line
}

// Lines is the ladder of the trace, without the header.
func Lines(t *Trace) []Line { return lines(t, lay(t, false)) }

// LinesApart is [Lines] with the leaving of a segment always at the step that
// sends it, in a line of its own.
func LinesApart(t *Trace) []Line { return lines(t, lay(t, true)) }

func lines(t *Trace, rows []row) []Line {
	names := named(t, rows)
	p := printer{t: t}
	count := 0
	middles := make([]string, len(rows))
	for i, r := range rows {
		if r.numbered {
			count++
		}
		middles[i] = r.middle
		if r.what == segmentRow {
			middles[i] = formatSegment(r.segment, p.t.Setup.hiddenWindow(r.side.Other(), r.segment.Flags))
			if names[r.id] {
				middles[i] += fmt.Sprintf(" #%d", r.id)
			}
		}
		p.middle = max(p.middle, len(middles[i]))
	}
	p.number = len(fmt.Sprint(count))

	lines := []Line{{Step: -1, Text: p.text(row{cell: [2]string{"TCP Peer A", "TCP Peer B"}}, 0, "")}}
	marked := map[int]bool{}
	for _, i := range t.Info.Marked {
		marked[i] = true
	}
	count = 0
	repeats := t.Info.CycleFrom
	for i, r := range rows {
		n := 0
		if r.numbered {
			count++
			n = count
		}
		if marked[r.step] && r.step >= 0 {
			r.notes = append(r.notes, "!!")
			marked[r.step] = false
		}
		if r.step == repeats && r.numbered && r.step >= 0 {
			repeats = -1
			lines = append(lines, Line{Step: r.step, Text: "# from here on it repeats for ever"})
		}
		lines = append(lines, Line{Number: n, Step: r.step, Text: p.text(r, n, middles[i])})
	}
	return lines
}

// hiddenWindow is the window that a segment from the side carries without
// saying so.
func (s *Setup) hiddenWindow(from Side, f model.Flags) uint32 {
	if f.Has(model.RST) {
		return 0
	}
	return s.Endpoints[from].Window
}

// printer knows the widths of the columns.
type printer struct {
	t              *Trace
	number, middle int
}

// leftWidth is the width of the left column, of SYN-RECEIVED.
const leftWidth = 12

func (p *printer) text(r row, number int, middle string) string {
	var b strings.Builder
	if number > 0 {
		fmt.Fprintf(&b, "%*d.  ", p.number, number)
	} else {
		fmt.Fprintf(&b, "%*s   ", p.number, "")
	}
	notes := r.notes
	if r.what == segmentRow && r.cell[A] == "" && len(notes) > 0 && len(notes[0])+2 <= leftWidth {
		r.cell[A] = "(" + notes[0] + ")"
		notes = notes[1:]
	}
	arrows := [2]string{"   ", "   "}
	if r.what == segmentRow {
		from, to := r.side.Other(), r.side
		mark := [2]string{"<--", "-->"}[to]
		arrows = [2]string{"...", "..."}
		if r.departs {
			arrows[from] = mark
		}
		if r.arrives {
			arrows[to] = mark
		}
	}
	fmt.Fprintf(&b, "%-*s %s %-*s %s %s", leftWidth, r.cell[A], arrows[A], p.middle, middle, arrows[B], r.cell[B])
	if len(notes) > 0 {
		if r.cell[B] == "" {
			fmt.Fprintf(&b, "(%s)", strings.Join(notes, ") ("))
		} else {
			fmt.Fprintf(&b, "  (%s)", strings.Join(notes, ") ("))
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func issText(iss model.Seq) string { return fmt.Sprintf("ISS=%d", iss) }

// writeDetails tells what came of a step.
func writeDetails(b *strings.Builder, t *Trace, i int, o Options) {
	st := &t.Steps[i]
	before := t.Before(i)
	for s := A; s <= B; s++ {
		out := &st.Outputs[s]
		say := func(what string, list []string) {
			if len(list) > 0 {
				writeWrapped(b, fmt.Sprintf("#   %v %s", s, what), list)
			}
		}
		if o.Changes {
			var list []string
			for _, c := range Changed(before[s], st.After[s]) {
				list = append(list, fmt.Sprintf("%s %s → %s", c.Field, c.Before, c.After))
			}
			say("changes:", list)
		}
		if o.Told {
			var list []string
			for _, d := range out.Delivered() {
				list = append(list, deliveryText(d))
			}
			say("gives its user:", list)
			list = nil
			for _, g := range out.Signals() {
				list = append(list, g.String())
			}
			say("tells its user:", list)
		}
		if o.Rules {
			var list []string
			for _, r := range out.Rules() {
				list = append(list, r.String())
			}
			say("by:", list)
		}
	}
}

// writeWrapped writes the list behind the lead, in lines of about 100 columns.
func writeWrapped(b *strings.Builder, lead string, list []string) {
	width := 0
	for i, s := range list {
		if i < len(list)-1 {
			s += ","
		}
		if n := utf8.RuneCountInString(s); i == 0 || width+1+n > 100 {
			if i > 0 {
				b.WriteByte('\n')
				lead = "#" + strings.Repeat(" ", len(lead)-1)
			}
			b.WriteString(lead)
			width = len(lead)
		}
		b.WriteString(" " + s)
		width += 1 + utf8.RuneCountInString(s)
	}
	b.WriteByte('\n')
}

// Before is both states before step i.
func (t *Trace) Before(i int) [2]model.TCB {
	if i == 0 {
		return t.Setup.Start
	}
	return t.Steps[i-1].After
}
