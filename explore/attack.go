package explore

import (
	"fmt"
	"math/bits"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// An off-path attacker sees nothing of a connection and may send anything under
// either side's name: every SEQ, with or without every ACK, with any of SYN,
// FIN and RST, with an octet of text or none. What it forges arrives at once.

// forgery is a forged segment as a number: from the low bits up the flags SYN,
// FIN, RST and ACK, the octets of text, SEG.SEQ and SEG.ACK.
type forgery uint32

const (
	forgedFlags    = 4
	forgedFlagBits = forgedFlags + 1 // and a bit for the octet of text
	// maxAttackBits bounds the sequence space where there are attacks: a forgery
	// and an ISS fit an action.
	maxAttackBits = 7
	forgeryBits   = forgedFlagBits + 2*maxAttackBits
)

var forgeable = [forgedFlags]model.Flags{model.SYN, model.FIN, model.RST, model.ACK}

// attacked tells whether forged segments may arrive at a side.
func (sc *Scenario) attacked() bool {
	return sc.Sides[0].Budget.Attacks > 0 || sc.Sides[1].Budget.Attacks > 0
}

// checkAttacks refuses attacks in a space of so many numbers that there are more
// forgeries than half of the numbers for segments.
func (sc *Scenario) checkAttacks() error {
	if !sc.attacked() {
		return nil
	}
	most := maxAttackBits
	for half := 1 << (newChannelForm(sc).slot - 1); countForgeries(most) > half; {
		most--
	}
	if sc.Bits > most {
		return fmt.Errorf("attacks: bits is %d: want at most %d for attacks where each way holds %d segments", sc.Bits, most, sc.Capacity)
	}
	return nil
}

// countForgeries is how many there are in a space of 2^bits numbers: those with
// each ACK, and those without.
func countForgeries(bits int) int {
	n := 1 << bits
	return (1 << forgedFlags) * n * (n + 1)
}

// parts is how many flags and octets the segment has: of two forgeries that do
// the same the one with fewer is shown.
func (f forgery) parts() uint16 { return uint16(bits.OnesCount32(uint32(f & (1<<forgedFlagBits - 1)))) }

// forge is the forged segment.
func (sc *Scenario) forge(f forgery) Packet {
	g := model.Segment{Wnd: sc.Window, Len: uint32(f >> forgedFlags & 1)}
	for i, flag := range forgeable {
		if f>>i&1 == 1 {
			g.Flags |= flag
		}
	}
	f >>= forgedFlagBits
	g.Seq = model.Seq(f & (1<<sc.Bits - 1))
	g.Ack = model.Seq(f >> maxAttackBits)
	if g.Flags.Has(model.RST) {
		g.Wnd = 0
	}
	return Packet{Segment: g, Origin: Origin{Inc: ForgedInc}}
}

// forgeries lists all that an attacker may send, in a fixed order.
func (sc *Scenario) forgeries() (list []forgery) {
	const ack = forgery(1) << (forgedFlags - 1)
	n := forgery(1) << sc.Bits
	for form := range forgery(1) << forgedFlagBits {
		acks := forgery(1)
		if form&ack != 0 {
			acks = n
		}
		for a := range acks {
			for seq := range n {
				list = append(list, form|seq<<forgedFlagBits|a<<(forgedFlagBits+maxAttackBits))
			}
		}
	}
	return list
}

// numberForgeries numbers their packets, if there are attacks.
func (sp *space) numberForgeries() {
	if !sp.sc.attacked() {
		return
	}
	sp.forgeries, sp.forged = sp.sc.forgeries(), map[forgery]uint32{}
	for _, f := range sp.forgeries {
		id, err := sp.packets.number(sp.sc.forge(f))
		if err != nil {
			panic(err) // checkAttacks has seen that they fit
		}
		sp.forged[f] = id
	}
}

// Forged tells whether an attacker made the packet.
func (p *Packet) Forged() bool { return p != nil && p.Origin.Inc == ForgedInc }

// attacks appends the arrivals of forged segments at a side.
func (w *worker) attacks(dst []search.Step, at trace.Side) []search.Step {
	sp := w.sp
	side := sp.sides.at(w.now.side[at])
	for _, f := range sp.forgeries {
		id := sp.forged[f]
		w.isses = sp.sc.arrivals(at, side, sp.packets.at(id), w.isses[:0])
		for _, iss := range w.isses {
			a := action{kind: actAttack, side: at, event: model.SegmentArrives, iss: iss, forged: f}
			dst = w.append(dst, a, w.effect(a, id), w.now)
		}
	}
	return dst
}
