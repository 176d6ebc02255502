package conform

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

// comparison is what the model did beside what the stack did.
type comparison struct {
	e             *model.Endpoint
	before, after *model.TCB // after: nothing new has left yet, see observe.TakeBack
	out           *model.Output
	ev            model.Event
	seen          *observed
	congestion    bool // see Subject
}

// compare returns the first thing that the model does not allow, and counts
// what the stack has sent.
func (c *comparison) compare() *problem {
	if p := c.reset(); p != nil {
		return p
	}
	if p := c.forbidden(); p != nil {
		return p
	}
	if p := c.answers(); p != nil {
		return p
	}
	if p := c.delivered(); p != nil {
		return p
	}
	if p := c.unheard(); p != nil {
		return p
	}
	if p := c.keepsBack(); p != nil {
		return p
	}
	return c.state()
}

// reset: a RST is sent where the model sends one, with its number, and nowhere
// else (§3.5.2). ABORT may add an ACK.
func (c *comparison) reset() *problem {
	var due *model.Segment
	for i, g := range c.out.Sent() {
		if g.Flags.Has(model.RST) {
			due = &c.out.Sent()[i]
		}
	}
	for _, g := range c.seen.sent {
		if !g.Flags.Has(model.RST) {
			continue
		}
		if due == nil {
			return c.problem(resets, "sends "+describe(c.seen.sent))
		}
		same := g.Seq == due.Seq && (!due.Flags.Has(model.ACK) || g.Flags.Has(model.ACK) && g.Ack == due.Ack)
		extra := g.Flags&^model.PSH != due.Flags && c.ev.Kind == model.SegmentArrives
		if !same || extra {
			return c.problem(rstForm, fmt.Sprintf("sends %s, not %s", describe(c.seen.sent), describe([]model.Segment{*due})))
		}
		return nil
	}
	if due != nil && len(c.seen.sent) == 0 {
		return c.problem(silent, "sends nothing, not "+describe([]model.Segment{*due}))
	}
	return nil
}

// forbidden: what is sent is allowed before or after the event, and behind what
// was sent before it.
func (c *comparison) forbidden() *problem {
	for _, g := range c.seen.sent {
		if g.Flags.Has(model.RST) {
			continue
		}
		forbid := c.e.Allows(c.after, g)
		if forbid.Empty() {
			if !g.Flags.Has(model.SYN) {
				observe.CountSent(c.e, c.after, c.e.Space.Add(g.Seq, g.SegLen()))
			}
			continue
		}
		if !opened(c.before, c.after) && c.e.Allows(c.before, g).Empty() {
			continue
		}
		p := c.problem(sends, "sends "+describe([]model.Segment{g}))
		p.forbids = forbid.Rules()[0]
		text := g
		text.Flags &^= model.FIN
		switch {
		case p.forbids != model.ForbidsBeyondWindow:
		case g.Flags.Has(model.FIN) && c.e.Allows(c.after, text).Empty():
			p.rule = model.FinSent // it is the FIN that has no room
		case c.ev.Kind == model.SegmentArrives && !refuses.Has(p.rule):
			p.rule = model.WindowFromSegment // whatever else it was, its window was taken
		}
		return p
	}
	return nil
}

// answers: SYN, RST and ACK that are due.
func (c *comparison) answers() *problem {
	for _, due := range c.out.Sent() {
		if c.answered(due) {
			continue
		}
		detail := "sends " + describe(c.seen.sent) + ", not " + describe([]model.Segment{due})
		if due.Flags.Has(model.ACK) && !due.Flags.Has(model.SYN) && !due.Flags.Has(model.RST) {
			due.Len, due.Flags = 0, model.ACK
			detail = "sends " + describe(c.seen.sent) + ", and no ACK of " + fmt.Sprint(c.after.RcvNxt)
		}
		return c.problem(silent, detail)
	}
	return nil
}

// answered tells whether the stack sent the segment, or what is as good: an ACK
// may come on any segment, and text and FIN may leave later.
func (c *comparison) answered(due model.Segment) bool {
	if due.SegLen() > 0 && !due.Flags.Has(model.SYN) && c.ev.Kind != model.SegmentArrives {
		return true // its ACK is nothing new
	}
	if due.SegLen() > 0 && !due.Flags.Has(model.SYN) && c.before.RcvNxt == c.after.RcvNxt {
		return true
	}
	for _, g := range c.seen.sent {
		switch {
		case due.Flags.Has(model.RST):
			if g.Flags.Has(model.RST) {
				return true
			}
		case due.Flags.Has(model.SYN):
			if g.Flags&(model.SYN|model.ACK) == due.Flags&(model.SYN|model.ACK) && g.Seq == due.Seq && g.Ack == due.Ack {
				return true
			}
		case g.Flags.Has(model.ACK) && !g.Flags.Has(model.RST) && g.Ack == due.Ack:
			return true
		}
	}
	return false
}

