package script

import (
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

var space = model.Space32

// candidate is one endpoint that the TCP under test may be. Candidates that
// differ in their past alone are the same.
type candidate struct {
	facts
	due     []due       // what it has to send, in order, but text and FIN
	spare   []model.Seq // pure ACKs that it may send and need not, by RCV.NXT when they could be sent
	instant []model.TCB // what it was before, in this instant
	moment  []span      // the numbers that it has sent since time passed or something came
	last    model.Rule  // that decided last
	steps   *played     // what happened to it, the last first
	kernel  model.StepFunc
}

// facts are what can be compared of a candidate.
type facts struct {
	e model.Endpoint
	t model.TCB // SND.NXT is as far as the script has seen it send

	ackLow  model.Seq     // the lowest ACK that it may still send: RCV.NXT when this instant began
	waiting time.Duration // since when text or a FIN could leave; see mayLeave
	since   time.Duration // since when something is outstanding
	entered time.Duration // when the state was entered

	gen         int    // incarnations that it has begun
	established bool   // this one was ESTABLISHED
	closed      bool   // the user has closed it, and reads no more
	accepted    bool   // the user has it
	listening   bool   // a user listens: what has no connection is in LISTEN
	corked      bool   // the user asked to hold text back
	inbox       uint32 // octets received and not read
	eof         bool   // the peer's FIN was received
	challenged  bool   // it has sent a challenge ACK
	closeUnread model.CloseUnread
	deaf        bool    // after the peer's FIN it looks at no text and no other FIN
	wide        bool    // RCV.WND is wider than what can be told of it
	kept        uint32  // RCV.WND before a packet told a smaller one; see keepsEdge
	failed      failure // why the connection is gone, until the user is told
	broken      failure // the same, for ever
	pipe        bool    // it was reset in CLOSE-WAIT, of which Linux tells by EPIPE
	soft        bool    // a soft error was reported, which a user may be told (SHLD-25)
	overflows   bool    // more segments above RCV.NXT than the model holds
}

// failure is why a connection ended, as users hear of it.
type failure uint8

const (
	noFailure failure = iota
	refused
	reset
	timedOut
	unreachable
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

// played is something that happened, for the ladder.
type played struct {
	before *played
	line   int
	event  model.Event
	sent   *model.Segment // a segment that the script has it send
	after  model.TCB
	state  model.State // of the connection: where it ends CLOSED, also if a user listens
	rules  []model.Rule
}

// clone is a copy that shares nothing that changes.
func (c *candidate) clone() *candidate {
	n := *c
	n.due = slices.Clone(c.due)
	n.spare = slices.Clone(c.spare)
	n.instant = slices.Clone(c.instant)
	n.moment = slices.Clone(c.moment)
	return &n
}

// same tells whether two candidates will do the same for ever.
func (c *candidate) same(o *candidate) bool {
	return c.facts == o.facts && slices.Equal(c.due, o.due) && slices.Equal(c.spare, o.spare) &&
		slices.Equal(c.instant, o.instant) && slices.Equal(c.moment, o.moment)
}

// step lets an event happen, at a time and in a line of the script, and takes
// note of what is due after it.
func (c *candidate) step(ev model.Event, now time.Duration, line int) model.Output {
	before := c.t
	var out model.Output
	heard := ev
	if c.deaf && c.t.State >= model.CloseWait && space.InWindow(c.t.RcvNxt, ev.Segment.Seq, c.t.RcvWnd) {
		heard.Segment.Len, heard.Segment.Flags = 0, ev.Segment.Flags&^model.FIN
	}
	c.noteOverflow(heard)
	c.kernel(&c.e, &c.t, heard, &out)
	if c.t.Reopened && !before.Reopened {
		c.reopen(before, heard, &out)
	}
	opened := c.t.SynPending && (!before.SynPending || before.ISS != c.t.ISS)
	base := before.SndNxt
	if opened {
		base = space.Add(c.t.ISS, 1)
		c.begin()
	}
	if before.State != model.Closed && before.State != model.Listen || opened {
		observe.TakeBack(&c.e, &c.t, base)
	}
	c.joinHeld()
	state := c.t.State
	c.rest()
	if before.State == model.Listen {
		state = c.t.State
	}
	if c.t.State != before.State || restarts(&out) {
		c.entered = now
		c.established = c.established || c.t.State == model.Established || slices.Contains(out.Path(), model.Established)
	}
	c.last = deciding(&out)
	c.collect(&before, ev, &out, now)
	c.hear(&before, ev, &out)
	c.remember(before)
	if c.e.Outstanding(&before) == 0 || c.t.SndUna != before.SndUna {
		c.since = now
	}
	if !c.mayLeave(&before) || c.t.SndUna != before.SndUna {
		c.waiting = now
	}
	c.settle()
	c.steps = &played{before: c.steps, line: line, event: ev, after: c.t, state: state, rules: out.Rules()}
	return out
}

// reopen lets a SYN reopen TIME-WAIT again, with the ISS of the script: any that
// is "larger than the largest sequence number it used" will do (MAY-2), and the
// model takes the second.
func (c *candidate) reopen(before model.TCB, ev model.Event, out *model.Output) {
	if space.Dist(before.SndNxt, ev.ISS) >= 1<<31 {
		return
	}
	c.t, *out = before, model.Output{}
	c.t.SndNxt = space.Sub(ev.ISS, 1)
	c.t.SndUna = c.t.SndNxt
	c.kernel(&c.e, &c.t, ev, out)
	c.t.OldSndNxt = before.SndNxt
}

// state is that of the connection that happened to it last.
func (c *candidate) state() model.State {
	if c.t.State == model.Listen && c.steps != nil {
		return c.steps.state
	}
	return c.t.State
}

// settle forgets since when what waits no more has waited.
func (c *candidate) settle() {
	if c.t.State <= model.Listen {
		c.entered = 0
	}
	if c.t.State <= model.Listen || c.e.Outstanding(&c.t) == 0 {
		c.since = 0
	}
	if !c.mayLeave(&c.t) {
		c.waiting = 0
	}
}

// maxInstant is how many TCBs of an instant are remembered.
const maxInstant = 100

// remember keeps a TCB of this instant.
func (c *candidate) remember(t model.TCB) {
	if slices.Contains(c.instant, t) {
		return
	}
	if len(c.instant) == maxInstant {
		c.instant = c.instant[1:]
	}
	c.instant = append(c.instant, t)
}

// restarts tells whether TIME-WAIT begins anew.
func restarts(out *model.Output) bool {
	return slices.ContainsFunc(out.Rules(), func(r model.Rule) bool {
		return r == model.TimeWaitFinRestarts || r == model.FinInTimeWaitRestarts
	})
}

// rest is where it is without a connection: LISTEN if a user listens.
func (c *candidate) rest() {
	switch {
	case c.t.State == model.Closed && c.listening:
		c.t = model.TCB{State: model.Listen}
	case c.t.State == model.Listen && !c.listening:
		c.t = model.TCB{}
	}
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

// begin is a new incarnation.
func (c *candidate) begin() {
	c.gen++
	c.established, c.closed, c.accepted, c.eof, c.challenged = false, false, false, false, false
	c.inbox, c.failed, c.broken, c.pipe, c.soft, c.spare = 0, noFailure, noFailure, false, false, nil
	c.e.Behaviours.CloseUnread = model.CloseKeepsReading
	if c.t.State != model.SynSent {
		c.ackLow = c.t.RcvNxt
	}
	c.instant = nil
}

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

// mayAck takes note that an ACK alone may be sent, and need not.
func (c *candidate) mayAck() {
	if len(c.spare) < maxDue {
		c.spare = append(c.spare, c.t.RcvNxt)
	}
}

// hear takes note of what the user is told and given.
func (c *candidate) hear(before *model.TCB, ev model.Event, out *model.Output) {
	for _, d := range out.Delivered() {
		c.inbox += d.N
	}
	for _, g := range out.Signals() {
		switch {
		case g == model.ConnectionClosing:
			c.eof = true
		case g == model.ConnectionRefused, g == model.ConnectionReset && before.State == model.SynSent && ev.Kind == model.SegmentArrives:
			c.failed = refused
		case g == model.ConnectionReset && ev.Kind == model.SegmentArrives:
			c.failed, c.pipe = reset, before.State == model.CloseWait
		case g == model.ErrUserTimeout:
			c.failed = timedOut
		case g == model.HardError:
			c.failed = unreachable
		case g == model.SoftError:
			c.soft = true
		}
	}
	if c.failed != noFailure {
		c.broken = c.failed
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

// noteOverflow takes note of a segment above RCV.NXT that the model does not
// hold for want of room.
func (c *candidate) noteOverflow(ev model.Event) {
	above := ev.Kind == model.SegmentArrives && ev.Segment.SegLen() > 0 && ev.Segment.Seq != c.t.RcvNxt
	if above && int(c.t.NHeld) == model.MaxHeld && c.e.Behaviours.OutOfOrder != model.OutOfOrderDropped {
		c.overflows = true
	}
}

// joinHeld joins segments that are held and touch, so that there is room for
// as many gaps as the model holds segments.
func (c *candidate) joinHeld() {
	t := &c.t
	for i := 0; i+1 < int(t.NHeld); {
		a, b := &t.Held[i], t.Held[i+1]
		same := a.Ack == b.Ack && a.Wnd == b.Wnd && (a.Flags^b.Flags)&model.ACK == 0
		end := space.Add(a.Seq, a.Len)
		if !same || a.Flags.Has(model.FIN) || a.Flags.Has(model.URG) || b.Flags.Has(model.URG) || !space.Within(a.Seq, b.Seq, end) {
			i++
			continue
		}
		if last := space.Add(b.Seq, b.Len); space.Dist(a.Seq, last) >= a.Len {
			a.Len = space.Dist(a.Seq, last)
			a.Flags |= b.Flags
		}
		copy(t.Held[i+1:], t.Held[i+2:])
		t.NHeld--
		t.Held[t.NHeld] = model.Segment{}
	}
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

// incidental rules do not say why a segment was answered as it was.
var incidental = ruleSet(
	model.SequenceTrimmed, model.AckAdvances, model.AckOld, model.WindowFromSegment, model.TextSent, model.FinSent,
	model.UrgAdvances, model.UrgIgnored, model.HeldProcessed, model.SynTextHeld,
)

// challenges are the rules by which a challenge ACK is sent.
var challenges = ruleSet(model.ResetChallenged, model.SynChallengeAck, model.AckOutOfRange, model.SequenceUnacceptable)

func ruleSet(list ...model.Rule) (set model.RuleSet) {
	for _, r := range list {
		set.Add(r)
	}
	return set
}

// deciding is the rule that decided: the last that is not incidental.
func deciding(out *model.Output) model.Rule {
	rules := out.Rules()
	for _, r := range slices.Backward(rules) {
		if !incidental.Has(r) {
			return r
		}
	}
	if len(rules) > 0 {
		return rules[len(rules)-1]
	}
	return model.AckOld // an ACK of nothing new, which decides nothing
}
