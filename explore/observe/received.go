package observe

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// received adds the endpoints that processed g.
func (o *set) received(n int, g model.Segment) {
	o.judgeTrial(g)
	if o.ended() {
		return
	}
	o.answers.add(o.e.Space, g)
	opens := g.Flags&(model.SYN|model.ACK|model.RST) == model.SYN
	if opens {
		o.syn, o.rst = &g, nil
	} else if g.Flags.Has(model.RST) {
		o.rst = &g
	}
	known := o.unanswered(g.Seq)
	o.comesLate(g)
	for i := range o.lives {
		l := &o.lives[i]
		o.mayWait(l)
		before := l.shapes
		l.arrived++
		o.forkSynSent(l, g)
		o.mayReset(l, g)
		if o.note(l, g) {
			if o.near {
				o.process(l, before, g)
			}
			o.settle(l)
		}
		o.mayWait(l)
	}
	if opens && !known && !o.none.empty() {
		o.accept(g)
	}
	if opens {
		o.mayReopen(g)
	}
	o.bear()
	if o.near {
		o.prune()
	}
}

// mayReopen adds TIME-WAIT that a new SYN opens anew: any TCP may do so (MAY-2).
func (o *set) mayReopen(g model.Segment) {
	s := o.e.Space
	for i := range o.lives {
		l := &o.lives[i]
		if l.shapes.has(plain(model.TimeWait)) && l.rcvKnown && atOrAbove(s, l.least(s), g.Seq) {
			o.reopen(g)
		}
	}
}

// accept is a SYN that reaches an endpoint without a connection: if a user
// listens, it opens an incarnation.
func (o *set) accept(g model.Segment) {
	o.none.add(plain(model.Listen))
	t := model.TCB{State: model.Listen}
	o.e.Step(&t, model.Event{Kind: model.SegmentArrives, Segment: g}, &o.out)
	if t.State != model.SynReceived {
		return
	}
	if o.near { // what listened listens no more, for this peer
		o.none.remove(plain(model.Listen))
	}
	o.born = append(o.born, o.opened(shapeOf(&t), g))
}

// opened is an incarnation that the SYN g opened.
func (o *set) opened(h shape, g model.Segment) life {
	s := o.e.Space
	l := life{passive: true, synReceived: true, irs: g.Seq, irsKnown: true, contig: s.Add(g.Seq, 1), rcvKnown: true, synWnd: g.Wnd, fastOpen: o.fastOpen || g.Len > 0}
	l.contig = s.Add(l.contig, g.Len)
	l.shapes.add(h)
	l.pool.add(g)
	if o.rst != nil {
		l.pool.add(*o.rst)
	}
	return l
}

// forkSynSent keeps apart what another SYN makes of SYN-SENT, when one has come
// before.
func (o *set) forkSynSent(l *life, g model.Segment) {
	waiting := plain(model.SynSent) | synPending
	if !g.Flags.Has(model.SYN) || !l.irsKnown || l.irs == g.Seq || !l.shapes.has(waiting) || l.ackedKnown {
		return
	}
	n := *l
	n.irsKnown, n.rcvKnown, n.above, n.pool = false, false, nil, pool{}
	n.shapes = shapeSet{}
	n.shapes.add(waiting)
	o.note(&n, g)
	o.settle(&n)
	o.born = append(o.born, n)
}

// note takes what g tells into the facts, and tells whether it may change the
// state.
func (o *set) note(l *life, g model.Segment) (decisive bool) {
	s := o.e.Space
	if g.Flags.Has(model.SYN) {
		return o.noteSyn(l, g)
	}
	if g.Flags.Has(model.RST) {
		return o.remember(l, g)
	}
	if !l.rcvKnown {
		if l.shapes.has(plain(model.SynSent) | synPending) {
			// There it is dropped, but behind the point of capture the SYN may
			// overtake it.
			if len(l.early) < maxPool {
				l.early = append(slices.Clip(l.early), g)
			}
			return false
		}
		l.contig, l.rcvKnown = g.Seq, true
	}
	old := l.contig
	end := s.Add(g.Seq, g.SegLen())
	low := l.least(s)
	// Nothing of it lies in any window that the endpoint can have.
	if !atOrAbove(s, low, end) || l.rcvEdgeKnown && !s.Within(low, g.Seq, s.Add(l.rcvEdge, slack)) && atOrAbove(s, low, g.Seq) {
		return false
	}
	if !l.reachedKnown {
		l.reached, l.reachedKnown = g.Seq, true
	}
	raise(s, &l.reached, g.Seq)
	if g.Len > 0 {
		o.noteText(l, g)
	}
	if g.Flags.Has(model.FIN) {
		decisive = o.noteFin(l, g)
	}
	if g.Flags.Has(model.ACK) && o.noteAck(l, g) {
		decisive = true
	}
	return decisive || l.contig != old && l.pool.n > 0
}

