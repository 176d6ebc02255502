package conform

import "github.com/tcpcheck/tcpcheck/model"

// reading is one set of behaviours that a stack may have.
type reading struct {
	behaviours model.Behaviours
	choice     choices // what is chosen; none if it is what the RFC asks for
	// deaf: after the peer's FIN its text, and a second FIN, are not looked at.
	// "This should not occur" (§3.10.7.4 seventh), and no peer does it.
	deaf bool
	// strict: an ACK below SND.UNA is never looked at, however recent; see
	// noOldAcks.
	strict bool
	// oldWindow: the window of a segment that begins below RCV.NXT is not taken,
	// though by the letter SEG.SEQ is that of what was trimmed.
	oldWindow bool
	// shown is the rule by which the choice shows itself; 0 is any.
	shown model.Rule
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

// Choices that are found in other ways than by a reading of their own:
// dropsAbove shows itself only when the gap is filled, endsFinWait2 when time
// passes.
const (
	dropsAbove = iota
	endsFinWait2
	noOldAcks
	firstReading
	closeWaits = firstReading + 7 // behind it the RFC leaves open what comes first
)

// noOld is a value that the model does not have: RFC 5961's range, cut to what
// was ever acknowledged, so that near the ISS no old ACK is looked at.
const noOld = "no-old"

var known = []choice{
	dropsAbove:       {"out-of-order", "dropped", Should, model.AboveHeld, 0},
	endsFinWait2:     {"fin-wait-2", "timeout", Harmless, model.FinAckedInFinWait1, 0},
	noOldAcks:        {"ack-range", noOld, Harmless, model.AckOld, 0},
	firstReading:     {"reset", "in-window", Should, model.ResetChallenged, 0},
	firstReading + 1: {"reset", "any", Must, model.SequenceDropsReset, 0},
	firstReading + 2: {"syn", "resets", Should, model.SynChallengeAck, model.SynInWindowResets},
	firstReading + 3: {"ack-range", "rfc793", Should, model.AckOutOfRange, 0},
	firstReading + 4: {"rst-in-time-wait", "ignored", Should, model.ResetClosing, model.ResetIgnoredInTimeWait},
	firstReading + 5: {"syn-received-syn", "refused", Must, model.SynReceivedPassiveSyn, model.SynReceivedRefuses},
	firstReading + 6: {"syn-ack-in-syn-received", "establishes", Harmless, model.SequenceUnacceptable, model.SynAckCounts},
	closeWaits:       {"close-in-syn-received", "waits", Harmless, model.CloseInSynReceived, model.CloseQueuedInSynReceived},
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
	chosen = append(chosen, reading{behaviours: lawful[0].behaviours, choice: 1 << noOldAcks, strict: true})
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
	lawful = append(lawful, reading{behaviours: base, oldWindow: true})
	for _, answer := range []int{0, 1} {
		lawful = append(lawful, reading{behaviours: lawful[answer].behaviours, deaf: true})
	}
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
