package conform

import (
	"errors"
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// step is one event of a sequence, with real numbers, and what came of it.
type step struct {
	event   Event
	in      model.State // before the event
	before  model.TCB
	model   model.Event // for the model; unused for a Wait
	sent    []model.Segment
	choices choices // that it showed
	// aside is what is wrong though what the stack sends is right: the state that
	// it says it is in, and what its user does not hear.
	aside []*problem
}

// outcome is what came of a sequence.
type outcome struct {
	steps   []step
	at      place // where it ended, if nothing deviated
	problem *problem
	refused bool // the stack has no way to do the last event
	lied    bool // the stack said that it was in a wrong state
}

// player plays sequences of events on fresh connections of one subject.
type player struct {
	subject *Subject
	err     error // of New: nothing can be played
	every   int   // if positive, only each so many-th class is delivered
	steps   uint64
	runs    uint64

	stack  Stack
	judge  *judge
	offset uint32 // what is added to the stack's numbers
	seen   observed
	lies   bool // the stack said once that it was in another state
	paused bool // the user reads no more
}

// limits of what one event may cause.
const maxOutput = 64

// play plays the events. What was shown to deviate ends it.
func (p *player) play(events []Event) outcome {
	o := outcome{steps: make([]step, 0, len(events))}
	if !p.begin() {
		o.refused = true
		return o
	}
	defer p.end()
	for _, ev := range events {
		if !p.next(&o, ev) {
			return o
		}
	}
	o.at, o.lied = placeOf(p.judge.tcb()), p.lies
	return o
}

// playOn plays the events and then, if nothing deviated, of those after them
// what is possible. It returns what of these was played.
func (p *player) playOn(events, after []Event) (outcome, []Event) {
	o := outcome{steps: make([]step, 0, len(events)+len(after))}
	var played []Event
	if !p.begin() {
		o.refused = true
		return o, nil
	}
	defer p.end()
	for _, ev := range events {
		if !p.next(&o, ev) {
			return o, nil
		}
	}
	for _, ev := range after {
		if !ev.possible(placeOf(p.judge.tcb())) {
			continue
		}
		before := len(o.steps)
		on := p.next(&o, ev)
		if len(o.steps) > before {
			played = append(played, ev)
		}
		if !on {
			break
		}
	}
	return o, played
}

// begin makes a fresh connection, unless nothing more is to be played.
func (p *player) begin() bool {
	if p.err != nil {
		return false
	}
	p.runs++
	p.stack, p.err = p.subject.New()
	p.judge, p.offset, p.lies, p.paused = newJudge(p.subject), 0, false, false
	return p.err == nil
}

// end tells the stack that it is not used any more.
func (p *player) end() {
	if d, ok := p.stack.(Discarder); ok {
		d.Discard()
	}
}

// next plays one event and tells whether to go on.
func (p *player) next(o *outcome, ev Event) bool {
	p.steps++
	t := p.judge.tcb()
	st := step{event: ev, in: t.State, before: *t}
	if !ev.possible(placeOf(t)) {
		o.refused = true
		return false
	}
	if ev.Kind == Arrive || ev.Kind == Fill {
		if p.subject.Alone && t.State == model.Closed {
			o.refused = true
			return false
		}
		st.model = ev.modelEvent(ev.segment(t), p.judge.iss)
	} else if ev.Kind != Wait {
		st.model = ev.modelEvent(model.Segment{}, p.judge.iss)
	}
	if pr := p.drive(ev, st.model.Segment, t); pr != nil {
		if pr == unsupported {
			o.refused = true
			return false
		}
		st.sent = append(st.sent, p.seen.sent...)
		o.steps, o.problem = append(o.steps, st), pr
		var out model.Output
		e, after := endpoint(lawful[0].behaviours), *t
		if ev.Kind != Wait {
			e.Step(&after, st.model, &out)
			pr.rule = out.Deciding(model.ClosedDropsReset)
		}
		return false
	}
	st.sent = append(st.sent, p.seen.sent...)
	lied := p.lies
	if lied {
		p.seen.stateKnown = false
	}
	st.choices, o.problem = p.compare(st)
	if o.problem == nil && !lied && p.judge.missed() {
		st.aside = append(st.aside, &problem{
			kind: unheard, rule: model.UrgAdvances, in: st.in, detail: fmt.Sprintf("does not tell its user %q", model.UrgentData),
		})
	}
	if lied {
		// What follows from a wrong state is not told; only a panic is.
		if st.choices, o.refused = 0, o.problem != nil; o.refused {
			o.problem = nil
			return false
		}
	}
	if pr := o.problem; pr != nil && pr.kind == state {
		// What it sends may still be right: go on without asking.
		p.lies, p.seen.stateKnown = true, false
		if st.choices, o.problem = p.compare(st); o.problem == nil {
			st.aside = append(st.aside, pr)
		} else {
			o.problem = pr
		}
	}
	o.steps = append(o.steps, st)
	o.repeats()
	if st.choices>>closeWaits&1 == 1 || ev.Kind == Wait && p.judge.torn() {
		o.refused = true
	}
	return o.problem == nil && !o.refused
}

// repeats takes note, if the last step deviates, that the step before it was
// the same at the same place, and did not: it is the repetition that counts.
func (o *outcome) repeats() {
	n := len(o.steps)
	if n < 2 {
		return
	}
	was, is := &o.steps[n-2], &o.steps[n-1]
	if is.event.Kind != Arrive || was.event != is.event || was.before != is.before || len(was.aside) > 0 {
		return
	}
	for _, p := range append(is.aside, o.problem) {
		if p != nil {
			p.again = true
		}
	}
}

// compare judges what was observed.
func (p *player) compare(st step) (choices, *problem) {
	if st.event.Kind == Wait {
		return p.judge.wait(st.event.Wait, &p.seen)
	}
	return p.judge.event(st.model, &p.seen)
}

var unsupported = &problem{}

// drive lets the event happen to the stack and observes it. It returns a
// problem if the stack panics or never stops sending.
func (p *player) drive(ev Event, g model.Segment, t *model.TCB) (pr *problem) {
	p.seen = observed{sent: p.seen.sent[:0]}
	defer func() {
		if x := recover(); x != nil {
			pr = &problem{kind: panics, in: t.State, detail: fmt.Sprintf("panics: %v", x)}
		}
	}()
	var err error
	switch ev.Kind {
	case OpenPassive, OpenActive:
		err = p.stack.Open(ev.Kind == OpenPassive)
	case Send:
		err = p.stack.Send(ev.N)
	case Close:
		err = p.stack.Close()
	case Abort:
		err = p.stack.Abort()
	case Wait:
		err = p.stack.Advance(ev.Wait)
	case SoftError, HardError:
		err = ErrUnsupported
		if s, ok := p.stack.(Unreacher); ok {
			err = s.Unreachable(ev.Kind == HardError)
		}
	case Fill:
		err = ErrUnsupported
		if s, ok := p.stack.(Pauser); ok && s.Pause() == nil {
			p.paused, p.judge.unread = true, true
			g.Ack = model.Space32.Sub(g.Ack, p.offset)
			err = p.stack.Deliver(g)
		}
	case Arrive:
		if g.Flags.Has(model.ACK) {
			g.Ack = model.Space32.Sub(g.Ack, p.offset)
		}
		err = p.stack.Deliver(g)
	}
	if errors.Is(err, ErrUnsupported) {
		return unsupported
	}
	return p.observe(t)
}

// observe collects what the stack sent, in the numbers of the model.
func (p *player) observe(t *model.TCB) *problem {
	sent, err := p.stack.Output()
	if errors.Is(err, ErrUnsupported) {
		return unsupported
	}
	for _, g := range sent {
		if g.Flags&(model.SYN|model.RST) != model.SYN {
			continue
		}
		switch {
		case t.State <= model.Listen:
			p.offset = model.Space32.Dist(g.Seq, p.judge.iss)
		case t.State == model.TimeWait: // it is opened again, see model.SynReopens
			p.offset = model.Space32.Dist(g.Seq, model.Space32.Add(t.SndNxt, 1))
		}
	}
	for _, g := range sent {
		if !g.Flags.Has(model.RST) || !g.Flags.Has(model.ACK) || g.Seq != 0 {
			g.Seq = model.Space32.Add(g.Seq, p.offset)
		}
		if !g.Flags.Has(model.ACK) {
			g.Ack = 0
		}
		p.seen.sent = append(p.seen.sent, g)
	}
	if err != nil || len(sent) > maxOutput {
		return &problem{kind: endless, detail: fmt.Sprintf("does not stop sending: %d segments", len(sent))}
	}
	if s, ok := p.stack.(Stater); ok {
		p.seen.state, p.seen.stateKnown = s.State()
	}
	if s, ok := p.stack.(Failer); ok {
		p.seen.failed, p.seen.failedKnown = s.Failed(), true
	}
	if s, ok := p.stack.(Urger); ok {
		p.seen.urgent, p.seen.urgentKnown = s.Urgent(), true
	}
	if s, ok := p.stack.(Deliverer); ok && !p.paused {
		p.seen.delivered, p.seen.deliveredKnown = s.Delivered(), true
	}
	return nil
}
