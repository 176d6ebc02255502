package counterexamples

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/counterexamples/draw"
	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/invariants"
)

// File is a file of the catalogue: a page, or a drawing that pages show.
type File struct {
	Name string // with /, below the catalogue's directory
	Data []byte
}

//go:embed runs/*.ladder
var ladders embed.FS

// Files checks every entry of the catalogue and writes its page and drawings,
// and the index. The bytes are the same each time.
func Files(ctx context.Context) ([]File, error) {
	b := builder{ctx: ctx, mended: map[string]*explore.Report{}}
	if err := b.checkMended(); err != nil {
		return nil, err
	}
	var files []File
	for _, s := range sections {
		for _, e := range s.entries {
			p, err := b.page(e)
			if err != nil {
				return nil, fmt.Errorf("page %s: %w", e.file, err)
			}
			files = append(files, p...)
		}
	}
	figure, err := figurePage(ctx)
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", figureFile, err)
	}
	files = append(files, figure...)
	return append(files, File{"README.md", b.index()}), nil
}

// builder makes the pages.
type builder struct {
	ctx    context.Context
	mended map[string]*explore.Report // by mendKey
	shown  []shown                    // in the order of the pages
}

// shown is what the index says of a page.
type shown struct {
	entry entry
	says  string // what happens in the run
	steps int
}

// page is an entry's page and drawings.
func (b *builder) page(e entry) ([]File, error) {
	w := &writer{e: e}
	var steps int
	var err error
	if len(e.runs) > 0 {
		steps, err = w.rightRuns()
	} else {
		steps, err = b.violation(w)
	}
	if err != nil {
		return nil, err
	}
	b.shown = append(b.shown, shown{w.e, w.says, steps})
	return append(w.drawings, File{e.file + ".md", w.Bytes()}), nil
}

// violation writes the page of a property that is broken.
func (b *builder) violation(w *writer) (steps int, err error) {
	e := &w.e
	p, err := invariants.Find(e.property)
	if err != nil {
		return 0, err
	}
	sc, err := e.world()
	if err != nil {
		return 0, err
	}
	r, err := explore.Check(b.ctx, sc, []*explore.Property{p}, explore.Options{First: true})
	if err != nil {
		return 0, err
	}
	v := r.Properties[0]
	if v.Outcome != explore.Violated || v.Trace == nil {
		return 0, fmt.Errorf("%s %v in %s: want a counterexample", e.property, v.Outcome, e.scenario)
	}
	mended := b.mended[e.mendKey()]
	if e.unmended == "" {
		i := slices.IndexFunc(mended.Properties, func(v explore.Verdict) bool { return v.Property.ID == e.property })
		if mended.Properties[i].Outcome != explore.Holds {
			return 0, fmt.Errorf("%s %v in %s when mended", e.property, mended.Properties[i].Outcome, mended.Scenario.Name)
		}
	}
	if w.wider, err = b.wider(e, p, v.Depth); err != nil {
		return 0, err
	}
	return v.Depth, w.violation(v.Trace, p, mended)
}

// wider says what is found in a space of twice the numbers: what needs small
// ones is no fault of TCP's.
func (b *builder) wider(e *entry, p *explore.Property, depth int) (string, error) {
	sc, err := e.world()
	if err != nil {
		return "", err
	}
	sc.Bits++
	r, err := explore.Check(b.ctx, sc, []*explore.Property{p}, explore.Options{First: true})
	if err != nil {
		return "", err
	}
	v := r.Properties[0]
	switch {
	case v.Outcome == explore.Holds:
		return fmt.Sprintf("In a space of %d numbers the property holds: this run needs numbers that come round.", 1<<sc.Bits), nil
	case v.Outcome != explore.Violated:
		return "", fmt.Errorf("%s in a space of %d numbers: %v, %s", e.property, 1<<sc.Bits, v.Outcome, r.Stop)
	case v.Depth == depth:
		return fmt.Sprintf("It does not depend on small numbers: in a space of %d it takes as many steps.", 1<<sc.Bits), nil
	}
	return fmt.Sprintf("In a space of %d numbers it takes %s.", 1<<sc.Bits, count(v.Depth, "step")), nil
}

// world is the scenario in which the property of the entry is broken.
func (e *entry) world() (*explore.Scenario, error) {
	sc, err := explore.Preset(e.scenario)
	if err != nil {
		return nil, err
	}
	if err := sc.SetMutant(e.mutant); err != nil {
		return nil, err
	}
	if err := sc.Set(e.sets...); err != nil {
		return nil, err
	}
	return sc, e.setVariant(sc)
}

