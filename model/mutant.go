package model

import "fmt"

// Mutant is one deliberate bug, put around a [StepFunc] from outside: the code
// that follows the RFC knows nothing of it. Each is there to be caught, which
// shows that the properties say something.
//
// What a mutant leaves behind may be a TCB that [Endpoint.Validate] rejects;
// Step returns for those too.
type Mutant struct {
	Name    string // as the command line writes it
	Meaning string // what goes wrong, in plain words
	Section string // of RFC 9293: the paragraph that it breaks

	// NeedsIncarnations: nothing that one incarnation does, its time aside,
	// shows the bug.
	NeedsIncarnations bool

	// Decorate returns next with the bug. It allocates; a step does not.
	Decorate func(next StepFunc) StepFunc
}

// Mutants lists the mutants in the order of the sections. The slice is the
// caller's.
func Mutants() []Mutant { return append([]Mutant(nil), mutants...) }

// FindMutant returns the mutant of that name, or an error that lists the names.
func FindMutant(name string) (Mutant, error) {
	var names []string
	for _, m := range mutants {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return Mutant{}, fmt.Errorf("mutant %q is not known: want one of %q", name, names)
}

// The three forms of a bug. Values go to the functions by value, so that
// nothing escapes to the heap.

// before is a bug that sees another event, or another TCB, than it should.
func before(change func(e *Endpoint, t *TCB, ev Event) Event) func(StepFunc) StepFunc {
	return func(next StepFunc) StepFunc {
		return func(e *Endpoint, t *TCB, ev Event, out *Output) {
			next(e, t, change(e, t, ev), out)
		}
	}
}

// ignoring is a bug that does nothing where it should do something.
func ignoring(deaf func(t *TCB, ev Event) bool) func(StepFunc) StepFunc {
	return func(next StepFunc) StepFunc {
		return func(e *Endpoint, t *TCB, ev Event, out *Output) {
			if deaf(t, ev) {
				out.Reset()
				return
			}
			next(e, t, ev, out)
		}
	}
}

// after is a bug in what an event leads to; was is the TCB before it.
func after(change func(e *Endpoint, was TCB, ev Event, t *TCB, out *Output)) func(StepFunc) StepFunc {
	return func(next StepFunc) StepFunc {
		return func(e *Endpoint, t *TCB, ev Event, out *Output) {
			was := *t
			next(e, t, ev, out)
			change(e, was, ev, t, out)
		}
	}
}

// arrives tells whether the event is the arrival of a segment with all of set
// and none of clear.
func arrives(ev Event, set, clear Flags) bool {
	return ev.Kind == SegmentArrives && ev.Segment.Flags.Has(set) && ev.Segment.Flags&clear == 0
}

// fired tells whether one of the rules decided something.
func fired(out *Output, any ...Rule) bool {
	for _, x := range out.Rules() {
		for _, y := range any {
			if x == y {
				return true
			}
		}
	}
	return false
}

// dropSent takes back the segments sent for which drop holds.
func dropSent(out *Output, drop func(g Segment) bool) {
	kept := uint8(0)
	for _, g := range out.Sent() {
		if !drop(g) {
			out.sent[kept] = g
			kept++
		}
	}
	for i := kept; i < out.nSent; i++ {
		out.sent[i] = Segment{}
	}
	out.nSent = kept
}

// dropDelivered takes back the deliveries for which drop holds.
func dropDelivered(out *Output, drop func(d Delivery) bool) {
	kept := uint8(0)
	for _, d := range out.Delivered() {
		if !drop(d) {
			out.delivered[kept] = d
			kept++
		}
	}
	for i := kept; i < out.nDelivered; i++ {
		out.delivered[i] = Delivery{}
	}
	out.nDelivered = kept
}

// every, isReset and isSyn are for dropSent.
func every(Segment) bool     { return true }
func isReset(g Segment) bool { return g.Flags.Has(RST) }
func isSyn(g Segment) bool   { return g.Flags.Has(SYN) }

// acksInstead replaces the number that the segments sent acknowledge.
func acksInstead(out *Output, right, wrong Seq) {
	for i := range out.Sent() {
		if g := &out.sent[i]; g.Flags.Has(ACK) && !g.Flags.Has(RST) && g.Ack == right {
			g.Ack = wrong
		}
	}
}

// enters changes the state as Step would, seen in the path.
func enters(t *TCB, out *Output, s State) {
	t.State = s
	out.Enter(s)
}

// entersInstead is for the step that entered the state right as its last.
func entersInstead(t *TCB, out *Output, right, wrong State) {
	if t.State != right || out.nPath == 0 || out.path[out.nPath-1] != right {
		return
	}
	out.path[out.nPath-1] = wrong
	if t.State = wrong; wrong == Closed {
		*t = TCB{}
	}
}

// unqueue forgets the text that waits to be sent.
func unqueue(e *Endpoint, t *TCB) {
	t.Queued, t.PushQueued = 0, false
	if !e.Space.Within(t.SndUna, t.SndUp, t.SndNxt) {
		t.SndUp = t.SndUna
	}
}

// cutText takes text, and a FIN behind it, out of an event.
func cutText(ev Event) Event {
	if ev.Segment.Len > 0 {
		ev.Segment.Len = 0
		ev.Segment.Flags &^= FIN | PSH
	}
	return ev
}

// above tells whether the segment begins in the receive window, above RCV.NXT.
func above(e *Endpoint, t *TCB, g Segment) bool {
	return t.State.Synchronized() && g.Seq != t.RcvNxt && e.Space.InWindow(t.RcvNxt, g.Seq, t.RcvWnd)
}
