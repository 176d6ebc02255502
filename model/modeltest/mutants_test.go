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
	caught := map[string]bool{}
	for _, m := range model.Mutants() {
		v, scenario := catch(m.Decorate(model.Step))
		if v == nil {
			if !m.NeedsIncarnations {
				t.Errorf("%s: no property catches it", m.Name)
			}
			fmt.Fprintf(w, "%s\t-\t\n", m.Name)
			continue
		}
		caught[v.Property.ID] = true
		fmt.Fprintf(w, "%s\t%s\t%s\n", m.Name, v.Property.ID, scenario)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", table.String())
	for _, p := range modeltest.Properties() {
		if !caught[p.ID] {
			t.Logf("%s: no mutant meets it first", p.ID)
		}
	}
	golden(t, "mutants.txt", table.Bytes())
}

// The right model passes with the seeds that catch the mutants.
func TestSuitePassesModelWithSameSeeds(t *testing.T) {
	fixSteps(t)
	if v, scenario := catch(model.Step); v != nil {
		t.Errorf("%s: %v", scenario, v)
	}
}

// catch looks for a run that breaks a property, seed by seed in all scenarios.
func catch(step model.StepFunc) (v *modeltest.Violation, scenario string) {
	scenarios := modeltest.Scenarios()
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
