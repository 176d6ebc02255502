package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/reaction"
)

// tableFlags are the flags of table.
type tableFlags struct {
	variant, mutant string
	states, flags   []string
	diff, json      bool
}

func newTable(a *app) *cobra.Command {
	var f tableFlags
	cmd := &cobra.Command{
		Use:   "table [flags] | table --diff NAME NAME",
		Short: "Print how each state reacts to each class of segment",
		Long: `Print the reaction table: each state times each class of segment, once.

A class is a set of flags, the place of SEG.SEQ (before the window, one before it,
its left edge, inside, its last number, beyond), the place of SEG.ACK (too old,
old, SND.UNA, part or all of what is outstanding, beyond SND.NXT; only with ACK),
and with text or without. A state may have several rows, one for each situation
that matters, such as SYN-RECEIVED after a passive or an active OPEN. Classes with
the same reaction are printed together.

With --diff, print only the classes in which two variants or mutants differ. A
mutant is a bug in the variant that --variant names.`,
		Example: `  tcpcheck table --state LISTEN
  tcpcheck table --state SYN-SENT --flags SYN,ACK
  tcpcheck table --diff rfc9293 rfc793 --state TIME-WAIT
  tcpcheck table --diff rfc9293 no-time-wait`,
		ValidArgsFunction: completeNames(func() []entry { return append(variantEntries(), mutantEntries()...) }),
		RunE: func(_ *cobra.Command, args []string) error {
			if f.diff {
				return tableDiff(a, f, args)
			}
			return tableOne(a, f, args)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.variant, "variant", model.DefaultVariant, "behave as this variant")
	fl.StringVar(&f.mutant, "mutant", "", "with this deliberate bug")
	fl.StringArrayVar(&f.states, "state", nil, "only this state (may be repeated)")
	fl.StringArrayVar(&f.flags, "flags", nil, "only segments with exactly these flags, such as SYN,ACK or none (may be repeated)")
	fl.BoolVar(&f.diff, "diff", false, "compare two variants or mutants")
	fl.BoolVar(&f.json, "json", false, "write one JSON document, a row for each class")
	must(cmd.RegisterFlagCompletionFunc("variant", completeNames(variantEntries)))
	must(cmd.RegisterFlagCompletionFunc("mutant", completeNames(mutantEntries)))
	must(cmd.RegisterFlagCompletionFunc("state", completeNames(stateEntries)))
	must(cmd.RegisterFlagCompletionFunc("flags", cobra.FixedCompletions(flagSetNames(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func tableOne(a *app, f tableFlags, args []string) error {
	if len(args) > 0 {
		hint := "to compare two variants or mutants, use --diff"
		if len(args) == 1 {
			hint = "a variant is given by --variant, a mutant by --mutant, a state by --state"
		}
		return usagef("table takes no arguments, and got %q", args[0]).hint(hint)
	}
	choose, err := f.chooser()
	if err != nil {
		return err
	}
	s, err := newSubject(f.variant, f.mutant)
	if err != nil {
		return err
	}
	rows := choose(s.rows())
	if f.json {
		return tableJSON(a, s, rows)
	}
	last := (*reaction.Situation)(nil)
	for _, g := range reaction.Merge(rows) {
		if g.Situation != last {
			a.situation(g.Situation, s, last == nil)
			last = g.Situation
		}
		a.printf("\n")
		for _, b := range g.Boxes {
			a.box(b, last)
		}
		a.reaction(g.Reaction, last)
	}
	a.notef("%s: %d of %d classes", s.name, len(rows), reaction.Size())
	return nil
}

func tableDiff(a *app, f tableFlags, args []string) error {
	if len(args) != 2 {
		return usagef("--diff takes two variants or mutants, and got %d", len(args)).
			hint("tcpcheck table --diff rfc9293 rfc793")
	}
	if f.mutant != "" {
		return usagef("--mutant has no place beside --diff").
			hint("tcpcheck table --diff " + f.variant + " " + f.mutant)
	}
	choose, err := f.chooser()
	if err != nil {
		return err
	}
	var subjects [2]subject
	for i, name := range args {
		if subjects[i], err = anySubject(f.variant, name); err != nil {
			return err
		}
	}
	pairs, same := reaction.Diff(choose(subjects[0].rows()), choose(subjects[1].rows()))
	if f.json {
		return diffJSON(a, subjects, pairs)
	}
	last := (*reaction.Situation)(nil)
	for _, g := range reaction.MergePairs(pairs) {
		if g.Situation != last {
			a.situation(g.Situation, subjects[0], last == nil)
			last = g.Situation
		}
		a.printf("\n")
		for _, b := range g.Boxes {
			a.box(b, last)
		}
		for i, r := range []reaction.Reaction{g.A, g.B} {
			a.printf("    %s\n", a.paint(bold, subjects[i].name+":"))
			a.reaction(r, last)
		}
	}
	a.notef("%s and %s differ in %d classes of %d; in %d more they do the same by other rules",
		subjects[0].name, subjects[1].name, len(pairs), reaction.Size(), same)
	return nil
}

// subject is what a table is made of.
type subject struct {
	name, variant, mutant string
	endpoint              model.Endpoint
	step                  model.StepFunc
}

func (s subject) rows() []reaction.Row { return reaction.Table(s.endpoint, s.step) }

// newSubject is the variant with the mutant, if that is not empty.
func newSubject(variant, mutant string) (subject, error) {
	v, err := model.FindVariant(variant)
	if err != nil {
		f := unknownName("variant", variant, names(variantEntries()))
		if _, err := model.FindMutant(variant); err == nil {
			f.hint(variant + " is a mutant: use --mutant " + variant)
		}
		return subject{}, f.hint("the variants are " + orList(names(variantEntries())))
	}
	s := subject{name: v.Name, variant: v.Name, endpoint: reaction.Endpoint(v.Behaviours), step: model.Step}
	if mutant == "" {
		return s, nil
	}
	m, err := model.FindMutant(mutant)
	if err != nil {
		return subject{}, unknownName("mutant", mutant, names(mutantEntries())).
			hint("run \"tcpcheck list mutants\" for the mutants")
	}
	s.mutant, s.step = m.Name, m.Decorate(model.Step)
	s.name = m.Name
	if variant != model.DefaultVariant {
		s.name = v.Name + " with " + m.Name
	}
	return s, nil
}

// anySubject is a variant, or a mutant of base.
func anySubject(base, name string) (subject, error) {
	if _, err := model.FindVariant(name); err == nil {
		return newSubject(name, "")
	}
	if _, err := model.FindMutant(name); err == nil {
		return newSubject(base, name)
	}
	all := append(names(variantEntries()), names(mutantEntries())...)
	return subject{}, unknownName("variant or mutant", name, all).
		hint("run \"tcpcheck list variants\" and \"tcpcheck list mutants\" for the names")
}

// chooser is the function that keeps the rows asked for.
func (f tableFlags) chooser() (func([]reaction.Row) []reaction.Row, error) {
	var states []model.State
	for _, name := range f.states {
		s, err := findState(name)
		if err != nil {
			return nil, err
		}
		states = append(states, s)
	}
	var flags []model.Flags
	for _, text := range f.flags {
		g, err := findFlags(text)
		if err != nil {
			return nil, err
		}
		flags = append(flags, g)
	}
	return func(rows []reaction.Row) []reaction.Row {
		var kept []reaction.Row
		for _, r := range rows {
			if among(states, r.Situation.State) && among(flags, r.Class.Flags) {
				kept = append(kept, r)
			}
		}
		return kept
	}, nil
}

// among tells whether x is one of the list, or the list asks for nothing.
func among[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return len(list) == 0
}

// findState is the state of that name, however it is spelled.
func findState(name string) (model.State, error) {
	for _, e := range stateEntries() {
		if e.called(name) {
			s, _ := model.ParseState(e.name)
			return s, nil
		}
	}
	return 0, unknownName("state", name, names(stateEntries())).
		hint("the states are " + orList(names(stateEntries())))
}

// findFlags is the set of flags, which the table must have.
func findFlags(text string) (model.Flags, error) {
	f, ok := parseFlags(text)
	if !ok {
		return 0, usagef("unknown flags %q", text).nearest(text, flagSetNames()).
			hint("flags are joined by commas, such as SYN,ACK; none is the empty set")
	}
	for _, g := range reaction.FlagSets() {
		if f == g {
			return f, nil
		}
	}
	return 0, usagef("the table has no class with flags %v", f).
		hint("its sets of flags are " + strings.Join(flagSetNames(), " "))
}

func flagSetNames() []string {
	var list []string
	for _, f := range reaction.FlagSets() {
		list = append(list, f.String())
	}
	return list
}

// situation writes the heading of a situation.
func (a *app) situation(s *reaction.Situation, of subject, first bool) {
	if !first {
		a.printf("\n\n")
	}
	a.printf("%s\n", a.paint(bold, s.Name))
	a.wrapped(0, s.Variables(of.endpoint))
}

// box writes a class, or several.
func (a *app) box(b reaction.Box, s *reaction.Situation) {
	a.hanging("  "+a.paint(cyan, "*")+" ", 4, b.String(s))
}

// reaction writes what is done, what changes, and by which rules.
func (a *app) reaction(r reaction.Reaction, s *reaction.Situation) {
	effect, changes, rules := r.Lines(s.State)
	a.hanging("      ", 6, effect)
	if changes != "" {
		a.hanging("      set ", 10, changes)
	}
	a.hanging("      "+a.paint(faint, "by")+" ", 9, rules)
}

// tableSchema names the form of the documents that table --json writes.
const tableSchema = "tcpcheck/table/1"

type tableDocument struct {
	Schema  string    `json:"schema"`
	Variant string    `json:"variant"`
	Mutant  string    `json:"mutant,omitempty"`
	Rows    []jsonRow `json:"rows"`
}

type diffDocument struct {
	Schema string     `json:"schema"`
	A      jsonSource `json:"a"`
	B      jsonSource `json:"b"`
	Rows   []jsonPair `json:"rows"`
}

type jsonSource struct {
	Variant string `json:"variant"`
	Mutant  string `json:"mutant,omitempty"`
}

type jsonClass struct {
	State     string `json:"state"`
	Situation string `json:"situation"`
	Flags     string `json:"flags"`
	Seq       string `json:"seq"`
	Ack       string `json:"ack"`
	Text      bool   `json:"text"`
}

type jsonReaction struct {
	Sent      []string `json:"sent"`
	Delivered []string `json:"delivered"`
	Signals   []string `json:"signals"`
	Path      []string `json:"path"`
	Next      string   `json:"next"`
	Changes   []string `json:"changes"`
	Rules     []string `json:"rules"`
}

type jsonRow struct {
	jsonClass
	jsonReaction
}

type jsonPair struct {
	jsonClass
	A jsonReaction `json:"a"`
	B jsonReaction `json:"b"`
}

func tableJSON(a *app, s subject, rows []reaction.Row) error {
	doc := tableDocument{Schema: tableSchema, Variant: s.variant, Mutant: s.mutant, Rows: []jsonRow{}}
	for _, r := range rows {
		doc.Rows = append(doc.Rows, jsonRow{classJSON(r), reactionJSON(r.Reaction)})
	}
	return a.json(doc)
}

func diffJSON(a *app, s [2]subject, pairs []reaction.Pair) error {
	doc := diffDocument{
		Schema: tableSchema, Rows: []jsonPair{},
		A: jsonSource{s[0].variant, s[0].mutant}, B: jsonSource{s[1].variant, s[1].mutant},
	}
	for _, p := range pairs {
		doc.Rows = append(doc.Rows, jsonPair{classJSON(p.A), reactionJSON(p.A.Reaction), reactionJSON(p.B.Reaction)})
	}
	return a.json(doc)
}

func classJSON(r reaction.Row) jsonClass {
	return jsonClass{
		State: r.Situation.State.String(), Situation: r.Situation.Name, Flags: r.Class.Flags.String(),
		Seq: r.Class.Seq.String(), Ack: r.Class.Ack.String(), Text: r.Class.Text,
	}
}

func reactionJSON(r reaction.Reaction) jsonReaction {
	j := jsonReaction{
		Sent: some(r.Sent), Delivered: some(r.Delivered), Signals: some(r.Signals), Changes: some(r.Changes),
		Path: []string{}, Rules: []string{}, Next: r.Next.String(),
	}
	for _, s := range r.Path {
		j.Path = append(j.Path, s.String())
	}
	for _, x := range r.Rules {
		j.Rules = append(j.Rules, x.String())
	}
	return j
}

// some is the list, never nil, so that JSON has [] and not null.
func some(list []string) []string { return append([]string{}, list...) }
