package explore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// Outcome is a verdict: of a property or of a whole check. What was cut short
// never holds.
type Outcome uint8

// The outcomes.
const (
	Holds    Outcome = iota // every state was seen and none breaks it
	Violated                // broken, with a trace; or a witness that no state shows
	Unknown                 // not broken in what was seen, and not all was seen
)

// String is "holds", "violated" or "unknown".
func (o Outcome) String() string { return [...]string{"holds", "violated", "unknown"}[o] }

// Options say how to check. The zero value uses all processors and sees
// everything.
type Options struct {
	Workers  int // 0: as many as there are processors
	MaxDepth int // levels; 0: no limit
	First    bool
	// Decided: end as soon as every property is broken, or every witness shown.
	Decided bool
	Plain   bool // use the plain engine, the oracle of the fast one
	// Symmetry: of two states that differ by an exchange of A and B see only one,
	// where the scenario and all properties allow it.
	Symmetry bool
	Pairs    bool // count the pairs of states that the sides are in, for [Report].Pairs
	// Unfair is what properties of runs may not assume though they need it.
	Unfair Assumptions
	// Memory is how many bytes the process may take, about; 0: no limit. At the
	// limit a search ends, and what it has not seen is unknown.
	Memory uint64
	// Spill is a directory to which the search goes at the limit rather than end; ""
	// for none.
	Spill string
	// Checkpoint is a directory where each level is kept before it is expanded; "" for
	// none. Resume goes on from there, if there is a checkpoint. Program says which
	// program keeps it: another one's is refused, since it may mean other things by
	// the same numbers. Properties of runs are judged anew.
	Checkpoint string
	Resume     bool
	Program    string

	store    uint64 // bytes that the search's store may take; 0: no limit
	Progress func(search.Progress)
}

// Report is what a check found.
type Report struct {
	Scenario *Scenario
	Outcome  Outcome
	Stop     string // why not everything was seen; "" if it was
	Symmetry Symmetry

	States, Transitions uint64
	Depth               int
	Levels              []uint64
	Whole               int // levels whose states were all judged
	Elapsed             time.Duration
	BytesPerState       float64

	Resumed int    // levels that a checkpoint had
	Refused error  // why it had no more that are of use; nil if all were
	Kept    int    // levels that the checkpoint has at the end
	Disk    uint64 // bytes on disk at the end; 0: memory was enough

	Properties []Verdict
	Coverage   Coverage
	Pairs      *Pairs    // nil unless asked for
	Live       *Liveness // nil if no property is one of runs
}

// Liveness is how properties of runs were judged.
type Liveness struct {
	States, Steps uint64 // of the graph
	Whole         bool   // it has all; else no property of runs was judged
	Unfair        Assumptions
}

// Symmetry is whether states that differ by an exchange of A and B were taken
// for one. Then counts are those of the states that stand for the others.
type Symmetry struct {
	On  bool
	Off string // why it is not on though it was asked for
}

// Verdict is the outcome of one property.
type Verdict struct {
	Property *Property
	Outcome  Outcome
	Depth    int          // steps of the trace
	Trace    *trace.Trace // that breaks it, or shows a witness; nil if none
}

// maxProperties is how many one search can judge.
const maxProperties = 64

// Check explores the scenario and judges the properties.
func Check(ctx context.Context, sc *Scenario, props []*Property, o Options) (*Report, error) {
	if err := sc.prepare(); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	defer collectBefore(o.Memory)()
	safety, live := split(props)
	if len(live) == 0 {
		return checkStates(ctx, sc, safety, o)
	}
	if err := sc.alive(live); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	r := &Report{Scenario: sc}
	if len(safety) > 0 {
		o := o
		o.Symmetry = false
		var err error
		if r, err = checkStates(ctx, sc, safety, o); err != nil {
			return nil, err
		}
	}
	if o.Symmetry {
		r.Symmetry.Off = noSymmetryAlive
	}
	if err := checkLive(ctx, r, live, o); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	r.conclude()
	return r, nil
}

