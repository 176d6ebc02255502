package trace

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// entry is one "key: value" of a header.
type entry struct {
	place
	key, value string
	used       bool
}

// cutHeader reads a line as "key: value".
func cutHeader(line int, text string) (e entry, ok bool) {
	trimmed := strings.TrimLeft(text, " \t")
	n := span(trimmed, func(c byte) bool {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '.' || c == '-'
	})
	if n == 0 || n == len(trimmed) || trimmed[n] != ':' {
		return e, false
	}
	column := 1 + len(text) - len(trimmed)
	return entry{place{line, column}, trimmed[:n], strings.TrimSpace(trimmed[n+1:]), false}, true
}

// header makes the setup of the entries.
type header struct {
	entries []entry
	setup   Setup
	info    Info
	symbols map[string]model.Seq
	given   [2]bool // the side's start is said
}

// each calls f for every entry of the key.
func (h *header) each(key string, f func(value string) error) error {
	for i := range h.entries {
		e := &h.entries[i]
		if e.key != key {
			continue
		}
		e.used = true
		if err := f(e.value); err != nil {
			return e.errorf("%s: %w", key, err)
		}
	}
	return nil
}

// read takes the entries in the order in which one needs the other.
func (h *header) read() error {
	h.info.CycleFrom = -1
	for _, k := range infoKeys {
		err := h.each(k.key, func(text string) (err error) {
			*k.at(&h.info), err = unquoted(text)
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := h.readEndpoints(); err != nil {
		return err
	}
	if err := h.each("where", h.where); err != nil {
		return err
	}
	for s := A; s <= B; s++ {
		err := h.each(s.String(), func(text string) (err error) {
			h.setup.Start[s], err = parseTCB(&h.setup, s, text)
			h.given[s] = true
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := h.each("in-flight", h.inFlight); err != nil {
		return err
	}
	return h.checkKeys()
}

func (h *header) readEndpoints() error {
	size := uint64(defaultBits)
	err := h.each("sequence-bits", func(text string) (err error) {
		size, err = parseNumber(text, 8)
		return err
	})
	if err != nil {
		return err
	}
	space, err := model.NewSpace(int(size))
	if err != nil {
		return h.at("sequence-bits").wrap(err)
	}
	for s := range h.setup.Endpoints {
		h.setup.Endpoints[s] = model.Endpoint{Space: space, Window: defaultWindow, Retransmissions: defaultRetransmissions}
	}
	for _, k := range endpointKeys {
		for s := range h.setup.Endpoints {
			e := &h.setup.Endpoints[s]
			for _, key := range [...]string{k.key, Side(s).String() + "." + k.key} {
				if err := h.each(key, func(text string) error { return k.set(e, text) }); err != nil {
					return err
				}
			}
		}
	}
	for s := range h.setup.Endpoints {
		if err := h.setup.Endpoints[s].Check(); err != nil {
			return h.at("window").wrap(err)
		}
	}
	return nil
}

// at is the place of a key, or of the header's first line.
func (h *header) at(key string) place {
	for _, e := range h.entries {
		if e.key == key {
			return e.place
		}
	}
	if len(h.entries) > 0 {
		return h.entries[0].place
	}
	return place{line: 1}
}

// where reads "X=300, Z=90", names for numbers.
func (h *header) where(text string) error {
	h.symbols = map[string]model.Seq{}
	for _, part := range strings.Split(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		letters := span(name, func(c byte) bool { return 'A' <= c && c <= 'Z' })
		n, err := parseNumber(value, 32)
		if letters == 0 || letters != len(name) || err != nil {
			return fmt.Errorf("%.40q: want a name in capital letters and its number, X=300", part)
		}
		if !h.setup.Endpoints[A].Space.Contains(model.Seq(n)) {
			return fmt.Errorf("%s: the space has %d numbers", part, h.setup.Endpoints[A].Space.Size())
		}
		h.symbols[name] = model.Seq(n)
	}
	return nil
}

// segment reads a segment that the side sends.
func (h *header) segment(from Side, text string) (model.Segment, error) {
	e := &h.setup.Endpoints[from]
	p := segmentParser{
		window: e.Window, symbols: h.symbols,
		modulo: func(n uint64) uint64 { return n % e.Space.Size() },
	}
	g, err := p.parse(text)
	if err == nil {
		err = CheckSegment(e.Space, g)
	}
	return g, err
}

// inFlight reads "... <SEQ=90><CTL=SYN> --> B, ttl 2".
func (h *header) inFlight(text string) error {
	const want = "want ... <SEQ=90><CTL=SYN> --> B, or A <-- <SEQ=90><CTL=SYN> ..., perhaps with a ttl"
	ladder, ttl, hasTTL := strings.Cut(text, ", ttl ")
	tokens, err := scan(1, ladder)
	if err != nil {
		return err
	}
	if len(tokens) != 4 {
		return fmt.Errorf("%.80q: %s", text, want)
	}
	f := Flight{ID: len(h.setup.InFlight) + 1, To: B}
	var shape []string
	for _, t := range tokens {
		if t.kind == segmentToken {
			t.text = "SEG"
		}
		shape = append(shape, t.text)
	}
	segment := tokens[1]
	switch strings.Join(shape, " ") {
	case "... SEG --> B":
	case "A <-- SEG ...":
		f.To, segment = A, tokens[2]
	default:
		return fmt.Errorf("%.80q: %s", text, want)
	}
	if f.Segment, err = h.segment(f.To.Other(), segment.text); err != nil {
		return err
	}
	f.TTL = h.setup.Endpoints[f.To.Other()].MSL
	if hasTTL {
		if err := setNumber(&f.TTL, ttl, 8); err != nil {
			return fmt.Errorf("ttl: %w", err)
		}
	}
	h.setup.InFlight = append(h.setup.InFlight, f)
	return nil
}

// checkKeys refuses keys that are unknown or stand twice.
func (h *header) checkKeys() error {
	seen := map[string]bool{}
	for _, e := range h.entries {
		if !e.used {
			return e.errorf("%.40q: there is no such key; want one of %s", e.key, strings.Join(knownKeys(), ", "))
		}
		if seen[e.key] && e.key != "in-flight" {
			return e.errorf("%s: it is said twice", e.key)
		}
		seen[e.key] = true
	}
	return nil
}

func knownKeys() []string {
	var keys []string
	for _, k := range infoKeys {
		keys = append(keys, k.key)
	}
	keys = append(keys, "sequence-bits")
	for _, k := range endpointKeys {
		keys = append(keys, k.key)
	}
	return append(keys, "where", "A", "B", "in-flight")
}