func (e *entry) setVariant(sc *explore.Scenario) error {
	if e.variant == "" {
		return nil
	}
	return sc.SetVariant(e.variant)
}

// mendKey names the search that shows an entry mended.
func (e *entry) mendKey() string {
	name := e.scenario + " " + e.variant
	if e.mendedIn != "" {
		name = e.mendedIn
	}
	for _, m := range e.mends {
		name += " " + m.choice + "=" + m.value
	}
	return name
}

// checkMended judges all properties that hold in the same mended world at once.
func (b *builder) checkMended() error {
	type world struct {
		entry entry
		props []*explore.Property
	}
	var worlds []*world
	for _, s := range sections {
		for _, e := range s.entries {
			if len(e.runs) > 0 || e.unmended != "" {
				continue
			}
			p, err := invariants.Find(e.property)
			if err != nil {
				return fmt.Errorf("page %s: %w", e.file, err)
			}
			i := slices.IndexFunc(worlds, func(w *world) bool { return w.entry.mendKey() == e.mendKey() })
			if i < 0 {
				i = len(worlds)
				worlds = append(worlds, &world{entry: e})
			}
			if !slices.Contains(worlds[i].props, p) {
				worlds[i].props = append(worlds[i].props, p)
			}
		}
	}
	for _, w := range worlds {
		name := w.entry.scenario
		if w.entry.mendedIn != "" {
			name = w.entry.mendedIn
		}
		sc, err := explore.Preset(name)
		if err != nil {
			return err
		}
		if w.entry.mendedIn == "" {
			if err := w.entry.setVariant(sc); err != nil {
				return fmt.Errorf("page %s: %w", w.entry.file, err)
			}
		}
		for _, m := range w.entry.mends {
			if err := sc.SetBehaviour(m.choice, m.value); err != nil {
				return fmt.Errorf("page %s: %w", w.entry.file, err)
			}
		}
		r, err := explore.Check(b.ctx, sc, w.props, explore.Options{})
		if err != nil {
			return err
		}
		if r.Stop != "" {
			return fmt.Errorf("scenario %s: not everything was seen: %s", name, r.Stop)
		}
		b.mended[w.entry.mendKey()] = r
	}
	return nil
}

// play reads the ladder and plays it.
func (r run) play() (*trace.Trace, error) {
	text, err := ladders.ReadFile("runs/" + r.file + ".ladder")
	if err != nil {
		return nil, err
	}
	script, err := trace.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s.ladder: %w", r.file, err)
	}
	step, err := script.Info.StepFuncs()
	if err != nil {
		return nil, err
	}
	t, err := script.Run(step)
	if err != nil {
		return nil, fmt.Errorf("%s.ladder: %w", r.file, err)
	}
	if r.cycle > 0 {
		t.Info.CycleFrom = r.cycle - 1
		if err := comesBack(t); err != nil {
			return nil, fmt.Errorf("%s.ladder: %w", r.file, err)
		}
	}
	return t, nil
}

// comesBack is an error unless the cycle of the trace ends where it begins: in
// the same states, with segments under way that look the same.
func comesBack(t *trace.Trace) error {
	from := t.Info.CycleFrom
	if before := t.Before(from); before != t.Steps[len(t.Steps)-1].After {
		return fmt.Errorf("the states after step %d are not those before step %d", len(t.Steps), from+1)
	}
	if a, b := underWay(t, from), underWay(t, len(t.Steps)); a != b {
		return fmt.Errorf("under way before step %d is %s, and after step %d %s", from+1, a, len(t.Steps), b)
	}
	return nil
}

// underWay is what is in the network after the first n steps, in text.
func underWay(t *trace.Trace, n int) string {
	in := append([]trace.Flight(nil), t.Setup.InFlight...)
	leave := func(id int) {
		in = slices.DeleteFunc(in, func(f trace.Flight) bool { return f.ID == id })
	}
	for _, st := range t.Steps[:n] {
		if k := st.Action.Kind; k == trace.Deliver || k == trace.Lose {
			leave(st.Action.ID)
		}
		in = append(in, st.Sent...)
		for _, id := range slices.Concat(st.Dropped, st.Expired) {
			leave(id)
		}
	}
	var list []string
	for _, f := range in {
		list = append(list, fmt.Sprintf("%v %s", f.To, trace.FormatSegment(f.Segment)))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// drawn is a drawing.
func drawn(format string, t *trace.Trace) ([]byte, error) {
	var b bytes.Buffer
	err := draw.Write(&b, format, t, draw.Options{})
	return b.Bytes(), err
}
