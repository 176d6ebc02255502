package observe

import "github.com/tcpcheck/tcpcheck/model"

// maxAnswers is how many segments that a reset may answer are remembered.
const maxAnswers = 16

// answers remembers the numbers of the last segments that came, in a ring.
type answers struct {
	at   int // the next place; it counts on
	list [maxAnswers]answer
}

// answer is what a reset would take from a segment (§3.5.2).
type answer struct {
	end, ack model.Seq
	hasAck   bool
}

func (a *answers) add(s model.Space, g model.Segment) {
	if g.Flags.Has(model.RST) {
		return
	}
	n := answer{end: s.Add(g.Seq, g.SegLen()), ack: g.Ack, hasAck: g.Flags.Has(model.ACK)}
	if a.at > 0 && a.list[(a.at-1)%maxAnswers] == n {
		return
	}
	a.list[a.at%maxAnswers] = n
	a.at++
}

// explain tells whether the reset g answers a segment that came. What fell out
// of the ring is given the benefit of the doubt.
func (a *answers) explain(g model.Segment) bool { return a.at > maxAnswers || a.exact(g) }

// exact tells whether the reset g answers a segment that is remembered. Beside
// the RFC's two forms, some stacks put an ACK into a reset that takes its number
// from one.
func (a *answers) exact(g model.Segment) bool {
	for _, n := range a.list[:min(a.at, maxAnswers)] {
		switch {
		case !g.Flags.Has(model.ACK):
			if n.hasAck && n.ack == g.Seq {
				return true
			}
		case g.Seq == 0 && !n.hasAck, n.hasAck && n.ack == g.Seq:
			if g.Ack == n.end {
				return true
			}
		}
	}
	return false
}

// acks tells whether a segment with this ACK came.
func (a *answers) acks(ack model.Seq) bool {
	for _, n := range a.list[:min(a.at, maxAnswers)] {
		if n.hasAck && n.ack == ack {
			return true
		}
	}
	return false
}

// syn tells whether a SYN without ACK came that began here.
func (a *answers) syn(s model.Space, seq model.Seq) bool {
	for _, n := range a.list[:min(a.at, maxAnswers)] {
		if !n.hasAck && n.end != seq && s.Dist(seq, n.end) < 1<<16 {
			return true
		}
	}
	return false
}
