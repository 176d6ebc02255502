package modeltest_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"text/tabwriter"

	"github.com/google/go-cmp/cmp"
	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/modeltest"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write testdata/mutants.txt anew")

// seeds is how many runs of each scenario a mutant has to survive, and the
// right model survives.
const seeds = 400

// Each mutant is caught by a property, in a scenario that the right model
// passes with the same seeds.
func TestSuiteCatchesMutants(t *testing.T) {
	fixSteps(t)
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, m := range model.Mutants() {
		v, scenario := catch(m.Decorate(model.Step), modeltest.Scenarios(), seeds)
		if v == nil {
			if !m.NeedsIncarnations {
				t.Errorf("%s: no property catches it", m.Name)
			}
			fmt.Fprintf(w, "%s\t-\t\n", m.Name)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", m.Name, v.Property.ID, scenario)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", table.String())
	golden(t, "mutants.txt", table.Bytes())
}

// The right model passes with the seeds that catch the mutants.
func TestSuitePassesModelWithSameSeeds(t *testing.T) {
	fixSteps(t)
	if v, scenario := catch(model.Step, modeltest.Scenarios(), seeds); v != nil {
		t.Errorf("%s: %v", scenario, v)
	}
}

// Each property, judged alone, has a mutant that breaks it.
func TestPropertiesHaveMutants(t *testing.T) {
	fixSteps(t)
	breaker := map[string]string{}
	for _, m := range append(model.Mutants(), rareMutants...) {
		for _, cfg := range modeltest.Scenarios() {
			cfg.Step = m.Decorate(model.Step)
			broken := rapid.Custom(func(t *rapid.T) map[string]bool { return modeltest.FindAll(t, cfg) })
			for seed := 1; seed <= 20; seed++ {
				for id := range broken.Example(seed) {
					if breaker[id] == "" {
						breaker[id] = m.Name
					}
				}
			}
		}
	}
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, p := range modeltest.Properties() {
		if breaker[p.ID] == "" {
			t.Errorf("%s: no mutant breaks it", p.ID)
		}
		fmt.Fprintf(w, "%s\t%s\n", p.ID, breaker[p.ID])
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	golden(t, "properties.txt", table.Bytes())
}

// catch looks for a run that breaks a property, seed by seed in all scenarios.
func catch(step model.StepFunc, scenarios []modeltest.Config, seeds int) (v *modeltest.Violation, scenario string) {
	finders := make([]*rapid.Generator[*modeltest.Violation], len(scenarios))
	for i, cfg := range scenarios {
		cfg.Step = step
		finders[i] = rapid.Custom(func(t *rapid.T) *modeltest.Violation { return modeltest.Find(t, cfg) })
	}
	for seed := 1; seed <= seeds; seed++ {
		for i, f := range finders {
			if v := f.Example(seed); v != nil {
				return v, scenarios[i].Name
			}
		}
	}
	return nil, ""
}

// fixSteps makes runs as long as by default, whatever the flags, so that equal
// seeds give equal runs.
func fixSteps(t *testing.T) {
	steps := "30"
	if testing.Short() {
		steps = "60" // which rapid halves
	}
	f := flag.Lookup("rapid.steps")
	old := f.Value.String()
	if err := f.Value.Set(steps); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Value.Set(old); err != nil {
			t.Error(err)
		}
	})
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s is out of date, see -update:\n%s", path, d)
	}
}
