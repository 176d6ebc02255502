package conform

import (
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// observed is what a stack did when something happened to it.
type observed struct {
	sent           []model.Segment
	state          model.State
	stateKnown     bool
	delivered      uint32
	deliveredKnown bool
	failed         bool // the user heard that the connection failed
	failedKnown    bool
	urgent         bool // the user heard of urgent data
	urgentKnown    bool
}

// suspect is one endpoint that the stack may be.
type suspect struct {
	t       model.TCB
	edge    model.Seq // right edge of the window that the stack has offered
	choices choices   // that it must have made
	fresh   bool      // no time has passed since something new left
	// age is how long TIME-WAIT has lasted since it began, or began anew by the
	// rule restart.
	age     time.Duration
	restart model.Rule
	unsure  bool // whether it began anew
	missed  bool // the last event brought urgent data of which the user did not hear
}

// judge keeps the endpoints that the stack may be.
type judge struct {
	suspects []suspect
	next     []suspect
	iss      model.Seq // that the next incarnation is read as
	out      model.Output
	e        model.Endpoint // of the reading that is tried
	tried    suspect        // what it makes of a suspect
	c        comparison     // of both
	closing  model.Output   // of a CLOSE that was not asked for

	unread     bool          // text waits for the user
	congestion bool          // see Subject
	timeWait   time.Duration // see Subject
}

func newJudge(s *Subject) *judge {
	return &judge{suspects: []suspect{{}}, iss: firstISS, congestion: s.Congestion, timeWait: s.TimeWait}
}

// endpoint is what the stack is compared with. The window is as large as one
// can be: that of the stack is learned from what it sends.
func endpoint(b model.Behaviours) model.Endpoint {
	return model.Endpoint{Space: model.Space32, Window: 1<<16 - 1, Retransmissions: model.Unlimited, MSL: 2, TimeWait: 4, Behaviours: b}
}

// tcb is the likeliest of the endpoints.
func (j *judge) tcb() *model.TCB { return &j.suspects[0].t }

// event tells what happened and what the stack did. The suspects become those
// that do it. If there is none, the problem is why, and nothing else changes;
// choice is what the stack was found to have chosen now.
func (j *judge) event(ev model.Event, seen *observed) (made choices, p *problem) {
	before := j.chosen()
	if ev.Kind == model.SegmentArrives {
		j.forgetShrinking()
	}
	j.next = j.next[:0]
	for _, list := range [2][]reading{lawful, chosen} {
		for i := range j.suspects {
			for k := range list {
				n, found := j.react(&j.suspects[i], &list[k], ev, seen)
				if found == nil {
					j.keep(n)
				} else if p == nil || list[k].explains(found, p) {
					p = found
				}
				if k == 0 && list[k].choice == 0 && j.plain(&j.suspects[i], ev) {
					break
				}
			}
		}
		if len(j.next) > 0 {
			break
		}
	}
	if len(j.next) == 0 {
		return 0, p
	}
	j.suspects, j.next = j.next, j.suspects
	if t := j.tcb(); t.ISS == j.iss && t.State > model.Listen {
		j.iss = model.Space32.Add(j.iss, issStep)
	}
	return j.chosen() &^ before, nil
}

// forgetShrinking: a stack that does not take a smaller window shows it before
// the next segment brings another, or that does not count.
func (j *judge) forgetShrinking() {
	if j.chosen()>>ignoresShrinking&1 == 1 {
		return
	}
	j.suspects = slices.DeleteFunc(j.suspects, func(s suspect) bool { return s.choices>>ignoresShrinking&1 == 1 })
}

// plain tells whether every reading within the RFC does the same.
func (j *judge) plain(s *suspect, ev model.Event) bool {
	switch ev.Kind {
	case model.SegmentArrives:
		if s.t.State < model.SynReceived {
			return !onSyn(ev.Segment)
		}
		g := ev.Segment
		if s.t.State >= model.CloseWait || s.t.NHeld > 0 || s.t.State != model.Established && g.Len > 0 {
			return false
		}
		return g.Seq == s.t.RcvNxt && g.SegLen() <= s.t.RcvWnd && g.Wnd >= s.t.SndWnd
	case model.Abort, model.UnreachableSoft, model.UnreachableHard:
		return false
	case model.Close:
		return !j.unread
	case model.Send:
		return s.t.State != model.Listen
	}
	return true
}

// torn tells whether the stack may be in one of several states: it has not told
// whether it gave up.
func (j *judge) torn() bool {
	for i := range j.suspects {
		if j.suspects[i].t.State != j.tcb().State {
			return true
		}
	}
	return false
}

// missed tells whether the user did not hear of urgent data (MUST-32).
func (j *judge) missed() bool {
	for i := range j.suspects {
		if !j.suspects[i].missed {
			return false
		}
	}
	return true
}

// chosen are the choices that every suspect has made.
func (j *judge) chosen() choices {
	all := ^choices(0)
	for i := range j.suspects {
		all &= j.suspects[i].choices
	}
	return all
}

// keep adds a suspect, unless one that explains as much is there.
func (j *judge) keep(n suspect) {
	for i := range j.next {
		x := &j.next[i]
		if x.t != n.t || x.edge != n.edge || x.fresh != n.fresh || x.age != n.age || x.restart != n.restart || x.unsure != n.unsure {
			continue
		}
		if x.choices&^n.choices != 0 && n.choices&^x.choices == 0 {
			x.choices = n.choices
		}
		return
	}
	j.next = append(j.next, n)
}

// explainsNothing is what a reading comes to that does not apply.
var explainsNothing = &problem{kind: nothing}

// react is one suspect under one reading: what it becomes, or why it is not
// the stack.
func (j *judge) react(s *suspect, r *reading, ev model.Event, seen *observed) (suspect, *problem) {
	j.e, j.tried = endpoint(r.behaviours), *s
	e, n := &j.e, &j.tried
	if r.choice != 1<<dropsAbove || s.t.NHeld == 0 { // a stack that holds one need not hold all
		n.choices |= r.choice
	}
	ev.ISS = j.iss
	if r.takes != r.asIf {
		if ev.Kind != r.takes || s.t.State.Synchronized() && r.asIf == model.UnreachableSoft || r.asIf == model.Abort && !j.unread {
			return *n, explainsNothing
		}
		ev.Kind = r.asIf
	}
	seg := ev.Segment
	if r.sees != nil {
		g, ok := r.sees(&n.t, ev.Segment)
		if ev.Kind != model.SegmentArrives || !ok {
			return *n, explainsNothing
		}
		ev.Segment = g
	}
	e.Step(&n.t, ev, &j.out)
	if r.shown != 0 && !fired(&j.out, r.shown) {
		return *n, &problem{kind: nothing, rule: j.out.Deciding(model.ClosedDropsReset)} // it is not the choice that explains this
	}
	if r.oldWindow {
		n.t.SndWnd, n.t.SndWl1, n.t.SndWl2 = s.t.SndWnd, s.t.SndWl1, s.t.SndWl2
		if ev.Segment.Seq == s.t.RcvNxt || n.t.State < model.Established || s.t.State < model.Established {
			return *n, explainsNothing
		}
	}
	if r.neverShrinks {
		if n.t.SndWnd >= s.t.SndWnd || n.t.SndUna != s.t.SndUna || s.t.State < model.Established ||
			ev.Segment.SegLen() > 0 && (s.t.State >= model.CloseWait || s.t.RcvWnd == 0) { // it may not be looked at at all
			return *n, explainsNothing
		}
		n.t.SndWnd = s.t.SndWnd
	}
	if r.closes {
		if n.t.State != model.CloseWait || s.t.State == model.CloseWait {
			return *n, explainsNothing
		}
		e.Step(&n.t, model.Event{Kind: model.Close}, &j.closing)
	}
	base := s.t.SndNxt
	if opened(&s.t, &n.t) {
		base = model.Space32.Add(n.t.ISS, 1)
	}
	observe.TakeBack(e, &n.t, base)
	j.c = comparison{e: e, before: &s.t, after: &n.t, out: &j.out, ev: ev, seen: seen, congestion: j.congestion}
	if p := j.c.compare(); p != nil {
		return *n, p
	}
	n.missed = seen.urgentKnown && !seen.urgent && slices.Contains(j.out.Signals(), model.UrgentData)
	n.fresh = s.fresh || n.t.SndNxt != s.t.SndNxt || n.t.SndUna != s.t.SndUna
	if n.t.State != s.t.State {
		n.age, n.restart, n.unsure = 0, 0, false
	}
	if r.sees != nil && n.t.State == model.TimeWait && seg.Flags.Has(model.FIN) {
		n.unsure = true // what is not looked at may still count
	}
	for _, x := range []model.Rule{model.TimeWaitFinRestarts, model.FinInTimeWaitRestarts} {
		if n.t.State == model.TimeWait && fired(&j.out, x) {
			n.age, n.restart, n.unsure = 0, x, false
		}
	}
	n.offer(seen.sent)
	return *n, nil
}

// opened tells whether an incarnation began.
func opened(before, after *model.TCB) bool {
	return after.SynPending && (!before.SynPending || before.ISS != after.ISS)
}

// offer takes note of the windows that the segments offer.
func (s *suspect) offer(sent []model.Segment) {
	t, space := &s.t, model.Space32
	if t.State < model.SynSent {
		s.edge = 0
		return
	}
	for _, g := range sent {
		switch {
		case g.Flags.Has(model.RST):
		case !g.Flags.Has(model.ACK):
			t.RcvWnd = g.Wnd // of a SYN; there is no RCV.NXT yet
			s.edge = 0
		default:
			if end := space.Add(g.Ack, g.Wnd); s.edge == 0 || space.Dist(s.edge, end) < 1<<30 {
				s.edge = end
			}
		}
	}
	if s.edge != 0 {
		t.RcvWnd = space.Dist(t.RcvNxt, s.edge)
		if t.RcvWnd > 1<<30 {
			t.RcvWnd = 0
		}
	}
}

// describe writes segments for a message.
func describe(list []model.Segment) string {
	if len(list) == 0 {
		return "nothing"
	}
	text := ""
	for i, g := range list {
		if i > 0 {
			text += " "
		}
		text += trace.FormatSegment(g)
	}
	return text
}
