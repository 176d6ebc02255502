package conform

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// Severity says how bad a deviation is.
type Severity string

// The severities, the worst first.
const (
	Must     Severity = "RFC MUST broken"
	Should   Severity = "SHOULD or RFC 5961-style choice"
	Harmless Severity = "harmless"
)

func (s Severity) rank() int { return slices.Index([]Severity{Must, Should, Harmless}, s) }

// lesser are the rules of the RFC that are no MUST: mitigations of RFC 5961
// ("SHOULD be implemented", §3.10.7.4), and what the text itself calls SHOULD.
var lesser = map[model.Rule]Severity{
	model.ResetChallenged:       Should,
	model.SynChallengeAck:       Should,
	model.AckOutOfRange:         Should, // the part below SND.UNA; see model.AckBeyond
	model.HeldProcessed:         Should, // SHLD-31
	model.AboveHeld:             Should,
	model.AboveDropped:          Should,
	model.AboveAcked:            Should,
	model.TimeWaitFinRestarts:   Should,
	model.FinInTimeWaitRestarts: Should,
	model.HardErrorAborts:       Should,   // SHLD-26
	model.AbortWhenClosing:      Harmless, // a RST that nobody waits for
}

// severity is how bad the problem is.
func (p *problem) severity() Severity {
	switch p.kind {
	case panics, endless:
		return Must
	case rstForm:
		return Should
	case state:
		if p.again {
			return Must
		}
	}
	if s, ok := lesser[p.rule]; ok {
		return s
	}
	if (p.rule == model.SequenceUnacceptable || p.rule == model.SequenceZeroWindow) && p.kind == silent {
		return Should // "an acknowledgment should be sent in reply"
	}
	return Must
}
