package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// app is what every command needs to speak: where the result and the notes go,
// and how wide and how colourful.
type app struct {
	out    *bufio.Writer // the result; flushed by finish
	err    io.Writer     // notes and errors
	stdout io.Writer

	color    string // the flag: one of colorModes
	outColor bool
	errColor bool
}

var colorModes = []string{"auto", "always", "never"}

func newApp(stdout, stderr io.Writer) *app {
	return &app{out: bufio.NewWriter(stdout), err: stderr, stdout: stdout, color: "auto"}
}

// setColor decides on colour: the flag, then NO_COLOR, then whether a terminal
// shows it.
func (a *app) setColor() error {
	switch a.color {
	case "always":
		a.outColor, a.errColor = true, true
	case "never":
	case "auto":
		plain := os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb"
		a.outColor = !plain && isTerminal(a.stdout)
		a.errColor = !plain && isTerminal(a.err)
	default:
		mode := a.color
		a.color = "never"
		return usagef("--color %q: want auto, always or never", mode)
	}
	return nil
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// The bounds of the text width: narrower can't hold a segment, wider is hard
// to read.
const (
	minWidth     = 40
	maxWidth     = 100
	defaultWidth = 80
)

// width is how many columns prose is wrapped to: COLUMNS if it is set, then
// the terminal's, then 80.
func (a *app) width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return min(max(n, minWidth), maxWidth)
	}
	if f, ok := a.stdout.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return min(max(n, minWidth), maxWidth)
		}
	}
	return defaultWidth
}

// style is a way to write text that colour makes easier to see and never
// alone carries.
type style string

// The styles, as SGR parameters.
const (
	bold  style = "1"
	faint style = "2"
	red   style = "31"
	green style = "32"
	cyan  style = "36"
)

func paint(on bool, s style, text string) string {
	if !on || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// paint gives text for stdout a style, where there is colour.
func (a *app) paint(s style, text string) string { return paint(a.outColor, s, text) }

// printf writes text to the result. A failed write is told by finish.
func (a *app) printf(format string, args ...any) {
	a.out.WriteString(visible(fmt.Sprintf(format, args...), a.outColor))
}

// wrapped writes prose to the result, each line after indent spaces.
func (a *app) wrapped(indent int, text string) {
	for _, line := range wrap(text, a.width()-indent) {
		a.printf("%s\n", strings.TrimRight(strings.Repeat(" ", indent)+line, " "))
	}
}

// notef writes a note to stderr.
func (a *app) notef(format string, args ...any) {
	fmt.Fprintf(a.err, "tcpcheck: note: %s\n", told(fmt.Sprintf(format, args...)))
}

// json writes v as the result, one document.
func (a *app) json(v any) error {
	e := json.NewEncoder(a.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return internalError(err)
	}
	return nil
}

// finish flushes the result, reports err if there is one, and returns the exit
// status: a result that could not be written is told too, and what it said stands.
func (a *app) finish(err error) int {
	lost := a.out.Flush()
	f := &failure{status: statusOK}
	if err != nil && (lost == nil || !errors.Is(err, lost)) {
		f = asFailure(err)
	}
	if lost != nil && f.status != statusInternal {
		if status := a.report(internalError(fmt.Errorf("writing the result: %w", lost))); f.status == statusOK {
			f.status = status
		}
	}
	return a.report(f)
}

// report writes an error and its hints to stderr.
func (a *app) report(f *failure) int {
	if f.message != "" {
		fmt.Fprintf(a.err, "tcpcheck: %s %s\n", paint(a.errColor, red, "error:"), told(f.message))
	}
	for _, h := range f.hints {
		fmt.Fprintf(a.err, "tcpcheck: %s %s\n", paint(a.errColor, cyan, "hint:"), told(h))
	}
	return f.status
}
