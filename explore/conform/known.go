package conform

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// Known are deviations of a stack that are understood, so that its tests fail
// on new ones only.
type Known []KnownDeviation

// KnownDeviation is one entry of known.yaml.
type KnownDeviation struct {
	ID     string `yaml:"id"`     // of the [Deviation]
	Reason string `yaml:"reason"` // who is right by the RFC, and why it is so
}

// ParseKnown reads known.yaml: a list of entries with id and reason. Anything
// else is an error that gives the line.
func ParseKnown(text []byte) (Known, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	var list Known
	if err := d.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("known deviations: %w", err)
	}
	seen := map[string]bool{}
	for i, k := range list {
		switch {
		case k.ID == "" || k.Reason == "":
			return nil, fmt.Errorf("known deviations: entry %d: want an id and a reason", i+1)
		case seen[k.ID]:
			return nil, fmt.Errorf("known deviations: %s: listed twice", k.ID)
		}
		seen[k.ID] = true
	}
	return list, nil
}

func (list Known) reason(id string) (string, bool) {
	for _, k := range list {
		if k.ID == id {
			return k.Reason, true
		}
	}
	return "", false
}

// Unseen are the entries that the report does not have: mended, or no longer
// found.
func (list Known) Unseen(r *Report) (ids []string) {
	for _, k := range list {
		seen := false
		for _, d := range r.Deviations {
			seen = seen || d.ID == k.ID
		}
		if !seen {
			ids = append(ids, k.ID)
		}
	}
	return ids
}
