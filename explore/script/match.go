package script

import (
	"fmt"
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// objection is why a candidate is not what the script describes.
type objection struct {
	text  string       // what the model does, in words
	rules []model.Rule // by which; the first decides
	sends *model.Segment
	early bool // the script has it give up what is outstanding
}

func object(rules []model.Rule, format string, args ...any) *objection {
	return &objection{text: fmt.Sprintf(format, args...), rules: rules}
}

// objectDue objects that something else is due first.
func objectDue(d due, when string) *objection {
	g := d.segment
	o := object([]model.Rule{d.rule}, "%s %s", when, trace.FormatSegment(g))
	o.sends = &g
	return o
}

// expected is a segment that the script expects, as the candidate sees it.
type expected struct {
	segment model.Segment
	window  bool // the window is given, and another than before
	idle    bool // keep-alives were asked for
}

// send judges a segment that the script has the candidate send, and counts it
// as sent.
func (c *candidate) send(x expected, now time.Duration, line int) *objection {
	g := x.segment
	var o *objection
	switch {
	case g.Flags.Has(model.RST):
		o = c.sendReset(g)
	case g.Flags.Has(model.SYN):
		o = c.sendSyn(g)
	default:
		o = c.sendOther(x, now)
	}
	if o == nil {
		c.steps = &played{before: c.steps, line: line, sent: &g, after: c.t, state: c.state()}
	}
	return o
}

// sendReset: a RST is sent where the model sends one, with its number, and
// nowhere else (§3.5.2).
func (c *candidate) sendReset(g model.Segment) *objection {
	for i, d := range c.due {
		if d.kind != dueReset {
			if d.optional || d.kind == dueAck {
				continue
			}
			return objectDue(d, "first sends")
		}
		if !d.isReset(g) {
			return objectDue(d, "sends")
		}
		c.due = c.due[i+1:]
		return nil
	}
	return c.instead(model.ForbidsResetForm)
}

// isReset tells whether g is the reset that is due. One that ends a connection
// may have SEQ=SND.NXT and an ACK of what was received, as ABORT's has the
// first (see [model.Endpoint.Allows]).
func (d due) isReset(g model.Segment) bool {
	const bits = model.SYN | model.FIN | model.RST | model.ACK
	want := d.segment
	switch {
	case g.Len > 0:
		return false
	case g.Seq == want.Seq && g.Ack == want.Ack && g.Flags&bits == want.Flags&bits:
		return true
	case !d.abort || g.Seq != d.sndNxt || g.Flags&(model.SYN|model.FIN) != 0:
		return false
	}
	return !g.Flags.Has(model.ACK) || g.Ack == d.received
}

// instead objects to a segment that nothing asks for.
func (c *candidate) instead(forbids ...model.Rule) *objection {
	d, ok := c.next()
	if !ok {
		return object(append([]model.Rule{c.last}, forbids...), "sends nothing")
	}
	o := objectDue(d, "sends")
	o.rules = append(o.rules, forbids...)
	return o
}

// sendSyn: the SYN that is due, or one that was sent before.
func (c *candidate) sendSyn(g model.Segment) *objection {
	for i, d := range c.due {
		if d.kind == dueAck || d.optional || d.kind == dueAnswer && g.Ack == d.segment.Ack {
			continue
		}
		want := d.segment
		const bits = model.SYN | model.ACK | model.FIN | model.RST
		if d.kind != dueSyn || want.Seq != g.Seq || want.Ack != g.Ack || want.Len != g.Len || want.Flags&bits != g.Flags&bits {
			return objectDue(d, "sends")
		}
		c.due = append(c.due[:i:i], c.due[i+1:]...)
		c.noteSent(g)
		return nil
	}
	if forbid := c.e.Allows(&c.t, g); !forbid.Empty() {
		return c.instead(forbid.Rules()...)
	}
	if c.repeats(g) {
		return c.tooSoon()
	}
	c.noteSent(g)
	if g.Flags.Has(model.ACK) {
		if g.Ack != c.t.RcvNxt {
			return c.instead(model.ForbidsAckNotReceived)
		}
		c.acknowledged(g)
	}
	return nil
}

// sendOther: ACK, text, FIN.
func (c *candidate) sendOther(x expected, now time.Duration) *objection {
	g := x.segment
	for _, d := range c.due {
		if !d.optional && (d.kind == dueReset || d.kind == dueSyn || d.kind == dueText) {
			return objectDue(d, "first sends")
		}
	}
	forbid := c.e.Allows(&c.t, g)
	left := (!forbid.Empty() || g.Ack != c.highestAck()) && c.leftBefore(g)
	switch {
	case !forbid.Empty() && !left:
		return c.instead(forbid.Rules()...)
	case g.SegLen() > 0 && c.t.State.Synchronized() && space.Above(c.t.SndNxt, g.Seq, space.Add(c.t.SndNxt, c.t.Queued+1)):
		return c.instead(model.ForbidsSequenceNotOurs) // what lies before it has not been sent
	case g.Ack != c.highestAck() && !left:
		o := c.instead(model.ForbidsAckNotReceived)
		o.text += fmt.Sprintf(": its ACK is %d", c.highestAck())
		return o
	case c.repeats(g):
		return c.tooSoon()
	}
	if g.SegLen() == 0 {
		if o := c.sendAck(x); o != nil {
			return o
		}
	} else {
		if end := space.Add(g.Seq, g.SegLen()); c.t.State.Synchronized() && space.Dist(c.t.SndNxt, end) < 1<<31 {
			if end != c.t.SndNxt && c.e.Outstanding(&c.t) == 0 {
				c.since = now
			}
			observe.CountSent(&c.e, &c.t, end)
		}
		c.waiting = now
		c.noteSent(g)
	}
	c.acknowledged(g)
	return nil
}

// leftBefore tells whether g may have left earlier in this instant, with the
// ACK of then: nothing higher has been sent since.
func (c *candidate) leftBefore(g model.Segment) bool {
	return space.Within(c.ackLow, g.Ack, c.highestAck()) && slices.ContainsFunc(c.instant, func(t model.TCB) bool {
		return t.RcvNxt == g.Ack && c.e.Allows(&t, g).Empty()
	})
}

// maxMoment is how many ranges are remembered of a moment.
const maxMoment = 64

// span is numbers from first up to before end.
type span struct{ first, end model.Seq }

// noteSent takes note of the numbers that g occupies; see [candidate.repeats].
func (c *candidate) noteSent(g model.Segment) {
	n := span{g.Seq, space.Add(g.Seq, g.SegLen())}
	if last := len(c.moment) - 1; last >= 0 && c.moment[last].end == n.first {
		c.moment[last].end = n.end
		return
	}
	if len(c.moment) == maxMoment {
		c.moment = c.moment[1:]
	}
	c.moment = append(c.moment, n)
}

// repeats tells whether g has numbers that were sent at this very moment: no
// retransmission timeout is as short as that (RFC 6298 section 2), and since
// nothing has come there is no other reason to send them again.
func (c *candidate) repeats(g model.Segment) bool {
	return g.SegLen() > 0 && slices.ContainsFunc(c.moment, func(s span) bool {
		return space.InWindow(s.first, g.Seq, space.Dist(s.first, s.end)) || space.InWindow(g.Seq, s.first, g.SegLen())
	})
}

// highestAck is the highest ACK that it may send: RCV.NXT, or what it was in
// this instant if the connection is gone.
func (c *candidate) highestAck() model.Seq {
	if c.t.State > model.Listen {
		return c.t.RcvNxt
	}
	for i := len(c.instant) - 1; i >= 0; i-- {
		if c.instant[i].State > model.SynSent {
			return c.instant[i].RcvNxt
		}
	}
	return c.ackLow
}

// tooSoon objects to what repeats.
func (c *candidate) tooSoon() *objection {
	o := c.instead()
	o.text += ": it has sent these numbers at this moment, and nothing came"
	o.rules = append([]model.Rule{model.RetransmitFront}, o.rules...)
	return o
}

// sendAck: an ACK alone has a reason. One is due, or the window has changed, or
// it is a probe or a keep-alive.
func (c *candidate) sendAck(x expected) *objection {
	g, t := x.segment, &c.t
	below := g.Seq != t.SndNxt
	probes := (t.SndWnd == 0 || t.SndWnd < c.e.Outstanding(t)) && (t.Queued > 0 || t.CloseQueued || c.e.Outstanding(t) > 0)
	latest := g.Ack == c.highestAck()
	switch {
	case below && t.State >= model.SynReceived && !probes && !x.idle:
		return c.instead(model.ForbidsSequenceNotOurs)
	case latest && (probes || x.idle || x.window):
		return nil
	}
	for _, d := range c.due {
		if (d.kind == dueAck || d.kind == dueAnswer) && (latest || d.segment.Ack == g.Ack) {
			return nil
		}
	}
	for i, ack := range c.spare {
		if latest || ack == g.Ack {
			c.spare = slices.Delete(slices.Clone(c.spare), i, i+1)
			return nil
		}
	}
	return c.instead()
}

// acknowledged takes off what a segment with ACK pays: every ACK that may be
// delayed, and one that is sent at once.
func (c *candidate) acknowledged(g model.Segment) {
	c.ackLow = g.Ack
	pays := -1 // the place of the answer that it pays
	for i, d := range c.due {
		if d.kind == dueAnswer && c.covers(g, d) && (pays < 0 || c.due[pays].optional && !d.optional) {
			pays = i
		}
	}
	rest := c.due[:0:0]
	for i, d := range c.due {
		if i != pays && !(d.kind == dueAck && c.covers(g, d)) {
			rest = append(rest, d)
		}
	}
	c.due = rest
}

// covers tells whether g acknowledges what is due.
func (c *candidate) covers(g model.Segment, d due) bool {
	return space.Within(d.segment.Ack, g.Ack, c.highestAck())
}
