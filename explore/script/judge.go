package script

import (
	"fmt"
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// patience is how long an answer may wait: "the delay MUST be less than 0.5
// seconds" (MUST-59), which is taken for resets, text and FIN too.
const patience = 500 * time.Millisecond

// judge keeps the endpoints that the TCP under test may be. The first is the
// one that does most what the variant says.
type judge struct {
	list      []*candidate
	now       time.Duration
	instant   time.Duration // what happens within the tolerance from here is at the same time
	tolerance time.Duration
	timers    timers
	base      model.Behaviours
}

// timers are times that a user or an administrator sets; 0: not set.
type timers struct {
	finWait2    time.Duration // net.ipv4.tcp_fin_timeout
	msl         time.Duration // net.inet.tcp.msl
	userTimeout time.Duration // TCP_USER_TIMEOUT
}

// newJudge starts with a TCP that has no connection.
func newJudge(base model.Behaviours, kernel model.StepFunc) *judge {
	j := &judge{base: base, tolerance: 4 * time.Millisecond}
	for _, b := range readings(base) {
		e := model.Endpoint{
			Space: space, Window: defaultWindow, SlowReader: true, Retransmissions: model.Unlimited,
			MSL: 1, TimeWait: 2, Behaviours: b,
		}
		c := &candidate{facts: facts{e: e, closeUnread: b.CloseUnread}, kernel: kernel}
		c.e.Behaviours.CloseUnread = model.CloseKeepsReading // until the user closes
		j.list = append(j.list, c)
	}
	j.fork(func(c *candidate) *candidate {
		n := c.clone()
		n.deaf = true
		return n
	})
	j.fork(func(c *candidate) *candidate {
		n := c.clone()
		n.wide = true
		return n
	})
	return j
}

// defaultWindow is the receive window if the script tells none.
const defaultWindow = 1<<16 - 1

// readings are the behaviours that the RFC permits beside base, the first:
// what is above RCV.NXT is dropped or held (SHLD-31), TIME-WAIT reopens
// (MAY-2), a CLOSE with unread text resets (MAY-1, SHLD-3). Text and FIN behind
// the peer's FIN "should not occur" (§3.10.7.4 seventh): they may go unheard,
// see candidate.deaf.
func readings(base model.Behaviours) []model.Behaviours {
	list := []model.Behaviours{base}
	vary := func(set func(b *model.Behaviours)) {
		for _, b := range list {
			set(&b)
			list = append(list, b)
		}
	}
	vary(func(b *model.Behaviours) { b.OutOfOrder = (b.OutOfOrder + 2) % 3 })
	vary(func(b *model.Behaviours) { b.SynInTimeWait = 1 - b.SynInTimeWait })
	vary(func(b *model.Behaviours) { b.CloseUnread = 1 - b.CloseUnread })
	third := base
	third.OutOfOrder = (base.OutOfOrder + 1) % 3
	return append(list, third)
}

// each lets every candidate go on by what f does; those to which it objects
// are no longer possible. If none is left, nothing changes and the objection to
// the first is returned.
func (j *judge) each(f func(c *candidate) *objection) *verdict {
	var left []*candidate
	var first *verdict
	for _, c := range j.list {
		n := c.clone()
		if o := f(n); o != nil {
			if first == nil {
				if o.early && j.now-c.since > patience {
					o.text += fmt.Sprintf(": it gives up what is outstanding after %v at the earliest", j.patienceOf(&c.t))
					o.rules = append(o.rules, model.UserTimeoutAborts)
				}
				first = &verdict{candidate: c, objection: o}
			}
			first.overflows = first.overflows || n.overflows
			continue
		}
		if !slices.ContainsFunc(left, n.same) {
			left = append(left, n)
		}
	}
	if len(left) == 0 {
		return first
	}
	j.list = left
	return nil
}

// verdict is why no candidate is left.
type verdict struct {
	*objection
	candidate *candidate // the first of them, before
	overflows bool
}

// maxCandidates is how many endpoints the TCP under test may be. In practice
// they are from 1 to 30.
const maxCandidates = 512

// fork adds to each candidate what f makes of it, unless it is there already;
// nil adds nothing.
func (j *judge) fork(f func(c *candidate) *candidate) {
	list, seen := j.list, j.list[:0:0]
	var added []*candidate
	for _, c := range list {
		if n := f(c); n != nil {
			added = append(added, n)
		}
	}
	for _, c := range slices.Concat(list, added) {
		if !slices.ContainsFunc(seen, c.same) {
			seen = append(seen, c)
		}
	}
	j.list = seen
}

// advance lets time pass until now: what had to be sent meanwhile is overdue,
// and what ends by itself may have ended.
func (j *judge) advance(now time.Duration) *verdict {
	if now <= j.instant+j.tolerance {
		j.now = max(j.now, now)
		return nil
	}
	if v := j.each(func(c *candidate) *objection { return c.overdue(now - j.tolerance) }); v != nil {
		return v
	}
	j.now, j.instant = now, now
	j.fork(func(c *candidate) *candidate { return j.ended(c) })
	return j.each(func(c *candidate) *objection {
		c.ackLow = c.highestAck()
		c.instant, c.spare = nil, nil
		return j.mustEnd(c)
	})
}

// moves ends the moment: time passes, or something comes.
func (j *judge) moves() {
	for _, c := range j.list {
		c.moment = nil
	}
}

// overdue objects if something had to be sent until now.
func (c *candidate) overdue(now time.Duration) *objection {
	for _, d := range c.due {
		if !d.optional && d.kind != dueText && d.since+patience < now {
			o := objectDue(d, "sends")
			o.text += " before that"
			return o
		}
	}
	rest := c.due[:0:0]
	for _, d := range c.due {
		if !d.optional {
			rest = append(rest, d)
		}
	}
	c.due = rest
	if c.mayLeave(&c.t) && c.waiting+patience < now && !c.corked {
		d, _ := c.next()
		o := objectDue(d, "sends")
		o.text = "sends what waits before that"
		return o
	}
	return nil
}

// finish is the end of the script: a reset or SYN,ACK that answers a segment had
// to be mentioned. packetdrill looks at nothing behind the last line, so what a
// call there sends need not be, nor an ACK.
func (j *judge) finish() *verdict {
	return j.each(func(c *candidate) *objection {
		for _, d := range c.due {
			if !d.called && (d.kind == dueReset || d.kind == dueSyn) {
				return objectDue(d, "sends")
			}
		}
		return nil
	})
}

// unsaid is what the likeliest candidate has still to send.
func (j *judge) unsaid() (due, bool) { return j.list[0].next() }
