package script

import (
	"fmt"
	"strconv"
	"strings"
)

// kind is the kind of a token.
type kind uint8

const (
	endOfFile kind = iota
	number         // 12, 0x1f; in number is its value
	float          // 0.5, .5
	word           // letters, digits and _
	quoted         // "text"
	command        // `text`
	code           // %{ text }%
	option         // --name
	ellipsis       // ...
	mark           // one character
)

// token is a word of a script.
type token struct {
	kind   kind
	pos    Pos
	end    int    // index behind it
	text   string // as it is written; of quoted, command and code what is inside
	number int64
	spaced bool // white space stands before it
}

// is tells whether the token is that mark.
func (t token) is(text string) bool { return t.kind == mark && t.text == text }

// as is the token that value is, in its place: a text, a command, a number or a
// word.
func (t token) as(value string) token {
	l := lexer{text: value}
	if v, err := l.next(); err == nil && l.at == len(value) && v.kind != endOfFile {
		t.kind, t.text, t.number = v.kind, v.text, v.number
		return t
	}
	t.text = value
	return t
}

// name says what the token is, for messages.
func (t token) name() string {
	switch t.kind {
	case endOfFile:
		return "the end of the script"
	case command:
		return "a command"
	case code:
		return "code"
	}
	return fmt.Sprintf("%.40q", t.text)
}

// lexer cuts a script into tokens.
type lexer struct {
	text string
	at   int
	pos  Pos
}

// Error is what is wrong with a script.
type Error struct {
	Pos  Pos
	Text string
}

// Error is "line:column: what is wrong".
func (e *Error) Error() string { return e.Pos.String() + ": " + e.Text }

func errorAt(p Pos, format string, args ...any) error {
	return &Error{Pos: p, Text: fmt.Sprintf(format, args...)}
}

// skip moves on by n bytes.
func (l *lexer) skip(n int) {
	for _, c := range []byte(l.text[l.at : l.at+n]) {
		if c == '\n' {
			l.pos.Line++
			l.pos.Column = 1
		} else {
			l.pos.Column++
		}
	}
	l.at += n
}

// space skips white space and comments.
func (l *lexer) space() (found bool, err error) {
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch {
		case strings.ContainsRune(" \t\r\n", rune(rest[0])):
			l.skip(1)
		case strings.HasPrefix(rest, "//"):
			l.skip(lineEnd(rest))
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return found, errorAt(l.pos, "the comment is not closed: want */")
			}
			l.skip(end + 4)
		default:
			return found, nil
		}
		found = true
	}
	return found, nil
}

// lineEnd is how many bytes the rest of the line has.
func lineEnd(text string) int {
	if n := strings.IndexByte(text, '\n'); n >= 0 {
		return n
	}
	return len(text)
}

// next is the next token.
func (l *lexer) next() (t token, err error) {
	t.spaced, err = l.space()
	t.pos = l.pos
	if err != nil || l.at == len(l.text) {
		t.end = l.at
		return t, err
	}
	rest := l.text[l.at:]
	n := 1
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "..."):
		t.kind, n = ellipsis, 3
	case strings.HasPrefix(rest, "--") && len(rest) > 2 && isLetter(rest[2]):
		t.kind, n = option, 2+wordLength(rest[2:])
	case strings.HasPrefix(rest, "%{"):
		return l.enclosed(t, code, 2, "}%")
	case c == '"':
		return l.enclosed(t, quoted, 1, `"`)
	case c == '`':
		return l.enclosed(t, command, 1, "`")
	case isDigit(c) || c == '.' && len(rest) > 1 && isDigit(rest[1]):
		return l.numeric(t)
	case isLetter(c):
		t.kind, n = word, wordLength(rest)
	default:
		t.kind = mark
	}
	t.text = rest[:n]
	l.skip(n)
	t.end = l.at
	return t, nil
}

// enclosed is a token between two marks of which the first has n bytes. A
// backslash takes the meaning from the character behind it, but not in code.
func (l *lexer) enclosed(t token, k kind, n int, closing string) (token, error) {
	rest := l.text[l.at:]
	for i := n; i < len(rest); i++ {
		if rest[i] == '\\' && k != code {
			i++
			continue
		}
		if strings.HasPrefix(rest[i:], closing) {
			t.kind, t.text = k, rest[n:i]
			l.skip(i + len(closing))
			t.end = l.at
			return t, nil
		}
	}
	return t, errorAt(t.pos, "%s is not closed: want %s", rest[:n], closing)
}

// numeric is a number, with or without a fraction. Three dots behind it are
// an ellipsis: "0...0.2". A word that begins with digits is a word: a cookie.
func (l *lexer) numeric(t token) (token, error) {
	rest := l.text[l.at:]
	n := 0
	if strings.HasPrefix(rest, "0x") {
		n = wordLength(rest)
	} else {
		for n < len(rest) && isDigit(rest[n]) {
			n++
		}
	}
	dot := n < len(rest) && rest[n] == '.' && !strings.HasPrefix(rest[n:], "...")
	switch {
	case dot && n+1 < len(rest) && isDigit(rest[n+1]):
		t.kind = float
		for n++; n < len(rest) && isDigit(rest[n]); n++ {
		}
	case n < len(rest) && isLetter(rest[n]):
		t.kind, n = word, wordLength(rest)
	default:
		t.kind = number
		v, err := strconv.ParseInt(rest[:n], 0, 64)
		if !strings.HasPrefix(rest, "0x") {
			v, err = strconv.ParseInt(rest[:n], 10, 64)
		}
		if err != nil {
			return t, errorAt(t.pos, "%.40q is not a number that fits in 64 bits", rest[:n])
		}
		t.number = v
	}
	t.text = rest[:n]
	l.skip(n)
	t.end = l.at
	return t, nil
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }

// wordLength is how many letters, digits and _ text begins with.
func wordLength(text string) int {
	n := 0
	for n < len(text) && (isLetter(text[n]) || isDigit(text[n])) {
		n++
	}
	return n
}
