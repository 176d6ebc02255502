package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/model"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, nil},
		{"a bc def", 4, []string{"a bc", "def"}},
		{"a `b c` d", 5, []string{"a b c", "d"}},
		{"longer than that", 3, []string{"longer", "than", "that"}},
		{"<SEQ=ISS><CTL=SYN> is sent", 20, []string{"<SEQ=ISS><CTL=SYN>", "is sent"}},
	} {
		if got := wrap(c.text, c.width); !slices.Equal(got, c.want) {
			t.Errorf("wrap(%q, %d) = %q: want %q", c.text, c.width, got, c.want)
		}
	}
}

// wrap loses no word and no line is too wide, unless one word is.
func TestWrapKeepsWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching("[a-z ]{0,200}").Draw(t, "text")
		width := rapid.IntRange(1, 60).Draw(t, "width")
		lines := wrap(text, width)
		if got, want := strings.Fields(strings.Join(lines, " ")), strings.Fields(text); !slices.Equal(got, want) {
			t.Fatalf("words %q: want %q", got, want)
		}
		for _, l := range lines {
			if len(l) > width && strings.Contains(l, " ") {
				t.Fatalf("line %q is wider than %d", l, width)
			}
		}
	})
}

func TestNearestNames(t *testing.T) {
	states := names(stateEntries())
	for name, want := range map[string][]string{
		"FIN-WAIT3":  {"FIN-WAIT-1", "FIN-WAIT-2"},
		"fin_wait":   {"FIN-WAIT-1", "FIN-WAIT-2"},
		"ESTABLSHED": {"ESTABLISHED"},
		"LITSEN":     {"LISTEN"},
		"xyzzy":      nil,
		"":           nil,
	} {
		if got := nearestNames(name, states); !slices.Equal(got, want) {
			t.Errorf("near %q are %q: want %q", name, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"abc", "abd", 1}, {"abc", "acb", 1}, {"rst", "reset", 2}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d: want %d", c.a, c.b, got, c.want)
		}
		if got := distance(c.b, c.a); got != c.want {
			t.Errorf("distance(%q, %q) = %d: want %d", c.b, c.a, got, c.want)
		}
	}
}

// Every name that list prints can be explained, and every set of flags that a
// segment can have.
func TestEverythingIsExplained(t *testing.T) {
	for _, k := range kinds {
		for _, e := range k.entries() {
			if e.brief == "" {
				t.Errorf("%s %s has no brief", k.name, e.name)
			}
			for _, name := range append([]string{e.name}, e.aliases...) {
				if found, err := lookUp(name); err != nil || len(found) == 0 {
					t.Errorf("%s %q: %v", k.name, name, err)
				}
			}
		}
	}
	for f := range model.AllFlags + 1 {
		if _, err := lookUp(f.String()); err != nil {
			t.Errorf("flags %v: %v", f, err)
		}
	}
}

// No two entries of one kind go by the same name.
func TestNamesAreUnique(t *testing.T) {
	for _, k := range kinds {
		seen := map[string]string{}
		for _, e := range k.entries() {
			for _, name := range append([]string{e.name}, e.aliases...) {
				if other, ok := seen[name]; ok {
					t.Errorf("%s %s and %s are both called %s", k.name, other, e.name, name)
				}
				seen[name] = e.name
			}
		}
	}
}

func TestQuoteSegments(t *testing.T) {
	for text, want := range map[string]string{
		"none":                           "none",
		"<SEQ=ISS><CTL=SYN> is sent":     "`<SEQ=ISS><CTL=SYN>` is sent",
		"a <SEQ=SND.NXT><CTL=RST>, then": "a `<SEQ=SND.NXT><CTL=RST>`, then",
		"<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>. <SEQ=1><CTL=ACK>": "`<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>`. `<SEQ=1><CTL=ACK>`",
	} {
		if got := quoteSegments(text); got != want {
			t.Errorf("quoteSegments(%q) = %q: want %q", text, got, want)
		}
	}
}

// A result that can't be written, and a panic, are internal errors.
func TestInternalErrors(t *testing.T) {
	var notes strings.Builder
	if got := run([]string{"list", "states"}, full{}, &notes); got != statusInternal {
		t.Errorf("a full disk: exit status %d: want %d", got, statusInternal)
	}
	if want := "tcpcheck: error: internal error: writing the result: the disk is full\n"; notes.String() != want {
		t.Errorf("a full disk: %q: want %q", notes.String(), want)
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }
