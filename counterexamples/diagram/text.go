package diagram

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/tcpcheck/tcpcheck/model"
)

// words is a cause in a line: "rcv SYN / snd SYN,ACK ×422 (§3.10.7.2 third)".
func (c *Cause) words() string {
	text := c.Text
	if c.Does != "" {
		text += " / " + c.Does
	}
	text += " ×" + humanize.Comma(int64(c.Count))
	switch {
	case c.Standing == Forbidden:
		return text + " (no paragraph allows it)"
	case c.Note > 0:
		return fmt.Sprintf("%s (note %d, %s)", text, c.Note, c.Source)
	case c.Source != "":
		return fmt.Sprintf("%s (%s)", text, c.Source)
	}
	return text
}

// strands are the arrow's causes by standing: each is drawn as a line of its own.
func (a *Arrow) strands() (list [3][]string) {
	for i := range a.Causes {
		c := &a.Causes[i]
		list[c.Standing] = append(list[c.Standing], c.words())
	}
	return list
}

// again is CLOSED as the end: as in the figure it stands a second time, so that
// what leads there need not go back to the beginning.
const again = "CLOSED again"

// target is the name of the state that an arrow points to, for causes of a standing.
func (a *Arrow) target(standing Standing) string {
	if a.To == model.Closed && (standing != Drawn || a.From > model.SynSent) {
		return again
	}
	return a.To.String()
}

// writeDOT writes the format dot. Graphviz finds the places.
func writeDOT(w *bytes.Buffer, d *Diagram) {
	fmt.Fprintf(w, "// %s\ndigraph tcp {\n", d.about())
	fmt.Fprintf(w, "  label=%s; labelloc=t; fontname=\"sans-serif\"; nodesep=0.7; ranksep=0.9;\n", quoted(d.title()))
	w.WriteString("  node [shape=box, style=\"rounded,filled\", fillcolor=\"#eef1f5\", fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n")
	for s := range model.State(model.NumStates) {
		fmt.Fprintf(w, "  %s;\n", quoted(s.String()))
	}
	fmt.Fprintf(w, "  %s [label=\"CLOSED\", style=\"rounded,filled,dashed\"];\n", quoted(again))
	for i := range d.Arrows {
		a := &d.Arrows[i]
		for standing, causes := range a.strands() {
			if len(causes) > 0 {
				fmt.Fprintf(w, "  %s -> %s [label=%s%s];\n", quoted(a.From.String()), quoted(a.target(Standing(standing))),
					quoted(strings.Join(causes, "\n")), [...]string{"", ", style=dashed", ", style=bold, color=red, fontcolor=red"}[standing])
			}
		}
	}
	for _, m := range d.Missing {
		fmt.Fprintf(w, "  %s -> %s [label=%s, color=gray, fontcolor=gray];\n", quoted(m.From.String()), quoted(m.To.String()), quoted(m.Cause+": not met"))
	}
	w.WriteString("}\n")
}

// quoted is a string of the DOT language.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

// writeMermaid writes the format mermaid. It has one kind of line: what the
// figure omits says so.
func writeMermaid(w *bytes.Buffer, d *Diagram) {
	fmt.Fprintf(w, "---\ntitle: %s\n---\nstateDiagram-v2\n", d.title())
	fmt.Fprintf(w, "  %%%% %s\n", d.about())
	id := func(name string) string { return strings.NewReplacer("-", "_", " ", "_").Replace(name) }
	for s := range model.State(model.NumStates) {
		fmt.Fprintf(w, "  state \"%v\" as %s\n", s, id(s.String()))
	}
	fmt.Fprintf(w, "  state \"CLOSED\" as %s\n  [*] --> CLOSED\n", id(again))
	for i := range d.Arrows {
		a := &d.Arrows[i]
		for standing, causes := range a.strands() {
			if len(causes) > 0 {
				mark := [...]string{"", "(omitted by figure 5) ", "(FORBIDDEN) "}[standing]
				fmt.Fprintf(w, "  %s --> %s : %s%s\n", id(a.From.String()), id(a.target(Standing(standing))), mark, strings.Join(causes, "<br/>"))
			}
		}
	}
	for _, m := range d.Missing {
		fmt.Fprintf(w, "  %s --> %s : (NOT MET) %s\n", id(m.From.String()), id(m.To.String()), m.Cause)
	}
}
