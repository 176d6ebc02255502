package observe

import "github.com/tcpcheck/tcpcheck/model"

// considered is what one endpoint of the set says to a segment: the rules that
// forbid it, or what it is afterwards.
type considered struct {
	forbid model.RuleSet
	after  shapeSet
}

func forbidden(r model.Rule) (c considered) {
	c.forbid.Add(r)
	return c
}

// consider judges g as sent by an endpoint of the shape.
func (o *set) consider(l *life, h shape, g model.Segment, way how) considered {
	switch {
	case g.Flags.Has(model.RST):
		return o.considerReset(l, h, g, way)
	case g.Flags.Has(model.SYN):
		return o.considerSyn(l, h, g, way)
	case h.state() == model.SynSent:
		t := l.tcb(&o.e, h)
		return considered{forbid: o.e.Allows(&t, g)}
	}
	return o.considerSegment(l, h, g, way)
}

// considerSyn: <SEQ=ISS><CTL=SYN> in SYN-SENT, <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>
// in SYN-RECEIVED. The ISS of an incarnation that the peer opened is known from
// the first.
func (o *set) considerSyn(l *life, h shape, g model.Segment, way how) (c considered) {
	s := o.e.Space
	t := l.tcb(&o.e, h)
	if !l.issKnown && h&synPending != 0 {
		if l.sndKnown && s.Dist(g.Seq, l.sndMax) > maxSynText {
			return forbidden(model.ForbidsSynOnlyOnce) // what was sent before had other numbers
		}
		t.ISS, t.SndUna, t.SndNxt = g.Seq, g.Seq, s.Add(g.Seq, 1)
	}
	if way == delayed && l.issKnown && g.Seq == l.iss && h.state() != model.SynSent {
		// A SYN sent before, overtaken by later segments.
		if !g.Flags.Has(model.ACK) {
			t = model.TCB{State: model.SynSent, SynPending: true, ISS: l.iss, SndUna: l.iss, SndNxt: t.SndNxt}
		} else if l.synReceived {
			t.SynPending, t.State = true, model.SynReceived
		}
	}
	if t.State == model.SynSent {
		t.SndNxt = s.Add(t.ISS, 1+g.Len) // text may go on a SYN
	} else if l.fastOpen {
		g.Len = 0 // it may go on a SYN,ACK
	}
	if c.forbid = o.e.Allows(&t, g); !c.forbid.Empty() {
		return c
	}
	if g.Flags.Has(model.ACK) {
		c.forbid = o.considerAck(l, h, g, way)
		if l.irsKnown && !l.fastOpen && g.Ack != s.Add(l.irs, 1) {
			c.forbid.Add(model.ForbidsAckNotReceived) // in SYN-RECEIVED nothing else is acknowledged
		}
	}
	c.after.add(h)
	return c
}

// considerAck: the ACK field is RCV.NXT, so no less than any before it, and
// when the peer's FIN was processed it covers that. An old segment may have
// any ACK of this incarnation.
func (o *set) considerAck(l *life, h shape, g model.Segment, way how) (forbid model.RuleSet) {
	s := o.e.Space
	if !l.rcvKnown || !l.irsKnown && !l.ackedKnown {
		return forbid // what came before the capture is not known
	}
	low, top := l.lowestAck(s), l.top(s, h)
	if way != delayed {
		if l.ackedKnown {
			low = l.acked
		}
		if h.finReceived() {
			low = top
		}
		if h.finOut() && l.provenKnown && s.Dist(l.proven, g.Ack) != 0 && atOrAbove(s, l.proven, g.Ack) {
			forbid.Add(model.ForbidsAckNotReceived)
		}
	}
	if !s.Within(low, g.Ack, top) {
		forbid.Add(model.ForbidsAckNotReceived)
	}
	return forbid
}

