package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// The JSON of check; docs/check.schema.json describes it.
type (
	jsonCheck struct {
		Schema    string         `json:"schema"`
		Scenarios []jsonScenario `json:"scenarios"`
	}
	jsonScenario struct {
		Name            string        `json:"name"`
		Variant         string        `json:"variant"`
		Mutant          string        `json:"mutant,omitempty"`
		Outcome         string        `json:"outcome"`
		Stop            string        `json:"stop,omitempty"`
		Symmetry        bool          `json:"symmetry,omitempty"`
		SymmetryOff     string        `json:"symmetry_off,omitempty"`
		States          uint64        `json:"states"`
		Transitions     uint64        `json:"transitions"`
		Depth           int           `json:"depth"`
		Levels          []uint64      `json:"levels"`
		Whole           int           `json:"whole_levels"`
		Seconds         float64       `json:"seconds"`
		StatesPerSecond float64       `json:"states_per_second"`
		BytesPerState   float64       `json:"bytes_per_state"`
		Properties      []jsonVerdict `json:"properties"`
		Holes           []jsonHole    `json:"holes"`
		Coverage        jsonCoverage  `json:"coverage"`
		Runs            *jsonLive     `json:"runs,omitempty"`
	}
	jsonVerdict struct {
		ID      string          `json:"id"`
		Kind    string          `json:"kind"`
		Outcome string          `json:"outcome"`
		Fair    []string        `json:"fair,omitempty"`
		Depth   int             `json:"depth,omitempty"`
		Trace   json.RawMessage `json:"trace,omitempty"`
	}
	jsonLive struct {
		States uint64   `json:"states"`
		Steps  uint64   `json:"steps"`
		Whole  bool     `json:"whole"`
		Unfair []string `json:"unfair"`
	}
	jsonHole struct {
		Property string `json:"property"`
		Reason   string `json:"reason"`
		Mend     string `json:"mend"`
	}
	jsonCoverage struct {
		Rules          map[string]uint64 `json:"rules"`
		Actions        map[string]uint64 `json:"actions"`
		EndpointStates map[string]uint64 `json:"endpoint_states"`
		Endings        map[string]uint64 `json:"endings"`
		// Pairs is the events that came to a side in each state.
		Pairs map[string]map[string]uint64 `json:"pairs"`
		Never []string                     `json:"never"`
		Gaps  []string                     `json:"gaps"` // of what never was, what the scenario permits
	}
)

func jsonReports(reports []*explore.Report) (jsonCheck, error) {
	doc := jsonCheck{Schema: "tcpcheck/1", Scenarios: []jsonScenario{}}
	for _, r := range reports {
		seen := r.States // now
		for _, n := range r.Levels[:min(r.Resumed, len(r.Levels))] {
			seen -= n
		}
		s := jsonScenario{
			Name: r.Scenario.Name, Variant: r.Scenario.Variant, Mutant: r.Scenario.Mutant,
			Outcome: r.Outcome.String(), Stop: r.Stop, Symmetry: r.Symmetry.On, SymmetryOff: r.Symmetry.Off, States: r.States, Transitions: r.Transitions,
			Depth: r.Depth, Levels: append([]uint64{}, r.Levels...), Whole: r.Whole, Seconds: r.Elapsed.Seconds(), BytesPerState: r.BytesPerState,
			StatesPerSecond: float64(seen) / max(r.Elapsed.Seconds(), 1e-9),
			Properties:      []jsonVerdict{}, Holes: []jsonHole{}, Coverage: coverageJSON(r),
		}
		if l := r.Live; l != nil {
			s.Runs = &jsonLive{l.States, l.Steps, l.Whole, l.Unfair.Names()}
		}
		for _, v := range r.Properties {
			j := jsonVerdict{ID: v.Property.ID, Kind: v.Property.Kind.String(), Outcome: v.Outcome.String(), Depth: v.Depth}
			if v.Property.Kind.Live() {
				j.Fair = (v.Property.Fair &^ r.Live.Unfair).Names()
			}
			if v.Trace != nil {
				var b bytes.Buffer
				if err := trace.WriteJSON(&b, v.Trace); err != nil {
					return doc, internalError(fmt.Errorf("property %s: %w", v.Property.ID, err))
				}
				j.Trace = b.Bytes()
			}
			s.Properties = append(s.Properties, j)
		}
		for _, h := range r.Scenario.Holes {
			s.Holes = append(s.Holes, jsonHole(h))
		}
		doc.Scenarios = append(doc.Scenarios, s)
	}
	return doc, nil
}

