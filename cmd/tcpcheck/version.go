package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			a.printf("%s\n", buildVersion())
			return nil
		},
	}
}

// buildVersion tells what this program was built from.
func buildVersion() string {
	version, revision := "(devel)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			version = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				revision = ", commit " + s.Value[:12]
			}
		}
	}
	return fmt.Sprintf("tcpcheck %s (%s %s/%s%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, revision)
}

// oneArg wants one argument, which what names, and hints at how to come by it.
func oneArg(what, hint string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef("%s takes one %s, and got %d", cmd.Name(), what, len(args)).hint(hint)
		}
		return nil
	}
}

// atMostOneArg refuses a second argument.
func atMostOneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usagef("%s takes at most one %s, and got %d", cmd.Name(), what, len(args))
		}
		return nil
	}
}

// noArgs refuses arguments to a command that takes none.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no arguments, and got %q", cmd.Name(), args[0])
	}
	return nil
}
