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

// KnownDeviation is one entry of known.yaml: one cause, and how it shows itself.
type KnownDeviation struct {
	Title  string   `yaml:"title"`  // what the stack does
	IDs    []string `yaml:"ids"`    // of the [Sighting]s, at least one; the one that tells most first
	Reason string   `yaml:"reason"` // who is right by the RFC, and why it is so
	// Severity, if not empty, is how bad the cause is, where the rules by which it
	// shows itself say too much or too little.
	Severity Severity `yaml:"severity"`
}

// ParseKnown reads known.yaml: a list of entries with title, ids, reason and
// perhaps severity. Anything else is an error that gives the line.
func ParseKnown(text []byte) (Known, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	var list Known
	if err := d.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("known deviations: %w", err)
	}
	var lines []yaml.Node // of the entries
	if err := yaml.Unmarshal(text, &lines); err != nil {
		return nil, fmt.Errorf("known deviations: %w", err)
	}
	seen := map[string]bool{}
	for i, k := range list {
		fail := func(format string, args ...any) (Known, error) {
			return nil, fmt.Errorf("known deviations: line %d: %s", lines[i].Line, fmt.Sprintf(format, args...))
		}
		if k.Title == "" || len(k.IDs) == 0 || k.Reason == "" {
			return fail("want a title, ids and a reason")
		}
		if k.Severity != "" && k.Severity.rank() < 0 {
			return fail("severity %q: want %q, %q or %q", k.Severity, Must, Should, Harmless)
		}
		for _, id := range k.IDs {
			if seen[id] {
				return fail("%s is listed twice", id)
			}
			seen[id] = true
		}
	}
	return list, nil
}

// entry is the one that lists the id, nil if there is none.
func (list Known) entry(id string) *KnownDeviation {
	for i := range list {
		if slices.Contains(list[i].IDs, id) {
			return &list[i]
		}
	}
	return nil
}

// Unseen are the IDs that the report does not have: mended, or no longer found.
func (list Known) Unseen(r *Report) (ids []string) {
	for _, k := range list {
		for _, id := range k.IDs {
			if !slices.ContainsFunc(r.Deviations, func(d Deviation) bool { return d.shows(id) }) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
