package matrix

import (
	"context"
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Options say how to run.
type Options struct {
	Workers int
	Memory  uint64 // bytes; 0: no limit
	Plain   bool   // the plain engine, for a second opinion
	// Progress is called before each search, with a label, and may return what
	// follows it.
	Progress func(label string) func(search.Progress)
}

// Search is a place searched for a variant.
type Search struct {
	Place   Place
	Variant string
	Report  *explore.Report

	twice     map[string]Twice // by property, if it was repeated in twice the space
	twiceStop string           // why not all was seen there; "" if it was
}

// Run searches a place for a variant and judges all its properties. What ctx's end
// leaves undecided is unknown, and when it has ended no search is begun.
func Run(ctx context.Context, p Place, variant string, o Options) (*Search, error) {
	sc, err := p.World(variant)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return &Search{Place: p, Variant: variant, Report: explore.Unseen(ctx, sc, p.Properties())}, nil
	}
	eo := explore.Options{Workers: o.Workers, Memory: o.Memory, Plain: o.Plain}
	if o.Progress != nil {
		eo.Progress = o.Progress(p.Key() + " " + variant)
	}
	r, err := explore.Check(ctx, sc, p.Properties(), eo)
	if err != nil {
		return nil, err
	}
	return &Search{Place: p, Variant: variant, Report: r}, nil
}

// states is how many states the search saw.
func (s *Search) states() uint64 {
	if s.Report.Live != nil {
		return s.Report.Live.States
	}
	return s.Report.States
}

// Cell is the verdict on one property.
type Cell struct {
	Place    Place
	Variant  string
	Property *explore.Property
	Outcome  explore.Outcome
	States   uint64
	Stop     string // why it is unknown
	Steps    int    // of the shortest run that breaks it
	Twice    Twice
	Expected explore.Outcome
	Reason   *Reason // of what is broken; nil if there is none
}

// Cells are the verdicts of a search, beside what is expected.
func (s *Search) Cells() []Cell {
	var list []Cell
	rec := find(Recorded(), s.Place.Key(), s.Variant)
	for _, v := range s.Report.Properties {
		c := Cell{Place: s.Place, Variant: s.Variant, Property: v.Property, Outcome: v.Outcome, States: s.states(), Expected: explore.Unknown}
		switch v.Outcome {
		case explore.Violated:
			c.Steps = v.Depth
			c.Reason = why(s.Place, s.Variant, v.Property.ID)
		case explore.Unknown:
			c.Stop = s.Report.Stop
		}
		if rec != nil {
			c.Expected, _ = rec.outcome(v.Property.ID)
			if b := rec.broken(v.Property.ID); b != nil && b.Steps == c.Steps {
				c.Twice = b.Twice
			}
		}
		if t, ok := s.twice[v.Property.ID]; ok {
			c.Twice = t
		}
		list = append(list, c)
	}
	return list
}

// cells are the verdicts that the record expects.
func (r *Record) cells(p Place) []Cell {
	var list []Cell
	for _, q := range p.Properties() {
		c := Cell{Place: p, Variant: r.Variant, Property: q, States: r.States}
		c.Outcome, c.Steps = r.outcome(q.ID)
		c.Expected = c.Outcome
		if b := r.broken(q.ID); b != nil {
			c.Twice, c.Reason = b.Twice, why(p, r.Variant, q.ID)
		}
		list = append(list, c)
	}
	return list
}

// RecordedCells are the cells that are expected, of the places given.
func RecordedCells(places []Place) []Cell {
	var list []Cell
	for _, p := range places {
		for _, v := range Variants() {
			if r := find(Recorded(), p.Key(), v); r != nil {
				list = append(list, r.cells(p)...)
			}
		}
	}
	return list
}

// Stop is why something is not decided that is recorded; "" if all is.
func (s *Search) Stop() string {
	if s.Report.Stop != "" {
		return s.Report.Stop
	}
	if rec := find(Recorded(), s.Place.Key(), s.Variant); rec != nil {
		for _, b := range rec.Broken {
			if t, ok := s.twice[b.Property]; ok && !t.Known && b.Twice.Known {
				return s.twiceStop
			}
		}
	}
	return ""
}

// Record is what the search found, as data; what it did not decide is an error.
func (s *Search) Record() (Record, error) {
	rec := Record{Place: s.Place.Key(), Variant: s.Variant, States: s.states()}
	if s.Report.Stop != "" {
		return rec, fmt.Errorf("%s, %s: not everything was seen: %s", rec.Place, rec.Variant, s.Report.Stop)
	}
	for _, v := range s.Report.Properties {
		if v.Outcome == explore.Violated {
			rec.Broken = append(rec.Broken, Broken{Property: v.Property.ID, Steps: v.Depth})
		}
	}
	return rec, nil
}

// Differences are how what the search decided differs from what is expected, each a
// sentence. What it did not decide is no difference: [Search.Stop] tells of it.
func (s *Search) Differences() []string {
	var list []string
	name := s.Place.Key() + ", " + s.Variant
	rec := find(Recorded(), s.Place.Key(), s.Variant)
	if rec == nil {
		return []string{name + ": nothing is recorded"}
	}
	if n := s.states(); n > rec.States || n < rec.States && s.Report.Stop == "" {
		list = append(list, fmt.Sprintf("%s: %d states, expected %d", name, s.states(), rec.States))
	}
	for _, v := range s.Report.Properties {
		want, steps := rec.outcome(v.Property.ID)
		if got := v.Outcome; got != explore.Unknown && got != want || got == explore.Violated && v.Depth != steps {
			list = append(list, fmt.Sprintf("%s: %s %s, expected %s", name, v.Property.ID, inSteps(got, v.Depth), inSteps(want, steps)))
		}
	}
	for _, b := range rec.Broken {
		if t := s.twice[b.Property]; t.Known && t != b.Twice {
			list = append(list, fmt.Sprintf("%s: %s in twice the space %v, expected %v", name, b.Property, t, b.Twice))
		}
		judged := false
		for _, v := range s.Report.Properties {
			judged = judged || v.Property.ID == b.Property
		}
		if !judged {
			list = append(list, fmt.Sprintf("%s: %s is not judged, expected %s", name, b.Property, inSteps(explore.Violated, b.Steps)))
		}
	}
	return list
}

// inSteps is an outcome, with the steps that show it.
func inSteps(o explore.Outcome, steps int) string {
	if o == explore.Violated {
		return fmt.Sprintf("%v in %d steps", o, steps)
	}
	return o.String()
}
