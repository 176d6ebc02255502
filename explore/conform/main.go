package conform

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// Main is the command of a stack's adapter: it runs the subject and prints the
// report, as text or with --json as one document. The exit status is 0 if
// nothing deviates but what known, the text of a known.yaml, lists; 1 if
// something new does; 2 for bad usage; 3 if the stack can't be run.
func Main(s *Subject, walks int, known []byte) {
	os.Exit(run(s, walks, known, os.Args[1:], os.Stdout, os.Stderr))
}

func run(s *Subject, walks int, known []byte, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet(s.Name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print the report as JSON, schema "+Schema)
	traces := flags.Bool("traces", false, "print the ladder of every deviation, not only of the new ones")
	flags.IntVar(&walks, "walks", walks, "so many walks at random")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 || walks < 0 {
		fmt.Fprintf(stderr, "tcpcheck: error: %q: want no arguments, and walks of 0 or more\n", flags.Args())
		return 2
	}
	list, err := ParseKnown(known)
	var r *Report
	if err == nil {
		r, err = Run(s, walks, list)
	}
	if err == nil {
		if *asJSON {
			err = r.WriteJSON(stdout)
		} else {
			err = r.Write(stdout, *traces)
		}
	}
	if err != nil {
		fmt.Fprintf(stderr, "tcpcheck: error: %s: %v\n", s.Name, err)
		return 3
	}
	for _, id := range list.Unseen(r) {
		fmt.Fprintf(stderr, "tcpcheck: hint: known deviation %s was not seen\n", id)
	}
	if len(r.New()) > 0 {
		return 1
	}
	return 0
}

// WriteJSON writes the report as one JSON document.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// Write writes the report for people. The ladders are those of new deviations,
// or of all.
func (r *Report) Write(w io.Writer, all bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d of %d pairs of a state and a class of segment; %d deviations, %d new\n",
		r.Stack, r.Pairs.Reached, r.Pairs.Exist, len(r.Deviations), len(r.New()))
	for _, d := range r.Deviations {
		fmt.Fprintf(&b, "\n%s\n  %s; §%s; in %s\n  id: %s\n", d.Title, d.Severity, d.Section, strings.Join(d.States, ", "), d.ID)
		if d.Known != "" {
			fmt.Fprintf(&b, "  known: %s\n", d.Known)
		}
		if all || d.Known == "" {
			fmt.Fprintf(&b, "\n%s", d.Trace)
		}
	}
	if len(r.Unsteady) > 0 {
		fmt.Fprintf(&b, "\nseen, but not again: %s\n", strings.Join(r.Unsteady, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
