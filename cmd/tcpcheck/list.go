package main

import (
	"github.com/spf13/cobra"
)

func newList(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list [KIND]",
		Short: "List what has a name: states, flags, rules, variants, mutants ...",
		Long: `List the names of one kind, or of all: states, flags, signals, topics, rules,
behaviours, variants, mutants. Each can be explained: tcpcheck explain NAME.`,
		Example: `  tcpcheck list mutants
  tcpcheck list --json variants`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var list []string
			for _, k := range kinds {
				if len(args) == 0 {
					list = append(list, k.plural+"\t"+k.about)
				}
			}
			return list, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			chosen := kinds
			switch len(args) {
			case 0:
			case 1:
				k, err := findKind(args[0])
				if err != nil {
					return err
				}
				chosen = []kind{k}
			default:
				return usagef("list takes one kind, and got %q too", args[1])
			}
			if asJSON {
				return listJSON(a, chosen)
			}
			for i, k := range chosen {
				if len(chosen) > 1 {
					if i > 0 {
						a.printf("\n")
					}
					a.printf("%s, %s\n", a.paint(bold, k.plural), k.about)
				}
				a.list(k.entries())
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write one JSON document")
	return cmd
}

// list writes the entries, a row each.
func (a *app) list(entries []entry) {
	const widest = 30
	column := 0
	for _, e := range entries {
		if len(e.name) <= widest {
			column = max(column, len(e.name)+2)
		}
	}
	for _, e := range entries {
		a.row(e.name, quoteSegments(e.brief), column)
	}
}

// listSchema names the form of the document that list --json writes.
const listSchema = "tcpcheck/list/1"

type listDocument struct {
	Schema string     `json:"schema"`
	Kinds  []listKind `json:"kinds"`
}

type listKind struct {
	Kind    string      `json:"kind"`
	Entries []listEntry `json:"entries"`
}

type listEntry struct {
	Name    string `json:"name"`
	Brief   string `json:"brief"`
	Section string `json:"section,omitempty"`
}

func listJSON(a *app, chosen []kind) error {
	doc := listDocument{Schema: listSchema}
	for _, k := range chosen {
		lk := listKind{Kind: k.name}
		for _, e := range k.entries() {
			lk.Entries = append(lk.Entries, listEntry{e.name, e.brief, e.section})
		}
		doc.Kinds = append(doc.Kinds, lk)
	}
	return a.json(doc)
}
