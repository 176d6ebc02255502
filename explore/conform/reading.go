package conform

import "github.com/tcpcheck/tcpcheck/model"

// reading is one set of behaviours that a stack may have.
type reading struct {
	behaviours model.Behaviours
	choice     choices // what is chosen; none if it is what the RFC asks for
	// sees, if not nil, is the segment as the stack looks at it; ok is false
	// if it looks at it as the RFC does.
	sees func(t *model.TCB, g model.Segment) (_ model.Segment, ok bool)
	// oldWindow: the window of a segment that begins below RCV.NXT is not taken,
	// though by the letter SEG.SEQ is that of what was trimmed.
	oldWindow bool
	// neverShrinks: a smaller window is not taken from an ACK of nothing new.
	neverShrinks bool
	// closes: the peer's FIN is taken for the user's CLOSE too.
	closes bool
	// takes, if it differs from asIf, is the event that is taken for another: a
	// soft error for a hard one, or in the handshake the reverse; or a CLOSE with
	// unread text for an ABORT (SHLD-3).
	takes, asIf model.EventKind
	// shown is the rule by which the choice shows itself; 0 is any.
	shown model.Rule
}

// explains tells whether what is wrong under this reading says better what is
// wrong than p does. A wrong state alone is the least that can be wrong. And an
// ACK below RFC 5961's range (MAY-12) may be looked at as in RFC 793: if that is
// wrong too, it is for another reason.
func (r *reading) explains(found, p *problem) bool {
	switch {
	case found.kind == nothing:
		return false
	case r.choice == 0:
		return found.kind == state && p.kind != state
	case r.sees != nil && found.kind != state:
		return false
	}
	return r.choice == 1<<oldAcksCount && p.rule == model.AckOutOfRange && found.rule != model.AckOutOfRange
}

// deaf: after the peer's FIN what lies behind it, text or a second FIN, is not
// looked at. "This should not occur" (§3.10.7.4 seventh), and no peer does it.
func deaf(t *model.TCB, g model.Segment) (model.Segment, bool) {
	s := model.Space32
	behind := s.Dist(t.RcvNxt, s.Add(g.Seq, g.SegLen()))
	ok := t.State >= model.CloseWait && behind > 0 && behind < 1<<30
	g.Len, g.Flags = 0, g.Flags&^model.FIN
	return g, ok
}

// noOldAck: an ACK below SND.UNA is taken for one that is too old.
func noOldAck(t *model.TCB, g model.Segment) (model.Segment, bool) {
	s := model.Space32
	ok := t.State >= model.Established && g.Flags.Has(model.ACK) && s.InWindow(t.RcvNxt, g.Seq, t.RcvWnd) && g.Ack != t.SndUna &&
		s.Within(s.Sub(t.SndUna, t.MaxSndWnd), g.Ack, t.SndUna)
	g.Ack = s.Sub(t.SndUna, t.MaxSndWnd+1)
	return g, ok
}

// ackAbove: of a segment above RCV.NXT the ACK counts, text and FIN are dropped.
func ackAbove(t *model.TCB, g model.Segment) (model.Segment, bool) {
	ok := t.State >= model.SynReceived && g.SegLen() > 0 && g.Flags&(model.SYN|model.RST) == 0 &&
		g.Seq != t.RcvNxt && model.Space32.InWindow(t.RcvNxt, g.Seq, t.RcvWnd)
	g.Len, g.Flags = 0, g.Flags&^model.FIN
	return g, ok
}

// notAtZero: while our window is zero a segment with text or FIN is not looked
// at, nor its ACK and window.
func notAtZero(t *model.TCB, g model.Segment) (model.Segment, bool) {
	ok := textAtZero(t, g) && g.Flags&(model.SYN|model.RST) == 0
	g.Seq = model.Space32.Add(g.Seq, 1)
	return g, ok
}

// noResetAtZero: nor its RST.
func noResetAtZero(t *model.TCB, g model.Segment) (model.Segment, bool) {
	ok := textAtZero(t, g) && g.Flags.Has(model.RST)
	g.Seq = model.Space32.Add(g.Seq, 1)
	return g, ok
}

