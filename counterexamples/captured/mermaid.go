package captured

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/observe/track"
)

// writeMermaid writes one sequence diagram, the connections one below another.
func writeMermaid(w *bytes.Buffer, conns []*track.Conn, o Options) {
	w.WriteString("sequenceDiagram\n")
	line := func(format string, args ...any) { fmt.Fprintf(w, "  "+format+"\n", args...) }
	note := func(over, text string, width int) {
		var lines []string
		for _, l := range wrap(text, width) {
			lines = append(lines, mermaidText(l))
		}
		line("Note over %s: %s", over, strings.Join(lines, "<br/>"))
	}
	line("participant a")
	line("participant b")
	for _, c := range conns {
		note("a,b", title(c), 72)
		for _, text := range summary(c) {
			note("a,b", text, 72)
		}
		for _, r := range rows(c, o) {
			if r.wrong != "" {
				line("rect rgba(220, 40, 40, 0.18)")
			}
			line("%v->>%v: %d. %s", r.From, r.From.Other(), r.N, mermaidText(r.Packet.String()))
			if r.wrong != "" {
				note("a,b", r.wrong, 72)
				line("end")
			}
			for s, text := range r.states {
				if text != "" {
					note(track.Side(s).String(), text, 30)
				}
			}
		}
	}
}

// mermaidText writes text in which nothing has a meaning to Mermaid: as
// entities, what is neither a letter, a digit nor harmless.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == ' ', r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', strings.ContainsRune("-+.,=/()[]", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
