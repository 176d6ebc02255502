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
	unheard  kind = "unheard"        // the user is not told
	state    kind = "state"          // it says that it is in another state
	panics   kind = "panic"          // it panics
	endless  kind = "endless-output" // it does not stop sending
	nothing  kind = "nothing"        // a reading that explains nothing, see judge.react
)

// problem is the first thing about an answer that the model does not allow.
type problem struct {
	kind    kind
	rule    model.Rule // what decides, by the RFC
	part    part       // of what the rule is about
	detail  string     // what the stack did, in words; not part of the cause
	again   bool       // the same segment at the same place was answered as it should be
	forbids model.Rule // for sends: what forbids it

	in            model.State // before the event
	said, instead model.State // for state: the stack's, and the model's
}

// id names the sighting: problems with the same id are one.
func (p *problem) id() string {
	rule := p.rule.String()
	if p.again {
		if p.kind == state {
			return fmt.Sprintf("repeated/%v", p.said)
		}
		return fmt.Sprintf("repeated/%v", p.kind)
	}
	if p.part != "" {
		rule += "." + string(p.part)
	}
	switch p.kind {
	case panics:
		return fmt.Sprintf("%s/%v", p.kind, p.in)
	case state:
		if p.rule.Incidental() {
			return fmt.Sprintf("%v/%v-not-%v", p.in, p.said, p.instead)
		}
		return fmt.Sprintf("%s/%v-%v-not-%v", rule, p.in, p.said, p.instead)
	case sends:
		return fmt.Sprintf("%s/%s-%v%s", rule, p.kind, p.forbids, suffix(p.phase()))
	}
	return fmt.Sprintf("%s/%s%s", rule, p.kind, suffix(p.phase()))
}

func suffix(phase string) string {
	if phase == "" {
		return ""
	}
	return "/" + phase
}

// phaseOf is the part of a connection's life that stacks give code of its own:
// the handshake, and TIME-WAIT. The rest is "".
func phaseOf(s model.State) string {
	switch s {
	case model.SynSent, model.SynReceived:
		return "handshake"
	case model.TimeWait:
		return "TIME-WAIT"
	}
	return ""
}

// phase is that of the state, where the rule is one of several phases: what
// breaks it in one has hardly the cause of what breaks it in another.
func (p *problem) phase() string {
	if p.in == model.FinWait2 && (p.rule == model.TextDelivered || p.rule == model.FinInFinWait2) {
		return "FIN-WAIT-2" // what comes when we have closed
	}
	if p.in == model.CloseWait && p.rule == model.SendSegmentized {
		return "CLOSE-WAIT" // it may be what came behind the FIN that was not looked at
	}
	if !manyPhases.Has(p.rule) {
		return ""
	}
	return phaseOf(p.in)
}

var manyPhases = model.RulesOf(
	model.SequenceUnacceptable, model.SequenceDropsReset, model.SequenceTrimmed, model.ResetChallenged, model.SynChallengeAck, model.AckOff,
	model.AckBeyond, model.AckOutOfRange, model.AckOld, model.WindowFromSegment, model.TextDelivered, model.FinInEstablished,
	model.TextSent, model.FinSent, model.AbortSendsReset, model.RetransmitFront, model.SoftErrorReported, model.HardErrorAborts,
)

// part tells apart what one rule is about, where stacks treat it in different
// places.
type part string

// The parts of what is unacceptable (§3.10.7.4 first): what the segment is, or
// where it lies. The first that fits counts.
const (
	withSyn    part = "syn"
	withoutAck part = "no-ack"
	badAck     part = "bad-ack"    // its ACK would not be looked at either
	keepAlive  part = "keep-alive" // SEG.SEQ = RCV.NXT-1 and no text (§3.8.4)
	touching   part = "touching"   // it ends just where the window begins
	rightEdge  part = "right-edge" // it begins just where the window ends
)

var partWords = map[part]string{
	withSyn: " with SYN", withoutAck: " without ACK", badAck: " with a bad ACK", keepAlive: ", a keep-alive",
	touching: " that ends at RCV.NXT", rightEdge: " at RCV.NXT+RCV.WND",
}

// partOf is the part of a segment that is unacceptable to t.
func partOf(t *model.TCB, g model.Segment) part {
	s := model.Space32
	switch {
	case t.State == model.SynReceived && g.Flags.Has(model.ACK) && g.Ack != t.SndNxt,
		t.State.Synchronized() && !s.Within(s.Sub(t.SndUna, t.MaxSndWnd), g.Ack, t.SndNxt) && g.Flags&(model.SYN|model.ACK) == model.ACK:
		return badAck
	case g.Flags.Has(model.SYN):
		return withSyn
	case !g.Flags.Has(model.ACK):
		return withoutAck
	case g.SegLen() == 0 && g.Seq == s.Sub(t.RcvNxt, 1):
		return keepAlive
	case g.SegLen() > 0 && s.Add(g.Seq, g.SegLen()) == t.RcvNxt:
		return touching
	case g.Seq == s.Add(t.RcvNxt, t.RcvWnd):
		return rightEdge
	}
	return ""
}

// refuses are rules by which a segment is not looked at.
var refuses = model.RulesOf(
	model.SequenceUnacceptable, model.AckOff, model.AckOutOfRange, model.AckBeyond, model.SynChallengeAck, model.ResetChallenged,
)

// fired tells whether the rule decided something.
func fired(out *model.Output, r model.Rule) bool { return slices.Contains(out.Rules(), r) }