// collectBefore has garbage collected before the process takes so many bytes (0: no
// limit), until what it returns is called.
func collectBefore(memory uint64) func() {
	if memory == 0 {
		return func() {}
	}
	had := debug.SetMemoryLimit(int64(min(memory, math.MaxInt64)))
	return func() { debug.SetMemoryLimit(had) }
}

// Unseen is the report on a scenario whose check was not begun, since ctx has ended.
func Unseen(ctx context.Context, sc *Scenario, props []*Property) *Report {
	r := &Report{Scenario: sc}
	if _, live := split(props); len(live) > 0 {
		r.Live = &Liveness{}
	}
	r.unknown(props, cutShort(ctx.Err()))
	r.conclude()
	return r
}

// checkStates judges properties of states and steps.
func checkStates(ctx context.Context, sc *Scenario, props []*Property, o Options) (*Report, error) {
	if len(props) > maxProperties {
		return checkInParts(ctx, sc, props, o)
	}
	sp := newSpace(sc, props)
	sp.pairs = o.Pairs
	var symmetry Symmetry
	if o.Symmetry {
		symmetry.Off = sc.asymmetry(props)
		symmetry.On = symmetry.Off == ""
		sp.swap = symmetry.On
	}
	so := search.Options{Workers: o.Workers, MaxDepth: o.MaxDepth, ProcessMemory: o.Memory, Progress: o.Progress,
		Memory: o.store, Spill: o.Spill, Checkpoint: o.Checkpoint, Resume: o.Resume}
	sp.program, sp.until = o.Program, until(o)
	if o.Plain {
		so.Store, so.Workers = search.StoreMap, 1
	}
	if o.First {
		so.StopAt = firstOf(props)
	}
	if o.Decided && len(props) > 0 {
		so.Want = search.AllMarks >> (64 - len(props))
	}
	begin := time.Now()
	res, err := search.Run(ctx, sp, so)
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	r := &Report{
		Scenario: sc, States: res.States, Transitions: res.Transitions, Depth: res.Depth, Levels: res.Levels, Whole: res.Expanded,
		Elapsed: time.Since(begin), BytesPerState: res.BytesPerState, Coverage: sp.coverage(),
		Symmetry: symmetry, Pairs: sp.jointStates(),
		Resumed: res.Resumed, Refused: res.Refused, Kept: res.Kept, Disk: res.Disk,
	}
	if !res.Complete {
		r.Stop = stopText(res.Stop, res.Err)
	}
	for i, p := range props {
		v, err := sp.verdict(i, p, res)
		if err != nil {
			if res.Resumed > 0 { // a search that took nothing up finds what it shows
				err = &search.CheckpointError{Dir: o.Checkpoint, Err: err}
			}
			return nil, fmt.Errorf("scenario %s, property %s: %w", sc.Name, p.ID, err)
		}
		r.Properties = append(r.Properties, v)
	}
	r.conclude()
	return r, nil
}

// until says when a search ends.
func until(o Options) string {
	switch {
	case o.First:
		return "at the first that is broken"
	case o.Decided:
		return "when all is decided"
	}
	return "when all was seen"
}

// firstOf are the marks that end a search at the first of them: violations, or
// witnesses where nothing else is judged.
func firstOf(props []*Property) (violations search.Marks) {
	all := search.Marks(0)
	for i, p := range props {
		all |= 1 << i
		if p.Kind != Reachable {
			violations |= 1 << i
		}
	}
	if violations == 0 {
		return all
	}
	return violations
}