// considerSegment judges a segment with neither SYN nor RST. The user's calls
// are chosen to suit it: text was SENT, and a CLOSE was called for a FIN.
func (o *set) considerSegment(l *life, h shape, g model.Segment, way how) (c considered) {
	s := o.e.Space
	if !l.sndKnown {
		early := g.Len > 0 || l.arrived == 0 && way != delayed && !g.Flags.Has(model.FIN)
		if h.state() == model.SynReceived && !l.fastOpen && early {
			return forbidden(model.ForbidsSynOnlyOnce) // its SYN,ACK comes first
		}
		if c = o.considerFirst(h, g); l.rcvKnown {
			c.forbid.AddAll(o.considerAck(l, h, g, way))
		}
		return c
	}
	if way == delayed && h.state() >= model.Established && l.repeats(s, g) {
		c.forbid = o.considerAck(l, h, g, way)
		c.after.add(h)
		return c
	}
	if h.state() == model.SynReceived && g.SegLen() == 0 && l.issKnown && g.Seq == l.iss {
		return forbidden(model.ForbidsSequenceNotOurs) // a keep-alive; there it has SND.NXT
	}
	t := l.tcb(&o.e, h)
	if l.rcvKnown {
		c.forbid = o.considerAck(l, h, g, way)
	} else {
		t.RcvNxt = g.Ack
	}
	if h.state() == model.SynReceived && l.fastOpen {
		t.State, t.SynPending = model.Established, false
		if l.issKnown {
			t.SndUna = s.Add(l.iss, 1)
		} else {
			t.SndUna = l.low
		}
	}
	end := s.Add(g.Seq, g.Len)
	after := h
	var lost shapeSet // what it may be if a FIN that was not seen yet left before
	if !h.finSent() {
		fresh := atOrAbove(s, l.sndMax, end) && end != l.sndMax
		switch {
		case g.SegLen() == 0 && fresh && l.withinEdge(s, g.Seq):
			// A hole: what lies before it was lost, and may end with a FIN.
			t.SndNxt = g.Seq
			lost.add(closedBy(h))
			if h.state() == model.CloseWait { // or it left before the peer's came
				lost.add(plain(model.Closing))
			}
		case fresh:
			t.Queued = s.Dist(l.sndMax, end)
			if !l.withinEdge(s, s.Sub(end, 1)) && !l.probes(s, end) {
				c.forbid.Add(model.ForbidsBeyondWindow)
			}
		}
		if g.Flags.Has(model.FIN) {
			after = closedBy(h)
			if h.state() == model.CloseWait && way == delayed {
				lost.add(plain(model.Closing))
			}
			t.CloseQueued = true
			if !h.finReceived() {
				t.State = model.FinWait1
			}
		}
	}
	c.forbid.AddAll(o.e.Allows(&t, g))
	if c.forbid.Empty() {
		c.after.add(after)
		for l := range lost.all {
			c.after.add(l)
		}
	}
	return c
}

// repeats tells whether all numbers of g were sent before.
func (l *life) repeats(s model.Space, g model.Segment) bool {
	end := s.Add(g.Seq, g.SegLen())
	if !s.Within(l.low, g.Seq, end) || !s.Within(l.low, end, l.sndMax) || !g.Flags.Has(model.ACK) {
		return false
	}
	if g.Flags.Has(model.FIN) {
		return l.finSent && end == l.sndMax
	}
	return !l.finSent || g.Len == 0 || end != l.sndMax
}

// withinEdge tells whether the number lies in the window that the peer gave.
func (l *life) withinEdge(s model.Space, n model.Seq) bool {
	if !l.edgeKnown {
		return s.Dist(l.sndMax, n) < far
	}
	return s.Within(l.low, n, l.edge)
}

// probes tells whether text that ends here is one octet beyond the window.
func (l *life) probes(s model.Space, end model.Seq) bool { return end == s.Add(l.edge, 1) }

// closedBy is the shape after a CLOSE whose FIN has left.
func closedBy(h shape) shape {
	switch h.state() {
	case model.SynReceived, model.Established, model.FinWait1:
		return plain(model.FinWait1) | h&synPending
	case model.CloseWait, model.LastAck:
		return plain(model.LastAck)
	case model.Closing:
		return plain(model.Closing) | h&synPending
	}
	return h
}

// considerFirst judges the first segment of an incarnation that was open
// before: its numbers are taken as they are. Text is taken as new, so no FIN
// was sent before it.
func (o *set) considerFirst(h shape, g model.Segment) (c considered) {
	switch {
	case !g.Flags.Has(model.ACK):
		return forbidden(model.ForbidsAckMissing)
	case g.Flags.Has(model.FIN):
		switch {
		case !h.finSent():
			c.after.add(closedBy(h))
		case h.finOut():
			c.after.add(h)
		default:
			return forbidden(model.ForbidsBeforeUna)
		}
	case g.Len > 0 && h.finSent():
		return forbidden(model.ForbidsTextAfterFin)
	default:
		c.after.add(h)
	}
	return c
}

