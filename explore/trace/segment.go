package trace

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// FormatSegment writes a segment as the RFC's ladders do:
//
//	<SEQ=100><ACK=301><WND=8><UP=2><CTL=PSH,URG,ACK><DATA=5><SEC=bad>
//
// SEQ and CTL always; ACK if the flag is set, even if the number is 0; UP if
// URG is set; WND, DATA and SEC if they are not zero. [ParseSegment] reads it
// back.
func FormatSegment(g model.Segment) string { return formatSegment(g, 0) }

// FormatIn writes a segment of an endpoint with that window as a ladder does:
// WND is left out where it is the whole window, and in a RST, where it means nothing.
func FormatIn(g model.Segment, window uint32) string {
	if g.Flags.Has(model.RST) && g.Wnd == 0 {
		window = 0
	}
	return formatSegment(g, window)
}

// formatSegment leaves out WND if it is hidden.
func formatSegment(g model.Segment, hidden uint32) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<SEQ=%d>", g.Seq)
	if g.Flags.Has(model.ACK) {
		fmt.Fprintf(&b, "<ACK=%d>", g.Ack)
	}
	if g.Wnd != hidden {
		fmt.Fprintf(&b, "<WND=%d>", g.Wnd)
	}
	if g.Flags.Has(model.URG) {
		fmt.Fprintf(&b, "<UP=%d>", g.Up)
	}
	fmt.Fprintf(&b, "<CTL=%v>", g.Flags)
	if g.Len > 0 {
		fmt.Fprintf(&b, "<DATA=%d>", g.Len)
	}
	if g.BadSecurity {
		b.WriteString("<SEC=bad>")
	}
	return b.String()
}

// ParseSegment reads what [FormatSegment] writes; the fields may stand in any
// order. Numbers are not checked against a sequence space.
func ParseSegment(text string) (model.Segment, error) {
	p := segmentParser{}
	return p.parse(text)
}

// segmentParser reads segments.
type segmentParser struct {
	window  uint32               // of a segment that writes no WND and is no RST
	symbols map[string]model.Seq // names that stand for numbers
	modulo  func(uint64) uint64  // nil: numbers are below 2^32
}

func (p *segmentParser) parse(text string) (g model.Segment, err error) {
	seen := map[string]bool{}
	rest := text
	for rest != "" {
		end := strings.IndexByte(rest, '>')
		if rest[0] != '<' || end < 0 {
			return g, fmt.Errorf("segment %.80q: want fields such as <SEQ=100>", text)
		}
		name, value, _ := strings.Cut(rest[1:end], "=")
		rest = rest[end+1:]
		if seen[name] {
			return g, fmt.Errorf("segment %.80q: %s twice", text, name)
		}
		if err := p.field(&g, name, value); err != nil {
			return g, fmt.Errorf("segment %.80q: %w", text, err)
		}
		seen[name] = true
	}
	switch {
	case !seen["SEQ"] || !seen["CTL"]:
		return g, fmt.Errorf("segment %.80q: want at least <SEQ=…><CTL=…>", text)
	case seen["ACK"] != g.Flags.Has(model.ACK):
		return g, fmt.Errorf("segment %.80q: want the field ACK with the flag ACK, or neither", text)
	case seen["UP"] != g.Flags.Has(model.URG):
		return g, fmt.Errorf("segment %.80q: want the field UP with the flag URG, or neither", text)
	}
	if !seen["WND"] && !g.Flags.Has(model.RST) {
		g.Wnd = p.window
	}
	return g, nil
}

func (p *segmentParser) field(g *model.Segment, name, value string) error {
	var n uint64
	var err error
	switch name {
	case "SEQ":
		n, err = p.number(value)
		g.Seq = model.Seq(n)
	case "ACK":
		n, err = p.number(value)
		g.Ack = model.Seq(n)
	case "WND":
		n, err = parseNumber(value, 32)
		g.Wnd = uint32(n)
	case "UP":
		n, err = parseNumber(value, 16)
		g.Up = uint16(n)
	case "DATA":
		if n, err = parseNumber(value, 32); err == nil && n == 0 {
			err = fmt.Errorf("0 octets: leave it out")
		}
		g.Len = uint32(n)
	case "CTL":
		var ok bool
		if g.Flags, ok = model.ParseFlags(value); !ok {
			err = fmt.Errorf("%.40q: want flags such as SYN,ACK, each once, or none", value)
		}
	case "SEC":
		if g.BadSecurity = value == "bad"; !g.BadSecurity {
			err = fmt.Errorf("%.40q: want bad, or leave it out", value)
		}
	default:
		return fmt.Errorf("field %.40q: want SEQ, ACK, WND, UP, CTL, DATA or SEC", name)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// number reads a sequence number: digits, or a symbol, perhaps "+n".
func (p *segmentParser) number(text string) (uint64, error) {
	name, more, plus := strings.Cut(text, "+")
	value, ok := p.symbols[name]
	if !ok {
		return parseNumber(text, 32)
	}
	n := uint64(value)
	if plus {
		k, err := parseNumber(more, 32)
		if err != nil {
			return 0, err
		}
		n += k
	}
	if p.modulo != nil {
		n = p.modulo(n)
	}
	return n, nil
}

// parseNumber reads a decimal number of at most so many bits, written plainly.
func parseNumber(text string, bits int) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, bits)
	if err != nil || strconv.FormatUint(n, 10) != text {
		return 0, fmt.Errorf("%.40q: want a number from 0 to %d", text, uint64(1)<<bits-1)
	}
	return n, nil
}
