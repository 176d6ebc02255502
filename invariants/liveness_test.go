package invariants_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/invariants"
	"github.com/tcpcheck/tcpcheck/model"
)

// outcomes judges properties, with blanks between, in a preset that was changed.
func outcomes(t *testing.T, preset, properties string, unfair explore.Assumptions, change func(*explore.Scenario) error) []explore.Verdict {
	t.Helper()
	sc, err := explore.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		if err := change(sc); err != nil {
			t.Fatal(err)
		}
	}
	var props []*explore.Property
	for _, id := range strings.Fields(properties) {
		p, err := invariants.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		props = append(props, p)
	}
	r, err := explore.Check(context.Background(), sc, props, explore.Options{Unfair: unfair})
	if err != nil {
		t.Fatal(err)
	}
	if r.Stop != "" {
		t.Fatalf("not everything was seen: %s", r.Stop)
	}
	return r.Properties
}

// Each property of runs needs all that it assumes to be fair: without any part
// of it there is a scenario in which it holds no more (that it held is
// TestPresets' and TestLivenessMends' matter), and the run that shows it repeats
// a cycle or rests.
func TestLivenessNeedsItsFairness(t *testing.T) {
	for _, x := range []struct {
		properties, preset string
		unfair             explore.Assumptions
		rests              bool // because nobody repeats, no time passes, nobody reads
		choice, value      string
	}{
		{properties: "open-ends something-moves", preset: "live-open", unfair: explore.FairNetwork},
		{properties: "open-ends", preset: "live-open", unfair: explore.FairTimers, rests: true},
		{properties: "closed-by-both-ends", preset: "live-close", unfair: explore.FairNetwork, choice: "fin-wait-2", value: "timeout"},
		{properties: "closed-by-both-ends", preset: "live-close", unfair: explore.FairTimers, choice: "fin-wait-2", value: "timeout", rests: true},
		{properties: "closed-by-both-ends", preset: "live-close", unfair: explore.FairClock, choice: "fin-wait-2", value: "timeout", rests: true},
		{properties: "text-arrives-or-fails half-open-is-found", preset: "live-half-open", unfair: explore.FairNetwork},
		{properties: "text-arrives-or-fails half-open-is-found", preset: "live-half-open", unfair: explore.FairTimers, rests: true},
		{properties: "text-arrives-or-fails something-moves", preset: "live-window", unfair: explore.FairReaders},
		{properties: "acks-end something-moves", preset: "live-window", unfair: explore.FairTimers},
		{properties: "time-wait-ends", preset: "live-close", unfair: explore.FairNetwork},
		{properties: "time-wait-ends", preset: "live-close", unfair: explore.FairClock, rests: true},
	} {
		t.Run(x.properties+" without "+x.unfair.String(), func(t *testing.T) {
			change := func(sc *explore.Scenario) error {
				if x.choice == "" {
					return nil
				}
				return sc.SetBehaviour(x.choice, x.value)
			}
			for _, v := range outcomes(t, x.preset, x.properties, x.unfair, change) {
				if v.Outcome != explore.Violated {
					t.Fatalf("%s: %v without, want violated", v.Property.ID, v.Outcome)
				}
				from, n := v.Trace.Info.CycleFrom, len(v.Trace.Steps)
				if x.rests != (from < 0) || from >= n {
					t.Fatalf("%s: a cycle from step %d of %d: want one, or a rest: %v", v.Property.ID, from, n, x.rests)
				}
				if err := trace.CheckCycle(v.Trace, [2]model.StepFunc{}); err != nil {
					t.Errorf("%s: %v", v.Property.ID, err)
				}
			}
		})
	}
	for _, p := range invariants.All() {
		if p.Fair != 0 && !p.Kind.Live() {
			t.Errorf("%s is no property of runs, and assumes fairness", p.ID)
		}
	}
}

// What mends a property of runs that a preset breaks: with the choices it holds
// on every fair run.
func TestLivenessMends(t *testing.T) {
	type choice struct{ name, value string }
	for _, x := range []struct {
		properties, preset string
		choices            []choice
	}{
		{"closed-by-both-ends can-still-end", "live-close", []choice{{"fin-wait-2", "timeout"}}},
		{"closed-by-both-ends something-moves", "live-text-both-ways", []choice{{"out-of-order", "text-held"}}},
		{"closed-by-both-ends", "live-text-both-ways", []choice{{"fin-segment", "piggybacked"}}},
		{"text-arrives-or-fails", "live-text", []choice{{"closing-reset", "reported"}}},
		{"half-open-is-found text-arrives-or-fails", "live-old-syn", []choice{{"close-in-syn-received", "waits"}}},
		{"open-ends text-arrives-or-fails something-moves", "live-syn-text", []choice{{"syn-ack-in-syn-received", "establishes"}}},
		{"something-moves", "live-rebooted", []choice{{"out-of-order", "text-held"}}},
		{"something-moves", "live-old-syn", []choice{{"out-of-order", "text-held"}, {"close-in-syn-received", "waits"}}},
	} {
		t.Run(x.properties+" in "+x.preset, func(t *testing.T) {
			mend := func(sc *explore.Scenario) error {
				for _, c := range x.choices {
					if err := sc.SetBehaviour(c.name, c.value); err != nil {
						return err
					}
				}
				return nil
			}
			for _, v := range outcomes(t, x.preset, x.properties, 0, mend) {
				if v.Outcome != explore.Holds {
					t.Errorf("%s: %v with %v, want holds", v.Property.ID, v.Outcome, x.choices)
				}
			}
		})
	}
}

// docs/liveness.md says of each property of runs what kind it is and what it
// assumes.
func TestLivenessPage(t *testing.T) {
	page, err := os.ReadFile("../docs/liveness.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(page)) {
		if cells := strings.Split(line, " | "); len(cells) > 3 {
			id, _, _ := strings.Cut(strings.TrimPrefix(cells[0], "| `"), "`")
			rows[id] = cells[1] + "; " + cells[2]
		}
	}
	for _, p := range invariants.All() {
		want := p.Kind.String() + "; " + p.Fair.String()
		if got := rows[p.ID]; p.Kind.Live() && got != want {
			t.Errorf("%s: the page says %q, want %q", p.ID, got, want)
		}
	}
}
