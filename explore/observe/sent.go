package observe

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// how is the ways to explain a segment, tried in this order.
type how uint8

const (
	asItIs     how = iota // the endpoint sent it just now
	afterQuiet            // after a silent step: a timeout, an ABORT that sends nothing
	delayed               // it is old: others overtook it on its way to the point of capture
	waysToSend
)

// sent narrows the set to the endpoints that may send g.
func (o *set) sent(n int, g model.Segment) Verdict {
	if o.ended() {
		return Unknown
	}
	best := finding{}
	var from []model.State
	for way := range waysToSend {
		if way == afterQuiet {
			if o.opensByCookie(g, true) || o.fromThePast(g) || o.opensByCookie(g, false) {
				return Allowed
			}
			from = o.states()
			o.quietly(g)
		}
		if f := o.explain(g, way); f.allowed {
			return Allowed
		} else if way == asItIs || f.closer(best) {
			best = f
		}
	}
	if o.unknown != "" {
		return Unknown
	}
	if o.startsOver(g) {
		return Allowed
	}
	d := Deviation{N: n, Segment: g, From: from, Rules: best.forbid.Rules()}
	if o.sentUnseen(g) || o.onTrial(g, d) {
		return Allowed
	}
	o.found(&d)
	return Impossible
}

// finding is what came of one way to explain a segment.
type finding struct {
	allowed bool
	judged  bool
	forbid  model.RuleSet // of the endpoint that comes closest
}

// closer tells whether fewer rules forbid f than other.
func (f finding) closer(other finding) bool {
	return f.judged && (!other.judged || len(f.forbid.Rules()) < len(other.forbid.Rules()))
}

// object takes note of an endpoint that may not send it.
func (f *finding) object(forbid model.RuleSet) {
	if n := (finding{allowed: f.allowed, judged: true, forbid: forbid}); n.closer(*f) {
		*f = n
	}
}

// explain narrows the set to the endpoints that may send g in this way, if
// there are any; otherwise it changes nothing.
func (o *set) explain(g model.Segment, way how) (f finding) {
	var kept [maxLives]shapeSet
	var none shapeSet // where there is no connection afterwards
	for i := range o.lives {
		l := &o.lives[i]
		for h := range l.shapes.all {
			c := o.consider(l, h, g, way)
			if !c.forbid.Empty() {
				f.object(c.forbid)
				continue
			}
			f.allowed = true
			for a := range c.after.all {
				if a.state() <= model.Listen {
					none.add(a)
				} else {
					kept[i].add(a)
				}
			}
		}
	}
	opens, forbid := o.considerNone(g, way)
	if forbid.Empty() {
		f.allowed = true
		if !opens {
			for h := range o.none.all {
				none.add(h)
			}
			if g.Flags.Has(model.ACK) && g.Seq == 0 && o.none.has(plain(model.Closed)) {
				none.remove(plain(model.Listen)) // it would have answered the SYN
			}
		}
	} else if !o.none.empty() {
		f.object(forbid)
	}
	if !f.allowed {
		return f
	}
	o.none = none
	for i := range o.lives {
		l := &o.lives[i]
		if kept[i].empty() {
			o.bury(l)
			l.shapes = kept[i]
			continue
		}
		changed := l.shapes != kept[i]
		l.shapes = kept[i]
		before := l.sndMax
		l.commit(o.e.Space, g)
		o.goesOn(l)
		o.mayWait(l)
		l.tidy(o.e.Space)
		if l.pool.n > 0 || changed || l.waits() || before != l.sndMax && l.ackAbove != 0 {
			o.settleLate(l)
		}
	}
	if opens {
		o.opens(g)
	}
	o.prune()
	o.bear()
	return f
}

// settleLate is settle after something was sent: what came before may be
// processed only now.
func (o *set) settleLate(l *life) {
	s := o.e.Space
	if l.ackAbove != 0 && s.Within(l.low, l.ackAbove, l.sndMax) {
		raise(s, &l.una, l.ackAbove)
		if !l.ackInKnown {
			l.ackIn, l.ackInKnown = l.ackAbove, true
		}
		raise(s, &l.ackIn, l.ackAbove)
		l.ackAbove = 0
	}
	if !o.near {
		o.settle(l)
	}
}

// considerNone judges a segment of an endpoint without a connection. It may
// open one, by an active OPEN or a SEND in LISTEN, or answer by a reset.
func (o *set) considerNone(g model.Segment, way how) (opens bool, forbid model.RuleSet) {
	if o.none.empty() {
		forbid.Add(model.ForbidsOnlyReset)
		return false, forbid
	}
	switch {
	case g.Flags.Has(model.RST):
		t := model.TCB{}
		forbid = o.e.Allows(&t, g)
		if forbid.Empty() && !o.answers.explain(g) {
			forbid.Add(model.ForbidsResetForm)
		}
	case g.Flags&(model.SYN|model.ACK) == model.SYN && way != delayed && !o.sentSyn(g):
		if g.Flags.Has(model.FIN) {
			forbid.Add(model.ForbidsSynForm)
		}
		return true, forbid
	default:
		forbid.Add(model.ForbidsOnlyReset)
	}
	return false, forbid
}

