package trace

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/model"
)

// TestScripts runs ladders, and shows what is wrong with those that can't be
// read, or are not what happens.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			script, err := Parse(d.Input)
			if err != nil {
				return "can't be read: " + err.Error() + "\n"
			}
			tr, err := script.Run([2]model.StepFunc{})
			if err != nil {
				return "is not what happens: " + err.Error() + "\n"
			}
			_, ladder, _ := strings.Cut(Format(tr, Options{Changes: d.Cmd == "tell", Told: d.Cmd == "tell", Rules: d.Cmd == "tell"}), "\n\n")
			return ladder
		})
	})
}

func TestSyntaxErrorsHaveAPlace(t *testing.T) {
	_, err := Parse("window: 8\n\n1.  CLOSED                LISTEN\n2.  (OPEN actively)\n")
	var place *SyntaxError
	if !errors.As(err, &place) || place.Line != 4 || place.Column != 5 {
		t.Errorf("error %v, want line 4, column 5", err)
	}
}

func TestParseRefusesHostile(t *testing.T) {
	start := time.Now()
	for _, c := range []struct{ name, text, want string }{
		{"large", strings.Repeat("a", MaxLadder+1), "ladder of 4194305 bytes"},
		{"binary", "\xff\x00", "not text in UTF-8"},
		{"control", "\x00", "line 1, column 1: \"\\x00\": want a state"},
		{"actions", strings.Repeat("(CRASH)\n", MaxSteps+1), "line 10001, column 1: more than 10000 actions"},
		{"header", strings.Repeat("in-flight: ... <SEQ=1><CTL=SYN> --> B\n", 1001), "line 1001, column 1: more than 1000 lines of header"},
		{"segments", "(OPEN)\n" + strings.Repeat("--> <SEQ=1><CTL=SYN> ...\n", 100), "line 10, column 5: more than 8 segments"},
		{"parentheses", strings.Repeat("(", MaxLadder), "the parenthesis is not closed"},
		{"fields", strings.Repeat("<", MaxLadder), "the segment's field is not closed"},
		{"fields twice", "--> " + strings.Repeat("<SEQ=1>", 100000) + " -->", "SEQ twice"},
		{"states", strings.Repeat("CLOSED ", 500000), "more than 100 things in a line"},
	} {
		if _, err := Parse(c.text); err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 500 {
			t.Errorf("%s: error %.600v, want %q", c.name, err, c.want)
		}
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("it took %v", d)
	}
}

func TestParseSegmentReadsWhatFormatSegmentWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawSegment(t, drawSpace(t))
		text := FormatSegment(want)
		got, err := ParseSegment(text)
		if err != nil || got != want {
			t.Fatalf("%s is read as %+v (%v), want %+v", text, got, err, want)
		}
	})
	for _, text := range []string{
		"", "<SEQ=1>", "<CTL=SYN>", "<SEQ=1><CTL=ACK>", "<SEQ=1><ACK=1><CTL=SYN>", "<SEQ=01><CTL=SYN>", "<SEQ=-1><CTL=SYN>",
		"<SEQ=4294967296><CTL=SYN>", "<SEQ=1><CTL=SYN,SYN>", "<SEQ=1><CTL=>", "<SEQ=1><CTL=SYN><DATA=0>", "<SEQ=1><CTL=SYN><SEC=good>",
		"<SEQ=1><SEQ=1><CTL=SYN>", "<SEQ=1><CTL=SYN", "SEQ=1", "<SEQ=1> <CTL=SYN>", "<SEQ=1><CTL=URG>", "<SEQ=1><CTL=SYN><URG=1>", "<SEQ=X><CTL=SYN>",
	} {
		if g, err := ParseSegment(text); err == nil {
			t.Errorf("%q is read as %+v, want an error", text, g)
		}
	}
}

// FuzzParse: whatever is read either fails with a place, or runs; and what
// runs prints as a ladder that is read and run again.
func FuzzParse(f *testing.F) {
	for _, text := range fuzzSeeds(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		script, err := Parse(text)
		if err != nil {
			return
		}
		want, err := script.Run([2]model.StepFunc{})
		if err != nil {
			return
		}
		again, err := Parse(Print(want))
		if err != nil {
			t.Fatalf("printed it can't be read: %v\n%s", err, Print(want))
		}
		got, err := again.Run([2]model.StepFunc{})
		if err != nil {
			t.Fatalf("printed it is not what happens: %v\n%s", err, Print(want))
		}
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("printed and read again it differs:\n%s", cmp.Diff(want, got, exactly))
		}
	})
}

// fuzzSeeds is every ladder in testdata.
func fuzzSeeds(f *testing.F) (list []string) {
	for _, dir := range []string{"testdata/figures", "testdata/scripts"} {
		for _, text := range commands(f, dir) {
			list = append(list, text)
		}
	}
	return list
}
