package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/cmd/tcpcheck/topics"
	"github.com/tcpcheck/tcpcheck/model"
)

// kind is a sort of thing that has a name: list lists them, explain explains
// them, and what a command takes by name is looked up among them.
type kind struct {
	name, plural string
	about        string // what list says of it
	entries      func() []entry
}

// entry is one thing with a name.
type entry struct {
	name    string
	aliases []string
	brief   string // one line
	section string // of RFC 9293, unless it names another
	explain func(a *app)
}

// kinds is everything that has a name, in the order in which it is listed.
var kinds = []kind{
	{"state", "states", "of a connection", stateEntries},
	{"flag", "flags", "control bits of a segment", flagEntries},
	{"signal", "signals", "what the user is told", signalEntries},
	{"topic", "topics", "how TCP does it, and what people get wrong", topicEntries},
	{"rule", "rules", "the paragraphs that decide", ruleEntries},
	{"behaviour", "behaviours", "choices that the RFC leaves open", behaviourEntries},
	{"variant", "variants", "named sets of behaviours", variantEntries},
	{"mutant", "mutants", "deliberate bugs", mutantEntries},
	{"scenario", "scenarios", "worlds to check", scenarioEntries},
	{"property", "properties", "what is judged in them", propertyEntries},
}

// findKind is the kind of that name, singular or plural.
func findKind(name string) (kind, error) {
	var plurals []string
	for _, k := range kinds {
		if fold(name) == k.name || fold(name) == k.plural {
			return k, nil
		}
		plurals = append(plurals, k.plural)
	}
	return kind{}, unknownName("kind", name, plurals).hint("the kinds are " + orList(plurals))
}

// names are the names of the entries.
func names(entries []entry) []string {
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = e.name
	}
	return list
}

// called tells whether the entry goes by that name.
func (e entry) called(name string) bool {
	if fold(e.name) == fold(name) {
		return true
	}
	for _, a := range e.aliases {
		if fold(a) == fold(name) {
			return true
		}
	}
	return false
}

// completeNames completes an argument or flag to names of one kind.
func completeNames(entries func() []entry) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var list []string
		for _, e := range entries() {
			list = append(list, e.name+"\t"+e.brief)
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	}
}

// topicEntry is an entry whose text is a topic; more, if not nil, follows it.
func topicEntry(t topics.Topic, more func(a *app)) entry {
	e := entry{name: t.Name, aliases: t.Aliases, brief: t.Brief, section: t.Section}
	if e.brief == "" && len(t.Body) > 0 {
		e.brief = t.Body[0].Text
	}
	e.explain = func(a *app) {
		if t.Brief != "" {
			a.prose(upperFirst(t.Brief) + ".")
			a.printf("\n")
		}
		a.blocks(t.Body)
		if more != nil {
			more(a)
		}
		a.see(t.See...)
	}
	return e
}

func stateEntries() []entry {
	var list []entry
	for _, t := range topics.States {
		s, _ := model.ParseState(t.Name)
		list = append(list, topicEntry(t, func(a *app) { a.arrows(s) }))
	}
	return list
}

func flagEntries() []entry {
	var list []entry
	for _, t := range topics.Flags {
		f, _ := model.ParseFlags(t.Name)
		list = append(list, topicEntry(t, func(a *app) {
			a.printf("\n")
			a.prose(fmt.Sprintf("Its value is %06b (%d); URG is %06b, FIN %06b.", uint8(f), f, uint8(model.URG), uint8(model.FIN)))
		}))
	}
	return list
}

func signalEntries() []entry {
	var list []entry
	for _, t := range topics.Signals {
		e := topicEntry(t, nil)
		if short, ok := strings.CutPrefix(t.Name, "error: "); ok && short != "connection closing" { // another signal
			e.aliases = append(e.aliases, short)
		}
		list = append(list, e)
	}
	return list
}

func topicEntries() []entry {
	var list []entry
	for _, t := range topics.Others {
		list = append(list, topicEntry(t, nil))
	}
	return list
}

func ruleEntries() []entry {
	var list []entry
	for r := range model.Rule(model.NumRules) {
		info := r.Info()
		list = append(list, entry{
			name: info.ID, brief: info.Title, section: info.Section,
			explain: func(a *app) {
				a.prose(info.Title + ".")
				a.printf("\n")
				a.prose(quoteSegments(info.Meaning))
				if r >= model.ForbidsFirst {
					a.printf("\n")
					a.prose("It is a rule about what an endpoint may send: it forbids.")
				}
			},
		})
	}
	return list
}

func behaviourEntries() []entry {
	var list []entry
	for _, c := range model.Choices() {
		list = append(list, entry{
			name: c.Name, brief: c.Meaning, section: c.Section,
			explain: func(a *app) {
				a.prose(upperFirst(c.Meaning) + ".")
				a.printf("\n")
				for i, v := range c.Values {
					note := ""
					if i == 0 {
						note = " (default)"
					}
					a.row(c.Name+"="+v.Name+note, v.Meaning, len(c.Name)+24)
				}
				var with []string
				for _, v := range model.Variants() {
					with = append(with, v.Name+": "+c.Get(v.Behaviours))
				}
				a.printf("\n")
				a.prose("In the variants: " + strings.Join(with, ", ") + ".")
			},
		})
	}
	return list
}

func variantEntries() []entry {
	var list []entry
	for _, v := range model.Variants() {
		list = append(list, entry{
			name: v.Name, brief: v.Meaning,
			explain: func(a *app) {
				a.prose(upperFirst(v.Meaning) + ".")
				a.printf("\n")
				if v.Behaviours == (model.Behaviours{}) {
					a.prose("It is the default: every behaviour has its first value.")
				} else {
					a.printf("It differs from %s in\n", model.DefaultVariant)
					for _, c := range model.Choices() {
						if value := c.Get(v.Behaviours); value != c.Values[0].Name {
							a.row(c.Name+"="+value, "instead of "+c.Values[0].Name, 36)
						}
					}
				}
				if v.Name != model.DefaultVariant {
					a.try("tcpcheck table --diff " + model.DefaultVariant + " " + v.Name)
				}
			},
		})
	}
	return list
}

func mutantEntries() []entry {
	var list []entry
	for _, m := range model.Mutants() {
		list = append(list, entry{
			name: m.Name, brief: m.Meaning, section: m.Section,
			explain: func(a *app) {
				a.prose(upperFirst(m.Meaning) + ".")
				a.printf("\n")
				a.prose("A deliberate bug, there to be caught; it breaks the paragraph above.")
				if m.NeedsIncarnations {
					a.prose("It takes more than one incarnation of a connection to show.")
				}
				a.try("tcpcheck table --diff " + model.DefaultVariant + " " + m.Name)
			},
		})
	}
	return list
}

var segmentText = regexp.MustCompile(`(<[A-Z]+=[^<>]*>)+`)

// quoteSegments puts segments in the RFC's notation into backquotes, so that
// wrap does not break them.
func quoteSegments(text string) string { return segmentText.ReplaceAllString(text, "`$0`") }

func upperFirst(text string) string {
	if text == "" || strings.HasPrefix(text, "rfc") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
