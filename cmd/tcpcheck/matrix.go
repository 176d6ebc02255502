package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/invariants"
	"github.com/tcpcheck/tcpcheck/invariants/matrix"
)

const matrixLong = `matrix judges every property for every variant of TCP, in scenarios in which it is
at stake: a ✓ comes with the states in which it holds, which are all that there
are; a ✗ with the steps of the shortest run that breaks it, the scenario, and why.

What is expected is recorded: --recorded prints that, without searching, and
--verify searches and tells every difference, as it is found. A ✗ is a result like a
✓: the exit status is 0 unless something was not decided (4), or differs under
--verify (1, also if not all was decided: a difference stays one).

A signal or --timeout ends it with what was decided until then; the rest is unknown.`

// matrixFlags are the flags of matrix.
type matrixFlags struct {
	markdown, json         bool
	deep, verify, recorded bool
	plain, quiet           bool
	workers                int // 0: not given
	memory                 string
	timeout                time.Duration
	scenarios, properties  []string
}

func newMatrix(a *app) *cobra.Command {
	var f matrixFlags
	cmd := &cobra.Command{
		Use:   "matrix",
		Short: "Judge every property for every variant: what holds where",
		Long:  matrixLong,
		Example: `  tcpcheck matrix --recorded
  tcpcheck matrix --verify
  tcpcheck matrix --scenario time-wait --property no-stale-text`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("workers") && f.workers < 1 {
				return wrongWorkers(f.workers)
			}
			return a.matrix(f)
		},
	}
	fl := cmd.Flags()
	fl.BoolVar(&f.markdown, "markdown", false, "print a Markdown page, as docs/matrix.md is")
	fl.BoolVar(&f.json, "json", false, "print one JSON document")
	fl.BoolVar(&f.deep, "deep", false, "search the large places too, and repeat what is broken in twice the sequence space")
	fl.BoolVar(&f.verify, "verify", false, "compare with what is recorded: exit status 1 on any difference")
	fl.BoolVar(&f.recorded, "recorded", false, "print what is recorded, without searching")
	fl.BoolVar(&f.plain, "plain", false, "use the plain engine, the oracle of the fast one")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	addResources(cmd, &f.workers, &f.memory)
	addTimeout(cmd, &f.timeout)
	fl.StringSliceVar(&f.scenarios, "scenario", nil, "only the places of these scenarios")
	fl.StringSliceVar(&f.properties, "property", nil, "print only these properties (IDs, separated by commas)")
	must(cmd.RegisterFlagCompletionFunc("scenario", cobra.FixedCompletions(matrixScenarios(), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("property", cobra.FixedCompletions(propertyIDs(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// validate refuses flags that can't mean anything.
func (f *matrixFlags) validate() error {
	switch {
	case f.markdown && f.json:
		return usagef("--markdown and --json exclude each other")
	case f.recorded && (f.verify || f.plain || f.timeout != 0):
		return usagef("--recorded does not search: it excludes --verify, --plain and --timeout")
	case f.timeout < 0:
		return wrongTimeout(f.timeout)
	case f.workers > maxWorkers:
		return wrongWorkers(f.workers)
	case f.plain && f.workers > 1:
		return usagef("--plain and --workers %d exclude each other: the plain engine has one worker", f.workers)
	}
	if _, err := parseMemory(f.memory); err != nil {
		return err
	}
	for _, name := range f.scenarios {
		if !slices.Contains(matrixScenarios(), name) {
			return unknownName("scenario of the matrix", name, matrixScenarios())
		}
	}
	for _, id := range f.properties {
		if _, err := invariants.Find(id); err != nil {
			return unknownName("property", id, propertyIDs()).hint("run \"tcpcheck list properties\"")
		}
		judges := func(p matrix.Place) bool {
			return slices.ContainsFunc(p.Properties(), func(p *explore.Property) bool { return p.ID == id })
		}
		if !slices.ContainsFunc(f.places(), judges) {
			return usagef("--property %s: none of the scenarios asked for judges it", id).hint("run \"tcpcheck matrix --recorded --property " + id + "\"")
		}
	}
	return nil
}

// matrixScenarios are the presets that the matrix has places in.
func matrixScenarios() []string {
	var names []string
	for _, p := range matrix.Places() {
		if !slices.Contains(names, p.Scenario) {
			names = append(names, p.Scenario)
		}
	}
	return names
}

// places are those asked for.
func (f *matrixFlags) places() []matrix.Place {
	return slices.DeleteFunc(matrix.Places(), func(p matrix.Place) bool {
		return p.Deep && !f.deep && !f.recorded || len(f.scenarios) > 0 && !slices.Contains(f.scenarios, p.Scenario)
	})
}

// matrix runs the command.
func (a *app) matrix(f matrixFlags) error {
	if err := f.validate(); err != nil {
		return err
	}
	if len(f.places()) == 0 {
		return usagef("nothing is left to search").hint("the scenarios named are searched with --deep only")
	}
	if f.recorded {
		return a.printMatrix(f, matrix.RecordedCells(f.places()))
	}
	m, err := a.searchMatrix(f)
	if err != nil {
		return err
	}
	if err := a.printMatrix(f, m.cells); err != nil {
		return err
	}
	return a.matrixVerdict(f, m)
}

// searched is what a search of the matrix found.
type searched struct {
	cells        []matrix.Cell
	differences  int // that were told
	whole, total int // searches that decided all, and all of them
	stop         string
}

// searchMatrix searches the places for every variant.
func (a *app) searchMatrix(f matrixFlags) (*searched, error) {
	ctx, stop := within(f.timeout)
	defer stop()
	o := matrix.Options{Workers: f.workers, Plain: f.plain, Progress: func(label string) func(search.Progress) {
		return a.progress(f.quiet, label)
	}}
	o.Memory, _ = parseMemory(f.memory) // validate has read it
	m := &searched{}
	for _, p := range f.places() {
		for _, v := range matrix.Variants() {
			s, err := matrix.Run(ctx, p, v, o)
			if err == nil && f.deep {
				err = s.Double(ctx, o)
			}
			a.endProgress()
			if err != nil {
				return nil, internalError(err)
			}
			m.add(s)
			if f.verify {
				for _, d := range s.Differences() {
					a.notef("differs: %s", d)
					m.differences++
				}
			}
		}
	}
	return m, nil
}

// add counts one more search.
func (m *searched) add(s *matrix.Search) {
	m.cells = append(m.cells, s.Cells()...)
	m.total++
	if s.Stop() == "" {
		m.whole++
	}
	m.stop = cmp.Or(m.stop, s.Stop())
}

// matrixVerdict says how far the search came and, if asked, whether all is as
// recorded; it is the exit status.
func (a *app) matrixVerdict(f matrixFlags, m *searched) error {
	decided := 0
	for i := range m.cells {
		if m.cells[i].Outcome != explore.Unknown {
			decided++
		}
	}
	if m.stop != "" {
		a.notef("%s: %d of %s whole, %d of %s known", m.stop,
			m.whole, plural(m.total, "search is", "searches are"), decided, plural(len(m.cells), "verdict is", "verdicts are"))
	}
	switch {
	case m.differences > 0:
		return &failure{status: statusViolated, message: count(m.differences, "difference") + " from what is recorded"}
	case f.verify && m.stop == "":
		a.notef("%s, each as recorded", count(decided, "verdict"))
	case f.verify:
		a.notef("no difference in what is known")
	}
	if m.stop != "" {
		return &failure{status: statusInconclusive}
	}
	return nil
}

// printMatrix prints the cells asked for.
func (a *app) printMatrix(f matrixFlags, cells []matrix.Cell) error {
	if len(f.properties) > 0 {
		cells = slices.DeleteFunc(slices.Clone(cells), func(c matrix.Cell) bool { return !slices.Contains(f.properties, c.Property.ID) })
	}
	switch {
	case f.json:
		return a.json(matrixJSON(cells))
	case f.markdown:
		return matrix.Markdown(a.out, cells)
	}
	a.matrixText(cells)
	return nil
}
