package trace

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tcpcheck/tcpcheck/model"
)

// The limits of what is read, so that a hostile text costs little.
const (
	MaxLadder = 4 << 20 // bytes of a ladder
	MaxSteps  = 10000   // steps of a run that is read
	maxHeader = 1000    // lines of a header
)

// Parse reads a ladder, see the package's documentation, with its header.
// Errors give line and column.
//
// The header's lines, before the ladder, are "key: value", each of which may
// be left out:
//
//	title, scenario, variant, mutant, property, verdict    see [Info]
//	sequence-bits: 32            there are 2^32 sequence numbers
//	window: 100                  octets of each side's receive buffer
//	slow-reader: no              yes: text waits for RECEIVE
//	other-security: no           yes: the peer does not accept its compartment
//	retransmissions: unlimited   of each front of a queue
//	msl: 0                       ticks that a segment lives; 0: for ever
//	time-wait: 0                 ticks that TIME-WAIT lasts
//	behaviours:                  a variant, then choice=value, by commas
//	where: X=300, Z=90           names to write for numbers, also X+1
//	A: ESTABLISHED (send 300, receive 100) SND.WND=5    how a side starts
//	in-flight: ... <SEQ=90><CTL=SYN> --> B, ttl 2       once for each segment
//
// What is said of both endpoints can be said of one, "A.window: 8". A side
// that starts in CLOSED or LISTEN needs no line; the ladder's first line says
// so.
func Parse(text string) (*Script, error) {
	if len(text) > MaxLadder {
		return nil, fmt.Errorf("ladder of %d bytes: want at most %d", len(text), MaxLadder)
	}
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("ladder is not text in UTF-8")
	}
	p := parser{
		script: &Script{},
		looks:  map[string][]int{},
		last:   [2]int{-1, -1},
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := p.line(number, strings.TrimRight(line, "\r\n")); err != nil {
			return nil, err
		}
	}
	if err := p.begin(); err != nil {
		return nil, err
	}
	return p.finish()
}

// parser reads a ladder line by line.
type parser struct {
	header header
	begun  bool
	script *Script

	rows     int              // of the ladder so far
	number   uint64           // the last row's
	segments []shown          // by ID − 1
	looks    map[string][]int // segments in the network: look → IDs
	last     [2]int           // index of the last action at each side
	sent     []int            // by action: segments shown as sent
	issSaid  []bool           // by action
}

// shown is a segment that the ladder shows.
type shown struct {
	to   Side
	look string
	gone bool
}

func look(to Side, g model.Segment) string { return to.String() + FormatSegment(g) }

func (p *parser) line(number int, text string) error {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || trimmed[0] == '#' || strings.Join(strings.Fields(trimmed), " ") == "TCP Peer A TCP Peer B" {
		return nil
	}
	if e, ok := cutHeader(number, text); ok {
		if p.begun {
			return e.errorf("%.40q: the header ends where the ladder begins", e.key)
		}
		if len(p.header.entries) == maxHeader {
			return e.errorf("more than %d lines of header", maxHeader)
		}
		p.header.entries = append(p.header.entries, e)
		return nil
	}
	if err := p.begin(); err != nil {
		return err
	}
	text, err := p.cutNumber(number, text)
	if err != nil {
		return err
	}
	tokens, err := scan(number, text)
	if err != nil {
		return err
	}
	p.rows++
	for i, t := range tokens {
		if t.kind == segmentToken {
			return p.segmentRow(tokens, i)
		}
	}
	return p.otherRow(tokens)
}

// begin ends the header.
func (p *parser) begin() error {
	if p.begun {
		return nil
	}
	p.begun = true
	if err := p.header.read(); err != nil {
		return err
	}
	p.script.Setup, p.script.Info = p.header.setup, p.header.info
	for _, f := range p.script.Setup.InFlight {
		p.show(f.To, f.Segment)
	}
	return nil
}

// cutNumber takes the line's number off, "12.", leaving blanks.
func (p *parser) cutNumber(line int, text string) (string, error) {
	blank := span(text, func(c byte) bool { return c == ' ' || c == '\t' })
	digits := span(text[blank:], func(c byte) bool { return '0' <= c && c <= '9' })
	end := blank + digits
	if digits == 0 || end == len(text) || text[end] != '.' || strings.HasPrefix(text[end:], dots) {
		return text, nil
	}
	at := place{line, blank + 1}
	n, err := parseNumber(text[blank:end], 32)
	if err != nil {
		return "", at.wrap(err)
	}
	if n <= p.number {
		return "", at.errorf("number %d comes after %d: want them to ascend", n, p.number)
	}
	p.number = n
	return text[:blank] + strings.Repeat(" ", digits+1) + text[end+1:], nil
}

// act adds an action, and returns its index.
func (p *parser) act(at place, a Action, issSaid bool) (int, error) {
	if len(p.script.Actions) == MaxSteps {
		return 0, at.errorf("more than %d actions", MaxSteps)
	}
	i := len(p.script.Actions)
	p.script.Actions = append(p.script.Actions, a)
	p.script.places = append(p.script.places, at)
	p.sent = append(p.sent, 0)
	p.issSaid = append(p.issSaid, issSaid)
	switch a.Kind {
	case Lose:
	case Tick:
		p.last = [2]int{i, i}
	default:
		p.last[a.Side] = i
	}
	return i, nil
}

// expect adds something that must be so after the actions so far.
func (p *parser) expect(c check) {
	c.after = len(p.script.Actions)
	p.script.checks = append(p.script.checks, c)
}

// show numbers a segment that gets into the network.
func (p *parser) show(to Side, g model.Segment) int {
	s := shown{to: to, look: look(to, g)}
	p.segments = append(p.segments, s)
	id := len(p.segments)
	p.looks[s.look] = append(p.looks[s.look], id)
	return id
}

// leave takes a segment out of the network.
func (p *parser) leave(id int) {
	s := &p.segments[id-1]
	s.gone = true
	list := p.looks[s.look]
	for i, other := range list {
		if other == id {
			p.looks[s.look] = append(list[:i], list[i+1:]...)
			return
		}
	}
}

// finish checks the setup.
func (p *parser) finish() (*Script, error) {
	if _, err := p.script.Setup.normal(); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	p.script.shown = len(p.segments)
	return p.script, nil
}
