package main

import (
	"errors"
	"strings"
	"testing"
)

// A difference is a fact, also when not all was seen.
func TestMatrixVerdict(t *testing.T) {
	for _, c := range []struct {
		verify bool
		m      searched
		status int
		notes  string
	}{
		{false, searched{total: 2, whole: 2}, statusOK, ""},
		{false, searched{total: 2, whole: 1, stop: "interrupted"}, statusInconclusive, "interrupted: 1 of 2 searches are whole"},
		{true, searched{total: 2, whole: 2}, statusOK, "each as recorded"},
		{true, searched{total: 2, whole: 1, stop: "interrupted"}, statusInconclusive, "no difference in what is known"},
		{true, searched{total: 2, whole: 2, differences: 1}, statusViolated, ""},
		{true, searched{total: 2, whole: 1, differences: 1, stop: "interrupted"}, statusViolated, "interrupted: 1 of 2 searches are whole"},
	} {
		var notes strings.Builder
		a := newApp(&notes, &notes)
		status := statusOK
		var f *failure
		if errors.As(a.matrixVerdict(matrixFlags{verify: c.verify}, &c.m), &f) {
			status = f.status
		}
		as := strings.Contains(notes.String(), "each as recorded")
		if status != c.status || !strings.Contains(notes.String(), c.notes) || as && (c.m.stop != "" || c.m.differences > 0) {
			t.Errorf("%+v: exit status %d, want %d; %s", c, status, c.status, notes.String())
		}
	}
}
