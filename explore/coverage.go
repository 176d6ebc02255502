package explore

import (
	"maps"

	"github.com/tcpcheck/tcpcheck/model"
)

// Coverage is how often things happened: once for each distinct state in
// which they did. What never happened proves nothing.
type Coverage struct {
	Rules [model.NumRules]uint64
	// Pairs is how often each event happened to a side in each state, and
	// Events and States the same by event and by state alone.
	Pairs   [model.NumStates][model.NumEventKinds]uint64
	Events  [model.NumEventKinds]uint64
	States  [model.NumStates]uint64
	Deliver uint64
	Repeat  uint64
	Lose    uint64
	Tick    uint64
	Endings map[string]uint64
	// Moving is how often each rule decided in a step that changed the state.
	Moving [model.NumRules]uint64
	Moves  []Move // by From, To, Event, Flags, Sends
}

// coverage sums up what the workers saw.
func (sp *space) coverage() Coverage {
	c := sp.before.Coverage
	c.Moves = MergeMoves(c.Moves, sp.moves())
	c.Endings = map[string]uint64{}
	maps.Copy(c.Endings, sp.before.Coverage.Endings)
	for _, w := range sp.workers {
		if !w.checked {
			continue
		}
		for i := range w.memo.effects {
			e := &w.memo.effects[i]
			if e.taken == 0 {
				continue
			}
			for _, r := range e.rules.Rules() {
				c.Rules[r] += e.taken
				if e.moves {
					c.Moving[r] += e.taken
				}
			}
			state, event := sp.sides.at(e.key.side()).TCB.State, e.key.kind()
			c.Pairs[state][event] += e.taken
			c.Events[event] += e.taken
			c.States[state] += e.taken
		}
		c.Deliver += w.actions[actDeliver]
		c.Repeat += w.actions[actDuplicate]
		c.Lose += w.actions[actLose]
		c.Tick += w.actions[actTick]
		for e, n := range w.endings {
			if n > 0 {
				c.Endings[Ending(e).String()] += n
			}
		}
	}
	return c
}
