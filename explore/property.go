package explore

import (
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Kind is how a property is judged.
type Kind uint8

// The kinds.
const (
	StateProperty    Kind = iota // no state breaks it
	StepProperty                 // no step breaks it
	DeadlockProperty             // no state without a next one breaks it
	Reachable                    // some state or step shows it

	EventuallyProperty // every fair run comes to the goal
	LeadsToProperty    // on every fair run, after the premise comes the goal
	RecurrentProperty  // every fair run comes to the goal again and again
	PossiblyProperty   // from every state the goal can still be reached
	LivelockProperty   // no fair run takes, from some state on, only such steps
)

// String is the kind's name.
func (k Kind) String() string {
	return [...]string{"state", "step", "deadlock", "reachable",
		"eventually", "leads-to", "always-eventually", "possibly", "no-livelock"}[k]
}

// Property is a claim about every state or step of a scenario.
type Property struct {
	ID      string // stable, kebab-case
	Name    string
	Source  string // the RFC's sentence and its section
	Meaning string // in plain words
	Kind    Kind
	// NamesSide: exchanging A and B may change what the property says; it
	// switches the reduction by that symmetry off.
	NamesSide bool

	// State tells whether a state breaks the property, or for [Reachable]
	// shows it. For a [DeadlockProperty] it is asked of states that have no
	// next one. For a property of runs ([Kind.Live]) it is the goal.
	State func(v *View) bool
	// Step does the same for a step of one side. It must depend on the step
	// alone. For a [LivelockProperty] it tells whether a step may belong to one.
	Step func(st *Step) bool
	// From is the premise of a [LeadsToProperty], and Fair what a property of
	// runs takes to be fair.
	From func(v *View) bool
	Fair Assumptions
	// Title says what went wrong in a run, with its values; nil: Name serves.
	Title func(v *View, st *Step) string
}

// View is a state of the world, for properties to look at.
type View struct {
	Scenario *Scenario
	Sides    [2]*Side
	// Ending is set for a state that has no next one.
	Ending Ending

	flying func(s trace.Side, i int) *Packet
	n      [2]int
}

// Flying are the packets that side s sent and that are still on their way.
func (v *View) Flying(s trace.Side) []*Packet {
	list := make([]*Packet, v.n[s])
	for i := range list {
		list[i] = v.flying(s, i)
	}
	return list
}

// NumFlying is how many packets of side s are on their way.
func (v *View) NumFlying(s trace.Side) int { return v.n[s] }

// TimeMayPass tells whether nothing is outstanding for as long as it may.
func (v *View) TimeMayPass() bool {
	return !v.Scenario.overdue(v.Sides[0]) && !v.Scenario.overdue(v.Sides[1])
}

// Endpoint is the endpoint of a side.
func (v *View) Endpoint(s trace.Side) *model.Endpoint { return &v.Scenario.endpoints[s] }

// Synchronized tells whether each side accepted the SYN of the other's present
// incarnation.
func (v *View) Synchronized() bool {
	a, b := v.Sides[0], v.Sides[1]
	return a.TCB.State.Synchronized() && b.TCB.State.Synchronized() &&
		a.Ghost.PeerInc == b.Ghost.Inc && b.Ghost.PeerInc == a.Ghost.Inc
}

// Ending classifies a state that has no next one.
type Ending uint8

// The endings.
const (
	NotEnded Ending = iota
	// Ended well: both CLOSED or LISTEN with everything delivered or reported,
	// or both connected with each other and waiting for their users.
	EndedWell
	// EndedHalfOpen: one side holds a connection that the other knows nothing
	// of (RFC 9293 §3.5.1). It is found out when something is sent.
	EndedHalfOpen
	// EndedFull: something could still happen, but its segments do not fit the
	// channel and nothing may be lost: the scenario's capacity, not TCP.
	EndedFull
	// EndedLost: a side is CLOSED or in LISTEN, its text was not all delivered
	// and its user was not told.
	EndedLost
	// EndedOverdue: only time could go on, and what is outstanding would be so for
	// longer than the scenario allows: its assumption, not TCP's.
	EndedOverdue
	// EndedStuck: anything else.
	EndedStuck
)

// String names the ending.
func (e Ending) String() string {
	return [...]string{"not ended", "ended well", "half-open", "capacity", "text lost", "overdue", "stuck"}[e]
}

// ending classifies a state without a next one. suppressed is [EndedFull] or
// [EndedOverdue] if that kept something from happening.
func (v *View) ending(suppressed Ending) Ending {
	if suppressed != NotEnded {
		return suppressed
	}
	a, b := v.Sides[0], v.Sides[1]
	gone := func(s *Side) bool { return s.TCB.State <= model.Listen }
	waits := func(at trace.Side) bool { // for its user, with nothing owed
		t := &v.Sides[at].TCB
		switch t.State {
		case model.Established, model.FinWait2, model.CloseWait:
			return v.Endpoint(at).Outstanding(t) == 0 && t.Queued == 0 && !t.CloseQueued
		}
		return false
	}
	lost := func(s, peer *Side) bool {
		return gone(s) && s.Ghost.Flags&(Failed|Crashed) == 0 && s.Ghost.Sent > 0 &&
			(peer.Ghost.PeerInc != s.Ghost.Inc || peer.Ghost.Delivered < s.Ghost.Sent) &&
			!peer.Ghost.Flags.Has(Crashed)
	}
	switch {
	case lost(a, b) || lost(b, a):
		return EndedLost
	case gone(a) && gone(b):
		return EndedWell
	case waits(trace.A) && waits(trace.B) && v.Synchronized():
		return EndedWell
	case waits(trace.A) && (gone(b) || waits(trace.B)), waits(trace.B) && gone(a):
		return EndedHalfOpen
	}
	return EndedStuck
}
