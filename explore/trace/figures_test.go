package trace

import (
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/tcpcheck/tcpcheck/model"
)

// TestFigures runs the figures of RFC 9293 as the RFC draws them. Each line's
// states and segments are compared; the expected output is the run as it is
// printed, with what the users are told and the rules that decided.
func TestFigures(t *testing.T) {
	datadriven.Walk(t, "testdata/figures", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			script, err := Parse(d.Input)
			if err != nil {
				return "error: " + err.Error() + "\n"
			}
			tr, err := script.Run([2]model.StepFunc{})
			if err != nil {
				return "error: " + err.Error() + "\n" + Format(tr, Options{Rules: true})
			}
			_, ladder, _ := strings.Cut(Format(tr, Options{Told: true, Rules: true}), "\n\n")
			return ladder
		})
	})
}
