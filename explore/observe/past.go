package observe

import "github.com/tcpcheck/tcpcheck/model"

// maxPast is how many incarnations that have ended are remembered.
const maxPast = 4

// bury remembers the incarnation l, which has ended: what it sent may still be
// on its way to the point of capture.
func (o *set) bury(l *life) {
	if !l.sndKnown || l.shapes.empty() {
		return
	}
	if len(o.past) == maxPast {
		copy(o.past, o.past[1:])
		o.past = o.past[:maxPast-1]
	}
	past := *l
	past.ended = l.contig
	o.past = append(o.past, past)
}

// fromThePast tells whether an incarnation that ended may have sent g before it
// ended: its reset, or the next SYN, overtook g. What the endpoint is now does
// not change, but a reset may also show that it is gone.
func (o *set) fromThePast(g model.Segment) bool {
	if o.near {
		return false
	}
	for i := len(o.past) - 1; i >= 0; i-- {
		if o.mayHaveSent(&o.past[i], g) {
			if g.Flags.Has(model.RST) {
				o.vanish()
			}
			return true
		}
	}
	return false
}

// mayHaveSent narrows the incarnation to what may have sent g, if anything may.
func (o *set) mayHaveSent(l *life, g model.Segment) bool {
	var kept shapeSet
	for h := range l.shapes.all {
		c := o.consider(l, h, g, delayed)
		if !c.forbid.Empty() {
			continue
		}
		for a := range c.after.all {
			if a.state() <= model.Listen {
				a = h // it ended by this reset
			}
			kept.add(a)
		}
	}
	if kept.empty() {
		return false
	}
	l.shapes = kept
	l.commit(o.e.Space, g)
	return true
}
