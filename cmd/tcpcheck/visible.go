package main

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ownColour is what paint begins and ends with.
var ownColour = regexp.MustCompile("^\x1b\\[(0|1|2|31|32|36)m")

// visible is text as a terminal may get it: what would command it, or turn the order
// of letters round, is written as an escape. Names of files, and what is in them, may
// hold such things. Lines and tabs stay, and so does our own colour where it is on.
func visible(text string, colour bool) string {
	if strings.IndexFunc(text, commands) < 0 {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case !commands(r):
			b.WriteString(text[:n])
		case colour && ownColour.MatchString(text):
			n = len(ownColour.FindString(text))
			b.WriteString(text[:n])
		case r == utf8.RuneError && n > 1: // the sign itself
			b.WriteString(text[:n])
		case n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		text = text[n:]
	}
	return b.String()
}

// commands tells whether a rune does more than show a letter; so may what is no text.
func commands(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError)
}

// longest is how long a word of a message may be: a path is seldom longer.
const longest = 500

// told is a message as it is told: visible, and words that are far too long cut.
func told(message string) string {
	message = visible(message, false)
	if len(message) <= longest {
		return message
	}
	return longWord.ReplaceAllStringFunc(message, func(word string) string {
		runes := []rune(word)
		if len(runes) <= longest {
			return word
		}
		return string(runes[:longest/2]) + "…" + string(runes[len(runes)-longest/4:])
	})
}

var longWord = regexp.MustCompile(fmt.Sprintf(`\S{%d,}`, longest))
