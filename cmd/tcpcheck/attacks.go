package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore/blind"
	"github.com/tcpcheck/tcpcheck/model"
)

const attacksLong = `attacks says what an attacker must guess who sees nothing of a connection and
forges a segment of it (RFC 5961): a RST or a SYN that ends the connection, or
text that its user reads. For each variant it tells of all sequence numbers, and
of all acknowledgment numbers, how many work; the chance of one segment with
random numbers; and after how many segments, well chosen, one has worked for sure.

What works is asked of the endpoint itself, in the given state, with all that it
sent acknowledged. Text is one octet; where what lies above the number expected is
dropped, only the exact one works.`

// attacksFlags are the flags of attacks.
type attacksFlags struct {
	state  string
	bits   int
	window uint32
	json   bool
}

func newAttacks(a *app) *cobra.Command {
	var f attacksFlags
	cmd := &cobra.Command{
		Use:     "attacks",
		Short:   "Count the numbers with which a blind attacker succeeds",
		Long:    attacksLong,
		Example: "  tcpcheck attacks\n  tcpcheck attacks --state TIME-WAIT\n  tcpcheck attacks --bits 4 --window 2",
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return a.attacks(f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.state, "state", model.Established.String(), "the state that the endpoint is in")
	fl.IntVar(&f.bits, "bits", model.MaxBits, "the sequence space has 2^bits numbers")
	fl.Uint32Var(&f.window, "window", 65_535, "receive window of both endpoints, in octets")
	fl.BoolVar(&f.json, "json", false, "print one JSON document")
	must(cmd.RegisterFlagCompletionFunc("state", cobra.FixedCompletions(attackedStates(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// The JSON of attacks; docs/schemas/attacks.schema.json describes it.
type (
	jsonAttacks struct {
		Schema  string     `json:"schema"`
		State   string     `json:"state"`
		Numbers uint64     `json:"numbers"`
		Window  uint32     `json:"window"`
		Odds    []jsonOdds `json:"odds"`
	}
	jsonOdds struct {
		Attack  string  `json:"attack"`
		Variant string  `json:"variant"`
		Seqs    uint64  `json:"seqs"`
		Acks    uint64  `json:"acks"`
		Chance  float64 `json:"chance"`
		Tries   float64 `json:"tries,omitempty"`
	}
)

func attackedStates() []string {
	var names []string
	for _, s := range blind.States() {
		names = append(names, s.String())
	}
	return names
}

func (a *app) attacks(f attacksFlags) error {
	state, ok := model.ParseState(strings.ToUpper(f.state))
	if !ok {
		return usagef("--state: unknown state %q", f.state).nearest(strings.ToUpper(f.state), attackedStates())
	}
	doc := jsonAttacks{Schema: "tcpcheck-attacks/1", State: state.String(), Window: f.window}
	rows := [][]string{{"attack", "variant", "SEQ that work", "ACK that work", "one in", "tries to be sure"}}
	for _, attack := range blind.Attacks() {
		for i, v := range model.Variants() {
			s, err := blind.At(state, f.bits, f.window, v.Behaviours)
			if err != nil {
				return usagef("%v", err)
			}
			o := s.Odds(&attack)
			doc.Numbers = o.Space
			doc.Odds = append(doc.Odds, jsonOdds{attack.Name, v.Name, o.Seqs, o.Acks, o.Chance(), o.Tries()})
			name := attack.Name
			if i > 0 {
				name = ""
			}
			rows = append(rows, append([]string{name, v.Name}, oddsText(o)...))
		}
	}
	if f.json {
		return a.json(doc)
	}
	a.wrapped(0, fmt.Sprintf("An endpoint in %v with a window of %s octets, in a space of %s numbers:",
		state, humanize.Comma(int64(f.window)), humanize.Comma(int64(doc.Numbers))))
	a.printf("\n")
	a.columns(rows)
	a.printf("\n")
	for _, attack := range blind.Attacks() {
		a.wrapped(0, fmt.Sprintf("%s: %s (RFC 5961 section %s)", attack.Name, attack.Harm, attack.Section))
	}
	return nil
}

// oddsText is the odds as cells: the numbers that work, the chance, the tries.
func oddsText(o blind.Odds) []string {
	if o.Tries() == 0 {
		return []string{"none", "", "never", ""}
	}
	acks := humanize.Comma(int64(o.Acks))
	if o.Acks == o.Space {
		acks = "any"
	}
	return []string{humanize.Comma(int64(o.Seqs)), acks, large(1 / o.Chance()), large(o.Tries())}
}

// large writes a number that may be too large for an integer.
func large(x float64) string {
	if x < 1e15 {
		return humanize.Comma(int64(math.Round(x)))
	}
	return fmt.Sprintf("%.2g", x)
}
