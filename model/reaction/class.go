package reaction

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// Class is a kind of segment, relative to the situation it arrives in.
type Class struct {
	Flags model.Flags
	Seq   SeqPlace
	Ack   AckPlace // NoAck unless Flags has ACK
	Text  bool     // whether it carries text: 4 octets
}

// String is the class in words, "SYN,ACK, SEQ left edge, ACK all, text".
func (c Class) String() string {
	text := "no text"
	if c.Text {
		text = "text"
	}
	return fmt.Sprintf("%v, SEQ %v, ACK %v, %s", c.Flags, c.Seq, c.Ack, text)
}

// SeqPlace is where SEG.SEQ lies.
type SeqPlace uint8

// The places of SEG.SEQ. SeqAny is for states that have no RCV.NXT.
const (
	SeqAny       SeqPlace = iota
	SeqBefore             // RCV.NXT-8: all of the segment is old
	SeqOneBefore          // RCV.NXT-1: the peer's SYN, a keep-alive; text reaches into the window
	SeqLeft               // RCV.NXT: the left edge
	SeqInside             // RCV.NXT+3
	SeqRight              // RCV.NXT+RCV.WND-1: the last number
	SeqBeyond             // RCV.NXT+RCV.WND: the first number beyond; RCV.NXT+1 if the window is shut
	SeqRepeat             // RCV.NXT-SEG.LEN: the last segment again; no situation of the table distinguishes it
	SeqZero               // 0, as a reset of CLOSED has it; no situation of the table distinguishes it
)

var seqNames = [...]string{"any", "before", "one before", "left edge", "inside", "last", "beyond", "repeated", "0"}

func (p SeqPlace) String() string { return seqNames[p] }

// Meaning is the place as a formula.
func (p SeqPlace) Meaning() string {
	return [...]string{"", "RCV.NXT-8", "RCV.NXT-1", "RCV.NXT", "RCV.NXT+3", "RCV.NXT+RCV.WND-1", "RCV.NXT+RCV.WND", "RCV.NXT-SEG.LEN", "0"}[p]
}

// AckPlace is what SEG.ACK acknowledges.
type AckPlace uint8

// The places of SEG.ACK. NoAck: the segment has no ACK. AckAny is for states
// that have sent nothing.
const (
	NoAck AckPlace = iota
	AckAny
	AckTooOld // SND.UNA-MAX.SND.WND-1: older than RFC 5961 allows
	AckOld    // SND.UNA-MAX.SND.WND: the oldest that it allows
	AckUna    // SND.UNA: nothing new
	AckPart   // some of what is outstanding; where a FIN is, all but the FIN
	AckAll    // SND.NXT: all that is outstanding
	AckBeyond // SND.NXT+1: more than was sent
)

var ackNames = [...]string{"off", "any", "too old", "old", "SND.UNA", "part", "all", "beyond"}

func (p AckPlace) String() string { return ackNames[p] }

// Meaning is the place as a formula.
func (p AckPlace) Meaning() string {
	return [...]string{"", "", "SND.UNA-MAX.SND.WND-1", "SND.UNA-MAX.SND.WND", "SND.UNA",
		"between SND.UNA and SND.NXT; all but the FIN, if one is outstanding", "SND.NXT", "SND.NXT+1"}[p]
}

// flagSets is the axis of flags: every set of SYN, FIN, RST and ACK, legal or
// not, and four with PSH or URG, which change nothing but what those bits do.
var flagSets = []model.Flags{
	0,
	model.SYN,
	model.FIN,
	model.SYN | model.FIN,
	model.RST,
	model.SYN | model.RST,
	model.FIN | model.RST,
	model.SYN | model.FIN | model.RST,
	model.FIN | model.PSH | model.URG,
	model.ACK,
	model.SYN | model.ACK,
	model.FIN | model.ACK,
	model.SYN | model.FIN | model.ACK,
	model.RST | model.ACK,
	model.SYN | model.RST | model.ACK,
	model.FIN | model.RST | model.ACK,
	model.SYN | model.FIN | model.RST | model.ACK,
	model.PSH | model.ACK,
	model.URG | model.ACK,
	model.FIN | model.PSH | model.URG | model.ACK,
}

// FlagSets is the axis of flags. The slice is the caller's.
func FlagSets() []model.Flags { return append([]model.Flags(nil), flagSets...) }

const (
	window  = 10 // RCV.WND
	textLen = 4  // octets of text in a class with text
	segWnd  = 9  // SEG.WND
	urgent  = 3  // urgent pointer
)

// Classes are the classes of segment that s distinguishes, in order: the
// product of its axes, where sets of flags without ACK have no ACK axis.
func (s *Situation) Classes() []Class {
	list := make([]Class, 0, s.Size())
	for _, f := range flagSets {
		acks := []AckPlace{NoAck}
		if f.Has(model.ACK) {
			acks = s.Acks
		}
		for _, ack := range acks {
			for _, text := range []bool{false, true} {
				for _, seq := range s.Seqs {
					list = append(list, Class{f, seq, ack, text})
				}
			}
		}
	}
	return list
}

// Size is how many classes s distinguishes: (sets of flags without ACK + those
// with ACK × places of SEG.ACK) × with and without text × places of SEG.SEQ.
func (s *Situation) Size() int {
	without, with := 0, 0
	for _, f := range flagSets {
		if f.Has(model.ACK) {
			with++
		} else {
			without++
		}
	}
	return (without + with*len(s.Acks)) * 2 * len(s.Seqs)
}

// Size is how many rows the whole table has.
func Size() int {
	n := 0
	for i := range situations {
		n += situations[i].Size()
	}
	return n
}

// segment is the segment of the class c.
func (s *Situation) segment(e *model.Endpoint, t *model.TCB, at origin, c Class) model.Segment {
	g := model.Segment{Flags: c.Flags, Seq: s.seq(e, t, at, c.Seq), Wnd: segWnd}
	if c.Flags.Has(model.ACK) {
		g.Ack = s.ack(e, t, at, c.Ack)
	}
	if c.Text {
		g.Len = textLen
	}
	if c.Flags.Has(model.URG) {
		g.Up = urgent
	}
	return g
}

func (s *Situation) seq(e *model.Endpoint, t *model.TCB, at origin, p SeqPlace) model.Seq {
	switch p {
	case SeqBefore:
		return e.Space.Sub(t.RcvNxt, textLen+4)
	case SeqOneBefore:
		return e.Space.Sub(t.RcvNxt, 1)
	case SeqLeft:
		return t.RcvNxt
	case SeqInside:
		return e.Space.Add(t.RcvNxt, 3)
	case SeqRight:
		return e.Space.Add(t.RcvNxt, t.RcvWnd-1)
	case SeqBeyond:
		return e.Space.Add(t.RcvNxt, max(t.RcvWnd, 1))
	}
	return at.irs(e)
}

func (s *Situation) ack(e *model.Endpoint, t *model.TCB, at origin, p AckPlace) model.Seq {
	switch p {
	case AckTooOld:
		return e.Space.Sub(t.SndUna, maxSndWnd+1)
	case AckOld:
		return e.Space.Sub(t.SndUna, maxSndWnd)
	case AckUna:
		return t.SndUna
	case AckPart:
		return e.Space.Sub(t.SndNxt, 1)
	case AckAll:
		return t.SndNxt
	case AckBeyond:
		return e.Space.Add(t.SndNxt, 1)
	}
	return at.iss(e, 64)
}
