package main

import "github.com/tcpcheck/tcpcheck/explore"

// The JSON of sweep; docs/schemas/sweep.schema.json describes it.
type (
	jsonSweep struct {
		Schema     string         `json:"schema"`
		Scenario   string         `json:"scenario"`
		Variant    string         `json:"variant"`
		Mutant     string         `json:"mutant,omitempty"`
		Settings   []string       `json:"settings,omitempty"`
		Axes       []jsonAxis     `json:"axes"`
		Points     []jsonPoint    `json:"points"`
		Boundaries []jsonBoundary `json:"boundaries"`
	}
	jsonAxis struct {
		Field  string   `json:"field"`
		Values []string `json:"values"`
	}
	jsonPoint struct {
		Settings   map[string]string `json:"settings"`
		Impossible string            `json:"impossible,omitempty"`
		Stop       string            `json:"stop,omitempty"`
		States     uint64            `json:"states"`
		Properties []jsonVerdict     `json:"properties"`
	}
	jsonBoundary struct {
		Property string   `json:"property"`
		Field    string   `json:"field"`
		Says     string   `json:"says"`
		With     []string `json:"with,omitempty"`
	}
)

func (s *sweep) json() jsonSweep {
	doc := jsonSweep{
		Schema: "tcpcheck-sweep/1", Scenario: s.scenario.Name, Variant: s.scenario.Variant, Mutant: s.scenario.Mutant,
		Axes: []jsonAxis{}, Points: []jsonPoint{}, Boundaries: []jsonBoundary{},
	}
	for _, c := range s.scenario.Changed {
		doc.Settings = append(doc.Settings, c.String())
	}
	for _, x := range s.axes {
		doc.Axes = append(doc.Axes, jsonAxis{x.Field, x.Values})
	}
	for i := range s.points {
		p := &s.points[i]
		j := jsonPoint{Settings: map[string]string{}, Properties: []jsonVerdict{}}
		for k, x := range s.axes {
			j.Settings[x.Field] = p.Values[k]
		}
		if p.Err != nil {
			j.Impossible = p.Err.Error()
		} else {
			j.Stop, j.States = p.Report.Stop, p.Report.States
			for _, v := range p.Report.Properties {
				j.Properties = append(j.Properties, jsonVerdict{ID: v.Property.ID, Kind: v.Property.Kind.String(), Outcome: v.Outcome.String(), Depth: v.Depth})
			}
		}
		doc.Points = append(doc.Points, j)
	}
	for k, p := range s.properties {
		for _, b := range explore.Boundary(s.axes, s.points, k, s.along()) {
			j := jsonBoundary{Property: p.ID, Field: s.axes[s.along()].Field, Says: b.Says}
			if len(b.With) != 1 || b.With[0] != "" {
				j.With = b.With
			}
			doc.Boundaries = append(doc.Boundaries, j)
		}
	}
	return doc
}
