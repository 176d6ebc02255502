package main

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

// scenarioEntries are the presets.
func scenarioEntries() []entry {
	var list []entry
	for _, sc := range explore.AllPresets() {
		brief := sc.About
		if sc.Deep {
			brief += " (large: checked only by name)"
		}
		list = append(list, entry{name: sc.Name, brief: brief, explain: func(a *app) { a.explainScenario(&sc) }})
	}
	return list
}

// explainScenario tells what differs from the smallest preset, and the holes.
func (a *app) explainScenario(sc *explore.Scenario) {
	a.wrapped(0, sc.About+".")
	a.printf("\n")
	for _, f := range explore.Fields() {
		if f.Name != "name" && f.Name != "about" && f.Get(sc) != "" {
			a.printf("  %-16s %-10s %s\n", f.Name, f.Get(sc), a.paint(faint, f.Meaning))
		}
	}
	for i, side := range []string{"A", "B"} {
		a.printf("  %s:", side)
		for _, f := range explore.SideFields(i) {
			if v := f.Get(sc); v != "0" && v != "false" && v != "" {
				a.printf(" %s %s;", f.Name, v)
			}
		}
		a.printf("\n")
	}
	a.printf("\n")
	a.wrapped(0, fmt.Sprintf("It guarantees %d properties.", len(invariants.Guaranteed(sc))))
	for _, h := range sc.Holes {
		a.printf("\n")
		a.wrapped(0, "Hole: "+h.Property)
		a.wrapped(2, h.Reason)
		a.wrapped(2, mendedBy(h))
	}
	a.printf("\n")
	a.wrapped(0, "`tcpcheck check "+sc.Name+"` checks it; `tcpcheck explain "+sc.Name+" --yaml` prints it as a file.")
}

// mendedBy says what mends a hole.
func mendedBy(h explore.Hole) string {
	if h.Mend == "" {
		return "Nothing in the RFC mends it."
	}
	return "Mended by " + h.Mend + "."
}

// propertyEntries are the properties and the witnesses.
func propertyEntries() []entry {
	var list []entry
	for _, p := range invariants.All() {
		list = append(list, entry{name: p.ID, brief: p.Name, section: "", explain: func(a *app) {
			a.wrapped(0, p.Meaning)
			a.printf("\n")
			a.wrapped(0, "Kind: "+p.Kind.String())
			if p.Kind.Live() {
				a.wrapped(0, "Assumed to be fair: "+p.Fair.String()+". Judged in scenarios with retransmissions: unlimited.")
			}
			a.wrapped(0, "Source: "+p.Source)
			for _, h := range explore.KnownHoles() {
				if h.Property == p.ID {
					a.printf("\n")
					a.wrapped(0, "RFC 9293 as written breaks it: "+h.Reason+" "+mendedBy(h))
				}
			}
		}})
	}
	return list
}
