package main

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

const sweepLong = `sweep checks a scenario again and again, with every combination of the values that
--vary gives to its fields, and says where verdicts change. A field is one of the
scenario (msl), of a side (a.octets), or a choice of the endpoints
(rst-in-time-wait); its values are a range of numbers, or some with commas between.

A ✓ is a complete search, a ✗ the shortest run, found before the search went on.
What is violated somewhere is a result: the exit status is 0 unless something was
not decided (4).

A signal or --timeout ends it with the points seen until then; the rest is unknown.`

// sweepFlags are the flags of sweep.
type sweepFlags struct {
	checkFlags
	vary []string
}

func newSweep(a *app) *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep SCENARIO|FILE.yaml --vary FIELD=VALUES...",
		Short: "Check a scenario over a grid of values: where does a verdict change?",
		Long:  sweepLong,
		Example: `  tcpcheck sweep time-wait-1337 --vary time-wait=1..3 --property no-stale-text
  tcpcheck sweep time-wait --vary isn=clock,constant --vary variant=rfc793,rfc9293`,
		Args:      oneArg("scenario", listsScenarios),
		ValidArgs: presetNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("workers") && f.workers < 1 {
				return wrongWorkers(f.workers)
			}
			return a.sweep(f, args)
		},
	}
	fl := cmd.Flags()
	fl.StringArrayVar(&f.vary, "vary", nil, "a field and its values, as in time-wait=1..3 or order=any,fifo (repeatable)")
	fl.StringVar(&f.variant, "variant", "", "a variant, or a mutant in both endpoints")
	addSet(cmd, &f.set)
	fl.StringSliceVar(&f.properties, "property", nil, "judge only these properties (IDs, separated by commas); else all")
	addResources(cmd, &f.workers, &f.memory)
	addTimeout(cmd, &f.timeout)
	fl.IntVar(&f.maxDepth, "max-depth", 0, "stop each search after this many steps from the start; 0: never")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	fl.BoolVar(&f.json, "json", false, "print one JSON document")
	fl.StringVar(&f.traceDir, "trace-dir", "", "write each trace to a JSON file in this directory")
	must(cmd.RegisterFlagCompletionFunc("vary", completeFields))
	must(cmd.RegisterFlagCompletionFunc("variant", cobra.FixedCompletions(variantNames(), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("property", cobra.FixedCompletions(propertyIDs(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// sweep runs the command.
func (a *app) sweep(f sweepFlags, args []string) error {
	if err := f.validate(); err != nil {
		return err
	}
	axes, err := f.axes()
	if err != nil {
		return err
	}
	scenarios, err := loadScenarios(args, f.variant, f.set)
	if err != nil {
		return err
	}
	sc := &scenarios[0]
	if err := f.varyOnly(sc, axes); err != nil {
		return err
	}
	if f.traceDir != "" {
		if err := makeDir(f.traceDir); err != nil {
			return usagef("--trace-dir: %v", err)
		}
	}
	ctx, stop := within(f.timeout)
	defer stop()
	props := f.judged(sc)
	if len(f.properties) == 0 {
		props = invariants.Judged(sc)
	}
	begin := time.Now()
	o := explore.Options{Workers: f.workers, MaxDepth: f.maxDepth}
	o.Memory, _ = parseMemory(f.memory) // validate has read it
	points, err := explore.Sweep(ctx, sc, axes, props, o, func(s []explore.Setting, o *explore.Options) {
		o.Progress = a.progress(f.quiet, sc.Name+" "+settingsText(s))
	})
	a.endProgress()
	if err != nil {
		return checkFailure(err)
	}
	if !slices.ContainsFunc(points, func(p explore.Point) bool { return p.Err == nil }) {
		return usagef("no combination is a scenario: %v", points[0].Err)
	}
	s := sweep{scenario: sc, axes: axes, properties: props, points: points, elapsed: time.Since(begin)}
	if f.json {
		if err := a.json(s.json()); err != nil {
			return err
		}
	} else {
		a.printSweep(&s)
	}
	for i := range points {
		if err := writeTraces(f.traceDir, points[i].Report); err != nil {
			return err
		}
	}
	return a.sweepVerdict(&s)
}

// sweep is what a sweep found.
type sweep struct {
	scenario   *explore.Scenario
	axes       []explore.Axis
	properties []*explore.Property
	points     []explore.Point
	elapsed    time.Duration
}

// axes are those of --vary.
func (f *sweepFlags) axes() ([]explore.Axis, error) {
	if len(f.vary) == 0 {
		return nil, usagef("nothing varies: want --vary FIELD=VALUES").hint("as in --vary time-wait=1..3")
	}
	var list []explore.Axis
	for _, text := range f.vary {
		if s, err := explore.ParseSetting(text); err == nil {
			if _, err := explore.FindField(s.Field); err != nil {
				return nil, unknownField("--vary", s.Field)
			}
		}
		x, err := explore.ParseAxis(text)
		if err != nil {
			return nil, usagef("--vary %v", err)
		}
		list = append(list, x)
	}
	return list, nil
}

// varyOnly refuses a field that varies and has a value all the same.
func (f *sweepFlags) varyOnly(sc *explore.Scenario, axes []explore.Axis) error {
	for _, x := range axes {
		fixed := slices.ContainsFunc(sc.Changed, func(s explore.Setting) bool { return s.Field == x.Field })
		named := f.variant != "" && (x.Field == "variant" && sc.Mutant == "" || x.Field == "mutant" && sc.Mutant != "")
		switch {
		case fixed:
			return usagef("--set and --vary both give %s a value: want one of them", x.Field)
		case named:
			return usagef("--variant and --vary both give %s a value: want one of them", x.Field)
		}
	}
	return nil
}

func settingsText(settings []explore.Setting) string {
	var parts []string
	for _, s := range settings {
		parts = append(parts, s.String())
	}
	return strings.Join(parts, " ")
}

// sweepVerdict says how far the sweep came; it is inconclusive if a point that is a
// scenario was not decided.
func (a *app) sweepVerdict(s *sweep) error {
	decided, total := 0, 0
	stop := ""
	for i := range s.points {
		p := &s.points[i]
		if p.Err != nil {
			continue
		}
		total++
		if s.decided(p) {
			decided++
		} else {
			stop = cmp.Or(stop, p.Report.Stop)
		}
	}
	if decided == total {
		return nil
	}
	a.notef("%s: %d of %s decided", stop, decided, plural(total, "scenario is", "scenarios are"))
	return &failure{status: statusInconclusive}
}

// decided tells whether nothing is unknown at a point.
func (s *sweep) decided(p *explore.Point) bool {
	for k := range s.properties {
		if p.Outcome(k) == explore.Unknown {
			return false
		}
	}
	return true
}
