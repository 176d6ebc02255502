package trace

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func writeJSON(t interface{ Fatal(...any) }, tr *Trace) string {
	var b bytes.Buffer
	if err := WriteJSON(&b, tr); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadJSONReadsWhatWriteJSONWrites(t *testing.T) {
	schema := readSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		want, _ := drawRun(t, 30)
		if !utf8.ValidString(want.Info.Title) {
			t.Skip("the title is not UTF-8")
		}
		want.Info.States = rapid.Uint64().Draw(t, "states")
		want.Info.Shortest = rapid.Bool().Draw(t, "shortest")
		if n := len(want.Steps); n > 0 {
			want.Info.Marked = []int{n - 1}
			want.Info.CycleFrom = rapid.IntRange(-1, n-1).Draw(t, "cycle")
		}
		text := writeJSON(t, want)
		got, err := ReadJSON(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("the trace read differs (-want +got):\n%s\n%s", cmp.Diff(want, got, exactly), text)
		}
		if err := schema.check(text); err != nil {
			t.Fatalf("schema.json: %v\n%s", err, text)
		}
	})
}

// TestReadJSONRefuses changes one thing in a good document.
func TestReadJSONRefuses(t *testing.T) {
	good := writeJSON(t, figure(t, "figure8_old_duplicate_syn"))
	if _, err := ReadJSON(strings.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"schema", `tcpcheck-trace/1`, `tcpcheck-trace/9`, `schema: "tcpcheck-trace/9": want "tcpcheck-trace/1"`},
		{"unknown field", `"info": {}`, `"info": {"colour": "red"}`, `info."colour" is in the file`},
		{"unknown field in a step", `"kind": "call",`, `"kind": "call", "now": 1,`, `steps[0].action."now" is in the file`},
		{"letters", `"schema"`, `"Schema"`, `schema: "": want`},
		{"missing", `"sequence_bits": 32,`, ``, `setup.sequence_bits: sequence space of 2^0 numbers`},
		{"missing endpoint", `"B": {
    "window": 100,`, `"C": {
    "window": 100,`, `setup.endpoints.B: it is missing`},
		{"twice", `"sequence_bits": 32,`, `"sequence_bits": 32, "sequence_bits": 32,`, `"sequence_bits" stands twice`},
		{"null", `"info": {}`, `"info": null`, `null: nothing is null here`},
		{"type", `"sequence_bits": 32`, `"sequence_bits": "32"`, `setup.sequence_bits: "32": want a number`},
		{"float", `"sequence_bits": 32`, `"sequence_bits": 32.5`, `setup.sequence_bits: "32.5": want a number from 0 to 255`},
		{"negative", `"sequence_bits": 32`, `"sequence_bits": -1`, `setup.sequence_bits: "-1"`},
		{"huge window", `"window": 100`, `"window": 4000000000`, `twice the window must be less`},
		{"behaviour", `"window": 100,`, `"window": 100, "behaviours": {"reset": "maybe"},`, `"maybe" is not a value of it`},
		{"unknown choice", `"window": 100,`, `"window": 100, "behaviours": {"sleep": "long"},`, `"behaviours" is in the file`},
		{"mutant", `"info": {}`, `"info": {"mutant": "none-such"}`, `info.mutant: mutant "none-such" is not known`},
		{"marked", `"info": {}`, `"info": {"marked": [99]}`, `info.marked[0]: 99: there are 7 steps`},
		{"state", `"state": "LISTEN"`, `"state": "LISTENING"`, `setup.start.B.state: "LISTENING"`},
		{"kind", `"kind": "call"`, `"kind": "wait"`, `steps[0].action.kind: "wait": want one of`},
		{"event", `"name": "OPEN active"`, `"name": "OPEN wide"`, `steps[0].action.event.name: "OPEN wide"`},
		{"no such segment", `"kind": "deliver",
    "side": "B",
    "id": 2`, `"kind": "deliver",
    "side": "B",
    "id": 77`, `step 5, deliver segment 77 to B: segment 77 was never sent`},
		{"other state", `"state": "SYN-RECEIVED"`, `"state": "ESTABLISHED"`, `steps[1].after.B.state is "ESTABLISHED" in the file, and "SYN-RECEIVED" replayed`},
		{"other rule", `"listen-syn"`, `"listen-drops"`, `steps[1].outputs.B.rules[0] is "listen-drops" in the file, and "listen-syn" replayed`},
		{"more", "\n}\n", "\n} {}", `something follows the document`},
		{"cut", "\n}\n", "", `unexpected EOF`},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := strings.Replace(good, c.old, c.new, 1)
			if i := strings.LastIndex(good, c.old); c.name == "more" || c.name == "cut" {
				bad = good[:i] + c.new
			}
			if bad == good {
				t.Fatalf("%q is not in the document:\n%s", c.old, good)
			}
			tr, err := ReadJSON(strings.NewReader(bad))
			if err == nil || tr != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestReadJSONRefusesHostile(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "line 1, column 1: unexpected EOF"},
		{"binary", "\x00\xff\xfe", "not text in UTF-8"},
		{"deep", strings.Repeat("[", 1<<20), "deeper than 16 levels"},
		{"deep objects", strings.Repeat(`{"a":`, 1<<20), "deeper than 16 levels"},
		{"large", `"` + strings.Repeat("a", MaxJSON), "more than 16777216 bytes"},
		{"many", "[" + strings.Repeat("0,", maxNodes+1), "more than 2000000 values"},
		{"list", "[]", "the document is not an object"},
		{"syntax", "{\n \"a\": }", "line 2, column"},
	} {
		if _, err := ReadJSON(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzReadJSON(f *testing.F) {
	for name := range commands(f, "testdata/figures") {
		f.Add(writeJSON(f, figure(f, name)))
	}
	f.Fuzz(func(t *testing.T, text string) {
		tr, err := ReadJSON(strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := ReadJSON(strings.NewReader(writeJSON(t, tr)))
		if err != nil || !reflect.DeepEqual(tr, again) {
			t.Fatalf("written and read again it differs: %v\n%s", err, cmp.Diff(tr, again, exactly))
		}
	})
}
