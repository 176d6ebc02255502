package explore

import (
	"context"
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// Walked is what random walks through a scenario met. It proves nothing: what
// is not broken in it is unknown.
type Walked struct {
	Scenario   *Scenario
	Walks      int
	Steps      uint64
	Stop       string // why there were fewer walks than asked for
	Violations []Verdict
}

// Simulate walks through the scenario at random: walks of at most so many
// steps, the same for the same seed. Of each property that is broken it keeps
// the shortest walk that breaks it; shorter traces may exist.
func Simulate(ctx context.Context, sc *Scenario, props []*Property, o search.Walks) (*Walked, error) {
	if err := sc.prepare(); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	if len(props) > maxProperties {
		return nil, fmt.Errorf("scenario %s: %d properties: want at most %d", sc.Name, len(props), maxProperties)
	}
	sp := newSpace(sc, props)
	s, err := search.Simulate(ctx, sp, o)
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	w := &Walked{Scenario: sc, Walks: s.Walks, Steps: s.Steps, Stop: s.Stop.String()}
	if s.Err != nil {
		w.Stop = s.Err.Error()
	}
	for _, f := range s.Findings {
		p := props[f.Mark]
		tr, told, err := sp.tell(f.Trace)
		if err != nil {
			return nil, fmt.Errorf("scenario %s, property %s: %w", sc.Name, p.ID, err)
		}
		tr.Info = trace.Info{
			Title: sp.title(p, told), Scenario: sc.Name, Variant: sc.Variant, Mutant: sc.Mutant,
			Property: p.ID, Verdict: "violated", CycleFrom: -1,
		}
		if n := len(tr.Steps); n > 0 {
			tr.Info.Marked = []int{n - 1}
		}
		w.Violations = append(w.Violations, Verdict{Property: p, Outcome: Violated, Depth: len(tr.Steps), Trace: tr})
	}
	return w, nil
}
