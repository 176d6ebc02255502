package explore

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/liveness"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Assumptions is a set of parts of the world that a liveness property takes to
// be fair. What is in none of them may happen or not, also never: what users
// ask for, loss, duplication, errors reported, crashes, and giving up (USER
// TIMEOUT).
type Assumptions uint8

// The assumptions.
const (
	// FairNetwork: a segment that is in the network again and again, or is sent
	// again and again and finds the channel full, arrives again and again. This
	// is said of each direction and each content (what [model.Segment] says, not
	// whose segment it is): strong fairness to the network as a whole would let
	// it bring one segment for ever and starve another. A full channel counts so
	// as loss, and fair: what does not fit is owed.
	FairNetwork Assumptions = 1 << iota
	// FairTimers: a RETRANSMISSION TIMEOUT, a ZERO-WINDOW PROBE or a keep-alive
	// that stays enabled at a side happens (weak fairness to each kind and side).
	FairTimers
	// FairClock: time passes, and TIME-WAIT TIMEOUT happens where time is not
	// counted (weak fairness).
	FairClock
	// FairReaders: a user that has text to read reads (weak fairness to each side).
	FairReaders
)

var assumptionNames = []string{"network", "timers", "clock", "readers"}

// AssumptionNames are the names of all assumptions.
func AssumptionNames() []string { return append([]string(nil), assumptionNames...) }

// ParseAssumptions reads names of assumptions.
func ParseAssumptions(names []string) (a Assumptions, err error) {
next:
	for _, name := range names {
		for i, n := range assumptionNames {
			if n == name {
				a |= 1 << i
				continue next
			}
		}
		return 0, fmt.Errorf("assumption %q: want one of %q", name, assumptionNames)
	}
	return a, nil
}

// Names are the names of those in the set, not nil.
func (a Assumptions) Names() []string {
	list := []string{}
	for i, n := range assumptionNames {
		if a>>i&1 == 1 {
			list = append(list, n)
		}
	}
	return list
}

// String lists the names.
func (a Assumptions) String() string {
	if a == 0 {
		return "nothing"
	}
	return strings.Join(a.Names(), ", ")
}

// deed is what fairness tells apart: steps of one deed have one label.
type deed struct {
	kind    actionKind
	side    trace.Side
	event   model.EventKind // of actCall
	segment model.Segment   // of actDeliver, which stands for actDuplicate too
}

// needs is the assumption under which a deed is fair, and how.
func (d deed) needs() (Assumptions, liveness.Fairness) {
	switch d.kind {
	case actDeliver:
		return FairNetwork, liveness.Strong
	case actTick:
		return FairClock, liveness.Weak
	case actCall:
		switch d.event {
		case model.RetransmissionTimeout, model.ZeroWindowProbe, model.KeepAliveTimeout:
			return FairTimers, liveness.Weak
		case model.TimeWaitTimeout:
			return FairClock, liveness.Weak
		case model.Receive:
			return FairReaders, liveness.Weak
		}
	}
	return 0, liveness.None
}

// fair is how labels are treated under the assumptions.
func (sp *space) fair(a Assumptions) liveness.Fair {
	return func(l liveness.Label) liveness.Fairness {
		if needs, f := sp.deeds.at(uint32(l)).needs(); a&needs != 0 {
			return f
		}
		return liveness.None
	}
}

// Label is part of [liveness.Labels]: the number of the step's deed.
func (w *worker) Label(s search.State, st search.Step) liveness.Label {
	a := unpackAction(uint32(st.Action))
	d := deed{kind: a.kind, side: a.side}
	if a.kind == actCall {
		d.event = a.event
	}
	if a.kind == actDeliver || a.kind == actDuplicate {
		p := w.sp.unpack(s)
		d.kind = actDeliver
		d.segment = w.sp.packets.at(w.sp.channel.at(p.net[a.side.Other()], int(a.slot))).Segment
	}
	return w.label(d)
}

// Owed is part of [liveness.Labels]: the deliveries of what finds the channel
// full.
func (w *worker) Owed(s search.State, st search.Step, dst []liveness.Label) []liveness.Label {
	a := unpackAction(uint32(st.Action))
	w.now = w.sp.unpack(s)
	packet := uint32(0)
	switch a.kind {
	case actCall:
	case actDeliver, actDuplicate:
		packet = w.sp.channel.at(w.now.net[a.side.Other()], int(a.slot))
		a.event = model.SegmentArrives
	case actAttack:
		packet = w.sp.forged[a.forged]
		a.event = model.SegmentArrives
	default:
		return dst
	}
	e := w.effect(a, packet)
	if e == nil {
		return dst
	}
	room := w.sp.sc.Capacity - w.sp.channel.len(w.now.net[a.side])
	for i, id := range e.sent[:e.nSent] {
		if i >= room {
			dst = append(dst, w.label(deed{kind: actDeliver, side: a.side.Other(), segment: w.sp.packets.at(id).Segment}))
		}
	}
	return dst
}

// label numbers a deed.
func (w *worker) label(d deed) liveness.Label {
	id, err := w.sp.deeds.number(d)
	if err != nil {
		w.err = err
	}
	return liveness.Label(id)
}
