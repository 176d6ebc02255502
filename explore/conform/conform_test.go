package conform

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the expected files anew")

// golden compares the text with a file of testdata.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s (go test -update writes it):\n%s", file, d)
	}
}

// lawfulModels are models within the RFC.
func lawfulModels() (list []*Subject) {
	for i, r := range lawful {
		if r.choice == 0 {
			list = append(list, Model(fmt.Sprintf("reading %d", i), nil, r.behaviours))
		}
	}
	for _, c := range []choice{
		{choice: "fin-segment", value: "piggybacked"}, {choice: "repeated-syn", value: "syn-ack"},
	} {
		list = append(list, Model(c.choice+"="+c.value, nil, set(lawful[0].behaviours, c)))
	}
	return list
}

// Whatever the RFC leaves open, the model itself never deviates.
func TestModelConforms(t *testing.T) {
	for i, s := range lawfulModels() {
		if testing.Short() && i > 0 {
			break
		}
		p := &player{subject: s}
		if i > 0 {
			p.every = 7 // of the classes, which are a multiple of neither
		}
		reached := conforms(t, p)
		if i == 0 && reached != 46124 || len(existing()) != 46124 {
			t.Errorf("%s: %d of %d pairs: want all of 46124", s.Name, reached, len(existing()))
		}
	}
}

// conforms plays everything and fails for each deviation.
func conforms(t *testing.T, p *player) (reached int) {
	c := collector{found: map[string]*seen{}}
	visits := p.explore(c.see)
	reached = p.pairs(visits, existing(), c.see)
	p.drill(visits, c.see)
	p.walks(100, c.see)
	if p.err != nil {
		t.Fatal(p.err)
	}
	for _, id := range c.ids {
		s, _ := p.sighting(id, c.found[id])
		t.Errorf("%s: %s\n%s", p.subject.Name, id, s.Trace)
	}
	return reached
}

// A choice is reported by its name.
func TestChoicesAreNamed(t *testing.T) {
	if testing.Short() {
		t.Skip("plays half a million sequences")
	}
	for i, c := range known {
		if i >= noOldAcks && i < firstReading || i == dropsAbove {
			continue // the model does not have them, or the gap shows itself in many ways
		}
		if seen, ok := finds(Model(c.choice, nil, set(lawful[0].behaviours, c)), c.choice+"="+c.value); !ok {
			t.Errorf("%s=%s is not found: %v", c.choice, c.value, seen)
		}
	}
}

// finds plays until a sighting with the id is found. It returns those before.
func finds(s *Subject, id string) (before []string, ok bool) {
	p := &player{subject: s}
	c := collector{found: map[string]*seen{}}
	see := func(way []Event, o outcome) {
		if c.see(way, o); c.found[id] != nil {
			p.err = errFound
		}
	}
	visits := p.explore(see)
	if p.drill(visits, see); p.err == nil {
		p.pairs(visits, nil, see)
	}
	return c.ids, p.err == errFound
}

var errFound = errors.New("found")

// firstFound is the first deviation of a subject, "" if there is none.
func firstFound(s *Subject, walks int) (id string) {
	p := &player{subject: s}
	found := func(_ []Event, o outcome) {
		if list := ids(o); len(list) > 0 && id == "" {
			id, p.err = list[0], errFound
		}
	}
	visits := p.explore(found)
	if p.err == nil {
		p.pairs(visits, nil, found)
	}
	if p.err == nil {
		p.drill(visits, found)
	}
	p.walks(walks, found)
	return id
}

// The model with a deliberate bug is caught, unless nothing that a stack sends
// shows the bug.
func TestMutantsAreCaught(t *testing.T) {
	if testing.Short() {
		t.Skip("plays a million sequences")
	}
	var b strings.Builder
	caught := 0
	for _, m := range model.Mutants() {
		id := firstFound(Model(m.Name, m.Decorate(model.Step), lawful[0].behaviours), 1000)
		if id != "" {
			caught++
		} else {
			id = "-"
		}
		fmt.Fprintf(&b, "%-26s %s\n", m.Name, id)
	}
	head := fmt.Sprintf("# The model's mutants as stacks: the first deviation that is found.\n# %d of %d are caught.\n", caught, len(model.Mutants()))
	golden(t, "testdata/mutants.txt", head+b.String())
}

// What is drawn can be read and run again.
func TestTracesAreLadders(t *testing.T) {
	names := []string{"fin-ignored", "any-rst", "no-time-wait"}
	if testing.Short() {
		names = names[:1]
	}
	for _, name := range names {
		m, err := model.FindMutant(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Run(Model(name, m.Decorate(model.Step), lawful[0].behaviours), 100, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Deviations) == 0 {
			t.Errorf("%s: no deviation", name)
		}
		for _, d := range r.Deviations {
			script, err := trace.Parse(d.Trace)
			if err == nil {
				_, err = script.Run([2]model.StepFunc{})
			}
			if err != nil {
				t.Errorf("%s: %s: %v\n%s", name, d.ID, err, d.Trace)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { Check(t, Model("model", nil, lawful[0].behaviours), nil) })
}

func TestParseKnown(t *testing.T) {
	list, err := ParseKnown([]byte("- title: a\n  ids: [a/b, c]\n  reason: because\n"))
	if k := list.entry("c"); err != nil || k == nil || k.Reason != "because" || list.entry("d") != nil {
		t.Errorf("got %v, %v", list, err)
	}
	for bad, line := range map[string]int{
		"- title: a\n  ids: [a]\n": 1, "- ids: [a]\n  reason: b\n": 1, "\n- title: a\n  reason: b\n": 2, "x": 1,
		"- title: a\n  ids: [a]\n  reason: b\n- title: a\n  ids: [a]\n  reason: b\n": 4, "- title: a\n  ids: [a]\n  reason: b\n  x: 1\n": 4,
		"- title: a\n  ids: [a]\n  reason: b\n\n- title: a\n  ids: [b]\n  reason: b\n  severity: bad\n": 5,
	} {
		if _, err := ParseKnown([]byte(bad)); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("line %d: ", line)) {
			t.Errorf("%q: %v, want an error in line %d", bad, err, line)
		}
	}
}

func FuzzParseKnown(f *testing.F) {
	f.Add([]byte("- title: a\n  ids: [a/b]\n  reason: because\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := ParseKnown(text)
		if err != nil {
			return
		}
		for _, k := range list {
			for _, id := range k.IDs {
				if list.entry(id) == nil {
					t.Errorf("%q is not found", id)
				}
			}
		}
	})
}

// The steps of the model as a stack and of its judge, per second.
func BenchmarkPairs(b *testing.B) {
	steps := uint64(0)
	for b.Loop() {
		p := &player{subject: Model("model", nil, lawful[0].behaviours)}
		p.pairs(p.explore(func([]Event, outcome) {}), nil, func([]Event, outcome) {})
		steps += p.steps
	}
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
}