// considerReset: a reset is sent by ABORT, with SEQ=SND.NXT (§3.10.5), or as an
// answer in SYN-SENT and SYN-RECEIVED (§3.5.2). Some stacks put an ACK into it.
func (o *set) considerReset(l *life, h shape, g model.Segment, way how) (c considered) {
	s := o.e.Space
	if g.Flags&(model.SYN|model.FIN) != 0 {
		return forbidden(model.ForbidsResetForm)
	}
	c.after.add(plain(model.Closed))
	switch h.state() {
	case model.SynSent, model.SynReceived:
		badAck := !g.Flags.Has(model.ACK) && o.answers.acks(g.Seq) && !(l.sndKnown && s.Above(l.iss, g.Seq, l.sndMax))
		if badAck || o.outlivesReset(l, g) {
			c.after = shapeSet{} // it is an answer, and nothing changes
			c.after.add(h)
			return c
		}
		if h&passive != 0 {
			c.after.add(plain(model.Listen))
		}
	case model.Closing, model.LastAck:
		if !o.abortsWhenClosed() {
			return forbidden(model.ForbidsResetForm) // there an ABORT sends nothing
		}
	case model.TimeWait:
		return forbidden(model.ForbidsResetForm)
	}
	if !l.sndKnown {
		if l.rcvKnown && g.Flags.Has(model.ACK) { // what it sent before was lost
			c.forbid = o.considerAck(l, h, g, delayed)
		}
		return c
	}
	t := l.tcb(&o.e, h)
	low := t.SndUna
	if h&synPending == 0 {
		low = l.low
	}
	texts := h.state() >= model.Established || h.state() == model.SynReceived && l.fastOpen
	hole := texts && !h.finSent() && l.withinEdge(s, g.Seq) ||
		h.state() == model.SynReceived && g.Seq == s.Add(l.sndMax, 1) // a FIN was lost
	if !s.Within(low, g.Seq, l.sndMax) && !hole {
		return forbidden(model.ForbidsResetForm)
	}
	if g.Flags.Has(model.ACK) {
		switch {
		case h.state() != model.SynSent:
			c.forbid = o.considerAck(l, h, g, delayed)
		case !o.abortsInSynSent(g):
			return forbidden(model.ForbidsResetForm)
		}
	}
	return c
}

// showISS is a segment that shows the ISS; its window is from the peer's SYN.
func (l *life) showISS(s model.Space, iss model.Seq) {
	l.iss, l.issKnown, l.low, l.una, l.sndKnown = iss, true, iss, iss, true
	l.widen(s, s.Add(s.Add(iss, 1), l.synWnd))
}

// commit takes the numbers of a segment that was sent into the facts.
func (l *life) commit(s model.Space, g model.Segment) {
	if g.Flags.Has(model.RST) {
		return
	}
	end := s.Add(g.Seq, g.SegLen())
	if l.sndKnown && g.SegLen() > 0 && atOrAbove(s, end, l.sndMax) {
		l.repeated = true
	}
	switch {
	case g.Flags.Has(model.SYN) && !l.issKnown:
		if !l.sndKnown {
			l.sndMax = end
		}
		l.showISS(s, g.Seq)
	case !l.sndKnown && !l.fastOpen && l.shapes.any(func(h shape) bool { return h&synPending != 0 }):
		l.sndMax = end
		l.showISS(s, s.Sub(g.Seq, 1)) // its SYN,ACK was lost or overtaken
	case !l.sndKnown:
		l.low, l.una, l.sndMax, l.sndKnown = s.Sub(g.Seq, 1<<20), g.Seq, end, true
	default:
		raise(s, &l.sndMax, end)
	}
	if g.Flags.Has(model.FIN) {
		l.finSent = true
	}
	if g.Len > 0 && end == l.sndMax {
		l.filled = l.full(s)
	}
	if !g.Flags.Has(model.ACK) {
		return
	}
	if !l.rcvKnown {
		l.contig, l.rcvKnown = g.Ack, true
	}
	if !l.ackedKnown {
		l.acked, l.ackedKnown = g.Ack, true
		if !l.irsKnown {
			raise(s, &l.contig, g.Ack)
		}
	}
	raise(s, &l.acked, g.Ack)
	edge := s.Add(g.Ack, g.Wnd)
	if !l.rcvEdgeKnown {
		l.rcvEdge, l.rcvEdgeKnown = edge, true
	}
	raise(s, &l.rcvEdge, edge)
}
