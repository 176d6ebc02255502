package observe

import "github.com/tcpcheck/tcpcheck/model"

// settle adds every shape that the endpoint gets into by processing what it may
// still process, in any order.
func (o *set) settle(l *life) {
	var done shapeSet
	for progress := true; progress; {
		progress = false
		for h := range l.shapes.all {
			if done.has(h) {
				continue
			}
			done.add(h)
			progress = true
			if l.reset && h.state() != model.SynSent {
				o.none.add(plain(model.Closed))
				if h&passive != 0 {
					o.none.add(plain(model.Listen))
				}
			}
			for _, g := range l.pool.all() {
				o.step(l, h, g)
			}
			if l.ackInKnown {
				o.step(l, h, model.Segment{Seq: l.top(o.e.Space, h), Ack: l.ackIn, Flags: model.ACK})
			}
		}
	}
}

// process is what g does to endpoints that certainly receive it: a shape that
// it leads out of is left. A user who has closed may still read or not, so
// where text would reset, both remain.
func (o *set) process(l *life, before shapeSet, g model.Segment) {
	for h := range before.all {
		late := g.Flags.Has(model.RST) && g.Seq != l.top(o.e.Space, h) // exact only if text was dropped
		if left := o.step(l, h, g); left && !late && !(g.Len > 0 && readsNoMore(h)) && !l.unsure() && !o.outlivesSyn(l, g) {
			l.shapes.remove(h)
		}
	}
}

// unsure tells whether the endpoint may have dropped text that came out of
// order, and so drops what follows it.
func (l *life) unsure() bool { return l.reordered && !(l.ackedKnown && l.acked == l.contig) }

// step lets an endpoint of the shape process g, adds what it becomes, and tells
// whether that is another shape.
func (o *set) step(l *life, h shape, g model.Segment) (left bool) {
	s := o.e.Space
	t := l.tcb(&o.e, h)
	if h&closeQueued != 0 {
		t.SndWnd = 0 // the FIN waits for the window; when it leaves is seen
	}
	synSent := h.state() == model.SynSent
	switch {
	case synSent:
	case g.Flags.Has(model.RST):
		low := l.least(s)
		if !h.finReceived() && s.Within(low, g.Seq, t.RcvNxt) || o.believesFin(l, h, g) {
			t.RcvNxt, t.RcvUp, t.SndWl1 = g.Seq, g.Seq, g.Seq
		}
	case g.Flags.Has(model.SYN):
	case g.Flags.Has(model.FIN):
		if h.state() == model.SynReceived && l.finInKnown && l.contig == l.finIn {
			// The text before it was processed with it, or just before.
			t.RcvNxt, t.RcvUp, t.SndWl1 = l.finIn, l.finIn, l.finIn
		}
		if h.finReceived() || !l.finInKnown || t.RcvNxt != l.finIn {
			return false
		}
		g.Seq, g.Len = l.finIn, 0
	case g.Len > 0:
		end := s.Add(g.Seq, g.Len)
		if !s.Within(g.Seq, t.RcvNxt, end) || atOrAbove(s, end, l.least(s)) {
			return false // above a hole, or received before: §3.10.7.4 first drops it
		}
		t.RcvNxt, t.RcvUp, t.SndWl1 = g.Seq, g.Seq, g.Seq
	}
	if l.rcvEdgeKnown && t.RcvWnd == 0 && !synSent {
		t.RcvWnd = 1 // a window of zero still takes ACK and RST, and FIN when it opens
	}
	if o.opensBy(l, h, g) {
		g.Ack = s.Add(l.iss, 1)
	}
	if h.state() == model.SynReceived && g.Flags.Has(model.SYN|model.ACK) {
		o.asDrawn(l, t, g)
	}
	o.e.Step(&t, model.Event{Kind: model.SegmentArrives, Segment: g}, &o.out)
	switch after := shapeOf(&t); {
	case t.State <= model.Listen:
		o.none.add(after)
		return true
	case t.Reopened:
		o.reopen(g)
		return true
	case after != h:
		l.shapes.add(after)
		l.synReceived = l.synReceived || t.State == model.SynReceived
		return true
	}
	return false
}

// asDrawn is what a SYN,ACK does in SYN-RECEIVED by figure 7 (§3.5), whatever the
// first check says of it.
func (o *set) asDrawn(l *life, t model.TCB, g model.Segment) {
	e := o.e
	e.Behaviours.SynAckInSynRcvd = model.SynAckEstablishes
	e.Step(&t, model.Event{Kind: model.SegmentArrives, Segment: g}, &o.out)
	if t.State == model.Established {
		l.shapes.add(shapeOf(&t))
	}
}

// reopen is TIME-WAIT that a SYN opened anew (MAY-2).
func (o *set) reopen(g model.Segment) {
	if o.knows(g) {
		return
	}
	h := plain(model.SynReceived) | passive | synPending
	o.born = append(o.born, o.opened(h, g))
}
