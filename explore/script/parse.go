package script

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// maxText is how long a script may be, in bytes.
const maxText = 1 << 20

// Parse reads a script. defined are names, or NAME=value, beside those of
// "--define=NAME=value" and #define: #ifdef finds them defined, and a value
// takes the place of the name in the script. An error is an [*Error].
func Parse(text string, defined ...string) (*Script, error) {
	if len(text) > maxText {
		return nil, errorAt(Pos{1, 1}, "the script has %d bytes: want at most %d", len(text), maxText)
	}
	names, values := map[string]bool{}, map[string]string{}
	define := func(d string) {
		name, value, ok := strings.Cut(d, "=")
		names[name] = true
		if ok {
			values[name] = value
		}
	}
	for _, line := range strings.Split(text, "\n") { // options come first, conditions look at them
		if m := defineOption.FindStringSubmatch(line); m != nil {
			define(m[1])
		}
	}
	for _, d := range defined {
		define(d)
	}
	text, err := conditions(text, names)
	if err != nil {
		return nil, err
	}
	p := parser{text: text, values: values, freeBSD: ofFreeBSD.MatchString(text)}
	if err := p.cut(); err != nil {
		return nil, err
	}
	s := &Script{}
	if err := p.script(s); err != nil {
		return nil, err
	}
	if len(s.Events) == 0 {
		return nil, p.unexpected("an event: a time and a packet, a call, a command or code")
	}
	return s, nil
}

// defineOption is "--define=NAME=value"; a value in quotes may have spaces.
var defineOption = regexp.MustCompile("^\\s*--define=(\\w+(?:=(?:\"[^\"]*\"|`[^`]*`|\\S+))?)")

// parser goes through the tokens of a script.
type parser struct {
	text   string
	tokens []token // the last is the end of the file
	at     int
	depth  int // of expressions

	values  map[string]string // of names that are defined
	freeBSD bool              // numbers of states are FreeBSD's
}

// ofFreeBSD is what tells a script for FreeBSD: its variables, or the state 0,
// which Linux does not have.
var ofFreeBSD = regexp.MustCompile(`net\.inet\.|tcpi_state\s*[!=]=\s*0\b`)

// cut cuts the text into tokens.
func (p *parser) cut() error {
	l := lexer{text: p.text, pos: Pos{1, 1}}
	if nl := lineEnd(p.text); strings.HasPrefix(p.text, "#!") {
		l.skip(nl)
	}
	options := 0 // the line of the last option
	for {
		t, err := l.next()
		if err != nil {
			return err
		}
		if t.kind == option {
			options = t.pos.Line
		}
		if value, ok := p.values[t.text]; ok && t.kind == word && t.pos.Line != options {
			t = t.as(value)
		}
		p.tokens = append(p.tokens, t)
		if t.kind == endOfFile {
			return nil
		}
	}
}

// peek is the next token, ahead the one that is n behind it.
func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) ahead(n int) token { return p.tokens[min(p.at+n, len(p.tokens)-1)] }

// take takes the next token.
func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != endOfFile {
		p.at++
	}
	return t
}

// accept takes the next token if it is that mark or word.
func (p *parser) accept(text string) bool {
	t := p.peek()
	if (t.kind == mark || t.kind == word) && t.text == text {
		p.at++
		return true
	}
	return false
}

// expect takes the next token, which must be that mark or word.
func (p *parser) expect(text, where string) error {
	if p.accept(text) {
		return nil
	}
	return p.unexpected(strconv.Quote(text) + " " + where)
}

// unexpected is the error that something else was wanted.
func (p *parser) unexpected(want string) error {
	t := p.peek()
	return errorAt(t.pos, "%s: want %s", t.name(), want)
}

// script is the options, a command before the events, the events, and a
// command behind them.
func (p *parser) script(s *Script) error {
	for p.peek().kind == option {
		o, err := p.option()
		if err != nil {
			return err
		}
		s.Options = append(s.Options, o)
	}
	for p.peek().kind != endOfFile {
		e, err := p.event()
		if err != nil {
			return err
		}
		s.Events = append(s.Events, e)
	}
	return nil
}

