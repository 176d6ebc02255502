package trace

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Read takes both forms of a trace for the same.
func TestReadTakesBothForms(t *testing.T) {
	run := figure(t, "figure8_old_duplicate_syn")
	json, err := Read(strings.NewReader("\n " + writeJSON(t, run)))
	if err != nil {
		t.Fatal(err)
	}
	ladder, err := Read(strings.NewReader(Print(run)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(json.Steps, ladder.Steps) {
		t.Error("a ladder and JSON of one run are read as different runs")
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "trace: ",
		" \n":                         "trace: ",
		"{":                           "trace: ",
		"\x00\xff":                    "ladder: ",
		"anything at all\n":           "ladder: ",
		strings.Repeat("x", 17<<20):   "16777216 bytes",
		"mutant: nobody\n\n" + ladder: "nobody",
	} {
		if run, err := Read(strings.NewReader(text)); err == nil || run != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v: want %q", text, err, want)
		}
	}
}

const ladder = `
     TCP Peer A    TCP Peer B
1.   CLOSED        CLOSED
`

// Whatever is given, Read returns; what it takes can be stored and read again.
func FuzzRead(f *testing.F) {
	paths, err := filepath.Glob("../../counterexamples/runs/*.ladder")
	if err != nil || len(paths) == 0 {
		f.Fatalf("no ladders: %v", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		run, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteJSON(&b, run); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(&b); err != nil {
			t.Fatalf("what was read can't be read again: %v", err)
		}
	})
}