// noteSyn: the peer's SYN, with or without ACK.
func (o *set) noteSyn(l *life, g model.Segment) bool {
	s := o.e.Space
	if l.shapes.has(plain(model.SynSent)|synPending) && !l.irsKnown {
		l.irs, l.irsKnown = g.Seq, true
		l.contig, l.rcvKnown = s.Add(g.Seq, 1), true
		l.widen(s, s.Add(s.Add(l.iss, 1), g.Wnd))
		early := l.early
		l.early = nil
		for _, e := range early {
			o.note(l, e)
		}
	}
	if l.irsKnown && l.irs == g.Seq {
		l.fastOpen = l.fastOpen || o.fastOpen || g.Len > 0
		raise(s, &l.contig, s.Add(s.Add(g.Seq, 1), g.Len))
	}
	if g.Flags.Has(model.ACK) {
		if l.sndKnown && s.Above(l.una, g.Ack, l.sndMax) {
			l.una = g.Ack
		}
		l.widen(s, s.Add(g.Ack, g.Wnd))
	}
	return o.remember(l, g)
}

// noteText: RCV.NXT may go as far as there is no hole.
func (o *set) noteText(l *life, g model.Segment) {
	s := o.e.Space
	end := s.Add(g.Seq, g.Len)
	if beyond := s.Dist(l.finIn, end); l.finInKnown && beyond != 0 && beyond < far && atOrAbove(s, l.least(s), l.finIn) {
		o.peerErrs = true
		if l.contig == l.finIn {
			return // the FIN is in order and counts
		}
		l.finInKnown = false
	}
	if !atOrAbove(s, l.contig, end) || end == l.contig {
		return
	}
	if atOrAbove(s, l.contig, g.Seq) && g.Seq != l.contig {
		l.reordered = true
		l.above = l.above.add(s, l.contig, span{g.Seq, end})
		return
	}
	if l.finSent && !l.provenKnown && g.Flags.Has(model.ACK) && g.Ack == l.sndMax {
		l.proven, l.provenKnown = l.contig, true
	}
	l.contig, l.above = l.above.reach(s, end)
	if !l.finInKnown && !o.peerErrs {
		// The peer goes on, so it has not sent a FIN.
		for h := range l.shapes.all {
			if h.finReceived() {
				l.shapes.remove(h)
			}
		}
	}
}

// noteFin: the peer's FIN.
func (o *set) noteFin(l *life, g model.Segment) bool {
	s := o.e.Space
	f := s.Add(g.Seq, g.Len)
	if !l.finInKnown || f != l.finIn {
		if !atOrAbove(s, l.least(s), f) {
			return false // below RCV.NXT
		}
		if o.peerErrs = o.peerErrs || l.finInKnown; l.finInKnown && l.contig == l.finIn {
			return false // the first is in order and counts
		}
		if over := s.Dist(f, l.contig); over != 0 && over < far {
			o.peerErrs = true
			return false // text came over it
		}
		l.finIn, l.finInKnown = f, true
	}
	return o.remember(l, g)
}

// mayReset adds CLOSED if text that comes behind a CLOSE may have drawn a reset
// (SHLD-3).
func (o *set) mayReset(l *life, g model.Segment) {
	end := o.e.Space.Add(g.Seq, g.Len)
	if (g.Len > 0 || g.Flags.Has(model.FIN)) && (l.shapes.any(readsNoMore) || l.shapes.any(shape.finReceived)) && (!l.ackedKnown || atOrAbove(o.e.Space, l.acked, end) && end != l.acked) {
		o.none.add(plain(model.Closed))
	}
}

