package conform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Known are deviations of a stack that are understood, so that its tests fail
// on new ones only.
type Known []KnownDeviation

// KnownDeviation is one entry of known.yaml: what is behind some deviations.
type KnownDeviation struct {
	IDs    []string `yaml:"ids"`    // of the [Deviation]s
	Reason string   `yaml:"reason"` // who is right by the RFC, and why it is so
}

// ParseKnown reads known.yaml: a list of entries with ids and reason. Anything
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
		if len(k.IDs) == 0 || k.Reason == "" {
			return nil, fmt.Errorf("known deviations: entry %d: want ids and a reason", i+1)
		}
		for _, id := range k.IDs {
			if seen[id] {
				return nil, fmt.Errorf("known deviations: %s: listed twice", id)
			}
			seen[id] = true
		}
	}
	return list, nil
}

func (list Known) reason(id string) (string, bool) {
	for _, k := range list {
		if slices.Contains(k.IDs, id) {
			return k.Reason, true
		}
	}
	return "", false
}

// Unseen are the IDs that the report does not have: mended, or no longer found.
func (list Known) Unseen(r *Report) (ids []string) {
	for _, k := range list {
		for _, id := range k.IDs {
			if !slices.ContainsFunc(r.Deviations, func(d Deviation) bool { return d.ID == id }) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
