package main

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/model"
)

// together is what all reports saw.
func together(reports []*explore.Report) *explore.Union {
	u := &explore.Union{}
	for _, r := range reports {
		u.Add(r)
	}
	return u
}

// shortStates are the states, in the columns of a table.
var shortStates = [model.NumStates]string{
	model.Closed: "CLSD", model.Listen: "LSTN", model.SynSent: "SYNS", model.SynReceived: "SYNR", model.Established: "ESTB",
	model.FinWait1: "FIN1", model.FinWait2: "FIN2", model.CloseWait: "CLWT", model.Closing: "CLNG", model.LastAck: "LACK", model.TimeWait: "TIMW",
}

// printCoverage prints how often everything happened, and what never did.
func (a *app) printCoverage(reports []*explore.Report) {
	u := together(reports)
	a.printf("\ncoverage of %s: how often, counted once for each distinct state in which it happened\n\n", count(len(reports), "scenario"))
	a.printf("%-22s", "event at a side in")
	for _, s := range shortStates {
		a.printf(" %5s", s)
	}
	a.printf("\n")
	for e := range model.EventKind(model.NumEventKinds) {
		a.printf("%-22s", e)
		for s := range model.State(model.NumStates) {
			cell := short(u.Seen.Pairs[s][e])
			if cell == "0" && !u.Permits(explore.Pair{State: s, Event: e}) {
				cell = "."
			}
			a.printf(" %5s", cell)
		}
		a.printf("\n")
	}
	a.printf("%-22s 0: never, though permitted; a dot: the scenario does not permit it\n", "")
	a.printf("\nnetwork: %s delivered, %s of them with a copy left, %s lost; time passed %s times\n\nrules:\n",
		short(u.Seen.Deliver+u.Seen.Repeat), short(u.Seen.Repeat), short(u.Seen.Lose), short(u.Seen.Tick))
	for r := range model.Rule(model.ForbidsFirst) {
		n, why := u.Seen.Rules[r], ""
		if n == 0 {
			why = neverBecause(reports, r)
		}
		a.printf("%s\n", strings.TrimRight(fmt.Sprintf("  %5s  %-28s %s", short(n), r, why), " "))
	}
	a.printf("\n")
	if text := gapText(u.Gaps()); text != "" {
		a.wrapped(0, "never, though permitted: "+text)
	} else {
		a.printf("all that is permitted happened\n")
	}
}

// neverBecause says why a rule fired in none of the scenarios.
func neverBecause(reports []*explore.Report, r model.Rule) string {
	why := ""
	for _, rep := range reports {
		if why = rep.Scenario.Forbids(r); why == "" {
			return "never, though permitted"
		}
	}
	return "can't: " + why
}

// gapText lists what never happened; "" if there is nothing.
func gapText(g explore.Gaps) string {
	var parts []string
	list := func(noun string, names []string) {
		if len(names) > 0 {
			parts = append(parts, count(len(names), noun)+" ("+strings.Join(names, ", ")+")")
		}
	}
	list("rule", namesOf(g.Rules))
	list("state", namesOf(g.States))
	list("event", namesOf(g.Pairs))
	return strings.Join(parts, "; ")
}

func namesOf[T fmt.Stringer](list []T) []string {
	text := make([]string, len(list))
	for i, x := range list {
		text[i] = x.String()
	}
	return text
}

// short writes a count in at most five characters.
func short(n uint64) string {
	for _, unit := range []struct {
		name string
		size uint64
	}{{"G", 1e9}, {"M", 1e6}, {"k", 1e3}} {
		if n >= 100*unit.size {
			return fmt.Sprintf("%d%s", n/unit.size, unit.name)
		}
		if n >= unit.size && n >= 100_000 {
			return fmt.Sprintf("%.1f%s", float64(n/(unit.size/10))/10, unit.name)
		}
	}
	return fmt.Sprint(n)
}