// noteAck: SND.UNA may have advanced, and the window widened.
func (o *set) noteAck(l *life, g model.Segment) (decisive bool) {
	s := o.e.Space
	if !l.sndKnown {
		l.firstAck(s, g.Ack)
	}
	if !s.Within(l.low, g.Ack, l.sndMax) {
		if d := s.Dist(l.sndMax, g.Ack); d < far {
			l.ackAbove = g.Ack
		}
		return false
	}
	if raise(s, &l.una, g.Ack) {
		if s.Dist(l.low, l.una) > lag {
			l.low = s.Sub(l.una, lag)
		}
	}
	l.widen(s, s.Add(g.Ack, g.Wnd))
	if g.Ack == l.una {
		l.lastEdge = s.Add(g.Ack, g.Wnd)
	}
	if o.ackAlone(l, g) {
		if !l.ackInKnown {
			l.ackIn, l.ackInKnown = g.Ack, true
		} else {
			raise(s, &l.ackIn, g.Ack)
		}
	}
	return l.waits() ||
		g.Len > 0 && o.e.Behaviours.CloseUnread == model.CloseResets && l.shapes.any(readsNoMore)
}

// ackAlone tells whether the ACK may be processed without a FIN that comes with
// it: text before the FIN may not have come yet.
func (o *set) ackAlone(l *life, g model.Segment) bool {
	s := o.e.Space
	if !g.Flags.Has(model.FIN) {
		return true
	}
	low := l.least(s)
	if !atOrAbove(s, low, s.Add(g.Seq, g.Len)) {
		return true // the FIN was processed before: most stacks look at the ACK, §3.10.7.4 first drops it
	}
	return !atOrAbove(s, g.Seq, low)
}

// firstAck is an ACK of segments that the capture does not have: it shows the
// numbers that the endpoint sends, and the ISS if its SYN,ACK is missing.
func (l *life) firstAck(s model.Space, ack model.Seq) {
	l.low, l.una, l.sndMax, l.sndKnown = s.Sub(ack, 1<<20), ack, ack, true
	if l.shapes.any(func(h shape) bool { return h.state() == model.SynReceived }) {
		l.showISS(s, s.Sub(ack, 1))
	}
}

// waits tells whether an ACK of our SYN or FIN may be missing.
func (l *life) waits() bool {
	return l.shapes.any(func(h shape) bool { return h&synPending != 0 || h.finOut() })
}

func readsNoMore(h shape) bool {
	return h.state() == model.FinWait1 || h.state() == model.FinWait2
}

// widen takes note of a window's right edge.
func (l *life) widen(s model.Space, edge model.Seq) {
	if !l.edgeKnown {
		l.edge, l.lastEdge, l.edgeKnown = edge, edge, true
		return
	}
	raise(s, &l.edge, edge)
}

// remember keeps a segment that may be processed later.
func (o *set) remember(l *life, g model.Segment) bool {
	l.tidy(o.e.Space)
	switch {
	case l.pool.add(g):
	case g.Flags.Has(model.RST):
		l.reset = true
	default:
		o.giveUp("more segments with SYN or FIN may be waiting than are remembered")
	}
	return true
}

// tidy forgets what can't be processed any more.
func (l *life) tidy(s model.Space) {
	if l.pool.n == 0 {
		return
	}
	opening := l.shapes.any(func(h shape) bool { return h.state() <= model.SynReceived })
	reading := l.shapes.any(func(h shape) bool { return !h.finReceived() })
	waits := l.shapes.has(plain(model.TimeWait))
	l.pool.keep(func(g model.Segment) bool {
		switch {
		case g.Flags.Has(model.SYN):
			return opening || waits && g.Seq != l.irs
		case g.Flags.Has(model.RST):
			return !l.ackedKnown || atOrAbove(s, l.acked, g.Seq) || opening || l.finInKnown && g.Seq == l.finIn
		}
		return reading
	})
}