// sentSyn tells whether g is the SYN of an incarnation that may be open.
func (o *set) sentSyn(g model.Segment) bool {
	return slices.ContainsFunc(o.lives, func(l life) bool { return l.issKnown && l.iss == g.Seq })
}

// opens adds the incarnation that the endpoint's own SYN opens. A SYN of the
// peer that came before may still be processed: simultaneous open.
func (o *set) opens(g model.Segment) {
	s := o.e.Space
	t := model.TCB{}
	o.e.Step(&t, model.Event{Kind: model.OpenActive, ISS: g.Seq}, &o.out)
	l := life{
		iss: g.Seq, issKnown: true, low: g.Seq, una: g.Seq, sndKnown: true,
		sndMax: s.Add(t.SndNxt, g.Len), fastOpen: o.fastOpen || g.Len > 0,
	}
	l.shapes.add(shapeOf(&t))
	if o.syn != nil && !o.near {
		o.note(&l, *o.syn)
		if o.rst != nil {
			o.note(&l, *o.rst)
		}
		o.settle(&l)
	}
	o.born = append(o.born, l)
}

// quietly adds what endpoints become by steps that nobody sees. TIME-WAIT ends;
// CLOSING and LAST-ACK are ABORTed without a reset; what is outstanding times
// out. A SYN that came may only then find a listener.
func (o *set) quietly(g model.Segment) {
	o.vanish()
	if o.none.empty() || g.Flags&(model.SYN|model.ACK|model.RST) != model.SYN|model.ACK {
		return
	}
	syn, came := o.answers.syn(o.e.Space, g.Ack)
	if came && o.syn != nil && o.syn.Seq == syn.Seq {
		syn = *o.syn
	}
	if came && !o.unanswered(syn.Seq) {
		o.accept(syn)
		o.bear()
	}
}

// vanish adds CLOSED if the endpoint may be gone.
func (o *set) vanish() {
	for i := range o.lives {
		l := &o.lives[i]
		if l.shapes.any(func(h shape) bool { return o.mayVanish(l, h) }) {
			o.none.add(plain(model.Closed))
		}
	}
}

// mayVanish tells whether the endpoint may be gone without having sent a reset.
// A USER TIMEOUT comes after retransmissions, of which at least one is seen.
func (o *set) mayVanish(l *life, h shape) bool {
	switch h.state() {
	case model.TimeWait, model.Closing, model.LastAck, model.SynSent:
		return true
	case model.SynReceived:
		// It may have been closed in SYN-SENT, before the SYN came; a listener
		// may forget it when too many wait (RFC 4987 section 3).
		if !l.ackedKnown || h&passive != 0 && !l.ackInKnown {
			return true
		}
	case model.FinWait2:
		return o.e.Behaviours.FinWait2 == model.FinWait2Timeout
	}
	return l.outstanding() && l.repeated
}

// startsOver is an endpoint that was aborted, and whose reset was lost or
// overtaken, or that crashed (§3.5.1): in the middle of a connection it opens
// anew, accepts another SYN, or answers from CLOSED.
func (o *set) startsOver(g model.Segment) bool {
	flags := g.Flags & (model.SYN | model.ACK | model.RST | model.FIN)
	switch {
	case flags == model.SYN:
		o.buryAll()
		o.syn, o.rst = nil, nil
		o.opens(g)
		o.bear()
		return true
	case flags == model.SYN|model.ACK && !o.near && o.newSyn(g):
		o.buryAll()
		o.accept(*o.syn)
		o.bear()
		return o.explain(g, asItIs).allowed
	case flags&^model.ACK == model.RST && !o.near && o.answers.exact(g):
		o.buryAll()
		o.none.add(plain(model.Closed))
		return true
	}
	return false
}

// buryAll ends all incarnations.
func (o *set) buryAll() {
	for i := range o.lives {
		o.bury(&o.lives[i])
	}
	o.none, o.lives = shapeSet{}, nil
}

// newSyn tells whether g answers a SYN that opened none of the incarnations
// that may be open, by a number that is new.
func (o *set) newSyn(g model.Segment) bool {
	goesOn := func(l life) bool { return l.sndKnown && l.sndMax == g.Seq }
	if o.syn == nil || o.knows(*o.syn) || o.sentSyn(g) || slices.ContainsFunc(o.lives, goesOn) {
		return false
	}
	end := o.e.Space.Add(o.syn.Seq, 1)
	return o.e.Space.Within(end, g.Ack, o.e.Space.Add(end, o.syn.Len))
}
