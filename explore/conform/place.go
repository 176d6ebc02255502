package conform

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/reaction"
)

// place is what is told apart of a TCB: the state, and which of its variables
// decide how it answers.
type place struct {
	State      model.State
	Passive    bool // SYN-RECEIVED was reached from LISTEN
	SynPending bool // in a synchronized state: CLOSE came before our SYN was acknowledged
	Text       bool // text is outstanding
	FinWaits   bool // CLOSE was called and the FIN has not left
	Queued     bool // text waits to be sent
	Held       bool // text or a FIN is held
	Shut       bool // the peer's window is zero
	Full       bool // our window is zero
}

func placeOf(t *model.TCB) place {
	e := endpoint(model.Behaviours{})
	p := place{State: t.State, Passive: t.Passive, FinWaits: t.CloseQueued, Queued: t.Queued > 0, Held: t.NHeld > 0}
	if t.State.Synchronized() {
		p.SynPending = t.SynPending
		n := e.Outstanding(t)
		if t.SynPending {
			n--
		}
		switch t.State {
		case model.FinWait1, model.Closing, model.LastAck:
			if !t.CloseQueued {
				n--
			}
		}
		p.Text = n > 0
		p.Shut = t.SndWnd == 0 && (t.Queued > 0 || t.CloseQueued)
		p.Full = t.RcvWnd == 0
	}
	return p
}

// String is the place in words.
func (p place) String() string {
	parts := []string{p.State.String()}
	for _, x := range []struct {
		is   bool
		text string
	}{
		{p.State == model.SynReceived && p.Passive, "passive"}, {p.State == model.SynReceived && !p.Passive, "active"},
		{p.SynPending, "SYN not acknowledged"}, {p.Text, "text outstanding"}, {p.Queued, "text waits"},
		{p.FinWaits, "FIN waits"}, {p.Held, "text held"}, {p.Shut, "window shut"},
		{p.Full, "our window full"},
	} {
		if x.is {
			parts = append(parts, x.text)
		}
	}
	return strings.Join(parts, ", ")
}

var (
	noSeq     = []reaction.SeqPlace{reaction.SeqAny}
	someSeq   = []reaction.SeqPlace{reaction.SeqAny, reaction.SeqZero}
	allSeqs   = []reaction.SeqPlace{reaction.SeqBefore, reaction.SeqOneBefore, reaction.SeqLeft, reaction.SeqInside, reaction.SeqRight, reaction.SeqBeyond}
	noAcks    = []reaction.AckPlace{reaction.AckAny}
	shutSeqs  = []reaction.SeqPlace{reaction.SeqBefore, reaction.SeqOneBefore, reaction.SeqLeft, reaction.SeqBeyond}
	synAcks   = []reaction.AckPlace{reaction.AckTooOld, reaction.AckOld, reaction.AckUna, reaction.AckAll, reaction.AckBeyond}
	allAcks   = []reaction.AckPlace{reaction.AckTooOld, reaction.AckOld, reaction.AckUna, reaction.AckPart, reaction.AckAll, reaction.AckBeyond}
	ackedAcks = []reaction.AckPlace{reaction.AckTooOld, reaction.AckOld, reaction.AckUna, reaction.AckBeyond}
)

// axes are the places of SEG.SEQ and SEG.ACK that can be told apart at p.
func (p place) axes() ([]reaction.SeqPlace, []reaction.AckPlace) {
	outstanding := p.Text || p.SynPending
	seqs := allSeqs
	if p.Full {
		seqs = shutSeqs
	}
	switch p.State {
	case model.Closed:
		return noSeq, noAcks
	case model.Listen:
		return someSeq, noAcks
	case model.SynSent:
		return someSeq, synAcks
	case model.SynReceived:
		return seqs, synAcks
	case model.FinWait1, model.Closing, model.LastAck:
		if !outstanding && !p.FinWaits {
			return seqs, synAcks
		}
	}
	if outstanding {
		return seqs, allAcks
	}
	return seqs, ackedAcks
}

// classes are the classes of segment that can be told apart at p.
func (p place) classes() (list []reaction.Class) {
	seqs, acks := p.axes()
	for _, f := range reaction.FlagSets() {
		of := acks
		if !f.Has(model.ACK) {
			of = []reaction.AckPlace{reaction.NoAck}
		}
		for _, ack := range of {
			for _, text := range []bool{false, true} {
				for _, seq := range seqs {
					list = append(list, reaction.Class{Flags: f, Seq: seq, Ack: ack, Text: text})
				}
			}
		}
	}
	return list
}

// pair is a place and a class of segment that arrives there.
type pair struct {
	place place
	class reaction.Class
}

func (p pair) String() string { return fmt.Sprintf("%v: %v", p.place, p.class) }
