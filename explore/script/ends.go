package script

import (
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// How long what ends by itself lasts, where nobody has set it. MSL is "an
// engineering choice", 2 minutes in the RFC, and down to 30 seconds in stacks.
const (
	shortestTimeWait = 60 * time.Second
	longestTimeWait  = 4 * time.Minute
	finWait2         = 60 * time.Second
	giveUp           = 100 * time.Second // R2 (SHLD-11)
	giveUpSyn        = 3 * time.Minute   // R2 of a SYN (MUST-23)
)

// ended is what c has become if it ended by itself since the last event: nil if
// it can't have.
func (j *judge) ended(c *candidate) *candidate {
	lasted := j.now - c.entered
	var kind model.EventKind
	switch t := &c.t; {
	case t.State == model.TimeWait:
		least := shortestTimeWait
		if j.timers.msl > 0 {
			least = 2 * j.timers.msl
		}
		if lasted+j.tolerance < least {
			return nil
		}
		kind = model.TimeWaitTimeout
	case t.State == model.FinWait2 && c.finWait2Ends():
		if lasted+j.tolerance < j.finWait2() {
			return nil
		}
		kind = model.TimeWaitTimeout
	case t.State > model.Listen && c.e.Outstanding(t) > 0 && j.now-c.since+j.tolerance >= j.patienceOf(t):
		kind = model.UserTimeout
	default:
		return nil
	}
	n := c.clone()
	n.step(model.Event{Kind: kind}, j.now, 0)
	return n
}

// finWait2Ends tells whether FIN-WAIT-2 ends by itself: stacks do that when no
// user has the connection any more.
func (c *candidate) finWait2Ends() bool {
	return c.closed && c.e.Behaviours.FinWait2 == model.FinWait2Timeout
}

func (j *judge) finWait2() time.Duration {
	if j.timers.finWait2 > 0 {
		return j.timers.finWait2
	}
	return finWait2
}

// patienceOf is how long it waits at least for what is outstanding.
func (j *judge) patienceOf(t *model.TCB) time.Duration {
	switch {
	case j.timers.userTimeout > 0:
		return j.timers.userTimeout
	case t.SynPending:
		return giveUpSyn
	}
	return giveUp
}

// mustEnd objects to what would have ended long ago.
func (j *judge) mustEnd(c *candidate) *objection {
	most := longestTimeWait
	if j.timers.msl > 0 {
		most = 2*j.timers.msl + time.Second
	}
	switch {
	case c.t.State == model.TimeWait && j.now-c.entered > most:
		return object([]model.Rule{model.TimeWaitEnds}, "has left TIME-WAIT")
	case c.t.State == model.FinWait2 && c.finWait2Ends() && j.now-c.entered > j.finWait2()+time.Second:
		return object([]model.Rule{model.FinWait2Ends}, "has left FIN-WAIT-2")
	}
	return nil
}
