package modeltest

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
	"pgregory.net/rapid"
)

// Run is a rapid state machine: two endpoints, their users, and a network that
// loses, repeats and reorders segments, driven at random; then the faults end
// and the conversation is finished. Every step is judged by [Properties], and
// the first violation fails t.
func Run(t *rapid.T, cfg Config) {
	if v := Find(t, cfg); v != nil {
		t.Fatalf("%v", v)
	}
}

// Find does what [Run] does and returns the first violation, nil if there is
// none. A Config that can't work panics.
func Find(t *rapid.T, cfg Config) *Violation {
	m := newMachine(cfg)
	m.drive(t)
	return m.violation
}

func newMachine(cfg Config) *machine {
	cfg, err := cfg.complete()
	if err != nil {
		panic(fmt.Sprintf("modeltest: scenario %q: %v", cfg.Name, err))
	}
	m := &machine{pair: newPair(cfg), losses: cfg.Losses, duplicates: cfg.Duplicates, strangers: cfg.Strangers}
	m.kinds = m.allKinds()
	return m
}

// machine is a pair with what may still go wrong.
type machine struct {
	*pair
	iss                           [2]model.Seq
	losses, duplicates, strangers int
	kinds                         []kind
}

// drive is one run.
func (m *machine) drive(t *rapid.T) {
	for i := range m.iss {
		m.iss[i] = number(m.cfg.Endpoints[i].Space).Draw(t, fmt.Sprintf("ISS of %c", 'A'+i))
	}
	if rapid.Bool().Draw(t, "start in ESTABLISHED") {
		m.open(m.iss)
		m.deliverAll(m.iss)
	}
	first := rapid.IntRange(0, 1).Draw(t, "who closes first in the end")
	t.Repeat(map[string]func(*rapid.T){"step": m.step})
	if m.cfg.Strangers == 0 {
		m.settle(first, m.iss)
	}
}

// move is one thing that may happen, at a side.
type move struct {
	Name string
	Side string
	do   func(*rapid.T, int)
}

// step draws one of the moves that are possible.
func (m *machine) step(t *rapid.T) {
	if m.over() {
		return
	}
	var moves []move
	for side, name := range []string{"A", "B"} {
		for _, x := range m.kinds {
			if x.can(side) {
				for range x.weight {
					moves = append(moves, move{x.name, name, x.do})
				}
			}
		}
	}
	x := rapid.SampledFrom(moves).Draw(t, "move")
	x.do(t, int(x.Side[0]-'A'))
}

// kind is a kind of move; weight says how often it is drawn.
type kind struct {
	name   string
	weight int
	can    func(side int) bool
	do     func(t *rapid.T, side int)
}

func (m *machine) allKinds() []kind {
	return []kind{
		{"open", 4, m.canOpen, m.drawOpen},
		{"arrive", 8, m.canArrive, m.drawArrive},
		{"arrive and come again", 2, m.canDuplicate, m.drawDuplicate},
		{"lose", 2, m.canLose, m.drawLose},
		{"stranger", 3, m.canMeet, m.drawStranger},
		{"send", 3, m.canSend, m.drawSend},
		{"receive", 2, m.canReceive, m.drawReceive},
		{"close", 1, m.canClose, m.drawClose},
		{"close again", 1, m.canCloseAgain, m.drawClose},
		{"abort", 1, m.canAbort, m.drawAbort},
		{"status", 1, always, m.event(model.Status)},
		{"retransmit", 2, m.canRetransmit, m.event(model.RetransmissionTimeout)},
		{"give up", 1, m.canGiveUp, m.event(model.UserTimeout)},
		{"probe", 2, m.canProbe, m.event(model.ZeroWindowProbe)},
		{"keep alive", 1, m.canKeepAlive, m.event(model.KeepAliveTimeout)},
		{"tick", 2, m.canTick, m.event(model.Tick)},
		{"soft error", 1, m.canAbort, m.event(model.UnreachableSoft)},
	}
}

func (m *machine) event(kind model.EventKind) func(*rapid.T, int) {
	return func(_ *rapid.T, side int) { m.do(side, model.Event{Kind: kind}) }
}
