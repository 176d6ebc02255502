package model

import "fmt"

// Choice is one field of [Behaviours], described.
type Choice struct {
	Name    string // as the command line and scenario files write it
	Section string // of RFC 9293
	Meaning string
	Values  []ChoiceValue // in order; the first is the default

	get func(*Behaviours) uint8
	set func(*Behaviours, uint8)
}

// ChoiceValue is one value of a [Choice].
type ChoiceValue struct{ Name, Meaning string }

// choice describes the field of Behaviours that field points to.
func choice[T ~uint8](name, section, meaning string, field func(*Behaviours) *T, values ...ChoiceValue) Choice {
	return Choice{
		Name: name, Section: section, Meaning: meaning, Values: values,
		get: func(b *Behaviours) uint8 { return uint8(*field(b)) },
		set: func(b *Behaviours, v uint8) { *field(b) = T(v) },
	}
}

// Choices lists the fields of [Behaviours] in their order. The slice is the
// caller's.
func Choices() []Choice { return append([]Choice(nil), choices...) }

// Get is the name of the value that b has for the choice.
func (c Choice) Get(b Behaviours) string {
	if v := c.get(&b); int(v) < len(c.Values) {
		return c.Values[v].Name
	}
	return fmt.Sprintf("%s(%d)", c.Name, c.get(&b))
}

// Set gives b the named value, or returns an error that lists the values.
func (c Choice) Set(b *Behaviours, value string) error {
	var names []string
	for i, v := range c.Values {
		if v.Name == value {
			c.set(b, uint8(i))
			return nil
		}
		names = append(names, v.Name)
	}
	return fmt.Errorf("%s: %q is not a value of it: want one of %q", c.Name, value, names)
}

// Valid tells whether every choice has one of its values.
func (b Behaviours) Valid() bool {
	for _, c := range choices {
		if int(c.get(&b)) >= len(c.Values) {
			return false
		}
	}
	return true
}

