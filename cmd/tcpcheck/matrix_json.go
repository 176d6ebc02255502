package main

import "github.com/tcpcheck/tcpcheck/invariants/matrix"

// The JSON of matrix; docs/schemas/matrix.schema.json describes it.
type (
	jsonMatrix struct {
		Schema string     `json:"schema"`
		Cells  []jsonCell `json:"cells"`
	}
	jsonCell struct {
		Property   string   `json:"property"`
		Variant    string   `json:"variant"`
		ISN        string   `json:"isn"`
		Scenario   string   `json:"scenario"`
		Settings   []string `json:"settings,omitempty"`
		Outcome    string   `json:"outcome"`
		Stop       string   `json:"stop,omitempty"`
		States     uint64   `json:"states"`
		Steps      int      `json:"steps"`
		StepsTwice *int     `json:"steps_twice,omitempty"`
		Expected   string   `json:"expected"`
		Page       string   `json:"page"`
		Reason     string   `json:"reason,omitempty"`
		Source     string   `json:"source,omitempty"`
		Assumes    string   `json:"assumes,omitempty"`
	}
)

func matrixJSON(cells []matrix.Cell) jsonMatrix {
	doc := jsonMatrix{Schema: "tcpcheck-matrix/1", Cells: []jsonCell{}}
	isn, assumes := map[string]string{}, map[string]string{}
	for i := range cells {
		c := &cells[i]
		key := c.Place.Key()
		if isn[key] == "" {
			isn[key], assumes[key] = c.Place.ISN(), c.Place.Assumes()
		}
		j := jsonCell{
			Property: c.Property.ID, Variant: c.Variant, ISN: isn[key], Scenario: c.Place.Scenario,
			Outcome: c.Outcome.String(), Stop: c.Stop, States: c.States, Steps: c.Steps, Expected: c.Expected.String(), Assumes: assumes[key],
		}
		for _, s := range c.Place.Settings {
			j.Settings = append(j.Settings, s.String())
		}
		if r := c.Reason; r != nil {
			j.Reason, j.Source = r.Text, r.Source
			if r.Page != "" {
				j.Page = "counterexamples/" + r.Page + ".md"
			}
		}
		if c.Twice.Known {
			j.StepsTwice = &c.Twice.Steps
		}
		doc.Cells = append(doc.Cells, j)
	}
	return doc
}
