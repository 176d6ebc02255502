package main

import (
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

// Where memory runs out, a run that was not found may exist.
func TestWitnessKeepsToMemory(t *testing.T) {
	p, err := invariants.Find("witness-blind-reset")
	if err != nil {
		t.Fatal(err)
	}
	sc, err := explore.Preset("deep")
	if err != nil {
		t.Fatal(err)
	}
	_, v, stop, err := shortestWitness(t.Context(), p, []explore.Scenario{*sc}, 1)
	if err != nil || v != nil || !strings.HasPrefix(stop, "memory limit reached") {
		t.Errorf("found %v, stop %q, %v", v, stop, err)
	}
}