var choices = []Choice{
	choice("reset", "3.10.7.4 second", "what a RST needs to be believed in SYN-RECEIVED and the synchronized states",
		func(b *Behaviours) *ResetCheck { return &b.Reset },
		ChoiceValue{"exact", "SEG.SEQ = RCV.NXT; elsewhere in the window it draws a challenge ACK (RFC 5961 section 3)"},
		ChoiceValue{"in-window", "SEG.SEQ anywhere in the window (RFC 793)"},
		ChoiceValue{"any", "any sequence number"},
	),
	choice("syn", "3.10.7.4 fourth", "the answer to a SYN in a synchronized state",
		func(b *Behaviours) *SynCheck { return &b.Syn },
		ChoiceValue{"challenged", "a challenge ACK, whatever SEG.SEQ (RFC 5961 section 4)"},
		ChoiceValue{"resets", "a SYN in the window resets the connection (RFC 793)"},
	),
	choice("ack-range", "3.10.7.4 fifth", "which ACKs are looked at (MAY-12)",
		func(b *Behaviours) *AckRange { return &b.AckRange },
		ChoiceValue{"rfc5961", "SND.UNA - MAX.SND.WND =< SEG.ACK =< SND.NXT (RFC 5961 section 5)"},
		ChoiceValue{"rfc793", "any that is not above SND.NXT"},
	),
	choice("rst-in-time-wait", "3.10.7.4 second", "what a RST does in TIME-WAIT",
		func(b *Behaviours) *RstInTimeWait { return &b.RstInTimeWait },
		ChoiceValue{"closes", "the connection is forgotten (RFC 9293)"},
		ChoiceValue{"ignored", "it is dropped (RFC 1337)"},
	),
	choice("fin-in-time-wait", "3.10.7.4 first", "what the peer's repeated FIN does in TIME-WAIT",
		func(b *Behaviours) *FinInTimeWait { return &b.FinInTimeWait },
		ChoiceValue{"restarts", "it is acknowledged and 2 MSL start anew (reading 4)"},
		ChoiceValue{"answered", "it is acknowledged only: the letter of the sequence check"},
	),
	choice("syn-in-time-wait", "3.6.1", "what a SYN above RCV.NXT does in TIME-WAIT (MAY-2)",
		func(b *Behaviours) *SynInTimeWait { return &b.SynInTimeWait },
		ChoiceValue{"answered", "the same as in any synchronized state"},
		ChoiceValue{"reopens", "a new connection, with an ISS above all that was used (RFC 1122 section 4.2.2.13)"},
	),
	choice("after-reset", "3.5.2", "where the side that issues a reset goes",
		func(b *Behaviours) *AfterReset { return &b.AfterReset },
		ChoiceValue{"closed", "to CLOSED (3.10.5)"},
		ChoiceValue{"time-wait", "to TIME-WAIT, as 3.5.2 says it should"},
	),
	choice("after-crash", "3.4.3", "whether quiet time is kept after memory was lost",
		func(b *Behaviours) *AfterCrash { return &b.AfterCrash },
		ChoiceValue{"no-quiet-time", "it may send at once"},
		ChoiceValue{"quiet-time", "nothing is sent for one MSL"},
	),
	choice("close-unread", "3.6.1", "what CLOSE means for text that the user has not read (MAY-1)",
		func(b *Behaviours) *CloseUnread { return &b.CloseUnread },
		ChoiceValue{"keeps-reading", "a half-close: text still comes in"},
		ChoiceValue{"resets", "unread text, or text that comes later, is answered by a RST (SHLD-3)"},
	),
	choice("fin-wait-2", "3.10.7.4 fifth", "how long FIN-WAIT-2 waits for the peer's FIN",
		func(b *Behaviours) *FinWait2Wait { return &b.FinWait2 },
		ChoiceValue{"forever", "for ever"},
		ChoiceValue{"timeout", "as long as TIME-WAIT lasts, then CLOSED"},
	),
	choice("repeated-syn", "3.10.7.4 first", "the answer to the peer's own SYN, repeated, in SYN-RECEIVED",
		func(b *Behaviours) *RepeatedSyn { return &b.RepeatedSyn },
		ChoiceValue{"ack", "an ACK: the letter of the sequence check"},
		ChoiceValue{"syn-ack", "the SYN,ACK again"},
	),
	choice("active-reset", "3.10.7.4 second", "where a RST in SYN-RECEIVED leads an active open",
		func(b *Behaviours) *ActiveReset { return &b.ActiveReset },
		ChoiceValue{"refuses", "to CLOSED, \"connection refused\": the letter"},
		ChoiceValue{"returns", "back to SYN-SENT, where it came from, as a passive one goes back to LISTEN"},
	),
	choice("syn-received-syn", "3.10.7.4 fourth", "what a new SYN in the window does in SYN-RECEIVED",
		func(b *Behaviours) *SynReceivedSyn { return &b.SynReceivedSyn },
		ChoiceValue{"returns", "back to LISTEN if passive, else a challenge ACK: the letter"},
		ChoiceValue{"refused", "a RST, and back to LISTEN or CLOSED"},
		ChoiceValue{"challenged", "a challenge ACK, passive or not"},
	),
	choice("syn-ack-in-syn-received", "3.10.7.4 first", "what the peer's SYN,ACK does in SYN-RECEIVED",
		func(b *Behaviours) *SynAckInSynRcvd { return &b.SynAckInSynRcvd },
		ChoiceValue{"ack", "an ACK, since it lies below RCV.NXT: the letter of the sequence check"},
		ChoiceValue{"establishes", "its ACK counts, as figure 7 shows"},
	),
	choice("syn-text", "3.10.2 LISTEN", "whether text of a SEND in LISTEN travels on the SYN",
		func(b *Behaviours) *SynText { return &b.SynText },
		ChoiceValue{"queued", "it waits for ESTABLISHED"},
		ChoiceValue{"sent", "it is sent on the SYN"},
	),
	choice("fin-segment", "3.10.4 ESTABLISHED", "whether a FIN travels with the last text",
		func(b *Behaviours) *FinSegment { return &b.FinSegment },
		ChoiceValue{"alone", "the FIN is a segment of its own"},
		ChoiceValue{"piggybacked", "it rides on the last text that leaves or is repeated"},
	),
	choice("out-of-order", "3.10.7.4 first", "what becomes of segments above RCV.NXT (SHLD-31)",
		func(b *Behaviours) *OutOfOrder { return &b.OutOfOrder },
		ChoiceValue{"dropped", "checks 1 to 4, then dropped (reading 6)"},
		ChoiceValue{"held", "kept whole until RCV.NXT gets there"},
		ChoiceValue{"text-held", "its ACK counts at once, text and FIN are kept"},
	),
	choice("out-of-order-answer", "3.10.7.4 seventh", "whether a segment above RCV.NXT is answered (MAY-13)",
		func(b *Behaviours) *OutOfOrderAnswer { return &b.OutOfOrderAnswer },
		ChoiceValue{"silent", "no"},
		ChoiceValue{"ack", "by an ACK at once"},
	),
	choice("hard-errors", "3.9.2.2", "what an ICMP hard error does",
		func(b *Behaviours) *HardErrors { return &b.HardErrors },
		ChoiceValue{"abort", "the connection is aborted (SHLD-26)"},
		ChoiceValue{"noted", "in a synchronized state it is only reported"},
	),
	choice("closing-reset", "3.10.7.4 second", "whether the user hears of a RST in CLOSING or LAST-ACK (MUST-12)",
		func(b *Behaviours) *ClosingReset { return &b.ClosingReset },
		ChoiceValue{"silent", "no: the letter"},
		ChoiceValue{"reported", "\"connection reset\", as in the states before"},
	),
	choice("close-in-syn-received", "3.10.4 SYN-RECEIVED", "what CLOSE in SYN-RECEIVED does when nothing was SENT",
		func(b *Behaviours) *CloseInSynRcvd { return &b.CloseInSynRcvd },
		ChoiceValue{"sends-fin", "a FIN at once, and FIN-WAIT-1: the letter"},
		ChoiceValue{"waits", "it is queued until ESTABLISHED"},
	),
}
