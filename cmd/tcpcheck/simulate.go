package main

import (
	"slices"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/search"
)

const simulateLong = `simulate walks through a scenario at random, deep rather than wide: for worlds
that are too large to be searched. The same seed gives the same walks.

It finds violations, and shows witnesses, but what it doesn't find may be there: the
exit status is 1 if a property was broken, 0 if nothing but witnesses was asked
for and each was shown, else 4. Properties of whole runs are not judged.

What it met is kept in memory, which grows with the walks: at the limit, at a signal
or after --timeout it ends, and tells what it found.`

func newSimulate(a *app) *cobra.Command {
	var f checkFlags
	var w search.Walks
	cmd := &cobra.Command{
		Use:       "simulate SCENARIO|FILE.yaml",
		Short:     "Walk through a scenario at random",
		Long:      simulateLong,
		Example:   "  tcpcheck simulate close --walks 1000 --steps 200 --seed 7",
		Args:      oneArg("scenario", listsScenarios),
		ValidArgs: presetNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.simulate(f, w, args)
		},
	}
	fl := cmd.Flags()
	fl.IntVar(&w.Walks, "walks", 1000, "how many walks")
	fl.IntVar(&w.Steps, "steps", 200, "the most steps of a walk")
	fl.Uint64Var(&w.Seed, "seed", 1, "what the walks follow from")
	fl.StringVar(&f.variant, "variant", "", "a variant, or a mutant in both endpoints")
	addSet(cmd, &f.set)
	addMemory(cmd, &f.memory)
	addTimeout(cmd, &f.timeout)
	fl.StringSliceVar(&f.properties, "property", nil, "judge only these properties (IDs, separated by commas)")
	fl.BoolVar(&f.allProperties, "all-properties", false, "judge every property, known holes too")
	must(cmd.RegisterFlagCompletionFunc("variant", cobra.FixedCompletions(variantNames(), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("property", cobra.FixedCompletions(propertyIDs(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// simulate runs the command.
func (a *app) simulate(f checkFlags, w search.Walks, args []string) error {
	if w.Walks < 1 || w.Steps < 1 {
		return usagef("--walks %d, --steps %d: want at least 1 of each", w.Walks, w.Steps)
	}
	if err := f.validate(); err != nil {
		return err
	}
	scenarios, err := loadScenarios(args, f.variant, f.set)
	if err != nil {
		return err
	}
	w.ProcessMemory, _ = parseMemory(f.memory) // validate has read it
	ctx, stop := within(f.timeout)
	defer stop()
	sc := &scenarios[0]
	props := f.judged(sc)
	r, err := explore.Simulate(ctx, sc, props, w)
	if err != nil {
		return usagef("%v", err)
	}
	a.printf("%s %s%s walks, %s steps, seed %d\n", sc.Name, a.label(sc), humanize.Comma(int64(r.Walks)), humanize.Comma(int64(r.Steps)), w.Seed)
	if r.Stop != "" {
		a.printf("  fewer than asked for: %s\n", r.Stop)
	}
	if n := len(r.Unjudged); n > 0 {
		a.notef("%s: not judged are properties of whole runs, which no walk can break: %d", sc.Name, n)
	}
	for _, v := range slices.Concat(r.Violations, r.Shown) {
		a.printf("\n%s %s: %s\n", a.mark(v.Outcome), a.paint(bold, v.Property.ID), v.Property.Name)
		a.wrapped(2, v.Trace.Info.Title+".")
		a.printf("\n%s\n\n", indented(2, a.ladder(v.Trace)))
		a.wrapped(2, count(v.Depth, "step")+"; `tcpcheck check "+asked(sc)+" --property "+v.Property.ID+"` finds the shortest run.")
	}
	switch {
	case len(r.Violations) > 0:
		return &failure{status: statusViolated}
	case len(r.Shown) > 0 && len(r.Shown) == len(props):
		return nil
	}
	a.printf("no walk broke a property; that proves nothing\n")
	return &failure{status: statusInconclusive}
}
