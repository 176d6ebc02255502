package trace

import "github.com/tcpcheck/tcpcheck/model"

// Side is one of the two endpoints.
type Side uint8

// The sides, as the RFC's figures name them.
const (
	A Side = iota
	B
)

// Other is the side at the far end.
func (s Side) Other() Side { return s ^ 1 }

// String is "A" or "B".
func (s Side) String() string { return string('A' + rune(s&1)) }

// Setup is what is given before the first step.
type Setup struct {
	Endpoints [2]model.Endpoint
	Start     [2]model.TCB
	// InFlight are segments already in the network at the start, such as old
	// duplicates; they take the first IDs, from 1, in order.
	InFlight []Flight
}

// Flight is a segment on its way to a side.
type Flight struct {
	ID      int // from 1, in the order of sending
	To      Side
	Segment model.Segment
	TTL     uint8 // ticks it may still live; 0 if time is not counted
}

// Kind is what sort of thing an [Action] is.
type Kind uint8

// The kinds of action.
const (
	Call      Kind = iota // an event at Side that is no segment: a user call, a timeout, CRASH …
	Deliver               // segment ID arrives at Side and leaves the network
	Duplicate             // segment ID arrives at Side, and a copy stays in the network
	Lose                  // segment ID is lost
	Tick                  // time passes: segments age and vanish, timers count down
	Attack                // an attacker's segment (Event.Segment) arrives at Side
)

// Action is one thing that happens.
type Action struct {
	Kind Kind
	Side Side // where: for Deliver, Duplicate and Lose the segment's destination
	ID   int  // the segment of Deliver, Duplicate, Lose
	// Event is the event of Call, or the Event.Segment of Attack. Deliver and
	// Attack use Event.ISS: the number a SYN would be answered with.
	Event model.Event
	// Dropped has bit i set if the i-th segment that the action makes its side
	// send (for Tick: A's first, then B's) is lost at once, the channel being full.
	Dropped uint8
}

// Step is one action and what came of it.
type Step struct {
	Action  Action
	Segment model.Segment   // that arrived or was lost
	Sent    []Flight        // what was sent, including what was dropped at once
	Dropped []int           // IDs among Sent that were lost at once
	Expired []int           // IDs that vanished of age
	Outputs [2]model.Output // of each side; zero where nothing happened
	After   [2]model.TCB
}

// Trace is a run with its results.
type Trace struct {
	Setup Setup
	Steps []Step
	Info  Info
}

// Info is what is said about a trace: where it comes from and what it shows.
type Info struct {
	Title    string // what happens in this run, in a sentence
	Scenario string // preset or file that it was found in
	// Source is the whole scenario as YAML, so that the trace can be replayed alone.
	Source   string
	Variant  string // or behaviours, as text
	Mutant   string
	Property string // ID of the property decided by it, if any
	Verdict  string // "violated", "reached", "deadlock", "lasso"
	States   uint64 // distinct states seen to find it; no shorter run exists if Shortest
	Shortest bool
	// CycleFrom is the index of the step at which a lasso's cycle begins; −1
	// if the trace is no lasso.
	CycleFrom int
	// Marked are indices of the steps that break the property.
	Marked []int
}
