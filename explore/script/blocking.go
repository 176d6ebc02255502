package script

import (
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// waitingCall is a call that has not returned.
type waitingCall struct {
	call   *Call
	end    time.Duration
	judges func(c *candidate) *objection // its result
	ready  func(c *candidate) bool       // whether it returns; nil: not known
}

// returnBefore judges the calls that return before a time.
func (r *runner) returnBefore(when time.Duration) bool {
	for len(r.calls) > 0 {
		w := r.calls[0]
		if w.end >= when && when != endOfTime {
			return true
		}
		r.calls = r.calls[1:]
		if v := r.judge.advance(w.end); v != nil {
			return r.disagree(Pos{w.call.Pos.Line, 1}, r.line(w.call.Pos), v)
		}
		if !r.returns(w.call, w.judges) {
			return false
		}
	}
	return true
}

// late objects to calls that had to return before: time passes, and what they
// wait for is there.
func (r *runner) late(when time.Duration) bool {
	now := r.judge.now
	for _, w := range r.calls {
		if w.ready == nil || min(when, w.end) <= now+r.judge.tolerance {
			continue
		}
		v := r.judge.each(func(c *candidate) *objection {
			if w.ready(c) {
				return object([]model.Rule{c.last}, "lets %s return at %v, in %v", w.call.Name, now, c.t.State)
			}
			return nil
		})
		if v != nil {
			return r.disagree(Pos{w.call.Pos.Line, 1}, r.line(w.call.Pos), v)
		}
	}
	return true
}
