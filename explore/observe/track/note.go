package track

import (
	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/model"
)

// note takes a packet into the connection.
func (c *Conn) note(t *Tracker, pr *pair, p *capture.Packet) {
	from := c.side(p)
	c.Last = p.Time
	c.Count++
	if p.Offloaded {
		t.Offloaded++
	}
	if p.BadChecksum {
		t.BadSums++
		c.BadSums++
	}
	dropped := p.BadChecksum && t.options.Checksums == ChecksumsVerified
	c.noteZeek(t.options.Checksums, from, p)
	g := c.scaled(from, p)
	if !dropped {
		wasOpen := c.wasOpen(from, g)
		c.seen(from, p, pr)
		if g.Flags.Has(model.SYN) {
			for _, o := range pr.observers {
				o.FastOpen = p.FastOpen || o.FastOpen && g.Flags.Has(model.ACK)
			}
		}
		if wasOpen {
			c.restarted = true
			pr.observers[from] = t.observer(c.Addr[from], observe.NewOpen)
		}
		pr.observers[from].Sent(p.N, g)
		pr.observers[from.Other()].Received(p.N, g)
	}
	if t.options.Packets {
		q := Packet{N: p.N, Time: p.Time, From: from, Segment: g}
		for i, o := range pr.observers {
			q.States[i] = stateSet(o.States())
		}
		c.Packets = append(c.Packets, q)
	}
}

// noteZeek follows the connection as Zeek does, twice where checksums are in
// doubt: with and without the segments of which they are wrong.
func (c *Conn) noteZeek(sums Checksums, from Side, p *capture.Packet) {
	if p.BadChecksum && sums == ChecksumsDoubted && c.verified == nil && !c.sumsRefuted {
		c.verified = c.zeek.clone()
	}
	if p.BadChecksum && sums == ChecksumsVerified {
		c.zeek.badChecksum(from)
	} else {
		c.zeek.add(from, p)
	}
	switch {
	case c.verified == nil:
	case p.BadChecksum:
		c.verified.badChecksum(from)
	default:
		c.verified.add(from, p)
	}
	if c.verified != nil && p.Segment.Flags.Has(model.ACK) && !p.Segment.Flags.Has(model.RST) {
		of := from.Other()
		if acceptedOnly(&c.zeek.sides[of], &c.verified.sides[of], p.Segment.Ack) {
			c.verified, c.sumsRefuted = nil, true
		}
	}
}

// acceptedOnly tells whether the ACK is of what only segments with a wrong
// checksum carried: those of all, without those of verified.
func acceptedOnly(all, verified *zeekSide, ack model.Seq) bool {
	low := all.start
	if verified.known {
		low = verified.top
	}
	return all.known && model.Space32.Above(low, ack, all.top)
}

// unknownScale is assumed where the SYNs were not seen: no window is wider.
const unknownScale = 14

// scaled is the segment with its window in octets.
func (c *Conn) scaled(from Side, p *capture.Packet) model.Segment {
	g := p.Segment
	if g.Flags.Has(model.SYN) {
		return g
	}
	a, b := &c.sides[A], &c.sides[B]
	switch {
	case !a.issKnown || !b.issKnown:
		g.Wnd <<= unknownScale
	case a.scale >= 0 && b.scale >= 0:
		g.Wnd <<= c.sides[from].scale
	}
	return g
}

// seen keeps what the summary and the next incarnation need.
func (c *Conn) seen(from Side, p *capture.Packet, pr *pair) {
	s := model.Space32
	g := p.Segment
	me, peer := &c.sides[from], &c.sides[from.Other()]
	end := s.Add(g.Seq, g.SegLen())
	switch {
	case g.Flags.Has(model.RST):
		c.sawReset(from, g, pr)
		return
	case g.Flags.Has(model.SYN):
		again := me.syn
		if g.Flags.Has(model.ACK) {
			again = me.synAck
		}
		if me.issKnown && me.iss == g.Seq {
			if again {
				c.SynRepeats[from]++
				me.stillOpens = me.goesOn
			}
		} else if me.issKnown {
			c.restarted = true
		}
		if !me.issKnown {
			me.iss, me.issKnown, me.top, me.scale = g.Seq, true, end, p.Scale
		}
		if g.Flags.Has(model.ACK) {
			me.synAck = true
		} else {
			me.syn = true
		}
		me.seen = true
		return
	}
	if !me.seen {
		me.top = end
	}
	me.seen, me.goesOn = true, me.goesOn || g.Flags.Has(model.ACK)
	if s.Dist(me.top, end) < 1<<31 {
		me.top = end
	}
	if g.Flags.Has(model.FIN) {
		if me.fin {
			c.FinRepeats[from]++
		} else {
			me.fin, me.finSeq = true, end
			c.finOrder = append(c.finOrder, from)
			me.finBeforeItsAck = peer.fin && !me.ackedFin && s.Dist(peer.finSeq, g.Ack) >= 1<<31
			me.ackedFinOnFin = peer.fin && !me.ackedFin && !me.finBeforeItsAck
		}
	}
	if g.Flags.Has(model.ACK) && peer.fin && s.Dist(peer.finSeq, g.Ack) < 1<<31 {
		me.ackedFin = true
	}
}

// sawReset keeps who reset the connection first, and from which states.
func (c *Conn) sawReset(from Side, g model.Segment, pr *pair) {
	c.sides[from].seen = true
	if c.resetSeen {
		return
	}
	c.resetSeen, c.resetBy = true, from
	c.resetAnswer = g.Flags.Has(model.ACK) && g.Seq == 0
	c.resetStates = stateSet(pr.observers[from].States())
}

// ended tells whether both sides have closed, or one has reset.
func (c *Conn) ended() bool {
	return c.resetSeen || c.sides[A].ackedFin && c.sides[B].ackedFin
}

// reopenedBy tells whether p opens another connection: a SYN after the end. An
// old duplicate, which lies below what its sender sent, does not.
func (c *Conn) reopenedBy(p *capture.Packet) bool {
	g := p.Segment
	if g.Flags&(model.SYN|model.ACK|model.RST|model.FIN) != model.SYN || !c.ended() {
		return false
	}
	me := &c.sides[c.side(p)]
	if me.issKnown && me.iss == g.Seq {
		return false
	}
	s := model.Space32
	return c.resetSeen || !me.seen || s.Dist(me.top, g.Seq) < 1<<31
}

// wasOpen tells whether the side shows by its first segment that it has had a
// connection since before the capture: it answers the SYN that the capture begins
// with by an ACK that is not of it (§3.5.1).
func (c *Conn) wasOpen(from Side, g model.Segment) bool {
	peer := &c.sides[from.Other()]
	return c.first && !c.mid && !c.sides[from].seen && peer.issKnown &&
		g.Flags&(model.ACK|model.SYN|model.RST) == model.ACK &&
		!model.Space32.Within(peer.iss, g.Ack, peer.top)
}
