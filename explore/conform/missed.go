package conform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Missed are pairs that exist and that the stack could not be given.
type Missed struct {
	Why    string   `json:"why"`
	Pairs  int      `json:"pairs"`
	Places []string `json:"places"`
}

// missed tells why places that the model reaches were not reached: where the
// model's shortest way there ends for the stack. The most pairs come first.
func (p *player) missed(visits []visit) []Missed {
	reached := map[place]bool{}
	for _, v := range visits {
		reached[v.place] = reached[v.place] || !v.lied
	}
	s := Model("model", nil, lawful[0].behaviours)
	s.PeerWindow = p.subject.peerWindow()
	m := &player{subject: s}
	byWhy := map[string]*Missed{}
	for _, v := range m.explore(func([]Event, outcome) {}) {
		if reached[v.place] {
			continue
		}
		why := p.ending(v)
		x := byWhy[why]
		if x == nil {
			x = &Missed{Why: why}
			byWhy[why] = x
		}
		x.Pairs += len(v.place.classes())
		x.Places = append(x.Places, v.place.String())
	}
	var list []Missed
	for _, x := range byWhy {
		list = append(list, *x)
	}
	slices.SortFunc(list, func(a, b Missed) int {
		return cmp.Or(cmp.Compare(b.Pairs, a.Pairs), strings.Compare(a.Why, b.Why))
	})
	return list
}

// ending tells how the model's way to a place ends for the stack.
func (p *player) ending(v visit) string {
	o := p.play(v.way)
	switch n := len(o.steps); {
	case o.problem != nil:
		return fmt.Sprintf("it deviates on the way: %s", o.problem.id())
	case o.lied:
		for _, st := range o.steps {
			if len(st.aside) > 0 {
				return fmt.Sprintf("it deviates on the way: %s", st.aside[0].id())
			}
		}
	case o.refused && n < len(v.way):
		return fmt.Sprintf("it has no way to do this in %v: %s", p.judge.tcb().State, v.way[n].brief())
	}
	return "it does something else on the way that it may do"
}

// brief is the event without what varies in it.
func (ev Event) brief() string {
	switch ev.Kind {
	case Send:
		return "SEND"
	case Arrive:
		return "a segment arrives"
	case Wait:
		return "time passes"
	}
	return ev.String()
}
