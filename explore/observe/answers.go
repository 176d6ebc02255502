package observe

import "github.com/tcpcheck/tcpcheck/model"

// maxAnswers is how many segments that a reset may answer are remembered.
const maxAnswers = 16

// answers remembers the numbers of the last segments that came, in a ring.
type answers struct {
	at        int // the next place; it counts on
	list      [maxAnswers]answer
	forgotten bool // others came before the capture
}

// answer is what a reset, or a SYN,ACK, would take from a segment (§3.5.2).
type answer struct {
	seq, end, ack model.Seq
	hasAck        bool
	opens         bool // a SYN without ACK
}

func (a *answers) add(s model.Space, g model.Segment) {
	if g.Flags.Has(model.RST) {
		return
	}
	n := answer{
		seq: g.Seq, end: s.Add(g.Seq, g.SegLen()), ack: g.Ack, hasAck: g.Flags.Has(model.ACK),
		opens: g.Flags&(model.SYN|model.ACK) == model.SYN,
	}
	if a.at > 0 && a.list[(a.at-1)%maxAnswers] == n {
		return
	}
	a.list[a.at%maxAnswers] = n
	a.at++
}

// explain tells whether the reset g answers a segment that came. What fell out
// of the ring, or came before the capture, is given the benefit of the doubt.
func (a *answers) explain(g model.Segment) bool {
	return a.forgotten || a.at > maxAnswers || a.exact(g)
}

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

// syn is a SYN without ACK that came and that a SYN,ACK with this ACK answers:
// the SYN is acknowledged, and perhaps text on it.
func (a *answers) syn(s model.Space, ack model.Seq) (g model.Segment, ok bool) {
	for _, n := range a.list[:min(a.at, maxAnswers)] {
		if n.opens && s.Within(s.Add(n.seq, 1), ack, n.end) {
			return model.Segment{Seq: n.seq, Len: s.Dist(n.seq, n.end) - 1, Flags: model.SYN, Wnd: uint32(far)}, true
		}
	}
	return g, false
}
