package trace

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError is a place in a ladder where it can't be read, or where the run
// is not what it shows.
type SyntaxError struct {
	Line, Column int // from 1; a column of 0 means the whole line
	Err          error
}

func (e *SyntaxError) Error() string {
	if e.Column == 0 {
		return fmt.Sprintf("line %d: %v", e.Line, e.Err)
	}
	return fmt.Sprintf("line %d, column %d: %v", e.Line, e.Column, e.Err)
}

func (e *SyntaxError) Unwrap() error { return e.Err }

// place is where a token stands: line and column from 1.
type place struct{ line, column int }

func (p place) errorf(format string, args ...any) error {
	return &SyntaxError{p.line, p.column, fmt.Errorf(format, args...)}
}

func (p place) wrap(err error) error { return &SyntaxError{p.line, p.column, err} }

// token is one piece of a ladder's line.
type token struct {
	place
	kind tokenKind
	text string // of a parenthesis, what it holds
}

type tokenKind uint8

const (
	wordToken tokenKind = iota
	arrowToken
	segmentToken
	nameToken // #3, without the #
	parenToken
)

// dots is the arrow of a segment that is in the network.
const dots = "..."

// maxTokens is how many tokens a line may have.
const maxTokens = 100

// scan cuts a ladder's line into tokens. A tab leads to the next multiple of
// eight columns.
func scan(line int, text string) ([]token, error) {
	var list []token
	column := 1
	for text != "" {
		switch text[0] {
		case ' ':
			column++
			text = text[1:]
			continue
		case '\t':
			column += 8 - (column-1)%8
			text = text[1:]
			continue
		}
		at := place{line, column}
		kind, n, inside, err := scanOne(text)
		if err != nil {
			return nil, at.wrap(err)
		}
		if list = append(list, token{at, kind, inside}); len(list) > maxTokens {
			return nil, at.errorf("more than %d things in a line", maxTokens)
		}
		column += utf8.RuneCountInString(text[:n])
		text = text[n:]
	}
	return list, nil
}

// scanOne reads the token that text begins with, n bytes long.
func scanOne(text string) (kind tokenKind, n int, inside string, err error) {
	for _, arrow := range [...]string{"-->", "<--", dots} {
		if strings.HasPrefix(text, arrow) {
			return arrowToken, len(arrow), arrow, nil
		}
	}
	switch c := text[0]; {
	case c == '(':
		n = strings.IndexByte(text, ')') + 1
		if n == 0 {
			return 0, 0, "", fmt.Errorf("%.40s: the parenthesis is not closed", text)
		}
		return parenToken, n, text[1 : n-1], nil
	case c == '<':
		for n < len(text) && text[n] == '<' {
			end := strings.IndexByte(text[n:], '>')
			if end < 0 {
				return 0, 0, "", fmt.Errorf("%.40s: the segment's field is not closed", text[n:])
			}
			if strings.HasPrefix(text[n:], "<--") {
				break
			}
			n += end + 1
		}
		return segmentToken, n, text[:n], nil
	case c == '#':
		n = 1 + span(text[1:], func(c byte) bool { return '0' <= c && c <= '9' })
		if n == 1 {
			return 0, 0, "", fmt.Errorf("%.40s: want the number of a segment, such as #3", text)
		}
		return nameToken, n, text[1:n], nil
	}
	n = span(text, func(c byte) bool { return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' })
	if n == 0 {
		return 0, 0, "", fmt.Errorf("%.20q: want a state, an arrow (-->, <--, ...), a segment such as <SEQ=1><CTL=SYN>, or parentheses", text)
	}
	return wordToken, n, text[:n], nil
}

// span is how many bytes at the start of text are all in the set.
func span(text string, in func(byte) bool) int {
	for i := range len(text) {
		if !in(text[i]) {
			return i
		}
	}
	return len(text)
}
