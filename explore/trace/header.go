package trace

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/tcpcheck/tcpcheck/model"
)

// The defaults of a header.
const (
	defaultBits            = 32
	defaultWindow          = 100
	defaultRetransmissions = model.Unlimited
)

// infoKeys are the texts of an [Info] that a ladder keeps.
var infoKeys = []struct {
	key string
	at  func(*Info) *string
}{
	{"title", func(i *Info) *string { return &i.Title }},
	{"scenario", func(i *Info) *string { return &i.Scenario }},
	{"variant", func(i *Info) *string { return &i.Variant }},
	{"mutant", func(i *Info) *string { return &i.Mutant }},
	{"property", func(i *Info) *string { return &i.Property }},
	{"verdict", func(i *Info) *string { return &i.Verdict }},
}

type endpointKey struct {
	key, standard string
	get           func(e *model.Endpoint) string
	set           func(e *model.Endpoint, text string) error
}

// yesNo is a key that is "no" where it is not written.
func yesNo(key string, at func(e *model.Endpoint) *bool) endpointKey {
	return endpointKey{key, "no", func(e *model.Endpoint) string {
		if *at(e) {
			return "yes"
		}
		return "no"
	}, func(e *model.Endpoint, text string) (err error) {
		*at(e), err = parseYes(text)
		return err
	}}
}

// endpointKeys are what a header says about an endpoint, "window: 8" for both
// or "A.window: 8" for one. A default is not written.
var endpointKeys = []endpointKey{
	{"window", "", func(e *model.Endpoint) string { return fmt.Sprint(e.Window) },
		func(e *model.Endpoint, text string) error { return setNumber(&e.Window, text, 32) }},
	yesNo("slow-reader", func(e *model.Endpoint) *bool { return &e.SlowReader }),
	yesNo("other-security", func(e *model.Endpoint) *bool { return &e.OtherSecurity }),
	{"retransmissions", "unlimited", func(e *model.Endpoint) string {
		if e.Retransmissions == model.Unlimited {
			return "unlimited"
		}
		return fmt.Sprint(e.Retransmissions)
	}, func(e *model.Endpoint, text string) error {
		n, err := parseRetries(text)
		e.Retransmissions = uint8(n)
		return err
	}},
	{"msl", "0", func(e *model.Endpoint) string { return fmt.Sprint(e.MSL) },
		func(e *model.Endpoint, text string) error { return setNumber(&e.MSL, text, 8) }},
	{"time-wait", "0", func(e *model.Endpoint) string { return fmt.Sprint(e.TimeWait) },
		func(e *model.Endpoint, text string) error { return setNumber(&e.TimeWait, text, 8) }},
	{"behaviours", "", func(e *model.Endpoint) string { return behavioursText(e.Behaviours) },
		func(e *model.Endpoint, text string) (err error) {
			e.Behaviours, err = parseBehaviours(text)
			return err
		}},
}

func setNumber[T ~uint8 | ~uint32](at *T, text string, bits int) error {
	n, err := parseNumber(text, bits)
	*at = T(n)
	return err
}

// behavioursText lists the choices that are not the default.
func behavioursText(b model.Behaviours) string {
	var list []string
	for _, c := range model.Choices() {
		if v := c.Get(b); v != c.Values[0].Name {
			list = append(list, c.Name+"="+v)
		}
	}
	return strings.Join(list, ", ")
}

// parseBehaviours reads what behavioursText writes; a variant may come first.
func parseBehaviours(text string) (b model.Behaviours, err error) {
	if text == "" {
		return b, nil
	}
	for i, part := range strings.Split(text, ",") {
		name, value, isChoice := strings.Cut(strings.TrimSpace(part), "=")
		if i == 0 && !isChoice {
			v, err := model.FindVariant(name)
			if err != nil {
				return b, err
			}
			b = v.Behaviours
			continue
		}
		var names []string
		found := false
		for _, c := range model.Choices() {
			names = append(names, c.Name)
			if c.Name == name {
				found = true
				if err := c.Set(&b, value); err != nil {
					return b, err
				}
			}
		}
		if !found {
			return b, fmt.Errorf("choice %.40q is not known: want one of %q", name, names)
		}
	}
	return b, nil
}

// writeHeader writes what [Parse] must know, one "key: value" a line.
func writeHeader(b *strings.Builder, t *Trace) {
	info := t.Info
	for _, k := range infoKeys {
		if text := *k.at(&info); text != "" {
			fmt.Fprintf(b, "%s: %s\n", k.key, quoted(text))
		}
	}
	s := &t.Setup
	fmt.Fprintf(b, "sequence-bits: %d\n", bits(s.Endpoints[A].Space))
	for _, k := range endpointKeys {
		a, c := k.get(&s.Endpoints[A]), k.get(&s.Endpoints[B])
		switch {
		case a == c && a == k.standard:
		case a == c:
			fmt.Fprintf(b, "%s: %s\n", k.key, a)
		default:
			for side, text := range [2]string{a, c} {
				if text != k.standard {
					fmt.Fprintf(b, "%v.%s: %s\n", Side(side), k.key, text)
				}
			}
		}
	}
	for side := A; side <= B; side++ {
		if tcb := s.Start[side]; (tcb != model.TCB{State: tcb.State} || tcb.State > model.Listen) {
			fmt.Fprintf(b, "%v: %s\n", side, tcbText(s, side))
		}
	}
	for _, f := range s.InFlight {
		g := formatSegment(f.Segment, s.hiddenWindow(f.To.Other(), f.Segment.Flags))
		ttl := ""
		if f.TTL != s.Endpoints[f.To.Other()].MSL {
			ttl = fmt.Sprintf(", ttl %d", f.TTL)
		}
		if f.To == B {
			fmt.Fprintf(b, "in-flight: ... %s --> B%s\n", g, ttl)
		} else {
			fmt.Fprintf(b, "in-flight: A <-- %s ...%s\n", g, ttl)
		}
	}
}

// bits is the b of a space of 2^b numbers.
func bits(s model.Space) int {
	n := 0
	for size := s.Size(); size > 1; size /= 2 {
		n++
	}
	return n
}

// quoted is text that is one line as it is, or in quotation marks.
func quoted(text string) string {
	plain := text == strings.TrimSpace(text) && !strings.HasPrefix(text, `"`)
	for _, r := range text {
		plain = plain && unicode.IsPrint(r) && r != unicode.ReplacementChar
	}
	if plain {
		return text
	}
	return strconv.Quote(text)
}

func unquoted(text string) (string, error) {
	if !strings.HasPrefix(text, `"`) {
		return text, nil
	}
	s, err := strconv.Unquote(text)
	if err != nil {
		return "", fmt.Errorf("%.40s…: the quotation marks don't match", text)
	}
	return s, nil
}