// textAtZero tells whether text, or another number, comes while our window is
// zero.
func textAtZero(t *model.TCB, g model.Segment) bool {
	return t.State >= model.Established && t.RcvWnd == 0 && g.Seq == t.RcvNxt && g.SegLen() > 0
}

// synAlone: of a SYN the text and the FIN are not looked at, neither now nor
// later.
func synAlone(t *model.TCB, g model.Segment) (model.Segment, bool) {
	ok := (t.State == model.Listen || t.State == model.SynSent) && onSyn(g)
	g.Len, g.Flags = 0, g.Flags&^model.FIN
	return g, ok
}

// onSyn tells whether the segment is a SYN with text or a FIN.
func onSyn(g model.Segment) bool { return g.Flags.Has(model.SYN) && g.SegLen() > 1 }

// resetAtFin: after the peer's FIN a RST with the FIN's number is believed.
func resetAtFin(t *model.TCB, g model.Segment) (model.Segment, bool) {
	ok := t.State >= model.CloseWait && t.State != model.TimeWait && g.Flags.Has(model.RST) && g.Seq == model.Space32.Sub(t.RcvNxt, 1)
	g.Seq, g.Len, g.Flags = t.RcvNxt, 0, model.RST
	return g, ok
}

// choices is a set of choice, a bit each.
type choices uint32

// choice is a behaviour that the RFC does not ask for, but whose consequences
// the model knows: it is reported, and the sequence goes on.
type choice struct {
	choice, value string // see [model.Choices]
	severity      Severity
	departs       model.Rule // of the model
	shown         model.Rule // see reading
}

// Choices that are found in other ways than by behaviours of the model:
// dropsAbove shows itself only when the gap is filled, endsFinWait2 when time
// passes, as does probesOldOctet, ignoresSynText when the connection is
// ESTABLISHED, and ignoresShrinking when text is sent. For the others
// up to firstReading the model has no value.
const (
	dropsAbove = iota
	endsFinWait2
	noOldAcks
	resetsAtFin
	ignoresSynText
	softErrorsAbort
	ignoresHardErrors
	ignoresShrinking
	closesToo
	dropsAtZero
	dropsResetAtZero
	probesOldOctet
	firstReading
	oldAcksCount = firstReading + 3
	closeWaits   = firstReading + 8 // behind it the RFC leaves open what comes first
)

var known = []choice{
	dropsAbove:        {"out-of-order", "dropped", Should, model.AboveHeld, 0},
	endsFinWait2:      {"fin-wait-2", "timeout", Harmless, model.FinAckedInFinWait1, 0},
	noOldAcks:         {"ack-range", "no-old", Harmless, model.AckOld, 0},
	resetsAtFin:       {"reset", "at-fin", Should, model.SequenceDropsReset, 0},
	ignoresSynText:    {"syn-text", "ignored", Should, model.SynTextHeld, 0},
	softErrorsAbort:   {"soft-errors", "abort", Must, model.SoftErrorReported, 0},
	ignoresHardErrors: {"hard-errors", "ignored", Should, model.HardErrorAborts, 0},
	ignoresShrinking:  {"window", "never-shrinks", Should, model.WindowFromSegment, 0},
	closesToo:         {"peer-fin", "closes", Must, model.FinInEstablished, 0},
	dropsAtZero:       {"zero-window", "drops", Should, model.SequenceZeroWindow, 0},
	dropsResetAtZero:  {"zero-window", "drops-reset", Must, model.SequenceZeroWindow, 0},
	probesOldOctet:    {"probe", "old-octet", Harmless, model.ProbeZeroWindow, 0},
	firstReading:      {"reset", "in-window", Should, model.ResetChallenged, 0},
	firstReading + 1:  {"reset", "any", Must, model.SequenceDropsReset, 0},
	firstReading + 2:  {"syn", "resets", Should, model.SynChallengeAck, model.SynInWindowResets},
	oldAcksCount:      {"ack-range", "rfc793", Should, model.AckOutOfRange, 0},
	firstReading + 4:  {"rst-in-time-wait", "ignored", Should, model.ResetClosing, model.ResetIgnoredInTimeWait},
	firstReading + 5:  {"syn-received-syn", "refused", Must, model.SynReceivedPassiveSyn, model.SynReceivedRefuses},
	firstReading + 6:  {"syn-ack-in-syn-received", "establishes", Harmless, model.SequenceUnacceptable, model.SynAckCounts},
	firstReading + 7:  {"hard-errors", "noted", Should, model.HardErrorAborts, model.HardErrorNoted},
	closeWaits:        {"close-in-syn-received", "waits", Harmless, model.CloseInSynReceived, model.CloseQueuedInSynReceived},
}

