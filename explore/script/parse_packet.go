package script

import (
	"math"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// wire is a packet: a direction, what is said of the IP header, and a TCP
// segment or a message of ICMP.
func (p *parser) wire(e *Event) error {
	pos := p.peek().pos
	inbound := p.take().text == "<"
	if p.peek().is("[") && p.ahead(1).kind == number && p.ahead(2).is(":") {
		return p.icmpAbout(e, pos, inbound)
	}
	if err := p.ipHeader(); err != nil {
		return err
	}
	t := p.peek()
	if t.kind == word {
		switch t.text {
		case "icmp":
			return p.icmp(e, pos, inbound)
		case "udp", "udplite", "sctp", "ipv4", "ipv6", "gre", "GREv0", "mpls":
			return p.unsupported(e, t.pos, "a packet of "+t.text)
		}
	}
	if t.kind == number && p.ahead(1).is(">") {
		return p.unsupported(e, t.pos, "a packet with ports")
	}
	g, err := p.segment(Packet{Pos: pos, Inbound: inbound})
	if err != nil {
		return err
	}
	e.Packet = g
	if p.peek().is("{") {
		return p.unsupported(e, p.peek().pos, "a packet that is damaged on purpose")
	}
	for _, o := range g.Options {
		if !slices.Contains(understood, o.Name) {
			e.Unsupported = &Note{Pos: o.Pos, Text: "the option " + o.Name}
			return nil
		}
	}
	return nil
}

// understood are the options that change nothing that the model has an opinion
// of, but for the scale of windows.
var understood = []string{"eol", "nop", "mss", "wscale", "sackOK", "sack", "TS", "ECN", "accecn", "ACCECN"}

// ipHeader skips what is said of the IP header: "[ect0]", "(tos 0x10)".
func (p *parser) ipHeader() error {
	closing := ""
	switch {
	case p.peek().is("["):
		closing = "]"
	case p.peek().is("("):
		closing = ")"
	default:
		return nil
	}
	p.take()
	for !p.accept(closing) {
		if t := p.peek(); t.kind != word && t.kind != number && !t.is(",") {
			return p.unexpected("a field of the IP header, or " + closing)
		}
		p.take()
	}
	return nil
}

// segment is flags seq [ack N] [win N] [urg N] [<options>].
func (p *parser) segment(g Packet) (*Packet, error) {
	if err := p.flags(&g); err != nil {
		return nil, err
	}
	at := p.peek().pos
	if err := p.numbers(&g); err != nil {
		return nil, err
	}
	if g.AnySeq && g.Inbound {
		return nil, errorAt(at, "numbers that are not compared are for packets that are expected")
	}
	var err error
	if p.accept("ack") {
		if g.Ack, err = p.upTo("the ACK field", math.MaxUint32); err != nil {
			return nil, err
		}
		if !g.Flags.Has(model.ACK) {
			g.Ack = 0 // the field is set and means nothing
		}
	}
	if p.accept("win") {
		g.WinGiven = true
		if g.Win, err = p.upTo("the window", math.MaxUint16); err != nil {
			return nil, err
		}
	}
	if p.accept("urg") {
		up, err := p.upTo("the urgent pointer", math.MaxUint16)
		if err != nil {
			return nil, err
		}
		if g.Flags.Has(model.URG) {
			g.Up = uint16(up)
		}
	}
	if p.peek().is("<") {
		if err := p.options(&g); err != nil {
			return nil, err
		}
	}
	return &g, nil
}

// flagBits are the letters of flags.
var flagBits = map[rune]model.Flags{
	'F': model.FIN, 'S': model.SYN, 'R': model.RST, 'P': model.PSH, '.': model.ACK, 'U': model.URG,
}

// flags is letters and a dot without space between them, or "-" for none.
func (p *parser) flags(g *Packet) error {
	if p.accept("-") {
		return nil
	}
	const want = "the flags, letters of FSRPUEWA and a dot for ACK, or - for none"
	for first := true; first || !p.peek().spaced; first = false {
		t := p.peek()
		if t.kind != word && t.kind != float && !t.is(".") {
			if first {
				return p.unexpected(want)
			}
			break
		}
		for _, c := range t.text {
			bit, ok := flagBits[c]
			switch {
			case ok && g.Flags.Has(bit):
				return errorAt(t.pos, "the flag %c is given twice", c)
			case ok:
				g.Flags |= bit
			case strings.ContainsRune("EWA", c) || '0' <= c && c <= '7':
				g.ECN += string(c)
			default:
				return p.unexpected(want)
			}
		}
		p.take()
	}
	return nil
}

// numbers is "first:end(length)", or "...(length)" where any number will do.
func (p *parser) numbers(g *Packet) (err error) {
	at := p.peek().pos
	var end uint32
	if p.peek().kind == ellipsis {
		p.take()
		g.AnySeq = true
	} else {
		if g.Seq, err = p.upTo("the first sequence number", math.MaxUint32); err != nil {
			return err
		}
		if err := p.expect(":", "between the sequence numbers"); err != nil {
			return err
		}
		if end, err = p.upTo("the last sequence number", math.MaxUint32); err != nil {
			return err
		}
	}
	if err := p.expect("(", "and the length of the text"); err != nil {
		return err
	}
	if g.Len, err = p.upTo("the length of the text", math.MaxUint16); err != nil {
		return err
	}
	if err := p.expect(")", "behind the length of the text"); err != nil {
		return err
	}
	if !g.AnySeq && g.Seq+g.Len != end {
		return errorAt(at, "%d:%d(%d): from %d to %d are %d octets", g.Seq, end, g.Len, g.Seq, end, end-g.Seq)
	}
	return nil
}

// upTo is a number that is at most most.
func (p *parser) upTo(what string, most int64) (uint32, error) {
	t := p.peek()
	if t.kind != number {
		return 0, p.unexpected("a number for " + what)
	}
	if t.number < 0 || t.number > most {
		return 0, errorAt(t.pos, "%s is %s: want at most %d", what, t.text, most)
	}
	p.take()
	return uint32(t.number), nil
}

// options is "<name numbers, …>" or "<...>".
func (p *parser) options(g *Packet) error {
	p.take()
	if p.peek().kind == ellipsis {
		p.take()
		g.AnyOptions = true
		return p.expect(">", "behind the options")
	}
	for {
		t := p.peek()
		if t.kind != word {
			return p.unexpected("the name of an option")
		}
		p.take()
		o := TCPOption{Pos: t.pos, Name: t.text}
		start := t.end
		end := start
		for !p.peek().is(",") && !p.peek().is(">") {
			v := p.peek()
			switch {
			case v.kind == number:
				n, err := p.upTo("a number of the option "+o.Name, math.MaxUint32)
				if err != nil {
					return err
				}
				o.Args = append(o.Args, n)
			case v.kind == word, v.is(":"), v.is("-"):
				p.take()
			default:
				return p.unexpected(`the option's value, "," or ">"`)
			}
			end = v.end
		}
		o.Text = strings.TrimSpace(p.text[start:end])
		if err := o.check(); err != nil {
			return err
		}
		g.Options = append(g.Options, o)
		if p.accept(">") {
			return nil
		}
		p.take() // the comma
	}
}

// check returns an error if the option has not the numbers that it needs.
func (o TCPOption) check() error {
	need, most := 0, uint32(math.MaxUint32)
	switch o.Name {
	case "mss":
		need, most = 1, math.MaxUint16
	case "wscale":
		need, most = 1, math.MaxUint8
	case "TS":
		need = 2
	case "nop", "eol", "sackOK":
	default:
		return nil
	}
	if len(o.Args) != need {
		return errorAt(o.Pos, "the option %s has %d numbers: want %d", o.Name, len(o.Args), need)
	}
	for _, v := range o.Args {
		if v > most {
			return errorAt(o.Pos, "the option %s has %d: want at most %d", o.Name, v, most)
		}
	}
	return nil
}

// icmpAbout is an ICMP message behind what it is about: "[1:1(0)] icmp …".
func (p *parser) icmpAbout(e *Event, pos Pos, inbound bool) error {
	seq, err := p.about()
	if err != nil {
		return err
	}
	if !(p.peek().kind == word && p.peek().text == "icmp") {
		return p.unexpected("an ICMP message behind what it is about")
	}
	if err := p.icmp(e, pos, inbound); err != nil || e.ICMP == nil {
		return err
	}
	e.ICMP.Seq, e.ICMP.SeqGiven = seq, true
	return nil
}

// about is what an ICMP message is about: "[first:last(length)]".
func (p *parser) about() (seq uint32, err error) {
	p.take()
	var g Packet
	if p.peek().kind == ellipsis {
		return 0, p.unexpected("a number for the first sequence number")
	}
	if err := p.numbers(&g); err != nil {
		return 0, err
	}
	return g.Seq, p.expect("]", "behind what the ICMP message is about")
}

// icmp is "icmp type [code] [mtu N] [id N] [\[what it answers\]]".
func (p *parser) icmp(e *Event, pos Pos, inbound bool) error {
	p.take()
	t := p.peek()
	if t.kind != word {
		return p.unexpected("a type of ICMP message")
	}
	m := &ICMP{Pos: pos, Inbound: inbound, Type: p.take().text}
	if c := p.peek(); c.kind == word && c.text != "mtu" && c.text != "id" {
		m.Code = p.take().text
	}
	for _, field := range []string{"mtu", "id"} {
		if p.accept(field) {
			if _, err := p.upTo(field, math.MaxUint32); err != nil {
				return err
			}
		}
	}
	e.ICMP = m
	if !p.peek().is("[") {
		return nil
	}
	if t := p.ahead(1); t.kind == word {
		return p.unsupported(e, t.pos, "an ICMP message about "+t.text)
	}
	var err error
	m.Seq, err = p.about()
	m.SeqGiven = err == nil
	return err
}
