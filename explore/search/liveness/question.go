package liveness

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Kind is what is asked of a graph.
type Kind uint8

// The kinds. P and Q are states whose marks have a bit of [Question] From and
// Goal.
const (
	Eventually       Kind = iota // every fair run comes to Q
	LeadsTo                      // on every fair run, after each P comes Q, or P is a Q itself
	AlwaysEventually             // every fair run comes to Q again and again, or rests in a Q
	Possibly                     // from every state some run comes to Q; fairness is not asked
	NoDeadlock                   // every state without a step is a Q
	Feasible                     // from every state some fair run goes on
	NoLivelock                   // no fair run takes, from some state on, only steps with a mark of Steps
)

// String names the kind.
func (k Kind) String() string {
	return [...]string{"eventually", "leads to", "always eventually", "possibly", "no deadlock", "feasible", "no livelock"}[k]
}

// Question is what is asked of a graph.
type Question struct {
	Kind  Kind
	From  search.Marks // P, of LeadsTo
	Goal  search.Marks // Q, of all but Feasible and NoLivelock
	Steps search.Marks // of NoLivelock: "only such steps"
	Fair  Fair         // nil: [Unfair]
}

// Lasso is a run that answers no. It passes the states of Trace, each with the
// action taken there; the last has none.
type Lasso struct {
	Trace []search.TraceStep
	// Cycle is the index of the state at which the cycle begins; it is the
	// last state too. −1: the run rests in the last state, or no matter what
	// follows (Possibly, Feasible).
	Cycle int
}

// Check answers the question: nil if the answer is yes, else a run that shows
// it is no. An error means that the model contradicts itself, or this package.
func (g *Graph) Check(q Question) (*Lasso, error) {
	if q.Fair == nil {
		q.Fair = Unfair
	}
	var l *Lasso
	switch q.Kind {
	case Possibly:
		l = g.cutOff(func(s uint32) bool { return g.goal(s, q.Goal) })
	case Feasible:
		l = g.cutOff(g.fairFrom(q.Fair))
	case NoDeadlock:
		l = g.stuck(q.Goal)
	default:
		l = g.lasso(q)
	}
	if l == nil {
		return nil, nil
	}
	if err := Verify(g.model, q, l); err != nil {
		return nil, fmt.Errorf("the run that breaks %q is none: %w", q.Kind, err)
	}
	return l, nil
}

// goal tells whether a state is a Q.
func (g *Graph) goal(s uint32, q search.Marks) bool { return g.marks[s]&q != 0 }

// stuck is a shortest run to a state without steps that is no Q.
func (g *Graph) stuck(goal search.Marks) *Lasso {
	for s := range uint32(len(g.states)) {
		if g.deadlock(s) && !g.goal(s, goal) {
			return g.run(s)
		}
	}
	return nil
}

// fairFrom tells of some states that a fair run goes on from them: of those on
// fair cycles and of those where a run may rest.
func (g *Graph) fairFrom(fair Fair) func(s uint32) bool {
	r := newRegion(g, fair)
	all := make([]uint32, len(g.states))
	for s := range all {
		all[s] = uint32(s)
	}
	some := make(bitset, len(all)/64+1)
	for _, c := range r.fairComponents(all) {
		for _, s := range c {
			some.set(s)
		}
	}
	return func(s uint32) bool { return some.has(s) || r.rests(s) }
}

// cutOff is a shortest run to a state from which no goal can be reached: the
// states from which one can are found backwards.
func (g *Graph) cutOff(goal func(s uint32) bool) *Lasso {
	n := uint32(len(g.states))
	back := g.backwards()
	can := make(bitset, n/64+1)
	var queue []uint32
	for s := range n {
		if goal(s) {
			can.set(s)
			queue = append(queue, s)
		}
	}
	for len(queue) > 0 {
		s := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, p := range back.into(s) {
			if !can.has(p) {
				can.set(p)
				queue = append(queue, p)
			}
		}
	}
	for s := range n {
		if !can.has(s) {
			return g.run(s)
		}
	}
	return nil
}

// run is a shortest run to a state.
func (g *Graph) run(to uint32) *Lasso {
	w := g.walk(walkAll)
	return &Lasso{Trace: w.trace(w.path(to, false)), Cycle: -1}
}

// reversed is the steps of a graph, backwards: for each state, from which ones
// it is reached.
type reversed struct {
	first []uint32
	from  []uint32
}

func (g *Graph) backwards() reversed {
	n := len(g.states)
	b := reversed{first: make([]uint32, n+1), from: make([]uint32, len(g.steps))}
	for _, st := range g.steps {
		b.first[st.to+1]++
	}
	for i := range n {
		b.first[i+1] += b.first[i]
	}
	place := make([]uint32, n)
	copy(place, b.first)
	for s := range uint32(n) {
		begin, end := g.from(s)
		for e := begin; e < end; e++ {
			to := g.steps[e].to
			b.from[place[to]] = s
			place[to]++
		}
	}
	return b
}

func (b *reversed) into(s uint32) []uint32 { return b.from[b.first[s]:b.first[s+1]] }
