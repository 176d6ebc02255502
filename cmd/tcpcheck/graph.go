package main

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/counterexamples/diagram"
	"github.com/tcpcheck/tcpcheck/explore"
)

const graphLong = `graph draws the states of an endpoint and the arrows between them, as a search
discovers them: figure 5 of RFC 9293, found and not copied. Each arrow says what
causes it, the paragraph that decides it, and in how many distinct worlds it is
taken. What the figure leaves out is dashed.

Without a scenario, presets are searched that take every arrow of the figure
together. --pairs draws the states of both sides at the same time.`

// graphFlags are the flags of graph.
type graphFlags struct {
	format  string
	output  string
	variant string
	pairs   bool
}

func newGraph(a *app) *cobra.Command {
	var f graphFlags
	cmd := &cobra.Command{
		Use:   "graph [SCENARIO|FILE.yaml]",
		Short: "Draw the state diagram that the search discovers: SVG, DOT, Mermaid",
		Long:  graphLong,
		Example: `  tcpcheck graph -o figure5.svg
  tcpcheck graph handshake --format mermaid
  tcpcheck graph simultaneous-close --pairs -o pairs.svg`,
		Args:      atMostOneArg("scenario"),
		ValidArgs: presetNames(),
		RunE:      func(_ *cobra.Command, args []string) error { return a.graph(f, args) },
	}
	fl := cmd.Flags()
	fl.StringVarP(&f.format, "format", "f", "svg", "write this format: svg, dot or mermaid")
	fl.StringVarP(&f.output, "output", "o", "", "write to this file, whole or not at all; -: to stdout")
	fl.StringVar(&f.variant, "variant", "", "a variant, or a mutant in both endpoints")
	fl.BoolVar(&f.pairs, "pairs", false, "draw the pairs of states that both sides are in")
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(diagram.Formats(), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("variant", cobra.FixedCompletions(variantNames(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// graph draws the diagram of a scenario, or of the presets that discover it all.
func (a *app) graph(f graphFlags, args []string) error {
	if !slices.Contains(diagram.Formats(), f.format) {
		return unknownName("format", f.format, diagram.Formats()).hint("the formats are " + orList(diagram.Formats()))
	}
	if len(args) == 0 {
		args = diagram.Presets()
		if f.pairs {
			args = args[:1]
		}
	}
	list, err := loadScenarios(args, f.variant, nil)
	if err != nil {
		return err
	}
	if err := deliverable(f.output); err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	var b bytes.Buffer
	if err := drawGraph(ctx, &b, f, list); err != nil {
		var stopped *diagram.StoppedError
		if errors.As(err, &stopped) {
			return &failure{status: statusInconclusive, message: err.Error()}
		}
		return usagef("%v", err)
	}
	return a.deliver(f.output, f.format, b.Bytes())
}

func drawGraph(ctx context.Context, b *bytes.Buffer, f graphFlags, list []explore.Scenario) error {
	if f.pairs {
		j, err := diagram.DiscoverJoint(ctx, &list[0], safeMemory())
		if err != nil {
			return err
		}
		return diagram.WriteJoint(b, f.format, j)
	}
	var scenarios []*explore.Scenario
	for i := range list {
		scenarios = append(scenarios, &list[i])
	}
	d, err := diagram.Discover(ctx, scenarios, safeMemory())
	if err != nil {
		return err
	}
	return diagram.Write(b, f.format, d)
}

// deliverable refuses a file that deliver could not write.
func deliverable(file string) error {
	if file == "" || file == "-" {
		return nil
	}
	if err := writable(file); err != nil {
		return usagef("-o: %v", err)
	}
	return nil
}

// deliver writes a drawing to the file, or to stdout if none is named.
func (a *app) deliver(file, format string, data []byte) error {
	if file == "" || file == "-" {
		a.out.Write(data)
		return nil
	}
	if err := writeWhole(file, data); err != nil {
		return usagef("-o: %v", err)
	}
	a.notef("%s: %d bytes of %s", file, len(data), format)
	return nil
}
