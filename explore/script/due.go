package script

import (
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

// due is a segment that the candidate has to send.
type due struct {
	segment  model.Segment
	kind     dueKind
	optional bool      // it may be left out
	called   bool      // a call is the reason, not a segment
	abort    bool      // it ends a connection, in which these were
	sndNxt   model.Seq // SND.NXT
	received model.Seq // and RCV.NXT
	since    time.Duration
	rule     model.Rule
}

type dueKind uint8

const (
	dueReset  dueKind = iota
	dueSyn            // SYN, SYN,ACK
	dueAnswer         // an ACK at once
	dueAck            // an ACK that may be delayed
	dueText           // text or FIN that was acknowledged, and that no line has mentioned
)

// maxDue is how many answers may be due at a time that can be left out.
const maxDue = 256

// collect takes note of what out sends: resets and SYNs as they are, and that
// an ACK is due. Text and FIN leave when they are seen.
func (c *candidate) collect(before *model.TCB, ev model.Event, out *model.Output, now time.Duration) {
	arrives := ev.Kind == model.SegmentArrives
	for _, g := range out.Sent() {
		d := due{segment: g, since: now, called: !arrives, rule: c.last, received: before.RcvNxt, sndNxt: before.SndNxt}
		switch {
		case g.Flags.Has(model.RST):
			d.kind = dueReset
			d.abort = before.State >= model.SynReceived && c.t.State <= model.Listen
		case g.Flags.Has(model.SYN):
			d.kind = dueSyn
		case g.SegLen() > 0 && (!arrives || before.RcvNxt == c.t.RcvNxt):
			continue // what it acknowledges is nothing new
		case before.State == model.SynSent:
			d.kind = dueAnswer
		case before.RcvNxt != c.t.RcvNxt:
			d.kind = dueAck
		default:
			d.kind = dueAnswer
			// RFC 5961 §7: challenge ACKs may be throttled; MAY-13: what is
			// above RCV.NXT may be answered.
			d.optional = c.challenged || slices.Contains(out.Rules(), model.AboveAcked)
			c.challenged = c.challenged || challenges.Has(c.last)
			if d.optional && len(c.due) >= maxDue {
				continue
			}
		}
		if d.kind == dueAnswer || d.kind == dueAck {
			d.segment = model.Segment{Seq: c.t.SndNxt, Ack: g.Ack, Flags: model.ACK}
		}
		c.due = append(c.due, d)
	}
	if !arrives || len(out.Sent()) > 0 || c.t.State < model.SynReceived {
		return
	}
	// §3.10.7.4 fifth, TIME-WAIT: "Acknowledge it", whatever it is.
	if ev.Segment.SegLen() > 0 || c.t.State == model.TimeWait && !ev.Segment.Flags.Has(model.RST) {
		c.mayAck()
	}
}

// challenges are the rules by which a challenge ACK is sent.
var challenges = model.RulesOf(model.ResetChallenged, model.SynChallengeAck, model.AckOutOfRange, model.SequenceUnacceptable)

// mayAck takes note that an ACK alone may be sent, and need not.
func (c *candidate) mayAck() {
	if len(c.spare) < maxDue {
		c.spare = append(c.spare, c.t.RcvNxt)
	}
}

// mayLeave tells whether text or a FIN waits that the window has room for and
// that nothing outstanding holds back.
func (c *candidate) mayLeave(t *model.TCB) bool {
	switch t.State {
	case model.Established, model.FinWait1, model.CloseWait, model.Closing:
	default:
		return false
	}
	waits := t.Queued
	if t.CloseQueued {
		waits++
	}
	return waits > 0 && c.e.Outstanding(t) == 0 && t.SndWnd >= waits
}

// next is what it has to send next; ok is false if it need not send anything.
func (c *candidate) next() (d due, ok bool) {
	for _, d := range c.due {
		if !d.optional {
			return d, true
		}
	}
	if !c.mayLeave(&c.t) {
		return due{}, false
	}
	d.rule = model.TextSent
	d.segment = model.Segment{Seq: c.t.SndNxt, Ack: c.t.RcvNxt, Len: c.t.Queued, Flags: model.ACK}
	if c.t.Queued == 0 {
		d.rule = model.FinSent
		d.segment.Flags |= model.FIN
	}
	return d, true
}

// unmentioned is the candidate if it had sent what waits and g acknowledges: a
// script need not mention what is sent before it expects another packet. It is
// nil if g acknowledges nothing of the kind.
func (c *candidate) unmentioned(g model.Segment) *candidate {
	t := &c.t
	waits := t.Queued
	if t.CloseQueued {
		waits++
	}
	n := space.Dist(t.SndNxt, g.Ack)
	if !g.Flags.Has(model.ACK) || g.Flags.Has(model.RST) || !t.State.Synchronized() || n == 0 || n > waits {
		return nil
	}
	m := c.clone()
	d := due{kind: dueText, called: true, since: m.waiting, rule: model.TextSent}
	d.segment = model.Segment{Seq: t.SndNxt, Ack: t.RcvNxt, Len: min(n, t.Queued), Flags: model.ACK}
	if n > t.Queued {
		d.segment.Flags |= model.FIN
	}
	m.due = append(m.due, d)
	observe.CountSent(&m.e, &m.t, g.Ack)
	return m
}
