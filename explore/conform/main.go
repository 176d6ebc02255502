package conform

import (
	"encoding/json"
	"errors"
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

// maxWalks is more than anybody waits for.
const maxWalks = 1_000_000_000

func run(s *Subject, walks int, known []byte, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("stacks", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	asJSON := flags.Bool("json", false, "print the report as JSON, schema "+Schema)
	traces := flags.Bool("traces", false, "print the ladder of every deviation, not only of the new ones")
	flags.IntVar(&walks, "walks", walks, "so many walks at random")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stdout, "Compares %s with the model. The flags:\n", s.Name)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return 0
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("%q: want flags only", flags.Arg(0))
	case err == nil && (walks < 0 || walks > maxWalks):
		err = fmt.Errorf("-walks %d: want 0 to %d", walks, maxWalks)
	}
	if err != nil {
		fmt.Fprintf(stderr, "tcpcheck: error: %v\ntcpcheck: hint: --help shows the flags\n", err)
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
	for _, m := range r.Pairs.Missed {
		fmt.Fprintf(&b, "  %d pairs are missed: %s\n", m.Pairs, m.Why)
	}
	for _, d := range r.Deviations {
		fmt.Fprintf(&b, "\n%s\n  %s; §%s; in %s\n", d.Title, d.Severity, d.Section, strings.Join(d.States, ", "))
		if d.Known != "" {
			fmt.Fprintf(&b, "  known: %s\n", d.Known)
		}
		for _, s := range d.Sightings {
			fmt.Fprintf(&b, "  id: %s\n", s.ID)
		}
		if !all && d.Known != "" {
			continue
		}
		for _, s := range d.Sightings {
			fmt.Fprintf(&b, "\n%s", s.Trace)
		}
	}
	if len(r.Unsteady) > 0 {
		fmt.Fprintf(&b, "\nseen, but not again: %s\n", strings.Join(r.Unsteady, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