// delivered: the user gets what the model delivers.
func (c *comparison) delivered() *problem {
	if !c.seen.deliveredKnown {
		return nil
	}
	n := uint32(0)
	for _, d := range c.out.Delivered() {
		n += d.N
	}
	if c.seen.delivered == n {
		return nil
	}
	return c.problem(delivers, fmt.Sprintf("delivers %s, not %d", fmt.Sprint(c.seen.delivered, " octets"), n))
}

// unheard: the user hears of a failure. More may be told than the model tells.
func (c *comparison) unheard() *problem {
	if c.ev.Kind == model.Abort {
		return nil // the user knows
	}
	for _, s := range c.out.Signals() {
		if s.ReportsFailure() && c.seen.failedKnown && !c.seen.failed {
			return c.problem(unheard, fmt.Sprintf("does not tell its user %q", s))
		}
	}
	return nil
}

// keepsBack: what waits leaves if the window has room for all of it. A sender
// may hold back what is less (§3.8.6.2.1), and for congestion while something
// is outstanding.
func (c *comparison) keepsBack() *problem {
	t := c.after
	switch t.State {
	case model.Established, model.FinWait1, model.CloseWait, model.Closing:
	default:
		return nil
	}
	n := c.e.Outstanding(t)
	waits := t.Queued
	if t.CloseQueued {
		waits++
	}
	if waits == 0 || t.SndWnd < n+waits || c.congestion && n > 0 {
		return nil
	}
	if t.Queued > 0 {
		p := &problem{kind: holds, rule: model.TextSent, detail: fmt.Sprintf("keeps back %d octets", t.Queued)}
		if b := c.before; b.SndWnd < c.e.Outstanding(b)+b.Queued && fired(c.out, model.WindowFromSegment) {
			p.rule = model.WindowFromSegment // there was no room before
		}
		return p
	}
	return &problem{kind: holds, rule: model.FinSent, detail: "keeps the FIN back"}
}

// state: the stack says that it is where the model is.
func (c *comparison) state() *problem {
	if !c.seen.stateKnown || agrees(c.after, c.seen.state) {
		return nil
	}
	p := c.problem(state, fmt.Sprintf("is in %v, not in %v", c.seen.state, c.after.State))
	p.said, p.instead = c.seen.state, c.after.State
	return p
}

// agrees tells whether a stack at t may say that it is in s. A CLOSE whose FIN
// waits may count already, or not yet.
func agrees(t *model.TCB, s model.State) bool {
	if t.State == s {
		return true
	}
	if !t.CloseQueued {
		return false
	}
	switch t.State {
	case model.CloseWait:
		return s == model.LastAck
	case model.SynReceived:
		return s == model.FinWait1
	case model.FinWait1:
		return s == model.Established
	case model.Closing:
		return s == model.CloseWait
	}
	return false
}

func (c *comparison) problem(k kind, detail string) *problem {
	p := &problem{kind: k, rule: c.out.Deciding(model.ClosedDropsReset), in: c.before.State, detail: detail}
	if len(c.out.Rules()) == 0 && c.ev.Segment.Flags.Has(model.ACK) {
		p.rule = model.AckOld // an ACK of nothing new, which decides nothing
	}
	beyond := c.e.Space.Dist(c.before.SndNxt, c.ev.Segment.Ack) < 1<<31
	switch last := c.before.State == model.LastAck || c.before.State == model.TimeWait; {
	case p.rule == model.AckOutOfRange && beyond && !last:
		p.rule = model.AckBeyond // the part of the range that is not RFC 5961's
	case p.rule == model.AckBeyond && last:
		p.rule = model.AckOutOfRange // there §3.10.7.4 fifth has no such check of its own
	}
	if c.before.RcvNxt != c.after.RcvNxt && (k == silent || k == delivers) && fired(c.out, model.SequenceTrimmed) {
		p.rule = model.SequenceTrimmed // what straddles the edge of the window was not trimmed
	}
	if k == silent && fired(c.out, model.SequenceZeroWindow) {
		p.rule = model.SequenceZeroWindow // it is its ACK that is missing
	}
	if p.rule == model.SequenceUnacceptable {
		p.part = partOf(c.before, c.ev.Segment)
	}
	return p
}
