package draw

import (
	"bytes"
	"fmt"
	"io"

	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// Format is a way to write a trace.
type Format struct {
	Name      string // as [Write] takes it
	Extension string // of a file of the format, with the dot
	About     string // in a few words
	// Binary formats are not for a terminal.
	Binary bool
	// Partial formats can't tell every run; [Write] refuses one that they can't.
	Partial bool

	write func(w *bytes.Buffer, s *story, o Options) error
}

// Options say how to write a trace. The zero value is right for a file.
type Options struct {
	Width  int  // columns of text, at least 40; 0: 80
	ASCII  bool // text in ASCII alone, where its names allow
	Colour bool // text in colour, for a terminal
	// Endpoint is the side that packetdrill tells, "a" or "b"; "": the one at
	// which the run breaks its property, or ends.
	Endpoint string
}

// MaxDrawn is how many steps a drawing may have; svg and mermaid refuse more.
const MaxDrawn = 100

var formats = []Format{
	{Name: "text", Extension: ".txt", About: "the ladder, what changed and the rules, step by step", write: writeText},
	{Name: "svg", Extension: ".svg", About: "a drawing with slanted arrows, for light and dark", write: writeSVG},
	{Name: "mermaid", Extension: ".mmd", About: "a sequence diagram that code hosts show", write: writeMermaid},
	{Name: "html", Extension: ".html", About: "one file to step through with the keyboard, offline", write: writeHTML},
	{Name: "json", Extension: ".json", About: "the whole run, which tcpcheck reads back", write: writeJSON},
	{Name: "itf", Extension: ".itf.json", About: "Apalache's Informal Trace Format", write: writeITF},
	{Name: "dot", Extension: ".dot", About: "a graph of what happened before what, for Graphviz", write: writeDot},
	{Name: "pcap", Extension: ".pcap", About: "a capture of what was sent, for Wireshark", Binary: true, write: writePcap},
	{Name: "packetdrill", Extension: ".pkt", About: "a script that tests a stack: what one side lives through", Partial: true, write: writeDrill},
}

// Formats lists the formats that [Write] knows, text first.
func Formats() []Format { return append([]Format(nil), formats...) }

// Find is the format of that name.
func Find(name string) (Format, bool) {
	for _, f := range formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// TooLongError is why a trace is not drawn: it would not be readable.
type TooLongError struct {
	Format string
	Steps  int
}

// Error says how many steps there are and how many may be.
func (e *TooLongError) Error() string {
	return fmt.Sprintf("%s: a run of %d steps would not be readable: want at most %d", e.Format, e.Steps, MaxDrawn)
}

// Hint says how to get a shorter run, or a readable form of this one.
func (e *TooLongError) Hint() string {
	return "use the format text or html, or look for a shorter run: a search breadth first finds the shortest, " +
		"and a scenario with smaller budgets has shorter ones"
}

// Write writes the trace in the format of that name, whole or not at all: an
// error other than w's comes before the first byte. A trace of more than
// [MaxDrawn] steps is a [TooLongError] in svg and mermaid. The bytes depend on
// the trace and the options alone.
func Write(w io.Writer, format string, t *trace.Trace, o Options) error {
	f, ok := Find(format)
	if !ok {
		return fmt.Errorf("format %.40q is not known: want one of %s", format, names())
	}
	var b bytes.Buffer
	if err := f.write(&b, tell(t), o); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func names() string {
	var b bytes.Buffer
	for i, f := range formats {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.Name)
	}
	return b.String()
}

// short is a TooLongError if the trace has too many steps for a drawing.
func (s *story) short(format string) error {
	if n := len(s.t.Steps); n > MaxDrawn {
		return &TooLongError{Format: format, Steps: n}
	}
	return nil
}

func writeJSON(w *bytes.Buffer, s *story, _ Options) error { return trace.WriteJSON(w, s.t) }
