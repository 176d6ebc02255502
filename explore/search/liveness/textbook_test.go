package liveness_test

import (
	"cmp"
	"context"
	"fmt"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/liveness"
)

// protocol is a textbook model over arrays of small numbers.
type protocol struct {
	init  [8]int8
	next  func(v [8]int8, emit func([8]int8, search.Action))
	marks func(v [8]int8) search.Marks
}

func (p protocol) Init() [][8]int8 { return [][8]int8{p.init} }

func (p protocol) Next(v [8]int8, emit func([8]int8, search.Action, search.Marks)) {
	p.next(v, func(to [8]int8, a search.Action) { emit(to, a, 0) })
}

func (p protocol) Check(v [8]int8, _ bool) search.Marks { return p.marks(v) }

func (p protocol) Compare(a, b [8]int8) int {
	for i := range a {
		if c := cmp.Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

// asks is a question with its known answer.
type asks struct {
	kind       liveness.Kind
	from, goal search.Marks
	fair       liveness.Fair
	holds      bool
}

func (p protocol) answers(t *testing.T, list map[string]asks) {
	t.Helper()
	g, err := liveness.Build(context.Background(), search.Of(p), liveness.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range list {
		l, err := g.Check(liveness.Question{Kind: a.kind, From: a.from, Goal: a.goal, Fair: a.fair})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if (l == nil) != a.holds {
			t.Errorf("%s: the answer is %v, want %v", name, l == nil, a.holds)
		}
	}
}

func all(f liveness.Fairness) liveness.Fair {
	return func(liveness.Label) liveness.Fairness { return f }
}

// philosophers sit at a round table; each takes a fork, the other one, eats and
// puts both down. If lefty, the first takes its forks in the other order.
// Place i is what philosopher i does: 0 thinks, 1 has a fork, 2 eats.
func philosophers(n int, lefty bool) protocol {
	forks := func(i int) (first, second int) {
		if lefty && i == 0 {
			return 1 % n, 0
		}
		return i, (i + 1) % n
	}
	holder := func(v [8]int8, fork int) bool {
		for i := range n {
			first, second := forks(i)
			if v[i] >= 1 && first == fork || v[i] == 2 && second == fork {
				return true
			}
		}
		return false
	}
	return protocol{
		next: func(v [8]int8, emit func([8]int8, search.Action)) {
			for i := range n {
				first, second := forks(i)
				to := v
				switch v[i] {
				case 0:
					if holder(v, first) {
						continue
					}
					to[i] = 1
				case 1:
					if holder(v, second) {
						continue
					}
					to[i] = 2
				case 2:
					to[i] = 0
				}
				emit(to, search.Action(3*i+int(v[i])))
			}
		},
		marks: func(v [8]int8) (m search.Marks) {
			for i := range n {
				if v[i] == 2 {
					m |= 1 << i
				}
			}
			return m
		},
	}
}

func TestDiningPhilosophers(t *testing.T) {
	philosophers(4, false).answers(t, map[string]asks{
		"each takes a fork: deadlock":     {kind: liveness.NoDeadlock},
		"and nobody can eat again":        {kind: liveness.Possibly, goal: 15},
		"so someone starves though fair":  {kind: liveness.AlwaysEventually, goal: 15, fair: all(liveness.Strong)},
		"somebody may never eat, of four": {kind: liveness.Eventually, goal: 15, fair: all(liveness.Strong)},
	})
	philosophers(4, true).answers(t, map[string]asks{
		"no deadlock with one lefty":                {kind: liveness.NoDeadlock, holds: true},
		"everybody can always still eat":            {kind: liveness.Possibly, goal: 4, holds: true},
		"weak fairness: somebody eats":              {kind: liveness.AlwaysEventually, goal: 15, fair: all(liveness.Weak), holds: true},
		"weak fairness: a neighbour may be quicker": {kind: liveness.AlwaysEventually, goal: 4, fair: all(liveness.Weak)},
		"strong fairness: the third eats":           {kind: liveness.AlwaysEventually, goal: 4, fair: all(liveness.Strong), holds: true},
		"strong fairness: the lefty eats":           {kind: liveness.AlwaysEventually, goal: 1, fair: all(liveness.Strong), holds: true},
		"unfair: nobody need move":                  {kind: liveness.AlwaysEventually, goal: 4},
	})
}

// Peterson's algorithm (G. L. Peterson, "Myths about the mutual exclusion
// problem", 1981). Places: what each does (0 idle, 1 has raised its flag, 2
// waits, 3 is in its critical section), and whose turn it is. Raising the flag
// is the choice of a process; action 10 and 11.
func peterson(turns bool) protocol {
	return protocol{
		next: func(v [8]int8, emit func([8]int8, search.Action)) {
			for i := range 2 {
				to := v
				to[i] = (v[i] + 1) % 4
				a := search.Action(i)
				switch v[i] {
				case 0:
					a += 10
				case 1:
					to[2] = int8(1 - i)
				case 2:
					if v[1-i] != 0 && (v[2] != int8(i) || !turns) {
						continue
					}
				}
				emit(to, a)
			}
		},
		marks: func(v [8]int8) (m search.Marks) {
			for i := range 2 {
				if v[i] == 1 || v[i] == 2 {
					m |= 1 << i
				}
				if v[i] == 3 {
					m |= 4 << i
				}
			}
			if v[0] == 3 && v[1] == 3 {
				m |= 16
			}
			return m
		},
	}
}

func TestPeterson(t *testing.T) {
	runs := func(f liveness.Fairness) liveness.Fair {
		return func(l liveness.Label) liveness.Fairness {
			if l >= 10 {
				return liveness.None
			}
			return f
		}
	}
	peterson(true).answers(t, map[string]asks{
		"never both are in":                       {kind: liveness.LeadsTo, from: 16, goal: 0, holds: true},
		"who wants to comes in":                   {kind: liveness.LeadsTo, from: 1, goal: 4, fair: runs(liveness.Weak), holds: true},
		"so does the other":                       {kind: liveness.LeadsTo, from: 2, goal: 8, fair: runs(liveness.Weak), holds: true},
		"unfair: it need not go on":               {kind: liveness.LeadsTo, from: 1, goal: 4},
		"unfair: the other runs alone":            {kind: liveness.AlwaysEventually, goal: 4},
		"nobody need want to":                     {kind: liveness.Eventually, goal: 4, fair: runs(liveness.Strong)},
		"a process that must want to comes again": {kind: liveness.AlwaysEventually, goal: 4, fair: all(liveness.Weak), holds: true},
		"no deadlock":                             {kind: liveness.NoDeadlock, holds: true},
	})
	peterson(false).answers(t, map[string]asks{
		"without turns both wait": {kind: liveness.NoDeadlock},
	})
}

// lock is a scheduler that runs one of two processes; each takes a lock, if it
// is free, and gives it back.
func lock() protocol {
	return protocol{
		next: func(v [8]int8, emit func([8]int8, search.Action)) {
			for i := range int8(2) {
				to := v
				switch v[0] {
				case 0:
					to[0] = i + 1
				case i + 1:
					to[0] = 0
				default:
					continue
				}
				emit(to, search.Action(i))
			}
		},
		marks: func(v [8]int8) search.Marks { return 1 << v[0] },
	}
}

// turns is a scheduler that may run any of two processes that do nothing but
// note who ran last.
func turns() protocol {
	return protocol{
		next: func(v [8]int8, emit func([8]int8, search.Action)) {
			for i := range int8(2) {
				emit([8]int8{i}, search.Action(i))
			}
		},
		marks: func(v [8]int8) search.Marks { return 1 << v[0] },
	}
}

func TestSchedulers(t *testing.T) {
	turns().answers(t, map[string]asks{
		"an unfair scheduler": {kind: liveness.AlwaysEventually, goal: 2},
		"a fair one":          {kind: liveness.AlwaysEventually, goal: 2, fair: all(liveness.Weak), holds: true},
	})
	lock().answers(t, map[string]asks{
		"weakly fair, the second never finds it free": {kind: liveness.AlwaysEventually, goal: 4, fair: all(liveness.Weak)},
		"strongly fair": {kind: liveness.AlwaysEventually, goal: 4, fair: all(liveness.Strong), holds: true},
		"strongly fair to one only": {kind: liveness.AlwaysEventually, goal: 2, fair: func(l liveness.Label) liveness.Fairness {
			return []liveness.Fairness{liveness.Weak, liveness.Strong}[l]
		}},
	})
}

// alternatingBit is the protocol of K. A. Bartlett, R. A. Scantlebury and P. T.
// Wilkinson, 1969, over channels that each hold a message and lose it at will.
// Places: the sender's bit, the receiver's bit, the message under way (0: none,
// else bit+1), the acknowledgement, and whether the receiver has just got
// something new. Actions: 0 and 1 send and acknowledge again, 2+b and 4+b
// deliver a message or an acknowledgement with bit b, 6 and 7 lose one.
func alternatingBit() protocol {
	const sends, acknowledges, delivers, returns, loses, losesAck = 0, 1, 2, 4, 6, 7
	return protocol{
		next: func(v [8]int8, emit func([8]int8, search.Action)) {
			v[4] = 0
			step := func(a int, change func(v *[8]int8)) {
				to := v
				change(&to)
				emit(to, search.Action(a))
			}
			if v[2] == 0 {
				step(sends, func(v *[8]int8) { v[2] = v[0] + 1 })
			} else {
				b := v[2] - 1
				step(delivers+int(b), func(v *[8]int8) {
					v[2] = 0
					if b == v[1] {
						v[1], v[4] = 1-b, 1
					}
				})
				step(loses, func(v *[8]int8) { v[2] = 0 })
			}
			if v[3] == 0 {
				step(acknowledges, func(v *[8]int8) { v[3] = 1 - v[1] + 1 })
			} else {
				b := v[3] - 1
				step(returns+int(b), func(v *[8]int8) {
					v[3] = 0
					if b == v[0] {
						v[0] = 1 - b
					}
				})
				step(losesAck, func(v *[8]int8) { v[3] = 0 })
			}
		},
		marks: func(v [8]int8) search.Marks { return search.Marks(v[4]) },
	}
}

func TestAlternatingBit(t *testing.T) {
	timers := func(f, channel liveness.Fairness) liveness.Fair {
		return func(l liveness.Label) liveness.Fairness {
			switch {
			case l < 2:
				return f
			case l < 6:
				return channel
			}
			return liveness.None
		}
	}
	alternatingBit().answers(t, map[string]asks{
		"fair loss":                         {kind: liveness.AlwaysEventually, goal: 1, fair: timers(liveness.Strong, liveness.Strong), holds: true},
		"weak fairness is met by losing":    {kind: liveness.AlwaysEventually, goal: 1, fair: timers(liveness.Strong, liveness.Weak)},
		"loss need not be fair":             {kind: liveness.AlwaysEventually, goal: 1, fair: timers(liveness.Strong, liveness.None)},
		"acknowledgements that nobody owes": {kind: liveness.AlwaysEventually, goal: 1, fair: timers(liveness.None, liveness.Strong)},
		"it is always possible":             {kind: liveness.Possibly, goal: 1, holds: true},
	})
}

// A lasso is a run of the model with its cycle marked.
func ExampleGraph_Check() {
	g, err := liveness.Build(context.Background(), search.Of(lock()), liveness.Limits{})
	if err != nil {
		panic(err)
	}
	weak := func(liveness.Label) liveness.Fairness { return liveness.Weak }
	lasso, err := g.Check(liveness.Question{Kind: liveness.AlwaysEventually, Goal: 4, Fair: weak})
	if err != nil {
		panic(err)
	}
	for i, step := range lasso.Trace[:len(lasso.Trace)-1] {
		if i == lasso.Cycle {
			fmt.Println("again and again:")
		}
		fmt.Println("process", step.Action)
	}
	// Output:
	// again and again:
	// process 0
	// process 0
}
