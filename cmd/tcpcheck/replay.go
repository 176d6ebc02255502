package main

import (
	"fmt"
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
		Args:  oneArg("file", writesTraces),
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
		if err := checkCycle(t); err != nil {
			return usagef("%s: %v", path, err)
		}
		a.printf("%s the run reproduces: %s%s\n", a.paint(green, "✓"), count(len(t.Steps), "step"), shows(t))
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

// checkCycle plays a lasso's cycle.
func checkCycle(t *trace.Trace) error {
	step, err := t.Info.StepFuncs()
	if err != nil {
		return err
	}
	return trace.CheckCycle(t, step)
}

// shows is what the run shows: "", or the words behind the count of its steps.
func shows(t *trace.Trace) string {
	text := ""
	if from := t.Info.CycleFrom; from >= 0 {
		text = fmt.Sprintf("; the last %d lead back to where they begin, and repeat for ever", len(t.Steps)-from)
		if from == len(t.Steps)-1 {
			text = "; the last leads back to where it begins, and repeats for ever"
		}
	}
	switch {
	case t.Info.Property == "":
		return text
	case t.Info.CycleFrom >= 0:
		return text + ": " + t.Info.Property + " is broken"
	case t.Info.Verdict == "deadlock": // also a run that may rest where it is
		return text + ": at its end " + t.Info.Property + " is broken"
	}
	return text + ", and " + t.Info.Property + " is " + t.Info.Verdict
}
