package draw

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// dotGraph writes the format dot: what happened before what. Each side is a
// line of what happened there; a segment joins the step that sent it and the
// one at which it arrived. No other order is implied.
type dotGraph struct {
	w *bytes.Buffer
	s *story
}

func writeDot(w *bytes.Buffer, s *story, _ Options) error {
	d := dotGraph{w, s}
	title := wrap(s.title(), 70, 0)
	if text := s.atStart(); text != "" {
		title = append(title, text)
	}
	fmt.Fprintf(w, "digraph run {\n")
	fmt.Fprintf(w, "  graph [rankdir=TB, newrank=true, nodesep=1.2, ranksep=0.35, labelloc=t, fontname=%q, label=%s];\n",
		dotFont, dotText(title...))
	fmt.Fprintf(w, "  node [shape=box, style=rounded, fontname=%q, fontsize=11];\n", dotFont)
	fmt.Fprintf(w, "  edge [fontname=%q, fontsize=10, arrowsize=0.7];\n", dotFont)
	d.starts()
	for i := range s.t.Steps {
		d.step(i)
	}
	for i := range s.flights {
		d.flight(i)
	}
	d.cycle()
	w.WriteString("}\n")
	return nil
}

const dotFont = "Helvetica"

// dotText is a string of the language, its lines centred.
func dotText(lines ...string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, l := range lines {
		if i > 0 {
			b.WriteString(`\n`)
		}
		b.WriteString(strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(l))
	}
	b.WriteByte('"')
	return b.String()
}

// node is the name of what happens at a side in a step; −1 is the start.
func dotNode(side trace.Side, step int) string { return fmt.Sprintf("%v%d", side, step+1) }

func (d dotGraph) starts() {
	for side := trace.A; side <= trace.B; side++ {
		fmt.Fprintf(d.w, "  %s [label=%s, group=%v, penwidth=2];\n", dotNode(side, -1),
			dotText(fmt.Sprintf("TCP Peer %v", side), d.s.t.Setup.Start[side].State.String()), side)
	}
	fmt.Fprintf(d.w, "  {rank=same; %s; %s}\n", dotNode(trace.A, -1), dotNode(trace.B, -1))
	fmt.Fprintf(d.w, "  %s -> %s [style=invis, minlen=2];\n", dotNode(trace.A, -1), dotNode(trace.B, -1))
}

// sides are those at which something happens in a step.
func (s *story) sides(i int) []trace.Side {
	switch a := s.t.Steps[i].Action; a.Kind {
	case trace.Lose:
		return nil
	case trace.Tick:
		return []trace.Side{trace.A, trace.B}
	default:
		return []trace.Side{a.Side}
	}
}

// last is the step before i at which something happened at a side.
func (s *story) last(side trace.Side, i int) int {
	for i--; i >= 0; i-- {
		for _, x := range s.sides(i) {
			if x == side {
				return i
			}
		}
	}
	return -1
}

func (d dotGraph) step(i int) {
	st := &d.s.t.Steps[i]
	sides := d.s.sides(i)
	for _, side := range sides {
		what := fmt.Sprintf("%d. %s", i+1, event(st.Action))
		switch st.Action.Kind {
		case trace.Deliver, trace.Duplicate, trace.Attack:
			what = fmt.Sprintf("%d. %v arrives", i+1, st.Segment.Flags)
		}
		lines := []string{what}
		if p := path(d.s.t.Before(i)[side], st.After[side], &st.Outputs[side]); p != "" {
			lines = append(lines, p)
		}
		lines = append(lines, told(&st.Outputs[side])...)
		style := ""
		if d.s.marked[i] {
			lines = append(lines, d.s.sign()+" "+d.s.breaks())
			colour := "#c01c28"
			if d.s.reached() {
				colour = "#1a7f37"
			}
			style = fmt.Sprintf(", color=%q, penwidth=2.5", colour)
		}
		if d.s.repeats(i) {
			style += ", style=\"rounded,filled\", fillcolor=\"#fff3c4\""
		}
		fmt.Fprintf(d.w, "  %s [label=%s, group=%v%s];\n", dotNode(side, i), dotText(lines...), side, style)
		fmt.Fprintf(d.w, "  %s -> %s [weight=20, color=gray50, arrowhead=none];\n", dotNode(side, d.s.last(side, i)), dotNode(side, i))
	}
	if len(sides) == 2 {
		fmt.Fprintf(d.w, "  {rank=same; %s; %s}\n", dotNode(trace.A, i), dotNode(trace.B, i))
	}
}

// cycle joins the last step at a side with the first of those that repeat.
func (d dotGraph) cycle() {
	first, last := -1, -1
	var from, to trace.Side
	for i := range d.s.t.Steps {
		for _, side := range d.s.sides(i) {
			if d.s.repeats(i) {
				if first < 0 {
					first, to = i, side
				}
				last, from = i, side
			}
		}
	}
	if first >= 0 {
		fmt.Fprintf(d.w, "  %s -> %s [label=%s, style=bold, color=\"#b08800\", constraint=false];\n",
			dotNode(from, last), dotNode(to, first), dotText("for ever"))
	}
}

// flight joins where a segment left and where it arrived.
func (d dotGraph) flight(n int) {
	f := &d.s.flights[n]
	from := dotNode(f.from(), f.sent)
	if f.attack() || f.sent == fromStart {
		from = fmt.Sprintf("origin%d", n+1)
		word := "old"
		if f.attack() {
			word = "attacker"
		}
		fmt.Fprintf(d.w, "  %s [label=%s, shape=plaintext];\n", from, dotText(word))
	}
	label := d.s.label(f.Segment, f.from())
	for k, step := range f.arrivals {
		style := ""
		if k > 0 {
			style, label = ", style=dashed", "again"
		} else if f.late[k] {
			label += " (late)"
		}
		fmt.Fprintf(d.w, "  %s -> %s [label=%s%s];\n", from, dotNode(f.To, step), dotText(label), style)
	}
	if f.end == arrived || f.end == underWay && len(f.arrivals) > 0 {
		return
	}
	word := "✗ " + f.end.String()
	if f.end == underWay {
		word = f.end.String()
	}
	fmt.Fprintf(d.w, "  end%d [label=%s, shape=plaintext];\n", n+1, dotText(word))
	fmt.Fprintf(d.w, "  %s -> end%d [label=%s, style=dotted];\n", from, n+1, dotText(label))
}
