package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/counterexamples/draw"
	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// writesTraces says where files of traces come from.
const writesTraces = "tcpcheck check SCENARIO --trace-dir DIR writes trace files"

const traceLong = `trace draws a run that check wrote with --trace-dir.

The formats are:
`

// traceFlags are the flags of trace.
type traceFlags struct {
	format string
	output string
	width  int
	ascii  bool

	endpoint string
}

func newTrace(a *app) *cobra.Command {
	var f traceFlags
	cmd := &cobra.Command{
		Use:   "trace FILE.json",
		Short: "Draw a trace: text, SVG, Mermaid, HTML, ITF, DOT, pcap, packetdrill",
		Long:  traceLong + formatList(),
		Example: `  tcpcheck check handshake --variant two-way-handshake --trace-dir traces
  tcpcheck trace traces/handshake-two-way-handshake-no-false-connection.json
  tcpcheck trace traces/handshake-two-way-handshake-no-false-connection.json --format svg -o run.svg`,
		Args: oneArg("file", writesTraces),
		RunE: func(_ *cobra.Command, args []string) error { return a.trace(f, args[0]) },
	}
	fl := cmd.Flags()
	f.register(cmd, "text")
	fl.IntVar(&f.width, "width", 0, "columns of text; 0: those of the terminal")
	fl.BoolVar(&f.ascii, "ascii", false, "write text in ASCII alone")
	fl.StringVar(&f.endpoint, "endpoint", "", "the side that packetdrill tells, a or b; without it, where the run breaks its property")
	must(cmd.RegisterFlagCompletionFunc("endpoint", cobra.FixedCompletions([]string{"a", "b"}, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// register adds the flags that say what is written and where.
func (f *traceFlags) register(cmd *cobra.Command, format string) {
	cmd.Flags().StringVarP(&f.format, "format", "f", format, "write this format: "+orList(formatNames()))
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "write to this file, whole or not at all; -: to stdout")
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp)))
}

// formatList is the formats, one a line.
func formatList() string {
	var b bytes.Buffer
	for _, f := range draw.Formats() {
		fmt.Fprintf(&b, "  %-12s %s\n", f.Name, f.About)
	}
	return b.String()
}

func formatNames() []string {
	var list []string
	for _, f := range draw.Formats() {
		list = append(list, f.Name)
	}
	return list
}

// trace draws the trace of a file.
func (a *app) trace(f traceFlags, path string) error {
	format, err := a.format(f)
	if err != nil {
		return err
	}
	if f.width != 0 && f.width < minWidth {
		return usagef("--width %d: want at least %d, or 0 for the terminal's", f.width, minWidth)
	}
	if f.endpoint != "" && format.Name != "packetdrill" {
		return usagef("--endpoint is for --format packetdrill")
	}
	if f.endpoint != "" && !slices.Contains([]string{"a", "b"}, strings.ToLower(f.endpoint)) {
		return usagef("--endpoint %q: want a or b", f.endpoint)
	}
	t, err := readTrace(path)
	if err != nil {
		return err
	}
	return a.drawRun(f, path, t)
}

// format is the format that the flags ask for, if it can go where they say.
func (a *app) format(f traceFlags) (draw.Format, error) {
	format, ok := draw.Find(f.format)
	if !ok {
		return format, unknownName("format", f.format, formatNames()).hint("the formats are " + orList(formatNames()))
	}
	if format.Binary && f.output == "" && isTerminal(a.stdout) {
		return format, usagef("%s is not for a terminal", format.Name).hint("name a file with -o, such as -o run" + format.Extension)
	}
	return format, nil
}

// drawRun writes a run in the format of the flags; errors call it by the name.
func (a *app) drawRun(f traceFlags, name string, t *trace.Trace) error {
	toFile := f.output != "" && f.output != "-"
	o := draw.Options{Width: f.width, ASCII: f.ascii, Colour: a.outColor && !toFile, Endpoint: f.endpoint}
	if o.Width == 0 {
		o.Width = a.width()
	}
	var b bytes.Buffer
	if err := draw.Write(&b, f.format, t, o); err != nil {
		return traceFailure(name, f.format, err)
	}
	return a.deliver(f.output, f.format, b.Bytes())
}

// traceFailure is the error for a trace that the format can't hold.
func traceFailure(path, format string, err error) error {
	f := usagef("%s: %v", path, err)
	if format == "packetdrill" {
		f.hint("--endpoint a or b chooses the side; a script can't say everything that a run can")
	}
	var long *draw.TooLongError
	if errors.As(err, &long) {
		f.hint(long.Hint())
	}
	return f
}
