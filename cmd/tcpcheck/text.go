package main

import (
	"strings"
	"unicode/utf8"
)

// wrap breaks prose into lines of at most width columns, at spaces. A word
// that is longer gets a line of its own. Words in backquotes stay together,
// and the quotes go: RFC segments such as <SEQ=ISS><CTL=SYN> never break.
func wrap(text string, width int) []string {
	var lines []string
	line, n := "", 0
	for _, word := range words(text) {
		w := utf8.RuneCountInString(word)
		if n > 0 && n+1+w > width {
			lines = append(lines, line)
			line, n = "", 0
		}
		if n > 0 {
			line += " "
			n++
		}
		line += word
		n += w
	}
	if n > 0 {
		lines = append(lines, line)
	}
	return lines
}

// words splits at white space outside backquotes.
func words(text string) []string {
	quoted := false
	fields := strings.FieldsFunc(text, func(r rune) bool {
		if r == '`' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\n' || r == '\t')
	})
	for i, f := range fields {
		fields[i] = strings.ReplaceAll(f, "`", "")
	}
	return fields
}

// pad fills text with spaces to n columns.
func pad(text string, n int) string {
	return text + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(text)))
}
