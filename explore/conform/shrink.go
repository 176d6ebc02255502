package conform

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// shortest removes events from a sequence as long as what is left still shows
// the deviation, first many at a time, then one by one. It plays the sequence
// at most some hundred times. ok is false if it does not show the deviation
// again: the stack depends on time or chance.
func (p *player) shortest(way []Event, id string) (_ []Event, best outcome, ok bool) {
	for range 3 {
		if best = p.play(way); shows(best, id) {
			ok = true
			break
		}
	}
	if !ok {
		return way, best, false
	}
	for size := len(way) / 2; size > 0; size /= 2 {
		for again := true; again; {
			again = false
			for from := 0; from+size <= len(way); from++ {
				fewer := slices.Delete(slices.Clone(way), from, from+size)
				if o := p.play(fewer); shows(o, id) {
					way, best, again = fewer[:len(o.steps)], o, true
					from--
				}
			}
		}
	}
	return way, best, true
}

// shows tells whether the outcome has the deviation.
func shows(o outcome, id string) bool {
	for _, x := range ids(o) {
		if x == id {
			return true
		}
	}
	return false
}

// ids are the deviations of an outcome.
func ids(o outcome) (list []string) {
	for _, st := range o.steps {
		for i, c := range known {
			if st.choices>>i&1 == 1 {
				list = append(list, c.id(st.in))
			}
		}
		for _, p := range st.aside {
			list = append(list, p.id())
		}
	}
	if o.problem != nil {
		list = append(list, o.problem.id())
	}
	return list
}

// stateOf is the state in which the outcome shows the deviation.
func (o outcome) stateOf(id string) model.State {
	for _, st := range o.steps {
		for i, c := range known {
			if st.choices>>i&1 == 1 && c.id(st.in) == id {
				return st.in
			}
		}
		for _, p := range st.aside {
			if p.id() == id {
				return st.in
			}
		}
	}
	return o.steps[len(o.steps)-1].in
}
