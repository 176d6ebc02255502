package script

import (
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

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
	c.last = out.Deciding(model.AckOld) // an ACK of nothing new, which decides nothing
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

// restarts tells whether TIME-WAIT begins anew.
func restarts(out *model.Output) bool {
	return slices.ContainsFunc(out.Rules(), func(r model.Rule) bool {
		return r == model.TimeWaitFinRestarts || r == model.FinInTimeWaitRestarts
	})
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
