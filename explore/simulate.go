package explore

import (
	"context"
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Walked is what random walks through a scenario met. Of what is not broken in it
// nothing is known.
type Walked struct {
	Scenario   *Scenario
	Walks      int
	Steps      uint64
	Stop       string // why there were fewer walks than asked for
	Violations []Verdict
	Shown      []Verdict   // of witnesses, those that a walk shows
	Unjudged   []*Property // of whole runs, of which a walk says nothing
}

// Simulate walks through the scenario at random: walks of at most so many
// steps, the same for the same seed. Of each property that is broken, or witness that
// is shown, it keeps the shortest walk; shorter traces may exist.
func Simulate(ctx context.Context, sc *Scenario, props []*Property, o search.Walks) (*Walked, error) {
	if err := sc.prepare(); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	defer collectBefore(o.ProcessMemory)()
	w := &Walked{Scenario: sc}
	var judged []*Property
	judged, w.Unjudged = split(props)
	if len(judged) == 0 && len(props) > 0 {
		return nil, fmt.Errorf("scenario %s: property %s is one of whole runs: a walk can't break it", sc.Name, props[0].ID)
	}
	for {
		part := judged[:min(len(judged), maxProperties)]
		if err := w.walk(ctx, part, o); err != nil {
			return nil, err
		}
		if judged = judged[len(part):]; len(judged) == 0 || w.Stop != "" {
			return w, nil
		}
	}
}

// walk takes the walks and judges some properties.
func (w *Walked) walk(ctx context.Context, props []*Property, o search.Walks) error {
	sc := w.Scenario
	sp := newSpace(sc, props)
	s, err := search.Simulate(ctx, sp, o)
	if err != nil {
		return fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	w.Walks, w.Steps, w.Stop = s.Walks, s.Steps, stopText(s.Stop, s.Err)
	for _, f := range s.Findings {
		p := props[f.Mark]
		v, err := sp.found(p, f.Trace)
		if err != nil {
			return fmt.Errorf("scenario %s, property %s: %w", sc.Name, p.ID, err)
		}
		if v.Outcome == Holds {
			w.Shown = append(w.Shown, v)
		} else {
			w.Violations = append(w.Violations, v)
		}
	}
	return nil
}
