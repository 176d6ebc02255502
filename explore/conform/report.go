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
	// Missed tells why the others were not reached.
	Missed []Missed `json:"missed,omitempty"`
}

// Deviation is one cause for which the stack parts from the model. What is
// known of the stack says which sightings have one cause; what is not known is
// a cause of its own.
type Deviation struct {
	// The sighting that tells most, under the title of the cause and with its
	// severity: the worst, or the one that known.yaml lists first.
	Sighting
	Known string `json:"known"` // why it is as it is, if it is understood; else ""
	// Sightings are all ways in which it shows itself, the worst first.
	Sightings []Sighting `json:"sightings"`
}

// Sighting is one way in which the stack parts from the model, whatever
// sequences show it: one rule that is broken in one manner.
type Sighting struct {
	ID       string   `json:"id"`
	Rule     string   `json:"rule"` // of the model, that decides; see "tcpcheck explain"
	Section  string   `json:"section"`
	Severity Severity `json:"severity"`
	Title    string   `json:"title"`
	States   []string `json:"states"` // in which it was seen
	Steps    []string `json:"steps"`  // the shortest sequence that shows it
	Trace    string   `json:"trace"`  // its ladder, with both sides' answers
}

// shows tells whether a sighting of the deviation has the id.
func (d *Deviation) shows(id string) bool {
	return slices.ContainsFunc(d.Sightings, func(s Sighting) bool { return s.ID == id })
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

// Run tests a subject: every pair, each by the shortest way, drills at every
// place, and walks, so many, at random. The report is the same for every run of a subject that does not
// depend on chance or time.
func Run(s *Subject, walks int, list Known) (*Report, error) {
	p := &player{subject: s}
	c := collector{found: map[string]*seen{}}
	exist := existing()
	r := &Report{Schema: Schema, Stack: s.Name, Pairs: Pairs{Exist: len(exist)}}
	visits := p.explore(c.see)
	r.Pairs.Reached = p.pairs(visits, exist, c.see)
	r.Pairs.Missed = p.missed(visits)
	p.drill(visits, c.see)
	p.walks(walks, c.see)
	if p.err != nil {
		return nil, p.err
	}
	var sightings []Sighting
	for _, id := range c.ids {
		if s, ok := p.sighting(id, c.found[id]); ok {
			sightings = append(sightings, s)
		} else {
			r.Unsteady = append(r.Unsteady, id)
		}
	}
	r.Deviations = byCause(sightings, list)
	return r, p.err
}

// byCause joins the sightings of one cause.
func byCause(sightings []Sighting, list Known) (deviations []Deviation) {
	worst := func(a, b Sighting) int {
		return cmp.Or(cmp.Compare(a.Severity.rank(), b.Severity.rank()), cmp.Compare(len(a.Steps), len(b.Steps)),
			strings.Compare(a.Section, b.Section), strings.Compare(a.ID, b.ID))
	}
	slices.SortStableFunc(sightings, worst)
	at := map[*KnownDeviation]int{}
	for _, s := range sightings {
		entry := list.entry(s.ID)
		i, ok := at[entry]
		if entry == nil || !ok {
			i = len(deviations)
			deviations = append(deviations, Deviation{Sighting: s})
			at[entry] = i
		}
		d := &deviations[i]
		d.Sightings = append(d.Sightings, s)
		if entry != nil {
			d.Known = entry.Reason
		}
	}
	for entry, i := range at {
		if entry != nil {
			deviations[i].head(entry)
		}
	}
	for i := range deviations {
		d := &deviations[i]
		d.States = d.states()
	}
	slices.SortStableFunc(deviations, func(a, b Deviation) int {
		return cmp.Or(cmp.Compare(a.Severity.rank(), b.Severity.rank()), strings.Compare(a.Section, b.Section), strings.Compare(a.ID, b.ID))
	})
	return deviations
}

// head: the rule, the steps and the trace are those of the sighting that the
// entry lists first; the severity is that of the worst, or the entry's.
func (d *Deviation) head(entry *KnownDeviation) {
	first := slices.MinFunc(d.Sightings, func(a, b Sighting) int {
		return cmp.Compare(slices.Index(entry.IDs, a.ID), slices.Index(entry.IDs, b.ID))
	})
	first.Severity = cmp.Or(entry.Severity, d.Severity)
	first.Title = entry.Title
	d.Sighting = first
}

// states are those of all sightings, in the order of the RFC.
func (d *Deviation) states() (list []string) {
	for _, s := range d.Sightings {
		list = append(list, s.States...)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(stateRank(a), stateRank(b)) })
	return slices.Compact(list)
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

// seen is what shows one sighting.
type seen struct {
	ways   [][]Event // the shortest so far, and others in case it does not show again
	states map[string]bool
}

// maxWays is how many sequences of one sighting are kept.
const maxWays = 5

// keep takes note of a sequence that shows the deviation.
func (x *seen) keep(way []Event) {
	if len(x.ways) == maxWays && len(way) >= len(x.ways[maxWays-1]) {
		return
	}
	x.ways = append(x.ways, way)
	slices.SortStableFunc(x.ways, func(a, b []Event) int { return cmp.Compare(len(a), len(b)) })
	x.ways = x.ways[:min(len(x.ways), maxWays)]
}

// collector groups what was found by its id.
type collector struct {
	found map[string]*seen
	ids   []string // in the order of finding
}

func (c *collector) see(way []Event, o outcome) {
	for _, id := range ids(o) {
		x := c.found[id]
		if x == nil {
			x = &seen{states: map[string]bool{}}
			c.found[id] = x
			c.ids = append(c.ids, id)
		}
		x.keep(way)
		x.states[o.stateOf(id).String()] = true
	}
}

// sighting makes the report's entry of what was seen.
func (p *player) sighting(id string, x *seen) (s Sighting, ok bool) {
	var way []Event
	var o outcome
	for _, long := range x.ways {
		if way, o, ok = p.shortest(long, id); ok {
			break
		}
	}
	if !ok {
		return s, false
	}
	s = describeSighting(p.subject, id, way, o)
	for state := range x.states {
		s.States = append(s.States, state)
	}
	slices.SortFunc(s.States, func(a, b string) int { return cmp.Compare(stateRank(a), stateRank(b)) })
	return s, true
}

// sightings are those of one outcome.
func sightings(s *Subject, way []Event, o outcome) (list []Sighting) {
	for _, id := range ids(o) {
		list = append(list, describeSighting(s, id, way, o))
	}
	return list
}
