package observe

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// trial is an ACK of what was not seen, until the peer shows whether it sent
// that.
type trial struct {
	on       bool
	opening  bool      // the peer's SYN,ACK is among it
	before   bool      // the connection was open before the capture: it may have come then
	from, to model.Seq // what was acknowledged unseen
	found    Deviation // what it is if the peer did not
}

// goesOnWithin is how far behind what was acknowledged unseen the peer may stand
// to show that it sent it, where its numbers are not known otherwise.
const (
	goesOnWithin = 1 << 24
	opensWithin  = 1 << 16 // where its SYN,ACK was not seen
)

// confirm finds the ACK on trial impossible, or of what came before the capture.
func (o *set) confirm() {
	t := o.trial
	o.trial = trial{}
	switch {
	case t.before:
		o.missed = true
	case o.deviation == nil:
		o.found(&t.found)
	}
}

// judgeTrial finds out about an ACK of what was not seen: if the peer goes on
// behind it the capture missed it; if it stands before, or sends it only now, it
// was never sent.
func (o *set) judgeTrial(g model.Segment) {
	t, s := &o.trial, o.e.Space
	if !t.on {
		return
	}
	within := uint32(goesOnWithin)
	if t.opening {
		within = opensWithin
	}
	behind := s.Dist(t.to, g.Seq) < within
	missed := false
	switch {
	case g.Flags.Has(model.RST): // it has SND.NXT if it answers nothing
		if missed = behind && g.Flags.Has(model.ACK) && g.Seq != 0; !missed {
			return
		}
	case g.Flags.Has(model.SYN):
		if !t.opening {
			return
		}
		missed = s.Add(g.Seq, 1) == t.to
	case s.InWindow(t.from, g.Seq, s.Dist(t.from, t.to)):
	default:
		missed = behind || !t.opening && atOrAbove(s, t.to, g.Seq)
		if !missed && !t.opening {
			return
		}
	}
	if !missed {
		o.confirm()
		return
	}
	o.trial, o.missed = trial{}, true
}

// onTrial takes an ACK of what was not seen for one that the capture missed,
// until the peer shows whether it was.
func (o *set) onTrial(g model.Segment, d Deviation) bool {
	if o.trial.on || o.near || g.Flags&(model.RST|model.SYN|model.ACK) != model.ACK {
		return false
	}
	for i := range o.lives {
		l, from, ok := o.supposed(o.lives[i], g)
		if !ok {
			continue
		}
		saved := o.lives[i]
		o.lives[i] = l
		if f := o.explain(g, asItIs); f.allowed {
			if s := o.e.Space; l.reachedKnown && s.Dist(g.Ack, l.reached) < goesOnWithin {
				o.missed = true // the peer has gone on already
				return true
			}
			opening := saved.shapes.any(waitsForSyn)
			o.trial = trial{on: true, opening: opening, before: !opening && !saved.irsKnown, from: from, to: g.Ack, found: d}
			return true
		}
		o.lives[i] = saved
	}
	return false
}

func waitsForSyn(h shape) bool { return h.state() == model.SynSent }

// supposed is the incarnation if it had received all that g acknowledges, and
// what was not seen of that.
func (o *set) supposed(l life, g model.Segment) (after life, from model.Seq, ok bool) {
	s := o.e.Space
	if l.shapes.any(waitsForSyn) && !l.irsKnown {
		l.shapes = shapeSet{}
		l.shapes.add(plain(model.Established))
		l.shapes.add(plain(model.CloseWait))
		l.contig, l.rcvKnown, l.una, l.early = g.Ack, true, s.Add(l.iss, 1), nil
		return l, s.Sub(g.Ack, 1), true
	}
	end := s.Add(l.contig, goesOnWithin)
	if l.rcvEdgeKnown {
		end = s.Add(l.rcvEdge, slack)
	}
	if l.finInKnown && !l.irsKnown && s.Within(l.contig, g.Ack, s.Add(l.finIn, 1)) {
		return o.supposedUpToFin(l, g), l.contig, true
	}
	if l.finInKnown || !l.rcvKnown || !s.Above(l.contig, g.Ack, end) {
		return l, 0, false
	}
	from = l.contig
	if l.shapes.any(func(h shape) bool { return h.state() == model.SynReceived }) {
		l.shapes.add(plain(model.Established))
	}
	for h := range l.shapes.all { // the last of what was missed may be a FIN
		o.missedFin(&l, h)
	}
	l.contig, l.above = l.above.reach(s, g.Ack)
	return l, from, true
}

// supposedUpToFin is supposed where the peer's FIN was seen and the text before
// it may have come before the capture.
func (o *set) supposedUpToFin(l life, g model.Segment) life {
	s := o.e.Space
	if g.Ack == s.Add(l.finIn, 1) {
		for h := range l.shapes.all {
			o.missedFin(&l, h)
		}
		l.contig, l.above = l.finIn, nil
		return l
	}
	l.contig, l.above = l.above.reach(s, g.Ack)
	return l
}

// sentUnseen tells whether g shows that the capture missed what the endpoint
// sent before: the peer acknowledged numbers that were not seen, and g lies
// behind them. The last of them may be a FIN.
func (o *set) sentUnseen(g model.Segment) bool {
	if o.near || g.Flags.Has(model.SYN) {
		return false
	}
	s := o.e.Space
	for i := range o.lives {
		l := &o.lives[i]
		if !l.sndKnown || l.ackAbove == 0 || l.ackAbove == l.sndMax ||
			!s.Within(l.sndMax, l.ackAbove, g.Seq) || s.Dist(l.sndMax, g.Seq) > goesOnWithin {
			continue
		}
		lives, none := slices.Clone(o.lives), o.none
		for h := range l.shapes.all {
			if h.state() >= model.Established && !h.finSent() {
				l.shapes.add(closedBy(h))
			}
		}
		l.sndMax = l.ackAbove
		o.settleLate(l)
		if f := o.explain(g, asItIs); f.allowed {
			o.missed = true
			return true
		}
		o.lives, o.none = lives, none
	}
	return false
}

// missedFin adds what a FIN that was not seen makes of the shape.
func (o *set) missedFin(l *life, h shape) {
	if h.state() < model.Established || h.finReceived() {
		return
	}
	t := l.tcb(&o.e, h)
	g := model.Segment{Seq: t.RcvNxt, Ack: t.SndUna, Flags: model.FIN | model.ACK}
	o.e.Step(&t, model.Event{Kind: model.SegmentArrives, Segment: g}, &o.out)
	if after := shapeOf(&t); t.State.Synchronized() {
		l.shapes.add(after)
	}
}