// coverageJSON names what happened and what never did.
func coverageJSON(r *explore.Report) jsonCoverage {
	c := &r.Coverage
	j := jsonCoverage{
		Pairs: map[string]map[string]uint64{}, Gaps: []string{},
		Rules: map[string]uint64{}, Actions: map[string]uint64{}, EndpointStates: map[string]uint64{},
		Endings: map[string]uint64{}, Never: []string{},
	}
	maps.Copy(j.Endings, c.Endings)
	count := func(m map[string]uint64, name string, n uint64) {
		if n == 0 {
			j.Never = append(j.Never, name)
			return
		}
		m[name] = n
	}
	for r := range model.Rule(model.ForbidsFirst) {
		count(j.Rules, r.String(), c.Rules[r])
	}
	for k := range model.EventKind(model.NumEventKinds) {
		count(j.Actions, k.String(), c.Events[k])
	}
	count(j.Actions, "deliver", c.Deliver)
	count(j.Actions, "duplicate", c.Repeat)
	count(j.Actions, "lose", c.Lose)
	for s := range model.State(model.NumStates) {
		count(j.EndpointStates, s.String(), c.States[s])
		for e, n := range c.Pairs[s] {
			if n > 0 {
				if j.Pairs[s.String()] == nil {
					j.Pairs[s.String()] = map[string]uint64{}
				}
				j.Pairs[s.String()][model.EventKind(e).String()] = n
			}
		}
	}
	g := together([]*explore.Report{r}).Gaps()
	j.Gaps = append(j.Gaps, slices.Concat(namesOf(g.Rules), namesOf(g.States), namesOf(g.Pairs))...)
	return j
}

// The JUnit report: a suite for each scenario, a case for each property.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func junitReport(reports []*explore.Report) []byte {
	var doc junitSuites
	for _, r := range reports {
		s := junitSuite{Name: r.Scenario.Name, Tests: len(r.Properties), Time: fmt.Sprintf("%.3f", r.Elapsed.Seconds())}
		for _, v := range r.Properties {
			c := junitCase{Class: "tcpcheck." + r.Scenario.Name, Name: v.Property.ID}
			switch v.Outcome {
			case explore.Violated:
				s.Failures++
				c.Failure = &junitMessage{Message: v.Property.Name}
				if v.Trace != nil {
					c.Failure.Message, c.Failure.Text = v.Trace.Info.Title, trace.Print(v.Trace)
				}
			case explore.Unknown:
				s.Skipped++
				c.Skipped = &junitMessage{Message: "unknown: " + r.Stop}
			}
			s.Cases = append(s.Cases, c)
		}
		doc.Suites = append(doc.Suites, s)
	}
	out, err := xml.MarshalIndent(doc, "", "  ")
	must(err)
	return append([]byte(xml.Header), append(out, '\n')...)
}

// writeTraces writes what is broken into the directory, if there is one.
func writeTraces(dir string, r *explore.Report) error {
	if dir == "" || r == nil {
		return nil
	}
	for _, v := range r.Properties {
		if v.Trace == nil || v.Outcome != explore.Violated {
			continue
		}
		if err := writeTrace(tracePath(dir, r.Scenario, v.Property), v.Trace); err != nil {
			return err
		}
	}
	return nil
}

// writeTrace writes a trace as JSON.
func writeTrace(path string, t *trace.Trace) error {
	var b bytes.Buffer
	if err := trace.WriteJSON(&b, t); err != nil {
		return internalError(err)
	}
	if err := writeWhole(path, b.Bytes()); err != nil {
		return usagef("writing a trace: %v", err)
	}
	return nil
}
