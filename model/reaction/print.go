package reaction

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// Lines is the reaction in a few words each: what is sent, delivered and
// signalled, the next state, what changed, and the rules. The last two may be
// empty.
func (r Reaction) Lines(from model.State) (effect, changes, rules string) {
	var parts []string
	if len(r.Sent) > 0 {
		parts = append(parts, "send "+strings.Join(r.Sent, " "))
	}
	if len(r.Delivered) > 0 {
		parts = append(parts, "deliver "+strings.Join(r.Delivered, ", "))
	}
	if len(r.Signals) > 0 {
		quoted := make([]string, len(r.Signals))
		for i, s := range r.Signals {
			quoted[i] = `"` + s + `"`
		}
		parts = append(parts, "signal "+strings.Join(quoted, ", "))
	}
	if len(parts) == 0 && r.Next == from && len(r.Path) == 0 {
		parts = append(parts, "drop")
	}
	effect = strings.Join(parts, "; ")
	if arrow := r.arrow(from); arrow != "" {
		effect = strings.TrimPrefix(effect+"; "+arrow, "; ")
	}
	names := make([]string, len(r.Rules))
	for i, x := range r.Rules {
		names[i] = x.String()
	}
	return effect, strings.Join(r.Changes, ", "), strings.Join(names, ", ")
}

// arrow is the states entered, "-> ESTABLISHED -> CLOSE-WAIT".
func (r Reaction) arrow(from model.State) string {
	path := slices.Clone(r.Path)
	if last := append([]model.State{from}, path...); last[len(last)-1] != r.Next {
		path = append(path, r.Next)
	}
	var b strings.Builder
	for _, s := range path {
		fmt.Fprintf(&b, " -> %v", s)
	}
	return strings.TrimPrefix(b.String(), " ")
}

// String is the box in words, "SYN | SYN,ACK; ACK old; SEQ any; text".
func (b Box) String(s *Situation) string {
	var flags []string
	for _, f := range b.Flags() {
		flags = append(flags, f.String())
	}
	parts := []string{strings.Join(flags, " | ")}
	if acks := b.Acks(); !slices.Equal(acks, []AckPlace{NoAck}) && len(s.Acks) > 1 {
		every := append([]AckPlace{NoAck}, s.Acks...)
		switch {
		case slices.Equal(acks, s.Acks), slices.Equal(acks, every):
		default:
			parts = append(parts, "ACK "+list(acks))
		}
	}
	if seqs := b.Seqs(); len(seqs) != len(s.Seqs) {
		parts = append(parts, "SEQ "+list(seqs))
	}
	if texts := b.Texts(); len(texts) == 1 {
		parts = append(parts, map[bool]string{false: "no text", true: "text"}[texts[0]])
	}
	return strings.Join(parts, "; ")
}

func list[T fmt.Stringer](values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.String()
	}
	return strings.Join(names, " | ")
}

// Write writes a whole table: for each situation its reactions, numbered, each
// with the classes it answers, merged; then a grid in which every class is one
// cell, holding the number of its reaction.
func Write(w io.Writer, e model.Endpoint, rows []Row) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d situations, %d classes in all, each once.\n", len(situations), len(rows))
	for len(rows) > 0 {
		s := rows[0].Situation
		n := s.Size()
		writeSituation(&b, e, s, rows[:n])
		rows = rows[n:]
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeSituation(b *strings.Builder, e model.Endpoint, s *Situation, rows []Row) {
	groups := Merge(rows)
	fmt.Fprintf(b, "\n== %s\n   %s\n   %d classes, %d reactions\n", s.Name, s.Variables(e), len(rows), len(groups))
	for i, g := range groups {
		effect, changes, rules := g.Reaction.Lines(s.State)
		fmt.Fprintf(b, "\n%3d  %s\n", i+1, effect)
		if changes != "" {
			fmt.Fprintf(b, "     set %s\n", changes)
		}
		fmt.Fprintf(b, "     by %s\n", rules)
		for _, x := range g.Boxes {
			fmt.Fprintf(b, "     . %s\n", x.String(s))
		}
	}
	writeGrid(b, s, rows, groups)
}

// writeGrid writes a line for each flags, ACK and text, with a cell for each
// SEQ.
func writeGrid(b *strings.Builder, s *Situation, rows []Row, groups []Group) {
	fmt.Fprintf(b, "\n     %-16s%-9s%-6s", "CTL", "ACK", "text")
	for _, p := range s.Seqs {
		fmt.Fprintf(b, "%11s", p)
	}
	b.WriteString("\n")
	for i, row := range rows {
		if i%len(s.Seqs) == 0 {
			text := "-"
			if row.Class.Text {
				text = "text"
			}
			fmt.Fprintf(b, "     %-16s%-9s%-6s", row.Class.Flags, row.Class.Ack, text)
		}
		at := slices.IndexFunc(groups, func(g Group) bool { return g.Reaction.Equal(row.Reaction) })
		fmt.Fprintf(b, "%11d", at+1)
		if (i+1)%len(s.Seqs) == 0 {
			b.WriteString("\n")
		}
	}
}

// WriteDiff writes pairs of reactions with the classes they answer; a and b
// name the tables.
func WriteDiff(w io.Writer, a, b string, groups []PairGroup) error {
	var out strings.Builder
	var last *Situation
	for _, g := range groups {
		if g.Situation != last {
			last = g.Situation
			fmt.Fprintf(&out, "\n== %s\n", last.Name)
		}
		out.WriteString("\n")
		for _, x := range g.Boxes {
			fmt.Fprintf(&out, "     . %s\n", x.String(last))
		}
		writeSide(&out, a, last.State, g.A, g.B)
		writeSide(&out, b, last.State, g.B, g.A)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// writeSide writes one of two reactions. Its changes are written where nothing
// else tells it from the other.
func writeSide(b *strings.Builder, name string, from model.State, r, other Reaction) {
	effect, changes, rules := r.Lines(from)
	fmt.Fprintf(b, "     %s: %s\n", name, effect)
	if otherEffect, _, _ := other.Lines(from); effect == otherEffect && changes != "" {
		fmt.Fprintf(b, "       set %s\n", changes)
	}
	fmt.Fprintf(b, "       by %s\n", rules)
}
