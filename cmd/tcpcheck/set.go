package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore"
)

// addSet adds the flag that changes fields of a scenario.
func addSet(cmd *cobra.Command, sets *[]string) {
	cmd.Flags().StringArrayVar(sets, "set", nil, "give a field of the scenario a value, as in msl=3, a.octets=2 or rst-in-time-wait=ignored (repeatable)")
	must(cmd.RegisterFlagCompletionFunc("set", completeFields))
}

// completeFields completes FIELD=.
func completeFields(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var list []string
	for _, f := range explore.AllFields() {
		list = append(list, f.Name+"=\t"+f.Meaning)
	}
	return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// setFields gives fields of a scenario the values of --set.
func setFields(sc *explore.Scenario, sets []string) error {
	var list []explore.Setting
	for _, text := range sets {
		s, err := explore.ParseSetting(text)
		if err != nil {
			return usagef("--set %v", err)
		}
		list = append(list, s)
	}
	if err := sc.Set(list...); err != nil {
		for _, s := range list {
			if _, e := explore.FindField(s.Field); e != nil {
				return unknownField("--set", s.Field)
			}
		}
		return usagef("--set %v", err)
	}
	return nil
}

// unknownField is the error for a field that a flag names and no scenario has.
func unknownField(flag, name string) *failure {
	_, err := explore.FindField(name)
	f := usagef("%s: %v", flag, err)
	if !strings.Contains(err.Error(), "want") {
		f.nearest(name, explore.FieldNames())
	}
	return f.hint("run \"tcpcheck explain handshake --yaml\" for the fields")
}
