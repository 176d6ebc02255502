package main

import (
	"cmp"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

const witnessLong = `witness shows the shortest run to a situation that must be reachable: each of
the eleven states, every arrow of figure 5, both kinds of simultaneity, text on
the third segment ...

Without a name, the witnesses are listed. The scenario is a preset
that shows it in few steps, or the one named by --scenario. With --format the run is
drawn, as tcpcheck trace draws it.`

func newWitness(a *app) *cobra.Command {
	var scenario string
	var f traceFlags
	cmd := &cobra.Command{
		Use:   "witness [NAME]",
		Short: "Show the shortest run to a situation",
		Long:  witnessLong,
		Example: "  tcpcheck witness simultaneous-open\n  tcpcheck witness time-wait --scenario simultaneous-close\n" +
			"  tcpcheck witness half-close --format html -o half-close.html",
		Args:      atMostOneArg("name"),
		ValidArgs: witnessNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, p := range witnesses() {
					a.row(witnessName(p), p.Meaning, 26)
				}
				return nil
			}
			if f.output != "" && f.format == "" {
				return usagef("-o without --format").hint("name a format, such as --format svg")
			}
			return a.witness(args[0], scenario, f)
		},
	}
	f.register(cmd, "")
	cmd.Flags().StringVar(&scenario, "scenario", "", "look in this preset or file only")
	must(cmd.RegisterFlagCompletionFunc("scenario", cobra.FixedCompletions(presetNames(), cobra.ShellCompDirectiveDefault)))
	return cmd
}

// witnesses are the properties that some state or step must show.
func witnesses() []*explore.Property {
	var list []*explore.Property
	for _, p := range invariants.All() {
		if p.Kind == explore.Reachable {
			list = append(list, p)
		}
	}
	return append(list, invariants.ArrowWitnesses()...)
}

// witnessName is the ID without what all witnesses begin with.
func witnessName(p *explore.Property) string { return strings.TrimPrefix(p.ID, "witness-") }

func witnessNames() []string {
	var names []string
	for _, p := range witnesses() {
		names = append(names, witnessName(p))
	}
	return names
}

// witness prints the shortest run that shows the situation.
func (a *app) witness(name, scenario string, f traceFlags) error {
	if f.format != "" {
		if _, err := a.format(f); err != nil {
			return err
		}
	}
	p, err := invariants.Find("witness-" + strings.TrimPrefix(strings.ToLower(name), "witness-"))
	if err != nil {
		return unknownName("witness", name, witnessNames()).hint("run \"tcpcheck witness\" for the list")
	}
	if err := deliverable(f.output); err != nil {
		return err
	}
	presets := explore.Presets()
	if scenario != "" {
		sc, err := loadScenario(scenario)
		if err != nil {
			return err
		}
		presets = []explore.Scenario{*sc}
	}
	ctx, end := interruptible()
	defer end()
	sc, v, stop, err := shortestWitness(ctx, p, presets, safeMemory())
	switch {
	case err != nil:
		return usagef("%v", err)
	case v == nil && stop != "":
		a.printf("No run of %s shows it in what was seen, and not all was: %s.\n", scenarioList(presets), stop)
		return &failure{status: statusInconclusive}
	case v == nil:
		a.printf("No run of %s shows it.\n", scenarioList(presets))
		return &failure{status: statusInconclusive}
	case f.format != "":
		return a.drawRun(f, p.ID, v.Trace)
	}
	a.wrapped(0, p.Name+": "+p.Meaning)
	a.wrapped(0, "Source: "+p.Source)
	a.printf("\n%s\n\n", indented(2, a.ladder(v.Trace)))
	a.wrapped(0, count(v.Depth, "step")+" in scenario "+sc.Name+"; no run is shorter there.")
	return nil
}

// shortestWitness looks for a run of few steps in every scenario before it looks
// for longer ones in any; nil if there is none, and why if not all was seen.
func shortestWitness(ctx context.Context, p *explore.Property, presets []explore.Scenario, memory uint64) (_ *explore.Scenario, _ *explore.Verdict, stop string, _ error) {
	o := explore.Options{First: true, Memory: memory}
	for _, o.MaxDepth = range []int{8, 16, 0} {
		for i := range presets {
			r, err := explore.Check(ctx, &presets[i], []*explore.Property{p}, o)
			if err != nil {
				return nil, nil, "", err
			}
			if v := &r.Properties[0]; v.Trace != nil {
				return &presets[i], v, "", nil
			}
			if ctx.Err() != nil {
				return nil, nil, "interrupted", nil
			}
			if o.MaxDepth == 0 {
				stop = cmp.Or(stop, r.Stop)
			}
		}
	}
	return nil, nil, stop, nil
}

func scenarioList(presets []explore.Scenario) string {
	if len(presets) == 1 {
		return presets[0].Name
	}
	return "any preset"
}
