package explore

import (
	"strings"
	"testing"
)

func TestScenarioErrors(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"empty", "", "x.yaml: empty"},
		{"text", "hello", "x.yaml:1:1: scenario: want fields"},
		{"list", "- 1", "x.yaml:1:1: scenario: want fields"},
		{"unknown field", "bits: 3\nfoo: 1", `x.yaml:2:1: field "foo" is not known: want one of`},
		{"unknown side field", "a:\n  foo: 1", `x.yaml:2:3: field "foo" is not known`},
		{"too many numbers", "bits: 99", `x.yaml:1:7: bits: "99": want a number from 3 to 12`},
		{"negative", "a:\n  opens: -1", `x.yaml:2:10: opens: "-1": want a number from 0 to 200, or unlimited`},
		{"wrong type", "loss: many", `x.yaml:1:7: loss: "many"`},
		{"a list for a value", "bits: [3]", "x.yaml:1:7: bits: want one value"},
		{"window too large", "bits: 3\nwindow: 4", "twice the window must be less than the space"},
		{"number outside the space", "a: {iss: 9}", "iss: 9 of side A is not a number of a space of 8"},
		{"twice", "bits: 3\nbits: 4", "x.yaml:2:1: bits is given twice"},
		{"cycle of aliases", "a: &x {start: *x}", "x.yaml:1:4: start: want one value"},
		{"unknown alias", "a: *x", "unknown anchor"},
		{"broken", "{", "x.yaml: line 1"},
		{"two documents", "bits: 3\n---\nbits: 3", "more than one document"},
		{"unknown behaviour", "behaviours: {foo: x}", `x.yaml:1:14: behaviour "foo" is not known`},
		{"unknown choice", "behaviours: {reset: x}", `"x" is not a value of it`},
		{"unknown variant", "variant: bsd", `variant: variant "bsd" is not known`},
		{"unknown mutant", "mutant: foo", `mutant: mutant "foo" is not known`},
		{"bad old segment", "a: {old: \"<SEQ=x>\"}", "old: segment of side A"},
		{"one side established", "a: {start: established}", "both sides start established"},
		{"asides without end", "a: {asides: unlimited}", "x.yaml:1:13: asides: \"unlimited\": want a number from 0 to 200"},
		{"binary", "\x00\x01", "x.yaml: not text"},
		{"control character", "bits: 3\nname: a\x1b[2J", `x.yaml:2:8: '\x1b': control characters are not allowed`},
		{"escaped control character", `name: "a\e[2J"`, `x.yaml:1:7: name: "a\x1b[2J": want text without '\x1b'`},
		{"a name of two lines", `name: "a\nb"`, `want text without '\n'`},
		{"letters turned round", "about: a\u202eb", `want text without '\u202e'`},
		{"huge", strings.Repeat("# comment\n", 200_000), "more than 1048576 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sc, err := ReadScenario("x.yaml", strings.NewReader(c.yaml))
			if err == nil {
				t.Fatalf("read %+v, want an error with %q", sc, c.want)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q, want it to say %q", err, c.want)
			}
		})
	}
}

// What a scenario is about may take some lines, and a file may begin with the mark of
// its encoding and end its lines as it likes.
func TestWhatIsText(t *testing.T) {
	for _, text := range []string{"\ufeffabout: |\n  a\n  b\n", "about: |\r\n  a\r\n  b\r\n", "about: \"a\\nb\\n\""} {
		sc, err := ReadScenario("x.yaml", strings.NewReader(text))
		if err != nil || sc.About != "a\nb\n" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAliasesAreFollowed(t *testing.T) {
	sc, err := ReadScenario("x.yaml", strings.NewReader("a: &side {closes: 2, octets: 1}\nb: *side\n"))
	if err != nil {
		t.Fatal(err)
	}
	if sc.Sides[1].Budget.Closes != 2 {
		t.Errorf("B has %d CLOSEs, want A's 2", sc.Sides[1].Budget.Closes)
	}
}

func FuzzReadScenario(f *testing.F) {
	for _, sc := range Presets() {
		var b strings.Builder
		if err := sc.WriteYAML(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.String())
	}
	f.Add("a: &x {start: *x}\nb: *x")
	f.Fuzz(func(t *testing.T, text string) {
		sc, err := ReadScenario("fuzz.yaml", strings.NewReader(text))
		if err != nil {
			return
		}
		var b strings.Builder
		if err := sc.WriteYAML(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadScenario("again.yaml", strings.NewReader(b.String())); err != nil {
			t.Fatalf("read %q, but not what was written from it: %v", text, err)
		}
	})
}
