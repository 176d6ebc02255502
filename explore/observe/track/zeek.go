package track

import (
	"maps"
	"regexp"
	"slices"

	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/model"
)

// zeek follows a connection as Zeek does, for its conn_state and history
// (docs.zeek.org, conn.log). It judges nothing.
type zeek struct {
	letters []byte
	flipped bool
	once    [2]map[byte]bool
	counts  [2]map[byte]int
	sides   [2]zeekSide
}

// clone shares nothing that changes.
func (z *zeek) clone() *zeek {
	n := *z
	n.letters = slices.Clone(z.letters)
	for i := range z.once {
		n.once[i], n.counts[i] = maps.Clone(z.once[i]), maps.Clone(z.counts[i])
	}
	return &n
}

// zeekState is how far a side has come, by the flags that it sent.
type zeekState uint8

const (
	inactive zeekState = iota
	synSent
	synAckSent
	partial
	established
	closed
	reset
)

type zeekSide struct {
	state, before zeekState
	known         bool
	start, top    model.Seq // of the numbers; behind the highest
	stored        model.Seq // behind what the capture has in full
	acked         model.Seq
	lastSyn       model.Seq
	lastFin       model.Seq
	lastRst       model.Seq
	text          bool // it sent text
}

func (s *zeekSide) become(n zeekState) { s.before, s.state = s.state, n }

// letter appends code, in lower case for the responder.
func (z *zeek) letter(from Side, code byte) {
	if from == B {
		code += 'a' - 'A'
	}
	z.letters = append(z.letters, code)
}

// first appends code if it is the first of its kind from this side, and tells
// whether it was seen before.
func (z *zeek) first(from Side, kind, code byte) (before bool) {
	if z.once[from] == nil {
		z.once[from] = map[byte]bool{}
	}
	if z.once[from][kind] {
		return true
	}
	z.once[from][kind] = true
	z.letter(from, code)
	return false
}

// scaledLetter appends code at its 1st, 10th, 100th … time.
func (z *zeek) scaledLetter(from Side, code byte) {
	if z.counts[from] == nil {
		z.counts[from] = map[byte]int{}
	}
	z.counts[from][code]++
	n := z.counts[from][code]
	for n%10 == 0 {
		n /= 10
	}
	if n == 1 {
		z.letter(from, code)
	}
}

func (z *zeek) badChecksum(from Side) { z.scaledLetter(from, 'C') }

// add takes a packet.
func (z *zeek) add(from Side, p *capture.Packet) {
	s, g := model.Space32, p.Segment
	me, peer := &z.sides[from], &z.sides[from.Other()]
	length := g.SegLen()
	if g.Flags.Has(model.RST) {
		length -= g.Len
	}
	end := s.Add(g.Seq, length)
	if !me.known || g.Flags.Has(model.SYN) && me.state <= synAckSent && g.Seq != me.start {
		me.known, me.start, me.top, me.stored = true, g.Seq, end, g.Seq
		if !g.Flags.Has(model.SYN) {
			me.start, me.top = s.Sub(g.Seq, 1), g.Seq
		}
	}
	z.flags(from, g)
	if g.Wnd == 0 && !g.Flags.Has(model.RST) && peer.state != closed && me.state != reset {
		z.scaledLetter(from, 'W')
	}
	switch ahead := int32(end - me.top); {
	case me.state == reset:
	case ahead > 0:
		me.top = end
	case g.Len > 0 && !(g.Flags.Has(model.RST) || g.Flags.Has(model.SYN)) && s.Dist(g.Seq, me.top) != 0:
		z.scaledLetter(from, 'T')
	}
	z.advance(from, g)
	if g.Flags.Has(model.ACK) && peer.known {
		z.gap(from.Other(), g.Ack)
	}
	z.store(me, p)
}

// flags appends the letters of a packet's flags.
func (z *zeek) flags(from Side, g model.Segment) {
	me := &z.sides[from]
	s := model.Space32
	again := func(kind, code byte, last *model.Seq, seq model.Seq) {
		if z.first(from, kind, code) && *last != seq {
			z.letter(from, code)
		}
		*last = seq
	}
	switch f := g.Flags & (model.SYN | model.FIN | model.RST); {
	case f.Has(model.FIN | model.RST):
		z.first(from, 'I', 'I')
	case f.Has(model.SYN | model.FIN), f.Has(model.SYN | model.RST):
		z.first(from, 'Q', 'Q')
	case f == model.SYN && g.Flags.Has(model.ACK):
		again('S', 'H', &me.lastSyn, g.Seq)
	case f == model.SYN:
		again('S', 'S', &me.lastSyn, g.Seq)
	case f == model.FIN:
		again('F', 'F', &me.lastFin, s.Add(g.Seq, g.Len))
	case f == model.RST:
		again('R', 'R', &me.lastRst, g.Seq)
	case g.Len > 0:
		z.first(from, 'D', 'D')
	case g.Flags.Has(model.ACK):
		z.first(from, 'A', 'A')
	}
}

