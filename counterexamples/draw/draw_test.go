package draw

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tcpcheck/tcpcheck/explore/trace"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

// runs are the ladders of testdata, played. A ladder does not say which step
// breaks its property: here it is the last, and no shorter run exists.
func runs(t testing.TB) map[string]*trace.Trace {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.ladder")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no ladders in testdata: %v", err)
	}
	list := map[string]*trace.Trace{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		script, err := trace.Parse(string(data))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		step, err := script.Info.StepFuncs()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		run, err := script.Run(step)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if run.Info.Verdict == "violated" {
			run.Info.Marked, run.Info.Shortest, run.Info.States = []int{len(run.Steps) - 1}, true, 1234
		}
		if run.Info.Verdict == "lasso" {
			run.Info.CycleFrom = len(run.Steps) - 2
		}
		list[strings.TrimSuffix(filepath.Base(path), ".ladder")] = run
	}
	return list
}

// drawn is the trace in the format.
func drawn(t testing.TB, format string, run *trace.Trace, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, run, o); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// golden compares text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); go test -update writes it anew:\n%s", path, diff)
	}
}

// Each run in each format is what it was, and what it is a second time.
func TestGolden(t *testing.T) {
	for name, run := range runs(t) {
		for _, f := range Formats() {
			if f.Name == "json" {
				continue // explore/trace tests it
			}
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				got := drawn(t, f.Name, run, Options{})
				if got != drawn(t, f.Name, run, Options{}) {
					t.Errorf("drawn twice, it differs")
				}
				if f.Binary {
					return // tshark and the reader of gopacket test it
				}
				golden(t, name+f.Extension, got)
			})
		}
	}
}

// What a run is there to show is marked as such, and not as a mistake.
func TestReached(t *testing.T) {
	run := *runs(t)["two_way_handshake"]
	run.Info.Property, run.Info.Verdict = "witness-established", "reached"
	for _, format := range []string{"text", "svg", "mermaid", "html", "dot"} {
		text := drawn(t, format, &run, Options{})
		if strings.Contains(text, "breaks") || !strings.Contains(text, "✓") || !strings.Contains(text, "shows") {
			t.Errorf("%s does not say that the run shows what it is there for", format)
		}
	}
	if text := drawn(t, "text", &run, Options{ASCII: true}); !strings.Contains(text, "ok shows established") {
		t.Errorf("in ASCII:\n%s", text)
	}
}