// option is "--name" or "--name=value"; a value goes to the next white space.
func (p *parser) option() (Option, error) {
	t := p.take()
	o := Option{Pos: t.pos, Name: t.text[2:]}
	if !p.peek().is("=") || p.peek().spaced {
		return o, nil
	}
	start := p.take().end
	if v := p.peek(); v.spaced || v.kind == endOfFile {
		return o, errorAt(t.pos, "--%s= has no value", o.Name)
	}
	end := start
	for !p.peek().spaced && p.peek().kind != endOfFile {
		end = p.take().end
	}
	o.Value = p.text[start:end]
	return o, nil
}

// event is a time and what happens then. A command may stand without a time,
// at the beginning and the end.
func (p *parser) event() (e Event, err error) {
	e.Pos = p.peek().pos
	if p.peek().kind == command {
		e.Time.Kind = Relative
		e.Command = p.command()
		return e, nil
	}
	if e.Time, err = p.time(); err != nil {
		return e, err
	}
	t := p.peek()
	switch {
	case t.is("<"), t.is(">"):
		err = p.wire(&e)
	case t.kind == command:
		e.Command = p.command()
	case t.kind == code:
		p.take()
		if e.Code, err = readCode(t, p.freeBSD); err == nil {
			e.Unsupported = e.Code.unsupported
		}
	case t.kind == word:
		e.Call, err = p.call()
	default:
		return e, p.unexpected("a packet, a call, a command or code after the time")
	}
	if err != nil || e.Unsupported != nil {
		return e, err
	}
	expected := e.Packet != nil && !e.Packet.Inbound || e.ICMP != nil && !e.ICMP.Inbound
	switch {
	case e.Time.Blocks && e.Call == nil:
		return e, errorAt(e.Pos, "only a call can block until a time")
	case !expected && e.Time.Kind == AnyTime:
		return e, errorAt(e.Pos, "the time * is for packets that are expected")
	case !expected && e.Time.From != e.Time.To:
		return e, errorAt(e.Pos, "a range of times is for packets that are expected")
	}
	return e, nil
}

func (p *parser) command() *Command {
	t := p.take()
	return &Command{Pos: t.pos, Text: t.text}
}

// time is *, N, +N, N~M, +N~+M, N...M or +N...M.
func (p *parser) time() (t Time, err error) {
	if p.accept("*") {
		t.Kind = AnyTime
		return t, nil
	}
	at := p.peek().pos
	plus := func() bool { return t.Kind == Relative }
	if p.accept("+") {
		t.Kind = Relative
	}
	if t.From, err = p.seconds(); err != nil {
		return t, err
	}
	t.To = t.From
	switch {
	case p.accept("~"):
		if plus() != p.accept("+") && plus() {
			return t, p.unexpected(`"+" as before the "~"`)
		}
		if t.To, err = p.seconds(); err != nil {
			return t, err
		}
		if t.To < t.From {
			return t, errorAt(at, "the range ends at %v, before it begins at %v", t.To, t.From)
		}
	case p.peek().kind == ellipsis:
		p.take()
		p.accept("+")
		t.Blocks = true
		if t.End, err = p.seconds(); err != nil {
			return t, err
		}
		if t.End < t.From {
			return t, errorAt(at, "the call returns at %v, before it begins at %v", t.End, t.From)
		}
	}
	return t, nil
}

// maxSeconds is the longest time, about 30 years.
const maxSeconds = 1e9

// seconds is a number of seconds.
func (p *parser) seconds() (time.Duration, error) {
	t := p.peek()
	if t.kind != number && t.kind != float {
		return 0, p.unexpected("a time: a number of seconds, +number or *")
	}
	whole, fraction, _ := strings.Cut(t.text, ".")
	n, err := strconv.ParseInt("0"+whole, 10, 64)
	if err != nil || n > maxSeconds {
		return 0, errorAt(t.pos, "a time of %.40s seconds: want a decimal number, at most %.0f", t.text, maxSeconds)
	}
	nanos, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
	p.take()
	return time.Duration(n)*time.Second + time.Duration(nanos), nil
}

// unsupported keeps what begins at pos as a construct without a meaning here,
// and goes on at the next event: a token that begins a line and a time.
func (p *parser) unsupported(e *Event, pos Pos, what string) error {
	e.Unsupported = &Note{Pos: pos, Text: what}
	for p.peek().kind != endOfFile {
		t := p.peek()
		begins := t.is("+") || t.is("*") || t.kind == number || t.kind == float || t.kind == command
		if begins && t.pos.Line > p.tokens[p.at-1].pos.Line {
			break
		}
		p.take()
	}
	return nil
}
