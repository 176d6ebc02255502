package main

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct {
		text   string
		colour bool
		want   string
	}{
		{"plain ✓ text\n\twith tabs", false, "plain ✓ text\n\twith tabs"},
		{"\x1b]0;title\a", false, `\x1b]0;title\x07`},
		{"\x1b[31mred\x1b[0m", false, `\x1b[31mred\x1b[0m`},
		{"\x1b[31mred\x1b[0m \x1b[2J", true, "\x1b[31mred\x1b[0m \\x1b[2J"},
		{"\u009b2J \u202etxt.exe", true, `\u009b2J \u202etxt.exe`},
		{"\x9b\xff and \ufffd", false, `\x9b\xff and ` + "\ufffd"},
		{"one\rother", false, `one\x0dother`},
	} {
		if got := visible(c.text, c.colour); got != c.want {
			t.Errorf("visible(%q, %v) = %q, want %q", c.text, c.colour, got, c.want)
		}
	}
}

// Whatever is told commands no terminal, and no word of it fills the screen.
func TestTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		text += strings.Repeat(rapid.SampledFrom([]string{"n", "é", "\x1b", "a "}).Draw(t, "again"), rapid.IntRange(0, 3000).Draw(t, "times"))
		got := told(text)
		for _, r := range got {
			if unicode.IsControl(r) && r != '\n' && r != '\t' {
				t.Fatalf("%q has %q", got, r)
			}
		}
		for _, word := range strings.Fields(got) {
			if n := len([]rune(word)); n > longest {
				t.Fatalf("a word of %d letters", n)
			}
		}
	})
}
