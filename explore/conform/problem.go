package conform

import (
	"fmt"
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// kind is in which way a stack deviates.
type kind string

// The ways.
const (
	silent   kind = "no-answer"      // an answer that is due is missing
	resets   kind = "resets"         // a RST that nothing asks for
	sends    kind = "sends"          // a segment that is forbidden, see problem.forbids
	rstForm  kind = "reset-form"     // the RST that is due has other numbers or flags
	holds    kind = "keeps-back"     // text or a FIN does not leave
	delivers kind = "delivers"       // more or less text reaches the user
	state    kind = "state"          // it says that it is in another state
	panics   kind = "panic"          // it panics
	endless  kind = "endless-output" // it does not stop sending
	nothing  kind = "nothing"        // a reading that explains nothing, see judge.react
)

// problem is the first thing about an answer that the model does not allow.
type problem struct {
	kind    kind
	rule    model.Rule // what decides, by the RFC
	detail  string     // what the stack did, in words; not part of the cause
	forbids model.Rule // for sends: what forbids it

	in            model.State // before the event
	said, instead model.State // for state: the stack's, and the model's
}

// id names the cause: problems with the same id are one deviation.
func (p *problem) id() string {
	switch p.kind {
	case panics:
		return fmt.Sprintf("%s/%v", p.kind, p.in)
	case state:
		return fmt.Sprintf("%v/%v-not-%v", p.in, p.said, p.instead)
	case sends:
		return fmt.Sprintf("%v/%s-%v", p.rule, p.kind, p.forbids)
	}
	return fmt.Sprintf("%v/%s", p.rule, p.kind)
}

// incidental rules do not say why a segment was answered as it was.
var incidental = ruleSet(
	model.SequenceTrimmed, model.AckAdvances, model.AckOld, model.WindowFromSegment, model.TextSent, model.FinSent,
	model.UrgAdvances, model.UrgIgnored, model.HeldProcessed, model.SynTextHeld,
)

func ruleSet(list ...model.Rule) (set model.RuleSet) {
	for _, r := range list {
		set.Add(r)
	}
	return set
}

// refuses are rules by which a segment is not looked at.
var refuses = ruleSet(
	model.SequenceUnacceptable, model.AckOff, model.AckOutOfRange, model.AckBeyond, model.SynChallengeAck, model.ResetChallenged,
)

// deciding is the rule that decided: the last that is not incidental.
func deciding(out *model.Output) model.Rule {
	rules := out.Rules()
	if len(rules) == 0 {
		return model.ClosedDropsReset
	}
	for i := len(rules) - 1; i >= 0; i-- {
		if !incidental.Has(rules[i]) {
			return rules[i]
		}
	}
	return rules[len(rules)-1]
}

// fired tells whether the rule decided something.
func fired(out *model.Output, r model.Rule) bool { return slices.Contains(out.Rules(), r) }
