package conform

import (
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

// wait tells that time has passed, and what the stack did meanwhile: repeated
// what is outstanding, probed, kept alive, given up, or ended TIME-WAIT.
func (j *judge) wait(d time.Duration, seen *observed) (made choices, p *problem) {
	before := j.chosen()
	j.next = j.next[:0]
	for i := range j.suspects {
		for _, end := range []func(*suspect, time.Duration) bool{j.stays, j.ends, j.returns} {
			n := j.suspects[i]
			if !end(&n, d) {
				continue
			}
			if found := n.waited(&j.suspects[i], d, seen); found == nil {
				j.keep(n)
			} else if p == nil {
				p = found
			}
		}
	}
	if len(j.next) == 0 {
		return 0, p
	}
	j.suspects, j.next = j.next, j.suspects
	return j.chosen() &^ before, nil
}

// stays: the connection is still there. TIME-WAIT does not last for ever, and
// no longer than is known of it.
func (j *judge) stays(s *suspect, d time.Duration) bool {
	s.age += d
	return s.t.State != model.TimeWait || d < longWait && (j.timeWait == 0 || s.unsure || s.age <= j.timeWait)
}

// ends: TIME-WAIT is over, or the stack gave up what nobody acknowledged. In
// FIN-WAIT-2 there is nothing to give up, but some stacks do.
func (j *judge) ends(s *suspect, d time.Duration) bool {
	e := endpoint(model.Behaviours{})
	switch {
	case s.t.State == model.TimeWait && j.timeWait > 0:
		if s.age+d < j.timeWait && !s.unsure {
			return false
		}
	case d < longWait:
		return false
	case s.t.State == model.FinWait2:
		s.choices |= 1 << endsFinWait2
	case s.t.State != model.TimeWait && e.Outstanding(&s.t) == 0:
		return false
	}
	s.t, s.age, s.restart, s.unsure = model.TCB{}, 0, 0, false
	return true
}

// returns: a listener that gave up a handshake still listens.
func (j *judge) returns(s *suspect, d time.Duration) bool {
	if d < longWait || s.t.State != model.SynReceived || !s.t.Passive {
		return false
	}
	s.t, s.edge = model.TCB{State: model.Listen}, 0
	return true
}

// waited judges what was sent meanwhile.
func (s *suspect) waited(before *suspect, d time.Duration, seen *observed) *problem {
	e := endpoint(model.Behaviours{})
	repeated, probed := false, false
	for _, g := range seen.sent {
		if g.Flags.Has(model.RST) {
			if s.t.State > model.Listen {
				return &problem{kind: resets, rule: model.AbortSendsReset, detail: "sends " + describe(seen.sent)}
			}
			continue
		}
		if forbid := e.Allows(&before.t, g); !forbid.Empty() {
			return &problem{kind: sends, rule: model.RetransmitFront, forbids: forbid.Rules()[0], detail: "sends " + describe([]model.Segment{g})}
		}
		observe.CountSent(&e, &s.t, e.Space.Add(g.Seq, g.SegLen()))
		repeated = repeated || g.SegLen() > 0
		probed = probed || e.Space.Dist(before.t.SndNxt, e.Space.Add(g.Seq, g.SegLen())) == 1
	}
	switch {
	case s.t.State <= model.Listen:
	case e.CanProbe(&before.t) && len(seen.sent) > 0 && !probed:
		s.choices |= 1 << probesOldOctet
	case !before.fresh || repeated:
	case e.Outstanding(&before.t) > 0:
		return &problem{kind: silent, rule: model.RetransmitFront, detail: "repeats nothing in " + d.String()}
	case e.CanProbe(&before.t):
		return &problem{kind: silent, rule: model.ProbeZeroWindow, detail: "sends no probe in " + d.String()}
	}
	s.fresh = false
	if seen.stateKnown && !agrees(&s.t, seen.state) {
		rule := model.TimeWaitEnds
		if before.restart != 0 && s.t.State == model.TimeWait {
			rule = before.restart
		}
		if before.t.State != model.TimeWait {
			rule = model.UserTimeoutAborts
		}
		return &problem{kind: state, rule: rule, in: before.t.State, said: seen.state, instead: s.t.State, detail: "is in " + seen.state.String() + ", not in " + s.t.State.String()}
	}
	return nil
}
