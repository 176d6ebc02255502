package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/cmd/tcpcheck/topics"
	"github.com/tcpcheck/tcpcheck/model"
)

func newExplain(a *app) *cobra.Command {
	var yaml bool
	cmd := &cobra.Command{
		Use:   "explain [NAME]...",
		Short: "Explain a state, flag, rule, behaviour, mutant, scenario, property ...",
		Long: `Explain what a name means, with its place in RFC 9293: a state, a flag or a set of
flags, a signal, a rule, a behaviour, a variant, a mutant, a scenario, a property,
or a topic such as handshake, close or reset. Upper and lower case, and - and _, are the same.
Without arguments, list the names.`,
		Example: `  tcpcheck explain FIN-WAIT-2
  tcpcheck explain reset SYN,ACK
  tcpcheck explain two-way-handshake`,
		ValidArgsFunction: completeNames(func() []entry {
			var list []entry
			for _, k := range kinds {
				list = append(list, k.entries()...)
			}
			return list
		}),
		RunE: func(_ *cobra.Command, args []string) error {
			if yaml {
				return a.scenarioYAML(args)
			}
			if len(args) == 0 {
				a.explainable()
				return nil
			}
			var found []named
			for _, name := range args {
				list, err := lookUp(name)
				if err != nil {
					return err
				}
				found = append(found, list...)
			}
			for i, f := range found {
				if i > 0 {
					a.printf("\n")
				}
				f.write(a)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&yaml, "yaml", false, "print a scenario as a file to start one's own from")
	return cmd
}

// scenarioYAML prints one scenario as a file.
func (a *app) scenarioYAML(args []string) error {
	if len(args) != 1 {
		return usagef("--yaml: want one scenario, as in \"tcpcheck explain handshake --yaml\"")
	}
	sc, err := loadScenario(args[0])
	if err != nil {
		return err
	}
	return sc.WriteYAML(a.out)
}

// named is an entry and its kind.
type named struct {
	kind string
	entry
}

// lookUp finds all that goes by the name: a name may be of several kinds.
func lookUp(name string) ([]named, error) {
	var found []named
	var all []string
	for _, k := range kinds {
		for _, e := range k.entries() {
			if e.called(name) {
				found = append(found, named{k.name, e})
			}
			all = append(all, e.name)
			all = append(all, e.aliases...)
		}
	}
	if len(found) == 0 {
		if f, ok := parseFlags(name); ok {
			return []named{flagSet(f)}, nil
		}
		return nil, usagef("nothing is called %q", name).nearest(name, all).
			hint("run \"tcpcheck explain\" for the names")
	}
	return found, nil
}

// write writes the heading and the explanation.
func (n named) write(a *app) {
	heading := n.name
	about := n.kind
	if n.section != "" {
		about += ", " + rfc(n.section)
	}
	a.printf("%s  %s\n", a.paint(bold, heading), a.paint(faint, about))
	n.explain(a)
}

// rfc is a section with the RFC it is of.
func rfc(section string) string {
	if strings.HasPrefix(section, "RFC ") {
		return section
	}
	return "RFC 9293 " + section
}

// explainable lists the names, without their meanings.
func (a *app) explainable() {
	for _, k := range kinds {
		a.printf("%s, %s\n", a.paint(bold, k.plural), k.about)
		var quoted []string
		for _, n := range names(k.entries()) {
			quoted = append(quoted, "`"+n+"`")
		}
		a.wrapped(2, strings.Join(quoted, ", "))
		a.printf("\n")
	}
	a.try("tcpcheck explain FIN-WAIT-2")
}

// parseFlags reads a set of flags as people write it: SYN,ACK or syn+ack.
func parseFlags(text string) (model.Flags, bool) {
	text = strings.NewReplacer("+", ",", "-", ",", "|", ",", " ", "").Replace(strings.ToUpper(text))
	if text == "NONE" {
		return 0, true
	}
	return model.ParseFlags(text)
}

// flagSet explains several flags in one segment.
func flagSet(f model.Flags) named {
	return named{"flags", entry{name: f.String(), section: "3.1", explain: func(a *app) {
		a.printf("value %06b (%d)\n\n", uint8(f), f)
		for _, t := range topics.Flags {
			if g, _ := model.ParseFlags(t.Name); f.Has(g) {
				a.row(t.Name, fmt.Sprintf("%06b  %s", uint8(g), t.Brief), 6)
			}
		}
		if f&^model.AllFlags == 0 {
			a.try("tcpcheck table --flags " + f.String())
		}
	}}}
}

// prose writes a paragraph.
func (a *app) prose(text string) { a.wrapped(0, text) }

// row writes a name and its meaning, which begins at the column and goes on
// there. A name that is too long gets a line of its own.
func (a *app) row(name, meaning string, column int) {
	lines := wrap(meaning, a.width()-column-2)
	first := pad(name, column)
	if len(name)+2 > column {
		a.printf("  %s\n", a.paint(cyan, name))
		first = pad("", column)
	} else {
		first = a.paint(cyan, name) + strings.TrimPrefix(first, name)
	}
	for _, line := range lines {
		a.printf("%s\n", strings.TrimRight("  "+first+line, " "))
		first = pad("", column)
	}
}

// blocks writes a topic's text.
func (a *app) blocks(list []topics.Block) {
	for i, b := range list {
		item := b.Kind == topics.Item
		if i > 0 && !(item && list[i-1].Kind == topics.Item) && !(item && list[i-1].Kind == topics.Prose) {
			a.printf("\n")
		}
		switch b.Kind {
		case topics.Verbatim:
			for line := range strings.Lines(b.Text) {
				a.printf("  %s\n", strings.TrimRight(line, "\n"))
			}
		case topics.Mistake:
			a.hanging(a.paint(red, "!")+" ", 2, b.Text)
		case topics.Item:
			a.hanging("- ", 2, b.Text)
		default:
			a.prose(b.Text)
		}
	}
}

// hanging writes a paragraph whose first line begins with mark, n columns wide,
// and whose others are indented as far.
func (a *app) hanging(mark string, n int, text string) {
	for _, line := range wrap(text, a.width()-n) {
		a.printf("%s%s\n", mark, line)
		mark = strings.Repeat(" ", n)
	}
}

// see points to other names.
func (a *app) see(list ...string) {
	if len(list) > 0 {
		a.printf("\n")
		a.hanging("See: ", 5, strings.Join(list, ", "))
	}
}

// try gives a command to copy.
func (a *app) try(command string) { a.printf("\nTry: %s\n", command) }

// arrows writes where a state comes from and where it leads to.
func (a *app) arrows(s model.State) {
	var from, to []topics.Arrow
	for _, x := range topics.Arrows {
		if x.To == s {
			from = append(from, x)
		}
		if x.From == s {
			to = append(to, x)
		}
	}
	a.printf("\n%s\n", a.paint(bold, "Comes from"))
	for _, x := range from {
		a.arrow(x.From, x)
	}
	a.printf("\n%s\n", a.paint(bold, "Leads to"))
	for _, x := range to {
		a.arrow(x.To, x)
	}
}

func (a *app) arrow(end model.State, x topics.Arrow) {
	text := x.Cause
	if x.Sends != "" {
		text += "; sends " + x.Sends
	}
	a.row(end.String(), text+"  `("+x.Section+")`", 14)
}
