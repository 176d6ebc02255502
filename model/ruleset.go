package model

import "strings"

// RuleSet is a set of rules. It compares with ==; the zero value is empty.
type RuleSet struct{ words [(NumRules + 63) / 64]uint64 }

// Add puts r into the set.
func (s *RuleSet) Add(r Rule) { s.words[r/64] |= 1 << (r % 64) }

// AddAll puts every rule of o into the set.
func (s *RuleSet) AddAll(o RuleSet) {
	for i, w := range o.words {
		s.words[i] |= w
	}
}

// Has tells whether r is in the set.
func (s RuleSet) Has(r Rule) bool { return s.words[r/64]>>(r%64)&1 == 1 }

// Empty tells whether no rule is in the set.
func (s RuleSet) Empty() bool { return s == RuleSet{} }

// Rules lists the set in order.
func (s RuleSet) Rules() []Rule {
	var list []Rule
	for r := range Rule(NumRules) {
		if s.Has(r) {
			list = append(list, r)
		}
	}
	return list
}

// String lists the IDs.
func (s RuleSet) String() string {
	var ids []string
	for _, r := range s.Rules() {
		ids = append(ids, r.String())
	}
	return strings.Join(ids, " ")
}
