package model

import "fmt"

// Variant is a named set of [Behaviours].
type Variant struct {
	Name       string
	Meaning    string
	Behaviours Behaviours
}

// DefaultVariant is the name of RFC 9293 with the mitigations of RFC 5961.
const DefaultVariant = "rfc9293"

// rfc793 is TCP before the mitigations of RFC 5961.
var rfc793 = Behaviours{Reset: ResetInWindow, Syn: SynResets, AckRange: AckRange793}

var variants = []Variant{
	{"rfc9293", "RFC 9293 with the mitigations of RFC 5961: a RST must be exact, a SYN in a connection draws a challenge ACK, ACKs are range-checked", Behaviours{}},
	{"rfc793", "RFC 793: any RST or SYN in the window resets, and old ACKs are looked at", rfc793},
	{"rfc9293+rfc1337", "RFC 9293, and TIME-WAIT ignores RST", Behaviours{RstInTimeWait: RstIgnored}},
	{"linux", "what Linux does: SYN,ACK repeated for a repeated SYN, TIME-WAIT reopened by a new SYN, FIN-WAIT-2 ends, FIN on the last text, out-of-order text held, half-duplex close", Behaviours{
		SynInTimeWait: SynReopens, CloseUnread: CloseResets, FinWait2: FinWait2Timeout,
		RepeatedSyn: RepeatedSynSynAcked, SynAckInSynRcvd: SynAckEstablishes,
		FinSegment: FinPiggybacked, OutOfOrder: OutOfOrderTextHeld, OutOfOrderAnswer: OutOfOrderAcked,
		HardErrors: HardErrorsNoted,
	}},
}

// Variants lists the named variants, the default first. The slice is the
// caller's.
func Variants() []Variant { return append([]Variant(nil), variants...) }

// FindVariant returns the variant of that name.
func FindVariant(name string) (Variant, error) {
	var names []string
	for _, v := range variants {
		if v.Name == name {
			return v, nil
		}
		names = append(names, v.Name)
	}
	return Variant{}, fmt.Errorf("variant %q is not known: want one of %q", name, names)
}
