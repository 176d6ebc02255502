package script

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// Outcome is what was found of a script.
type Outcome uint8

// The outcomes.
const (
	Agrees      Outcome = iota // the model does what the script expects
	Disagrees                  // it does something else
	Unsupported                // the script has something that the model does not
)

// String is the outcome as reports write it.
func (o Outcome) String() string { return [...]string{"agrees", "disagrees", "unsupported"}[o] }

// Result is what came of a script.
type Result struct {
	Outcome Outcome
	// Pos is the line that disagrees, or the construct that is not supported.
	Pos Pos
	// What is the construct that is not supported.
	What string
	// Expected is the line of the script that disagrees, Model what the model
	// does instead, by Rules, of which the first decides; From are the states
	// that it could be in.
	Expected, Model string
	Rules           []model.Rule
	From            []model.State
	Ladder          string // what happened up to there; see [Result.Outcome]

	Judged    int // packets, calls and assertions that were compared
	NotJudged NotJudged
	Notes     []Note
}

// NotJudged counts what a script states and the model has no opinion of.
type NotJudged struct {
	Options int // expected packets whose options are given
	Windows int // expected packets whose window is given
	Flags   int // expected packets with PSH, URG or bits of ECN
	Calls   int // results of calls
	Code    int // statements beside assertions on tcpi_state
}

// Total is the sum of the counts.
func (n NotJudged) Total() int { return n.Options + n.Windows + n.Flags + n.Calls + n.Code }

// String says it in a sentence.
func (r *Result) String() string {
	switch r.Outcome {
	case Disagrees:
		return fmt.Sprintf("line %d: expects %s; the model %s (%v)", r.Pos.Line, r.Expected, r.Model, r.Rules[0])
	case Unsupported:
		return fmt.Sprintf("%v: not supported: %s", r.Pos, r.What)
	}
	return fmt.Sprintf("agrees in %d places", r.Judged)
}
