package liveness

// Fairness is what is assumed of the steps of a label. Where one that is weakly
// or strongly fair is enabled, a run does not end.
type Fairness uint8

// The kinds of fairness.
const (
	// None: steps of the label may be taken or not, also never.
	None Fairness = iota
	// Weak: if from some point on the label is enabled in every state, then it
	// is taken again and again (justice).
	Weak
	// Strong: if the label is enabled in infinitely many states, or owed by
	// infinitely many steps, then it is taken again and again (compassion).
	Strong
)

// String names the fairness.
func (f Fairness) String() string { return [...]string{"none", "weak", "strong"}[f] }

// Fair says which fairness a label is treated with.
type Fair func(Label) Fairness

// Unfair assumes nothing.
func Unfair(Label) Fairness { return None }

// tally counts how a set of states and steps stands to the labels that
// fairness speaks of.
type tally struct {
	fair    []Fairness // by label
	of      []count
	touched []labelID
	states  int
}

// count is what a tally knows of one label.
type count struct {
	enabled int  // states that enable it
	last    int  // the last state counted, from 1
	taken   bool // by a step
	owed    bool // by a step
}

func newTally(g *Graph, fair Fair) *tally {
	t := &tally{fair: make([]Fairness, len(g.labels)), of: make([]count, len(g.labels))}
	for i, l := range g.labels {
		t.fair[i] = fair(l)
	}
	return t
}

// reset forgets what was counted.
func (t *tally) reset() {
	for _, l := range t.touched {
		t.of[l] = count{}
	}
	t.touched, t.states = t.touched[:0], 0
}

// at is the count of a label, or nil where fairness does not speak of it.
func (t *tally) at(l labelID) *count {
	if t.fair[l] == None {
		return nil
	}
	c := &t.of[l]
	if *c == (count{}) {
		t.touched = append(t.touched, l)
		c.last = -1
	}
	return c
}

// state counts a state and what it enables.
func (t *tally) state(g *Graph, s uint32) {
	t.states++
	begin, end := g.from(s)
	for e := begin; e < end; e++ {
		if c := t.at(g.label(e)); c != nil && c.last != t.states {
			c.last = t.states
			c.enabled++
		}
	}
}

// step counts a step that is taken.
func (t *tally) step(g *Graph, e uint32) {
	if c := t.at(g.label(e)); c != nil {
		c.taken = true
	}
	for _, l := range g.owed[e] {
		if c := t.at(l); c != nil {
			c.owed = true
		}
	}
}

// unmet appends the labels of that fairness which a run that passes just what
// was counted, again and again, is unfair to.
func (t *tally) unmet(f Fairness, dst []labelID) []labelID {
	for _, l := range t.touched {
		c := &t.of[l]
		if t.fair[l] != f || c.taken {
			continue
		}
		if f == Weak && c.enabled == t.states || f == Strong && (c.enabled > 0 || c.owed) {
			dst = append(dst, l)
		}
	}
	return dst
}
