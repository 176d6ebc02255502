package draw

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// mermaidWidth is after how many letters a note's line is broken.
const mermaidWidth = 36

// mermaidDiagram writes the format mermaid. Its sequence diagrams cannot draw
// crossing arrows, so a segment is two arrows: from its sender to the network,
// and from there to its receiver, both with its number in brackets. What a step
// begins with has the step's number: "3. [1] SYN" is segment 1, delivered by step 3.
type mermaidDiagram struct {
	w *bytes.Buffer
	s *story
}

func writeMermaid(w *bytes.Buffer, s *story, _ Options) error {
	if err := s.short("mermaid"); err != nil {
		return err
	}
	d := mermaidDiagram{w, s}
	d.line("sequenceDiagram")
	d.line("accTitle: %s", mermaidText(s.title()))
	d.line("participant A as TCP Peer A")
	d.line("participant N as network")
	d.line("participant B as TCP Peer B")
	d.note("A,B", s.title())
	for side := trace.A; side <= trace.B; side++ {
		d.note(side.String(), s.t.Setup.Start[side].State.String())
	}
	for i := range s.flights {
		if f := &s.flights[i]; f.sent == fromStart {
			d.note("N", fmt.Sprintf("[%d] to %v, from the start: %s", f.ID, f.To, s.label(f.Segment, f.from())))
		}
	}
	if text := s.atStart(); text != "" {
		d.note("A,B", text)
	}
	for i := range s.t.Steps {
		d.step(i)
	}
	if s.t.Info.CycleFrom >= 0 {
		d.line("end")
	}
	return nil
}

func (d mermaidDiagram) line(format string, args ...any) {
	if d.w.Len() > 0 {
		d.w.WriteString("  ")
	}
	fmt.Fprintf(d.w, format+"\n", args...)
}

// note writes a note over lanes; each text begins a line.
func (d mermaidDiagram) note(lanes string, texts ...string) {
	width := mermaidWidth
	if strings.Contains(lanes, ",") {
		width *= 2
	}
	var lines []string
	for _, text := range texts {
		for _, l := range wrap(text, width, 0) {
			lines = append(lines, mermaidText(l))
		}
	}
	if len(lines) > 0 {
		d.line("Note over %s: %s", lanes, strings.Join(lines, "<br/>"))
	}
}

func (d mermaidDiagram) step(i int) {
	st := &d.s.t.Steps[i]
	if i == d.s.t.Info.CycleFrom {
		d.line("loop for ever")
	}
	if d.s.marked[i] {
		colour := "220, 40, 40"
		if d.s.reached() {
			colour = "40, 160, 70"
		}
		d.line("rect rgba(%s, 0.18)", colour)
		defer d.line("end")
	}
	d.action(i)
	before := d.s.t.Before(i)
	for side := trace.A; side <= trace.B; side++ {
		var texts []string
		if a := st.Action; a.Kind == trace.Call && a.Side == side {
			texts = append(texts, fmt.Sprintf("%d. %s", i+1, event(a)))
		}
		if p := path(before[side], st.After[side], &st.Outputs[side]); p != "" {
			texts = append(texts, p)
		}
		texts = append(texts, told(&st.Outputs[side])...)
		d.note(side.String(), texts...)
	}
	for _, f := range st.Sent {
		from, arrow, more := f.To.Other(), "->>", ""
		if d.s.flight(f.ID).end == dropped {
			arrow, more = "-x", ", dropped"
		}
		d.line("%v%sN: [%d] %s%s", from, arrow, f.ID, mermaidText(d.s.label(f.Segment, from)), more)
	}
	if d.s.marked[i] {
		d.note("A,B", fmt.Sprintf("%s step %d %s", d.s.sign(), i+1, d.s.breaks()))
	}
}

// action writes the arrows of what arrives or is lost.
func (d mermaidDiagram) action(i int) {
	st := &d.s.t.Steps[i]
	a := st.Action
	text := mermaidText(d.s.label(st.Segment, a.Side.Other()))
	switch a.Kind {
	case trace.Deliver, trace.Duplicate:
		var notes string
		if d.s.again(i) {
			notes += ", again"
		} else if d.s.isLate(i) {
			notes += ", late"
		}
		if a.Kind == trace.Duplicate {
			notes += ", a copy stays"
		}
		d.line("N->>%v: %d. [%d] %s%s", a.Side, i+1, a.ID, text, notes)
	case trace.Lose:
		d.line("N-x%v: %d. [%d] %s, lost", a.Side, i+1, a.ID, text)
	case trace.Attack:
		d.line("N->>%v: %d. %s, an attacker's", a.Side, i+1, text)
	case trace.Tick:
		d.note("A,B", fmt.Sprintf("%d. tick", i+1))
		for _, id := range st.Expired {
			f := d.s.flight(id)
			d.line("N-x%v: [%d] %s, expired", f.To, id, mermaidText(d.s.label(f.Segment, f.from())))
		}
	}
}

// mermaidText writes text in which nothing has a meaning to Mermaid: as
// entities, what is neither a letter, a digit nor harmless.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= 0x80, r == ' ', r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z',
			strings.ContainsRune("-+.,=/()[]'", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
