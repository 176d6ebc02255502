package matrix

import (
	"context"
	"strconv"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

// Double repeats what the record says is broken in a sequence space of twice the
// size, and tells what becomes of each: what depends on numbers wrapping round
// in a small space vanishes. What was not decided is not known, and stop says why.
func Double(ctx context.Context, p Place, r *Record, o Options) (_ []Twice, stop string, _ error) {
	if len(r.Broken) == 0 {
		return nil, "", nil
	}
	sc, err := p.World(r.Variant)
	if err != nil {
		return nil, "", err
	}
	if err := sc.Set(explore.Setting{Field: "bits", Value: strconv.Itoa(sc.Bits + 1)}); err != nil {
		return nil, "", err
	}
	var props []*explore.Property
	for _, b := range r.Broken {
		q, err := invariants.Find(b.Property)
		if err != nil {
			return nil, "", err
		}
		props = append(props, q)
	}
	eo := explore.Options{Decided: true, Workers: o.Workers, Memory: o.Memory}
	if o.Progress != nil {
		eo.Progress = o.Progress(p.Key() + " " + r.Variant + ", twice the space")
	}
	report, err := explore.Check(ctx, sc, props, eo)
	if err != nil {
		return nil, "", err
	}
	list := make([]Twice, len(r.Broken))
	for i, v := range report.Properties {
		list[i] = Twice{Steps: v.Depth, Known: v.Outcome != explore.Unknown}
		if v.Outcome == explore.Holds {
			list[i].Steps = 0
		}
	}
	return list, report.Stop, nil
}

// Double repeats what the search found broken in twice the sequence space.
func (s *Search) Double(ctx context.Context, o Options) error {
	r := Record{Place: s.Place.Key(), Variant: s.Variant}
	for _, v := range s.Report.Properties {
		if v.Outcome == explore.Violated {
			r.Broken = append(r.Broken, Broken{Property: v.Property.ID, Steps: v.Depth})
		}
	}
	twice, stop, err := Double(ctx, s.Place, &r, o)
	if err != nil {
		return err
	}
	s.twice, s.twiceStop = map[string]Twice{}, stop
	for i, b := range r.Broken {
		s.twice[b.Property] = twice[i]
	}
	return nil
}