// checkInParts checks more properties than one search can judge.
func checkInParts(ctx context.Context, sc *Scenario, props []*Property, o Options) (*Report, error) {
	var whole *Report
	dir := o.Checkpoint
	n := 0
	for part := range slices.Chunk(props, maxProperties) {
		if n++; dir != "" {
			o.Checkpoint = filepath.Join(dir, fmt.Sprintf("part-%d", n))
			if err := search.MakeDir(o.Checkpoint); err != nil {
				return nil, fmt.Errorf("scenario %s: checkpoint: %w", sc.Name, err)
			}
		}
		r, err := checkStates(ctx, sc, part, o)
		if err != nil {
			return nil, err
		}
		if whole == nil {
			whole = r
			continue
		}
		whole.Properties = append(whole.Properties, r.Properties...)
		whole.Elapsed += r.Elapsed
		if whole.Stop == "" {
			whole.Stop = r.Stop
		}
		whole.Whole = min(whole.Whole, r.Whole) // of all properties
		whole.Resumed, whole.Kept = min(whole.Resumed, r.Resumed), min(whole.Kept, r.Kept)
		whole.Refused = cmp.Or(whole.Refused, r.Refused)
		whole.Disk = max(whole.Disk, r.Disk)
	}
	whole.conclude()
	return whole, nil
}

// conclude is the outcome of all: violated if something is, else unknown if
// something is.
func (r *Report) conclude() {
	r.Outcome = Holds
	if r.Stop != "" {
		r.Outcome = Unknown
	}
	for _, v := range r.Properties {
		if v.Outcome == Violated {
			r.Outcome = Violated
		}
	}
}

// verdict is the outcome of property i.
func (sp *space) verdict(i int, p *Property, res *search.Result) (Verdict, error) {
	v := Verdict{Property: p}
	found := res.Finding(i)
	switch {
	case found == nil && !res.Complete:
		v.Outcome = Unknown
	case found == nil && p.Kind == Reachable:
		v.Outcome = Violated
	case found == nil:
		v.Outcome = Holds
	case res.Resumed > 0 && !sp.shows(i, found.Trace):
		return v, errors.New("a hit that it tells is none: the run there does not show it")
	default:
		v, err := sp.found(p, found.Trace)
		if err != nil {
			return v, err
		}
		v.Trace.Info.States, v.Trace.Info.Shortest = res.States, true
		return v, nil
	}
	return v, nil
}

// shows says whether the end of a run hits property i.
func (sp *space) shows(i int, run []search.TraceStep) bool {
	w, n := sp.Worker(), len(run)
	if sp.props[i].Step == nil {
		next, err := w.Next(run[n-1].State, nil)
		return err == nil && w.Check(run[n-1].State, next)>>i&1 == 1
	}
	if n < 2 {
		return false
	}
	next, err := w.Next(run[n-2].State, nil)
	return err == nil && slices.ContainsFunc(next, func(s search.Step) bool {
		return s.To == run[n-1].State && s.Action == run[n-2].Action && s.Marks>>i&1 == 1
	})
}

// found is the verdict on a property by a run that ends with what it is about: it shows
// a witness, and breaks any other.
func (sp *space) found(p *Property, run []search.TraceStep) (Verdict, error) {
	tr, t, err := sp.tell(run)
	if err != nil {
		return Verdict{Property: p}, err
	}
	tr.Info = trace.Info{
		Title: sp.title(p, t), Scenario: sp.sc.Name, Variant: sp.sc.Variant, Mutant: sp.sc.Mutant,
		Property: p.ID, Verdict: "violated", CycleFrom: -1,
	}
	v := Verdict{Property: p, Outcome: Violated, Depth: len(tr.Steps), Trace: tr}
	switch p.Kind {
	case Reachable:
		v.Outcome, tr.Info.Verdict = Holds, "reached"
	case DeadlockProperty:
		tr.Info.Verdict = "deadlock"
	}
	if n := len(tr.Steps); n > 0 {
		tr.Info.Marked = []int{n - 1}
	}
	return v, nil
}

// stopText says why a search ended early.
func stopText(stop search.Stop, err error) string {
	switch {
	case stop == search.MemoryLimit, stop == search.DiskFailed:
		return fmt.Sprintf("%v: %v", stop, err)
	case err != nil:
		return err.Error()
	}
	return stop.String()
}
