package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

const witnessLong = `witness shows the shortest run to a situation that must be reachable: each of
the eleven states, every arrow of figure 5, both kinds of simultaneity, text on
the third segment ...

Without a name, the witnesses are listed. The scenario is the first preset that
shows the situation, or the one named by --scenario.`

func newWitness(a *app) *cobra.Command {
	var scenario string
	cmd := &cobra.Command{
		Use:       "witness [NAME]",
		Short:     "Show the shortest run to a situation",
		Long:      witnessLong,
		Example:   "  tcpcheck witness simultaneous-open\n  tcpcheck witness time-wait --scenario simultaneous-close",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: witnessNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, p := range witnesses() {
					a.row(witnessName(p), p.Meaning, 26)
				}
				return nil
			}
			return a.witness(args[0], scenario)
		},
	}
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
func (a *app) witness(name, scenario string) error {
	p, err := invariants.Find("witness-" + strings.TrimPrefix(strings.ToLower(name), "witness-"))
	if err != nil {
		return unknownName("witness", name, witnessNames()).hint("run \"tcpcheck witness\" for the list")
	}
	presets := explore.Presets()
	if scenario != "" {
		sc, err := loadScenario(scenario)
		if err != nil {
			return err
		}
		presets = []explore.Scenario{*sc}
	}
	for i := range presets {
		r, err := explore.Check(context.Background(), &presets[i], []*explore.Property{p}, explore.Options{First: true})
		if err != nil {
			return usagef("%v", err)
		}
		v := r.Properties[0]
		if v.Trace == nil {
			continue
		}
		a.wrapped(0, p.Name+": "+p.Meaning)
		a.wrapped(0, "Source: "+p.Source)
		a.printf("\n%s\n\n", indented(2, a.ladder(v.Trace)))
		a.wrapped(0, count(v.Depth, "step")+" in scenario "+presets[i].Name+"; no run is shorter there.")
		return nil
	}
	a.printf("No run of %s shows it.\n", scenarioList(presets))
	return &failure{status: statusInconclusive}
}

func scenarioList(presets []explore.Scenario) string {
	if len(presets) == 1 {
		return presets[0].Name
	}
	return "any preset"
}
