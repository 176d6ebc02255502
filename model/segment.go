package model

import "strings"

// Flags are the control bits of a segment with the values they have in the
// TCP header (RFC 9293 §3.1).
type Flags uint8

// The control bits, from FIN 000001 to URG 100000.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG

	AllFlags = FIN | SYN | RST | PSH | ACK | URG
)

// flagOrder is the order in which the RFC's ladders write flags.
var flagOrder = [...]struct {
	bit  Flags
	name string
}{{SYN, "SYN"}, {FIN, "FIN"}, {RST, "RST"}, {PSH, "PSH"}, {URG, "URG"}, {ACK, "ACK"}}

// Has tells whether every bit of g is set in f.
func (f Flags) Has(g Flags) bool { return f&g == g }

// String writes the flags as the RFC's CTL field does, "SYN,ACK"; "none" when
// no bit is set.
func (f Flags) String() string {
	if f&AllFlags == 0 {
		return "none"
	}
	var names []string
	for _, o := range flagOrder {
		if f.Has(o.bit) {
			names = append(names, o.name)
		}
	}
	return strings.Join(names, ",")
}

// ParseFlags reads what [Flags.String] writes; ok is false for any other text.
func ParseFlags(text string) (f Flags, ok bool) {
	if text == "none" {
		return 0, true
	}
	for _, name := range strings.Split(text, ",") {
		bit := Flags(0)
		for _, o := range flagOrder {
			if o.name == name {
				bit = o.bit
			}
		}
		if bit == 0 || f.Has(bit) {
			return 0, false
		}
		f |= bit
	}
	return f, true
}

// Segment is what the RFC calls SEG: one TCP segment without its addresses,
// options and the text itself, of which only the length matters.
type Segment struct {
	Seq   Seq    // SEG.SEQ: number of the first octet, or of the SYN
	Ack   Seq    // SEG.ACK; 0 unless ACK is set
	Wnd   uint32 // SEG.WND, in octets, already scaled
	Len   uint32 // octets of text; [Segment.SegLen] is the RFC's SEG.LEN
	Up    uint16 // urgent pointer field, an offset from Seq; 0 unless URG is set
	Flags Flags
	// BadSecurity: the security/compartment differs from the receiver's
	// (RFC 9293 §3.10.7.4 third, Appendix A.1).
	BadSecurity bool
}

// SegLen is SEG.LEN, the numbers that the segment occupies: its text, plus
// one for SYN and one for FIN (RFC 9293 §3.4).
func (g Segment) SegLen() uint32 {
	n := g.Len
	if g.Flags.Has(SYN) {
		n++
	}
	if g.Flags.Has(FIN) {
		n++
	}
	return n
}

// text is the number of the segment's first octet of text.
func (g Segment) text(s Space) Seq {
	if g.Flags.Has(SYN) {
		return s.Add(g.Seq, 1)
	}
	return g.Seq
}
