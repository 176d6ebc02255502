package trace

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

// commands is the input of every command of the scripts in a directory.
func commands(t testing.TB, dir string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(dir + "/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts in %s: %v", dir, err)
	}
	list := map[string]string{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		for i, part := range regexp.MustCompile("\n(run|tell)\n").Split("\n"+string(data), -1)[1:] {
			part, _, _ = strings.Cut(part, "\n----\n")
			key := name
			if i > 0 {
				key = fmt.Sprintf("%s %d", name, i+1)
			}
			list[key] = part
		}
	}
	return list
}

// figure runs the first script of a figure.
func figure(t testing.TB, name string) *Trace {
	t.Helper()
	script, err := Parse(commands(t, "testdata/figures")[name])
	if err != nil {
		t.Fatal(err)
	}
	tr, err := script.Run([2]model.StepFunc{})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
