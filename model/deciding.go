package model

import "slices"

// RulesOf is the set of these rules.
func RulesOf(list ...Rule) (set RuleSet) {
	for _, r := range list {
		set.Add(r)
	}
	return set
}

// incidental rules do not say why a segment was answered as it was.
var incidental = RulesOf(
	SequenceTrimmed, AckAdvances, AckOld, WindowFromSegment, TextSent, FinSent,
	UrgAdvances, UrgIgnored, HeldProcessed, SynTextHeld,
)

// Incidental tells whether the rule does not say why a segment was answered as
// it was.
func (r Rule) Incidental() bool { return incidental.Has(r) }

// Deciding is the rule that decided: the last that fired and is not incidental,
// else the last that fired, or otherwise if none did.
func (o *Output) Deciding(otherwise Rule) Rule {
	rules := o.Rules()
	for _, r := range slices.Backward(rules) {
		if !r.Incidental() {
			return r
		}
	}
	if len(rules) > 0 {
		return rules[len(rules)-1]
	}
	return otherwise
}
