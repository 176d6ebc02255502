package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/invariants"
	"github.com/tcpcheck/tcpcheck/model"
)

const checkLong = `check visits every state that two endpoints and the network between them can
reach in a scenario, and judges properties in each.

A scenario is a preset (tcpcheck list scenarios) or a YAML file (tcpcheck
explain SCENARIO --yaml prints one to start from). Without one, all presets but
the large ones are checked. Each names the properties that it guarantees; RFC 9293 as written
breaks some others, which --all-properties judges too.`

// checkFlags are the flags of check.
type checkFlags struct {
	variant       string
	set           []string
	properties    []string
	allProperties bool
	workers       int // 0: not given
	timeout       time.Duration
	maxDepth      int
	memory        string
	spill         string
	checkpoint    string
	resume        bool
	first         bool
	plain         bool
	symmetry      bool
	unfair        []string
	quiet         bool
	json          bool
	junit         string
	strict        bool
	coverage      bool
	traceDir      string
}

func newCheck(a *app) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [SCENARIO|FILE.yaml]...",
		Short: "Visit every state of a scenario and judge the properties",
		Long:  checkLong,
		Example: `  tcpcheck check
  tcpcheck check handshake --variant two-way-handshake
  tcpcheck check close --all-properties
  tcpcheck check live-open --property open-ends --unfair network`,
		ValidArgs: presetNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("workers") && f.workers < 1 {
				return wrongWorkers(f.workers)
			}
			if err := namedDirectories(cmd); err != nil {
				return err
			}
			return a.check(f, args)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.variant, "variant", "", "a variant, or a mutant in both endpoints")
	addSet(cmd, &f.set)
	fl.StringSliceVar(&f.properties, "property", nil, "judge only these properties (IDs, separated by commas)")
	fl.BoolVar(&f.allProperties, "all-properties", false, "judge every property, known holes too")
	addResources(cmd, &f.workers, &f.memory)
	addTimeout(cmd, &f.timeout)
	fl.IntVar(&f.maxDepth, "max-depth", 0, "stop after this many steps from the start; 0: never")
	addDisk(cmd, &f)
	fl.BoolVar(&f.first, "first", false, "stop after the first level that breaks a property")
	fl.BoolVar(&f.plain, "plain", false, "use the plain engine, the oracle of the fast one")
	fl.BoolVar(&f.symmetry, "symmetry", false, "see only one of two states that differ by an exchange of A and B, where sides and properties allow it")
	fl.StringSliceVar(&f.unfair, "unfair", nil, "what properties of runs may not assume to be fair, though they need it: "+strings.Join(explore.AssumptionNames(), ", "))
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "print only what is broken")
	fl.BoolVar(&f.json, "json", false, "print one JSON document")
	fl.StringVar(&f.junit, "junit", "", "also write a JUnit report to this file")
	fl.BoolVar(&f.strict, "strict", false, "fail if a rule, a state, or an event in a state never occurred though a scenario permits it")
	fl.BoolVar(&f.coverage, "coverage", false, "print how often each rule fired and each event came in each state, and what never did")
	fl.StringVar(&f.traceDir, "trace-dir", "", "write each trace to a JSON file in this directory")
	must(cmd.RegisterFlagCompletionFunc("variant", cobra.FixedCompletions(variantNames(), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("unfair", cobra.FixedCompletions(explore.AssumptionNames(), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("property", cobra.FixedCompletions(propertyIDs(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// check runs the command.
func (a *app) check(f checkFlags, args []string) error {
	if err := f.validate(); err != nil {
		return err
	}
	scenarios, err := loadScenarios(args, f.variant, f.set)
	if err != nil {
		return err
	}
	if err := f.validateKept(scenarios); err != nil {
		return err
	}
	if f.traceDir != "" {
		if err := makeDir(f.traceDir); err != nil {
			return usagef("--trace-dir: %v", err)
		}
	}
	if f.junit != "" {
		if err := writable(f.junit); err != nil {
			return usagef("--junit: %v", err)
		}
	}
	ctx, stop := within(f.timeout)
	defer stop()
	var reports []*explore.Report
	var failed error // what comes after it is not checked, but what came before is told
	idle := 0        // scenarios that were not begun
	for i := 0; i < len(scenarios) && failed == nil; i++ {
		if i > 0 && ctx.Err() != nil && f.checkpoint == "" {
			idle++
			reports = append(reports, explore.Unseen(ctx, &scenarios[i], f.judged(&scenarios[i])))
			continue
		}
		r, err := a.checkOne(ctx, f, &scenarios[i])
		if err != nil {
			failed = err
			break
		}
		reports = append(reports, r)
		if !f.json {
			if err := a.printReport(f, r); err != nil {
				return err
			}
		}
		failed = writeTraces(f.traceDir, r)
	}
	if failed != nil && len(reports) == 0 {
		return failed
	}
	if idle > 0 && !f.json {
		a.printf("? %s not begun: %s\n", plural(idle, "scenario was", "scenarios were"), reports[len(reports)-1].Stop)
	}
	if f.json {
		doc, err := jsonReports(reports)
		if err != nil {
			return err
		}
		if err := a.json(doc); err != nil {
			return err
		}
	} else {
		a.printSummary(f, reports)
		if f.coverage {
			a.printCoverage(reports)
		}
	}
	if f.junit != "" {
		if err := writeWhole(f.junit, junitReport(reports)); err != nil {
			return usagef("--junit: %v", err)
		}
	}
	if failed != nil {
		return failed
	}
	return a.verdictOf(f, reports)
}

// validate refuses flags that can't mean anything.
func (f checkFlags) validate() error {
	switch {
	case f.maxDepth < 0:
		return usagef("--max-depth %d: want a number of steps, or 0 for no limit", f.maxDepth)
	case f.timeout < 0:
		return wrongTimeout(f.timeout)
	case f.workers > maxWorkers:
		return wrongWorkers(f.workers)
	case f.plain && f.workers > 1:
		return usagef("--plain and --workers %d exclude each other: the plain engine has one worker", f.workers)
	case f.allProperties && len(f.properties) > 0:
		return usagef("--property and --all-properties exclude each other")
	}
	if _, err := parseMemory(f.memory); err != nil {
		return err
	}
	if err := f.validateDisk(); err != nil {
		return err
	}
	if _, err := explore.ParseAssumptions(f.unfair); err != nil {
		return usagef("--unfair: %v", err)
	}
	for _, id := range f.properties {
		if _, err := invariants.Find(id); err != nil {
			return unknownName("property", id, propertyIDs()).hint("run \"tcpcheck list properties\"")
		}
	}
	return nil
}

func wrongWorkers(n int) error {
	return usagef("--workers %d: want 1 to %d", n, maxWorkers).hint("without --workers there is one for each processor")
}

// maxWorkers bounds --workers: more only cost memory.
const maxWorkers = 4096

// loadScenarios finds the scenarios: presets or files; all presets if none is
// named. They get the variant and the settings.
func loadScenarios(args []string, variant string, sets []string) ([]explore.Scenario, error) {
	var list []explore.Scenario
	if len(args) == 0 {
		list = explore.Presets()
	}
	for _, arg := range args {
		sc, err := loadScenario(arg)
		if err != nil {
			return nil, err
		}
		list = append(list, *sc)
	}
	for i := range list {
		if variant != "" {
			if err := setVariant(&list[i], variant); err != nil {
				return nil, err
			}
		}
		if err := setFields(&list[i], sets); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// listsScenarios says which scenarios there are.
const listsScenarios = "run \"tcpcheck list scenarios\", or name a file that ends in .yaml"

// loadScenario finds one scenario.
func loadScenario(arg string) (*explore.Scenario, error) {
	if sc, err := explore.Preset(arg); err == nil {
		return sc, nil
	}
	isFile := strings.ContainsAny(arg, "./\\")
	if !isFile {
		return nil, unknownName("scenario", arg, presetNames()).
			hint(listsScenarios)
	}
	file, err := os.Open(arg)
	if err != nil {
		return nil, usagef("scenario: %v", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, usagef("scenario: %s is a directory", arg)
	}
	sc, err := explore.ReadScenario(arg, file)
	if err != nil {
		return nil, usagef("%v", err).hint("run \"tcpcheck explain handshake --yaml\" for a file to start from")
	}
	return sc, nil
}

// setVariant changes how both endpoints behave: name is a variant or a mutant.
func setVariant(sc *explore.Scenario, name string) error {
	if sc.SetVariant(name) == nil || sc.SetMutant(name) == nil {
		return nil
	}
	return unknownName("variant", name, variantNames()).hint("run \"tcpcheck list variants\" or \"tcpcheck list mutants\"")
}

// checkOne checks one scenario.
func (a *app) checkOne(ctx context.Context, f checkFlags, sc *explore.Scenario) (*explore.Report, error) {
	o := explore.Options{Workers: f.workers, MaxDepth: f.maxDepth, First: f.first, Plain: f.plain, Symmetry: f.symmetry,
		Progress: a.progress(f.quiet, sc.Name)}
	o.Memory, _ = parseMemory(f.memory) // validate has read both
	o.Unfair, _ = explore.ParseAssumptions(f.unfair)
	if err := f.onDisk(sc, &o); err != nil {
		return nil, err
	}
	r, err := explore.Check(ctx, sc, f.judged(sc), o)
	a.endProgress()
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return nil, &failure{status: statusInconclusive, message: "interrupted"}
		}
		return nil, checkFailure(err)
	}
	a.tellDisk(f, r)
	return r, nil
}

// judged are the properties to judge in the scenario.
func (f checkFlags) judged(sc *explore.Scenario) []*explore.Property {
	switch {
	case len(f.properties) > 0:
		var list []*explore.Property
		for _, id := range f.properties {
			if p, _ := invariants.Find(id); !slices.Contains(list, p) { // validate has found it
				list = append(list, p)
			}
		}
		return list
	case f.allProperties:
		return invariants.Judged(sc)
	}
	return invariants.Guaranteed(sc)
}

// verdictOf is the exit status of all.
func (a *app) verdictOf(f checkFlags, reports []*explore.Report) error {
	status := statusOK
	for _, r := range reports {
		switch r.Outcome {
		case explore.Violated:
			status = statusViolated
		case explore.Unknown:
			if status == statusOK {
				status = statusInconclusive
			}
		}
	}
	if status == statusOK && f.strict {
		if text := gapText(together(reports).Gaps()); text != "" {
			return (&failure{status: statusInconclusive, message: "--strict: never, though permitted: " + text}).hint("--coverage tells how often all else happened")
		}
	}
	if status == statusOK {
		return nil
	}
	return &failure{status: status}
}

// printReport prints one scenario's verdict and the traces that break it.
func (a *app) printReport(f checkFlags, r *explore.Report) error {
	sc := r.Scenario
	if !f.quiet || r.Outcome != explore.Holds {
		a.printf("%s %-20s %s%s states, %s steps, depth %d, %s\n",
			a.mark(r.Outcome), sc.Name, a.label(sc), humanize.Comma(int64(r.States)), humanize.Comma(int64(r.Transitions)), r.Depth, round(r.Elapsed))
	}
	if r.Symmetry.On && !f.quiet {
		a.printf("  of two states that differ by an exchange of A and B, one was seen\n")
	}
	if r.Symmetry.Off != "" && !f.quiet {
		a.notef("%s: --symmetry is off: %s", sc.Name, r.Symmetry.Off)
	}
	if l := r.Live; l != nil && !f.quiet {
		a.wrapped(2, wholeRuns(l))
	}
	if r.Stop != "" {
		a.printf("  not all was seen: %s\n", r.Stop)
		if r.Live == nil || len(r.Levels) > 0 {
			a.printf("  %s\n", howFar(r))
		}
	}
	unknown := 0
	for _, v := range r.Properties {
		switch v.Outcome {
		case explore.Violated:
			if err := a.printViolation(f, r, v); err != nil {
				return err
			}
		case explore.Unknown:
			unknown++
		}
	}
	if unknown > 0 && !f.quiet {
		a.printf("  ? %d of %d properties are undecided: not broken in what was seen\n", unknown, len(r.Properties))
	}
	return nil
}

// howFar says what a search that was cut short has seen.
func howFar(r *explore.Report) string {
	if r.Whole == 0 {
		return "not even the initial states were judged whole"
	}
	return fmt.Sprintf("every state within %s of the start was judged", count(r.Whole-1, "step"))
}

// printViolation prints a trace and the lines to copy.
func (a *app) printViolation(f checkFlags, r *explore.Report, v explore.Verdict) error {
	p, sc := v.Property, r.Scenario
	a.printf("\n%s %s: %s\n", a.paint(red, "✗"), a.paint(bold, p.ID), p.Name)
	if v.Trace == nil {
		a.printf("  No state of this scenario shows it.\n\n")
		return nil
	}
	a.wrapped(2, v.Trace.Info.Title+".")
	a.wrapped(2, "Source: "+p.Source)
	a.printf("\n%s\n\n", indented(2, a.ladder(v.Trace)))
	a.wrapped(2, extent(r, v))
	if h := sc.Hole(p.ID); h != nil {
		a.wrapped(2, "A known hole of RFC 9293: "+h.Reason+" "+mendedBy(*h))
	}
	path := tracePath(f.traceDir, sc, p)
	if f.traceDir == "" {
		a.printf("  replay:  tcpcheck check %s --property %s%s --trace-dir traces && tcpcheck replay %s\n", asked(sc), p.ID, unfairArgs(f), shellWord(tracePath("traces", sc, p)))
	} else {
		a.printf("  replay:  tcpcheck replay %s\n", shellWord(path))
		a.printf("  file:    %s\n", path)
	}
	a.printf("  explain: tcpcheck explain %s\n\n", p.ID)
	return nil
}

// wholeRuns says of what properties of runs were judged.
func wholeRuns(l *explore.Liveness) string {
	if !l.Whole && l.States == 0 {
		return "no whole run was judged"
	}
	if !l.Whole {
		return fmt.Sprintf("no whole run was judged: %s states and %s steps were kept for that, and not all", humanize.Comma(int64(l.States)), humanize.Comma(int64(l.Steps)))
	}
	s := fmt.Sprintf("whole runs judged over %s states and %s steps, A and B not exchanged", humanize.Comma(int64(l.States)), humanize.Comma(int64(l.Steps)))
	if l.Unfair != 0 {
		s += fmt.Sprintf("; not assumed to be fair: %v", l.Unfair)
	}
	return s
}

// extent says how long the run is and what it repeats.
func extent(r *explore.Report, v explore.Verdict) string {
	states := humanize.Comma(int64(r.States))
	if !v.Property.Kind.Live() {
		return fmt.Sprintf("%s; no run is shorter, and %s states were seen to know it.", count(v.Depth, "step"), states)
	}
	text := count(v.Depth, "step")
	if from := v.Trace.Info.CycleFrom; from >= 0 {
		text += ", ending in a cycle of " + count(v.Depth-from, "step") + " that repeats for ever"
	}
	if v.Property.Kind == explore.PossiblyProperty {
		return text + fmt.Sprintf("; of %s states none that can still be reached from here is the goal.", states)
	}
	return text + fmt.Sprintf("; fair to what was assumed (%v), and played again step by step; %s states were seen.", v.Property.Fair&^r.Live.Unfair, states)
}

// asked is what a command needs to check the same scenario: its file or its
// preset, its variant and what was set.
func asked(sc *explore.Scenario) string {
	return shellWord(cmp.Or(sc.File, sc.Name)) + variantArgs(sc)
}

// variantArgs is what a command needs to check the same variant.
func variantArgs(sc *explore.Scenario) string {
	s := ""
	if sc.Mutant != "" {
		s += " --variant " + sc.Mutant
	} else if sc.Variant != model.DefaultVariant {
		s += " --variant " + sc.Variant
	}
	for _, c := range sc.Changed {
		s += " --set " + shellWord(c.String())
	}
	return s
}

// unfairArgs is what a command needs to assume as little.
func unfairArgs(f checkFlags) string {
	if len(f.unfair) == 0 {
		return ""
	}
	return " --unfair " + strings.Join(f.unfair, ",")
}

// label names the variant where it is not the default, and what was set.
func (a *app) label(sc *explore.Scenario) string {
	var parts []string
	switch {
	case sc.Mutant != "":
		parts = append(parts, sc.Mutant)
	case sc.Variant != model.DefaultVariant:
		parts = append(parts, sc.Variant)
	}
	for _, c := range sc.Changed {
		parts = append(parts, c.String())
	}
	if len(parts) == 0 {
		return ""
	}
	return "[" + strings.Join(parts, " ") + "] "
}

func (a *app) mark(o explore.Outcome) string {
	switch o {
	case explore.Holds:
		return a.paint(green, "✓")
	case explore.Violated:
		return a.paint(red, "✗")
	}
	return "?"
}

// printSummary ends the output: the outcome of all, and what was not judged.
func (a *app) printSummary(f checkFlags, reports []*explore.Report) {
	if f.quiet {
		return
	}
	n := map[explore.Outcome]int{}
	states, judged, known := uint64(0), 0, 0
	for _, r := range reports {
		n[r.Outcome]++
		states += r.States
		judged += len(r.Properties)
		if !f.allProperties && len(f.properties) == 0 {
			known += len(r.Scenario.Holes)
		}
	}
	a.printf("%s: %d hold, %d violated, %d unknown; %s over %s states\n",
		count(len(reports), "scenario"), n[explore.Holds], n[explore.Violated], n[explore.Unknown], count(judged, "verdict"), humanize.Comma(int64(states)))
	if known > 0 {
		a.printf("%s of RFC 9293 not judged: --all-properties shows them\n", count(known, "known hole"))
	}
}

// ladder is the trace as text, with the rules of each step and what changed;
// the heading goes, since the report has said it.
func (a *app) ladder(t *trace.Trace) string {
	text := trace.Format(t, trace.Options{Rules: true, Told: true})
	if _, rest, ok := strings.Cut(text, "\n\n"); ok {
		return rest
	}
	return text
}

// count is a number and its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(10 * time.Millisecond)
}

func indented(n int, text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = strings.Repeat(" ", n) + l
		}
	}
	return strings.Join(lines, "\n")
}

// tracePath is the file of a trace.
func tracePath(dir string, sc *explore.Scenario, p *explore.Property) string {
	return filepath.Join(dir, slug(sc)+"-"+p.ID+".json")
}

func presetNames() []string {
	var names []string
	for _, sc := range explore.AllPresets() {
		names = append(names, sc.Name)
	}
	return names
}

func propertyIDs() []string {
	var ids []string
	for _, p := range invariants.All() {
		ids = append(ids, p.ID)
	}
	return ids
}

// variantNames are what --variant takes: variants and mutants.
func variantNames() []string {
	var names []string
	for _, v := range model.Variants() {
		names = append(names, v.Name)
	}
	for _, m := range model.Mutants() {
		names = append(names, m.Name)
	}
	return names
}
