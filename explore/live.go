package explore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/liveness"
	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// Live tells whether a property of the kind is about what follows a state, for
// ever, and so about the graph of all states and not about each.
func (k Kind) Live() bool { return k >= EventuallyProperty }

// asked is the same kind of question of the graph.
func (k Kind) asked() liveness.Kind {
	switch k {
	case EventuallyProperty:
		return liveness.Eventually
	case LeadsToProperty:
		return liveness.LeadsTo
	case RecurrentProperty:
		return liveness.AlwaysEventually
	case PossiblyProperty:
		return liveness.Possibly
	}
	return liveness.NoLivelock
}

// noSymmetryAlive is why states that differ by an exchange of the sides are
// told apart where liveness is judged.
const noSymmetryAlive = "liveness is judged with every state seen: exchanging A and B would merge actions that fairness tells apart"

// liveSpace is a space whose marks are those of liveness properties: for
// property i, bit 2i is where its premise is, bit 2i+1 where its goal is, or
// for a step, that it belongs to a livelock.
func liveSpace(sc *Scenario, props []*Property) *space {
	var marks []*Property
	for _, p := range props {
		from, goal := *p, *p
		from.State, from.Step = p.From, nil
		if from.State == nil {
			from.State = func(*View) bool { return false }
		}
		marks = append(marks, &from, &goal)
	}
	return newSpace(sc, marks)
}

// alive says why properties of whole runs can't be judged in the scenario.
func (sc *Scenario) alive(props []*Property) error {
	switch p := props[0]; {
	case sc.Retransmissions != Unlimited:
		return fmt.Errorf("property %s is one of whole runs: want retransmissions: unlimited, and not %d", p.ID, sc.Retransmissions)
	case sc.Loss != Unlimited:
		return fmt.Errorf("property %s is one of whole runs: want loss: unlimited, and not %d, since a full channel loses what does not fit", p.ID, sc.Loss)
	case len(props) > maxProperties/2:
		return fmt.Errorf("%d properties of whole runs: want at most %d", len(props), maxProperties/2)
	}
	return nil
}

// checkLive judges liveness properties and adds what was found to the report.
func checkLive(ctx context.Context, r *Report, props []*Property, o Options) error {
	sc := r.Scenario
	begin := time.Now()
	live := &Liveness{Unfair: o.Unfair}
	r.Live = live
	if o.MaxDepth > 0 {
		r.unknown(props, "liveness is not judged with a depth limit")
		return nil
	}
	sp := liveSpace(sc, props)
	g, err := liveness.Build(ctx, sp, liveness.Limits{ProcessMemory: o.Memory, Progress: func(states, steps int) {
		if o.Progress != nil {
			o.Progress(search.Progress{States: uint64(states), Transitions: uint64(steps), Elapsed: time.Since(begin)})
		}
	}})
	if g != nil {
		live.States, live.Steps = uint64(g.States()), uint64(g.Steps())
	}
	if len(r.Properties) == 0 { // nothing else was judged
		r.States, r.Transitions = live.States, live.Steps
	}
	if err != nil {
		r.unknown(props, cutShort(err))
		r.Elapsed += time.Since(begin)
		return nil
	}
	live.Whole = true
	if len(r.Properties) == 0 {
		r.Coverage = sp.coverage()
		r.Levels, r.Depth, r.Whole = g.Levels(), len(g.Levels())-1, len(g.Levels())
	}
	feasible := map[Assumptions]bool{}
	for i, p := range props {
		if ctx.Err() != nil {
			r.unknown([]*Property{p}, cutShort(ctx.Err()))
			continue
		}
		assumed := p.Fair &^ o.Unfair
		if !feasible[assumed] {
			l, err := g.Check(liveness.Question{Kind: liveness.Feasible, Fair: sp.fair(assumed)})
			if err != nil {
				return err
			}
			if l != nil {
				r.unknown([]*Property{p}, fmt.Sprintf("no run from some state is fair (%v): after %d steps the channel is full, and what it drops never fits", assumed, len(l.Trace)-1))
				continue
			}
			feasible[assumed] = true
		}
		l, err := g.Check(liveness.Question{
			Kind: p.Kind.asked(), From: 1 << (2 * i), Goal: 1 << (2*i + 1), Steps: 1 << (2*i + 1), Fair: sp.fair(assumed),
		})
		if err != nil {
			return fmt.Errorf("property %s: %w", p.ID, err)
		}
		v := Verdict{Property: p, Outcome: Holds}
		if l != nil {
			if v, err = sp.lasso(p, l, live.States, o.Unfair); err != nil {
				return fmt.Errorf("property %s: %w", p.ID, err)
			}
		}
		r.Properties = append(r.Properties, v)
	}
	r.Elapsed += time.Since(begin)
	return nil
}

// unknown leaves properties undecided.
func (r *Report) unknown(props []*Property, stop string) {
	for _, p := range props {
		r.Properties = append(r.Properties, Verdict{Property: p, Outcome: Unknown})
	}
	if r.Stop == "" {
		r.Stop = stop
	}
}

// cutShort says why not all was seen, where an error of the context may be why.
func cutShort(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return search.Deadline.String()
	case errors.Is(err, context.Canceled):
		return search.Interrupted.String()
	}
	return err.Error()
}

// lasso is the verdict of a property that a run breaks.
func (sp *space) lasso(p *Property, l *liveness.Lasso, states uint64, unfair Assumptions) (Verdict, error) {
	tr, t, err := sp.tell(l.Trace)
	if err != nil {
		return Verdict{}, err
	}
	title := "Broken: " + p.Name
	if p.Title != nil {
		if s := p.Title(t.view(), &t.last); s != "" {
			title = s
		}
	}
	switch {
	case p.Kind == PossiblyProperty:
		title += "; no run that goes on from here gets there"
	case l.Cycle >= 0:
		title += "; the steps of the cycle repeat for ever"
	default:
		title += "; nothing more need ever happen"
	}
	if lost := p.Fair & unfair; lost != 0 {
		title += fmt.Sprintf(" (without fairness of: %v)", lost)
	}
	tr.Info = trace.Info{
		Title: title, Scenario: sp.sc.Name, Variant: sp.sc.Variant, Mutant: sp.sc.Mutant,
		Property: p.ID, Verdict: "lasso", States: states, CycleFrom: l.Cycle,
	}
	if l.Cycle < 0 {
		tr.Info.Verdict, tr.Info.Shortest = "deadlock", true
		if n := len(tr.Steps); n > 0 {
			tr.Info.Marked = []int{n - 1}
		}
	}
	return Verdict{Property: p, Outcome: Violated, Depth: len(tr.Steps), Trace: tr}, nil
}

// split divides properties into those of states and steps, and those of runs.
func split(props []*Property) (safety, live []*Property) {
	for _, p := range props {
		if p.Kind.Live() {
			live = append(live, p)
		} else {
			safety = append(safety, p)
		}
	}
	return slices.Clip(safety), slices.Clip(live)
}
