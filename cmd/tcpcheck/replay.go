package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

const replayLong = `replay plays a trace again that check wrote with --trace-dir.

It exits with 0 if the run reproduces. With --variant it plays the same run
with other behaviours, and says whether and where they stop it.`

func newReplay(a *app) *cobra.Command {
	var variant string
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Play a trace again, also with other behaviours",
		Long:  replayLong,
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.replay(args[0], variant)
		},
	}
	cmd.Flags().StringVar(&variant, "variant", "", "a variant, or a mutant in both endpoints")
	must(cmd.RegisterFlagCompletionFunc("variant", cobra.FixedCompletions(variantNames(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// readTrace reads a trace file, JSON or a ladder; the reader replays it with what
// made it, so a trace that does not reproduce is an error here.
func readTrace(path string) (*trace.Trace, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usagef("trace: %v", err)
	}
	defer f.Close()
	t, err := trace.Read(f)
	if err != nil {
		return nil, usagef("%s: %v", path, err)
	}
	return t, nil
}

func (a *app) replay(path, variant string) error {
	t, err := readTrace(path)
	if err != nil {
		return err
	}
	if variant == "" {
		a.printf("%s\n", a.ladder(t))
		a.printf("%s the run reproduces: %d steps", a.paint(green, "✓"), len(t.Steps))
		if t.Info.Property != "" {
			a.printf(", and %s is %s", t.Info.Property, t.Info.Verdict)
		}
		a.printf("\n")
		return nil
	}
	step, behaviours := model.StepFunc(model.Step), (*[2]model.Behaviours)(nil)
	if v, err := model.FindVariant(variant); err == nil {
		behaviours = &[2]model.Behaviours{v.Behaviours, v.Behaviours}
	} else if m, err := model.FindMutant(variant); err == nil {
		step = m.Decorate(model.Step)
	} else {
		return unknownName("variant", variant, variantNames())
	}
	played, at, reason := trace.Replay(t, [2]model.StepFunc{step, step}, behaviours)
	if played != nil {
		a.printf("%s\n", a.ladder(played))
	}
	if at < 0 {
		a.printf("%s %s takes the very same run\n", a.paint(green, "✓"), variant)
		return nil
	}
	a.printf("%s %s stops this run at step %d: %s\n", a.paint(red, "✗"), variant, at+1, reason)
	return &failure{status: statusViolated}
}