// The readings: those that are within the RFC, of which the first is enough
// unless a segment lies above RCV.NXT or the FIN may ride on text, and those
// that make one of the known choices.
var (
	lawful []reading
	chosen []reading // each with one choice
)

func init() {
	var base model.Behaviours
	base.OutOfOrder = model.OutOfOrderTextHeld
	for _, hold := range []model.OutOfOrder{model.OutOfOrderTextHeld, model.OutOfOrderHeld} {
		for _, answer := range []model.OutOfOrderAnswer{model.OutOfOrderAcked, model.OutOfOrderSilent} {
			b := base
			b.OutOfOrder, b.OutOfOrderAnswer = hold, answer
			lawful = append(lawful, reading{behaviours: b})
		}
	}
	for _, i := range []int{0, 1} {
		b := set(lawful[i].behaviours, known[oldAcksCount])
		chosen = append(chosen, reading{behaviours: b, choice: 1 << oldAcksCount, sees: deaf})
	}
	chosen = append(chosen,
		reading{behaviours: lawful[0].behaviours, choice: 1 << noOldAcks, sees: noOldAck},
		reading{behaviours: lawful[0].behaviours, choice: 1 << resetsAtFin, sees: resetAtFin})
	for _, i := range []int{0, 2} {
		chosen = append(chosen, reading{behaviours: lawful[i].behaviours, choice: 1 << closesToo, closes: true})
	}
	dropping := set(lawful[0].behaviours, known[dropsAbove])
	for i, c := range known[firstReading:] {
		for _, b := range []model.Behaviours{lawful[0].behaviours, lawful[2].behaviours, dropping} {
			chosen = append(chosen, reading{behaviours: set(b, c), choice: 1 << (firstReading + i), shown: c.shown})
		}
	}
	for _, answer := range []model.OutOfOrderAnswer{model.OutOfOrderAcked, model.OutOfOrderSilent} {
		dropping.OutOfOrderAnswer = answer
		lawful = append(lawful, reading{behaviours: dropping, choice: 1 << dropsAbove})
	}
	lawful = append(lawful, reading{behaviours: base, choice: 1 << dropsAbove, sees: ackAbove})
	lawful = append(lawful, reading{behaviours: base, choice: 1 << ignoresSynText, sees: synAlone})
	// Where a listener does not tell its state a soft error shows itself later.
	lawful = append(lawful,
		reading{behaviours: base, choice: 1 << softErrorsAbort, takes: model.UnreachableSoft, asIf: model.UnreachableHard},
		reading{behaviours: base, choice: 1 << ignoresHardErrors, takes: model.UnreachableHard, asIf: model.UnreachableSoft})
	lawful = append(lawful,
		reading{behaviours: base, oldWindow: true},
		reading{behaviours: base, choice: 1 << ignoresShrinking, neverShrinks: true},
		reading{behaviours: base, choice: 1 << dropsAtZero, sees: notAtZero},
		reading{behaviours: base, choice: 1 << dropsResetAtZero, sees: noResetAtZero})
	for _, answer := range []int{0, 1} {
		lawful = append(lawful, reading{behaviours: lawful[answer].behaviours, sees: deaf})
	}
	lawful = append(lawful, reading{behaviours: base, takes: model.Close, asIf: model.Abort})
	// What the RFC itself permits, or asks for in another place.
	for _, c := range []choice{
		{choice: "syn-in-time-wait", value: "reopens"}, {choice: "after-reset", value: "time-wait"},
		{choice: "close-unread", value: "resets"}, {choice: "syn-text", value: "sent"},
	} {
		lawful = append(lawful, reading{behaviours: set(base, c)})
	}
}

func set(b model.Behaviours, c choice) model.Behaviours {
	for _, x := range model.Choices() {
		if x.Name == c.choice {
			if err := x.Set(&b, c.value); err != nil {
				panic(err)
			}
		}
	}
	return b
}