// advance moves the side's state by the flags.
func (z *zeek) advance(from Side, g model.Segment) {
	me, peer := &z.sides[from], &z.sides[from.Other()]
	syn, fin, rst, ack := g.Flags.Has(model.SYN), g.Flags.Has(model.FIN), g.Flags.Has(model.RST), g.Flags.Has(model.ACK)
	switch me.state {
	case inactive:
		z.wake(from, g)
	case synSent, synAckSent:
		if fin {
			me.become(closed)
		}
		if rst {
			me.become(reset)
		}
	case partial, established:
		if syn && !ack && me.state == partial && peer.state == inactive {
			me.become(synSent)
		}
		if fin && !rst {
			me.become(closed)
			if peer.state == reset && peer.before == closed {
				peer.become(closed)
			}
		}
		if rst {
			me.become(reset)
		}
	case closed:
		if rst && peer.state != closed {
			me.become(reset)
		}
	}
}

// wake is the first packet of a side.
func (z *zeek) wake(from Side, g model.Segment) {
	me, peer := &z.sides[from], &z.sides[from.Other()]
	switch f := g.Flags; {
	case f.Has(model.RST):
		me.become(reset)
	case f.Has(model.FIN):
		me.become(closed)
	case f.Has(model.SYN) && from == A:
		if peer.state == established || peer.state == synAckSent {
			me.become(established) // the SYN,ACK overtook it
			if peer.state == synAckSent {
				peer.become(established)
			}
		} else if f.Has(model.ACK) {
			me.become(synAckSent)
		} else {
			me.become(synSent)
		}
	case f.Has(model.SYN):
		if peer.state == synSent {
			peer.become(established)
		}
		me.become(established)
	case from == B && g.Len == 0 && peer.state == synSent:
	case f.Has(model.ACK) && peer.state == established:
		me.become(established)
	default:
		me.become(partial)
	}
}

// gap is an ACK of octets that the capture does not have.
func (z *zeek) gap(of Side, ack model.Seq) {
	me := &z.sides[of]
	s := model.Space32
	if !me.text || int32(ack-me.acked) <= 0 && me.acked != 0 {
		return
	}
	me.acked = ack
	if n := s.Dist(me.stored, ack); n > 0 && n < 1<<31 {
		if z.sides[A].state != closed && z.sides[B].state != closed {
			z.scaledLetter(of, 'G')
		}
		me.stored = ack
	}
}

// store notes what the capture has in full.
func (z *zeek) store(me *zeekSide, p *capture.Packet) {
	s, g := model.Space32, p.Segment
	if g.Flags.Has(model.RST) {
		return
	}
	end := s.Add(g.Seq, g.SegLen())
	me.text = me.text || g.Len > 0
	if p.Cut > 0 {
		return
	}
	if g.Seq == me.stored || int32(end-me.stored) > 0 && int32(g.Seq-me.stored) <= 0 {
		me.stored = end
	}
}

// resetByOpener is a SYN and then a reset of the opener, with nothing between
// that answers.
var resetByOpener = regexp.MustCompile(`^\^?S[^HAFGIQ]*R`)

// state is Zeek's conn_state.
func (z *zeek) state() string {
	o, r := &z.sides[A], &z.sides[B]
	oOff, rOff := o.state == inactive || o.state == partial, r.state == inactive || r.state == partial
	switch {
	case r.state == reset:
		switch {
		case o.state == synSent, o.state == synAckSent, o.state == reset && !o.text && !r.text:
			return "REJ"
		case oOff:
			return "RSTRH"
		}
		return "RSTR"
	case o.state == reset && rOff:
		if resetByOpener.MatchString(z.history()) {
			return "RSTOS0"
		}
		return "OTH"
	case o.state == reset:
		return "RSTO"
	case o.state == closed && r.state == closed:
		return "SF"
	case o.state == closed && rOff:
		return "SH"
	case o.state == closed:
		return "S2"
	case r.state == closed && oOff:
		return "SHR"
	case r.state == closed:
		return "S3"
	case o.state == synSent && r.state == inactive:
		return "S0"
	case o.state == established && r.state == established:
		return "S1"
	}
	return "OTH"
}

// history is Zeek's history; "^" says that the roles were exchanged.
func (z *zeek) history() string {
	if z.flipped {
		return "^" + string(z.letters)
	}
	return string(z.letters)
}
