package conform

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
)

// Schema is the version of the report's JSON form.
const Schema = "tcpcheck-conform/1"

// Report is where a stack and the model part.
type Report struct {
	Schema     string      `json:"schema"`
	Stack      string      `json:"stack"`
	Pairs      Pairs       `json:"pairs"`
	Deviations []Deviation `json:"deviations"` // the worst first
	// Unsteady are deviations, by ID, that were seen and not seen again when
	// their sequence was repeated.
	Unsteady []string `json:"unsteady,omitempty"`
}

// Pairs counts pairs of an endpoint's state and a class of segment that
// arrives there.
type Pairs struct {
	Reached int `json:"reached"` // that the stack was given
	Exist   int `json:"exist"`   // that the model reaches
}

// Deviation is one way in which the stack parts from the model, whatever
// sequences show it.
type Deviation struct {
	ID       string   `json:"id"`
	Rule     string   `json:"rule"` // of the model, that decides; see "tcpcheck explain"
	Section  string   `json:"section"`
	Severity Severity `json:"severity"`
	Title    string   `json:"title"`
	States   []string `json:"states"` // in which it was seen
	Steps    []string `json:"steps"`  // the shortest sequence that shows it
	Trace    string   `json:"trace"`  // its ladder, with both sides' answers
	Known    string   `json:"known"`  // why it is as it is, if it is understood; else ""
}

// New are the deviations that are not known.
func (r *Report) New() (list []Deviation) {
	for _, d := range r.Deviations {
		if d.Known == "" {
			list = append(list, d)
		}
	}
	return list
}

// Run tests a subject: every pair, each by the shortest way, and walks, so many,
// at random. The report is the same for every run of a subject that does not
// depend on chance or time.
func Run(s *Subject, walks int, list Known) (*Report, error) {
	p := &player{subject: s}
	c := collector{found: map[string]*sighting{}}
	exist := existing()
	r := &Report{Schema: Schema, Stack: s.Name, Pairs: Pairs{Exist: len(exist)}}
	r.Pairs.Reached = p.pairs(p.explore(c.see), exist, c.see)
	p.walks(walks, c.see)
	if p.err != nil {
		return nil, p.err
	}
	for _, id := range c.ids {
		d, ok := p.deviation(id, c.found[id])
		if !ok {
			r.Unsteady = append(r.Unsteady, id)
			continue
		}
		d.Known, _ = list.reason(id)
		r.Deviations = append(r.Deviations, d)
	}
	slices.SortStableFunc(r.Deviations, func(a, b Deviation) int {
		return cmp.Or(cmp.Compare(a.Severity.rank(), b.Severity.rank()), strings.Compare(a.Section, b.Section), strings.Compare(a.ID, b.ID))
	})
	return r, p.err
}

// Play plays the sequences that [Run] plays, so many at most, and returns how
// many they were and how many steps they had. It is for measuring.
func Play(s *Subject, most uint64) (sequences, steps uint64, err error) {
	p := &player{subject: s}
	enough := errors.New("enough")
	count := func([]Event, outcome) {
		if p.runs >= most {
			p.err = enough
		}
	}
	if visits := p.explore(count); p.err == nil {
		p.pairs(visits, nil, count)
	}
	if p.err != nil && p.err != enough {
		return 0, 0, p.err
	}
	return p.runs, p.steps, nil
}

// existing are the pairs that the model reaches.
var existing = sync.OnceValue(func() map[pair]bool {
	set := map[pair]bool{}
	p := &player{subject: Model("model", nil, lawful[0].behaviours)}
	for _, v := range p.explore(func([]Event, outcome) {}) {
		for _, c := range v.place.classes() {
			set[pair{v.place, c}] = true
		}
	}
	return set
})

// sighting is what was seen of one deviation.
type sighting struct {
	ways   [][]Event // the shortest so far, and others in case it does not show again
	states map[string]bool
}

// maxWays is how many sequences of one deviation are kept.
const maxWays = 5

// keep takes note of a sequence that shows the deviation.
func (x *sighting) keep(way []Event) {
	if len(x.ways) == maxWays && len(way) >= len(x.ways[maxWays-1]) {
		return
	}
	x.ways = append(x.ways, way)
	slices.SortStableFunc(x.ways, func(a, b []Event) int { return cmp.Compare(len(a), len(b)) })
	x.ways = x.ways[:min(len(x.ways), maxWays)]
}

// collector groups what was found by its cause.
type collector struct {
	found map[string]*sighting
	ids   []string // in the order of finding
}

func (c *collector) see(way []Event, o outcome) {
	for _, id := range ids(o) {
		x := c.found[id]
		if x == nil {
			x = &sighting{states: map[string]bool{}}
			c.found[id] = x
			c.ids = append(c.ids, id)
		}
		x.keep(way)
		x.states[o.stateOf(id).String()] = true
	}
}

// deviation makes the report's entry of what was seen.
func (p *player) deviation(id string, x *sighting) (d Deviation, ok bool) {
	var way []Event
	var o outcome
	for _, seen := range x.ways {
		if way, o, ok = p.shortest(seen, id); ok {
			break
		}
	}
	if !ok {
		return d, false
	}
	d = describeDeviation(p.subject, id, way, o)
	for s := range x.states {
		d.States = append(d.States, s)
	}
	slices.SortFunc(d.States, func(a, b string) int { return cmp.Compare(stateRank(a), stateRank(b)) })
	return d, true
}

// deviations are those of one outcome.
func deviations(s *Subject, way []Event, o outcome) (list []Deviation) {
	for _, id := range ids(o) {
		list = append(list, describeDeviation(s, id, way, o))
	}
	return list
}
