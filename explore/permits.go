package explore

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Gaps is what never happened in a check though its scenario permits it: as far
// as its choices and budgets tell, which is not all there is to it. A gap is a
// question about the scenario, and not yet a fault.
type Gaps struct {
	Rules  []model.Rule
	States []model.State
	Pairs  []Pair // events that never came to a side in a state that was entered
}

// Pair is an event in a state.
type Pair struct {
	State model.State
	Event model.EventKind
}

// String is "ESTABLISHED: CLOSE".
func (p Pair) String() string { return p.State.String() + ": " + p.Event.String() }

// Union is what several checks saw and what their scenarios permit: a gap of
// one may be no gap of all.
type Union struct {
	Seen      Coverage // without endings and moves
	permitted struct {
		rules [model.NumRules]bool
		pairs [model.NumStates][model.NumEventKinds]bool
	}
}

// Add adds a report.
func (u *Union) Add(r *Report) {
	c := &r.Coverage
	for i, n := range c.Rules {
		u.Seen.Rules[i] += n
	}
	for s := range c.Pairs {
		for e, n := range c.Pairs[s] {
			u.Seen.Pairs[s][e] += n
			u.Seen.States[s] += n
			u.Seen.Events[e] += n
		}
	}
	u.Seen.Deliver += c.Deliver
	u.Seen.Repeat += c.Repeat
	u.Seen.Lose += c.Lose
	u.Seen.Tick += c.Tick
	for rule := range model.Rule(model.ForbidsFirst) {
		u.permitted.rules[rule] = u.permitted.rules[rule] || r.Scenario.Forbids(rule) == ""
	}
	for p := range r.Scenario.permittedPairs() {
		u.permitted.pairs[p.State][p.Event] = true
	}
}

// Gaps lists what none saw and one permits.
func (u *Union) Gaps() (g Gaps) {
	for r, ok := range u.permitted.rules {
		if ok && u.Seen.Rules[r] == 0 {
			g.Rules = append(g.Rules, model.Rule(r))
		}
	}
	for s := range model.State(model.NumStates) {
		if u.Seen.States[s] == 0 {
			if slices.Contains(u.permitted.pairs[s][:], true) {
				g.States = append(g.States, s)
			}
			continue
		}
		for e := range model.EventKind(model.NumEventKinds) {
			if u.permitted.pairs[s][e] && u.Seen.Pairs[s][e] == 0 {
				g.Pairs = append(g.Pairs, Pair{s, e})
			}
		}
	}
	return g
}

// Permits tells whether the pair can happen in one of the scenarios as far as
// they tell.
func (u *Union) Permits(p Pair) bool { return u.permitted.pairs[p.State][p.Event] }

// permittedPairs are the events that may come to a side in each state, asked of
// sides that are in that state and have all their budgets.
func (sc *Scenario) permittedPairs() map[Pair]bool {
	set := map[Pair]bool{}
	for at := trace.A; at <= trace.B; at++ {
		for s := range model.State(model.NumStates) {
			if sc.forbidsState(s) != "" {
				continue
			}
			set[Pair{s, model.SegmentArrives}] = true
			for _, t := range sc.specimens(at, s) {
				side := Side{TCB: t, Left: sc.Sides[at].Budget, Ghost: Ghost{Inc: 1, ISSes: 1}}
				if sc.MSL > 0 && sc.ages(&side) {
					set[Pair{s, model.Tick}] = true
				}
				for _, a := range sc.calls(at, &side, nil) {
					set[Pair{s, a.event}] = true
				}
			}
			if sc.MSL > 0 && sc.ticksIn(s) {
				set[Pair{s, model.Tick}] = true
			}
		}
	}
	return set
}

// specimens are TCBs of a side in a state that differ in what [Scenario.calls]
// looks at: whether something is outstanding, unread, or waits behind a window of
// zero, whether retransmissions are left, and whether the user has closed.
func (sc *Scenario) specimens(at trace.Side, s model.State) (list []model.TCB) {
	spec, peer := &sc.Sides[at], &sc.Sides[at.Other()]
	outstanding, unread, windows := []model.Seq{0}, []uint32{0}, []uint32{sc.Window}
	switch s {
	case model.SynSent, model.SynReceived, model.FinWait1, model.Closing, model.LastAck:
		outstanding = append(outstanding, 1)
	case model.Established, model.CloseWait:
		if spec.Budget.Octets > 0 {
			outstanding = append(outstanding, 1)
		}
	}
	if s.Synchronized() && spec.Slow && (peer.Budget.Octets > 0 || leftOver(sc, hasText)) {
		unread = append(unread, 1)
	}
	if spec.Budget.Octets > 0 && peer.Slow {
		windows = append(windows, 0)
	}
	for _, n := range outstanding {
		for _, u := range unread {
			for _, w := range windows {
				for _, retries := range []uint8{0, sc.Retransmissions} {
					t := model.TCB{State: s, Retries: retries, SndNxt: n, Unread: u, SndWnd: w}
					if w == 0 {
						t.Queued = 1
					}
					closing := t
					closing.CloseQueued = true
					list = append(list, t, closing)
				}
			}
		}
	}
	return list
}

// ticksIn tells whether a timer that counts ticks runs in the state.
func (sc *Scenario) ticksIn(s model.State) bool {
	switch s {
	case model.TimeWait:
		return true
	case model.FinWait2:
		return sc.Behaviours.FinWait2 == model.FinWait2Timeout
	case model.Closed, model.Listen:
		return sc.Behaviours.AfterCrash == model.CrashQuiets && crashes(sc) == ""
	}
	return false
}
