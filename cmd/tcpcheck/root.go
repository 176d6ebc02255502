package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootLong = `tcpcheck checks the TCP connection state machine of RFC 9293.

The result goes to stdout, notes and errors to stderr. Exit status:
  0  everything holds, and all of it was seen
  1  a property is violated
  2  bad usage or bad input
  3  an internal error
  4  inconclusive: a limit was reached, or it was interrupted`

// run is the whole program: it returns the exit status.
func run(args []string, stdout, stderr io.Writer) (status int) {
	a := newApp(stdout, stderr)
	defer func() {
		if r := recover(); r != nil {
			status = a.report(internalError(fmt.Errorf("%v\n%s", r, debug.Stack())))
		}
	}()
	root := newRoot(a)
	root.SetArgs(args)
	err := root.Execute()
	return a.finish(err)
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "tcpcheck",
		Short:         "Check the TCP connection state machine of RFC 9293",
		Long:          rootLong,
		Version:       buildVersion(),
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return a.setColor()
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp())
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().StringVar(&a.color, "color", "auto", "colour the output: auto, always or never")
	must(root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions(colorModes, cobra.ShellCompDirectiveNoFileComp)))
	root.AddCommand(
		newAttacks(a),
		newCheck(a),
		newCompletion(),
		newDocs(a),
		newExplain(a),
		newGraph(a),
		newList(a),
		newMatrix(a),
		newPcap(a),
		newReplay(a),
		newScript(a),
		newSimulate(a),
		newSweep(a),
		newTable(a),
		newTrace(a),
		newVersion(a),
		newWitness(a),
	)
	return root
}

// unknownCommand is the error for a command that parent does not have.
func unknownCommand(parent *cobra.Command, name string) error {
	var names []string
	for _, c := range parent.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usagef("unknown command %q", name).
		nearest(name, names).
		hint("run \"tcpcheck help\" for the commands")
}

// flagError turns an error of the flag parser into a usage error that names
// the nearest flags of the command.
func flagError(cmd *cobra.Command, err error) error {
	f := usagef("%v", err)
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		if want := wanted(invalid.GetFlag().Value.Type()); want != "" {
			f = usagef("--%s %q: want %s", invalid.GetFlag().Name, invalid.GetValue(), want)
		}
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var names []string
		cmd.Flags().VisitAll(func(g *pflag.Flag) { names = append(names, "--"+g.Name) })
		f = f.nearest("--"+strings.TrimLeft(unknown.GetSpecifiedName(), "-"), names)
	}
	return f.hint("run \"" + cmd.CommandPath() + " --help\" for the flags")
}

// wanted says what a flag of the type takes; "" if the parser says it well.
func wanted(kind string) string {
	switch kind {
	case "int":
		return fmt.Sprintf("a whole number, at most %d", math.MaxInt)
	case "uint64":
		return fmt.Sprintf("a whole number from 0 to %d", uint64(math.MaxUint64))
	case "uint32":
		return fmt.Sprintf("a whole number from 0 to %d", math.MaxUint32)
	case "duration":
		return "a time, as in 90s or 1h30m"
	case "bool":
		return "true or false"
	}
	return ""
}

// must panics on an error that only a mistake in this program can cause.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
