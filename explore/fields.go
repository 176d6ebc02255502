package explore

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/tcpcheck/tcpcheck/model"
)

// Field is one entry of a scenario file: its name, what it means, and how a
// value is read from text and written to it.
type Field struct {
	Name, Meaning string
	// Values are those that it may have, if they have names; Numeric: they are
	// numbers (a budget may be "unlimited" too). Neither: it is text.
	Values  []string
	Numeric bool

	get func(*Scenario) string
	set func(*Scenario, string) error
}

// Get is the field's value as a file writes it.
func (f Field) Get(sc *Scenario) string { return f.get(sc) }

// Set gives the field a value, or returns an error that says what would do.
func (f Field) Set(sc *Scenario, value string) error { return f.set(sc, value) }

// number is a field that holds a number from least to most.
func number[T ~uint8 | ~uint32 | ~int](name, meaning string, least, most int64, at func(*Scenario) *T) Field {
	return Field{name, meaning, nil, true,
		func(sc *Scenario) string { return strconv.FormatInt(int64(*at(sc)), 10) },
		func(sc *Scenario, v string) error {
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil || n < least || n > most {
				return fmt.Errorf("%q: want a number from %d to %d", v, least, most)
			}
			*at(sc) = T(n)
			return nil
		}}
}

// maxBudget is the largest limited budget.
const maxBudget = 200

// budget is a number, or "unlimited".
func budget(name, meaning string, at func(*Scenario) *uint8) Field {
	plain := number(name, meaning, 0, maxBudget, at)
	return Field{name, meaning, nil, true,
		func(sc *Scenario) string {
			if *at(sc) == Unlimited {
				return "unlimited"
			}
			return plain.get(sc)
		},
		func(sc *Scenario, v string) error {
			if v == "unlimited" {
				*at(sc) = Unlimited
				return nil
			}
			if plain.set(sc, v) != nil {
				return fmt.Errorf("%q: want a number from 0 to %d, or unlimited", v, maxBudget)
			}
			return nil
		}}
}

// oneOf is a field with named values, numbered from 0.
func oneOf[T ~uint8](name, meaning string, at func(*Scenario) *T, names ...string) Field {
	return Field{name, meaning, names, false,
		func(sc *Scenario) string { return names[*at(sc)] },
		func(sc *Scenario, v string) error {
			for i, n := range names {
				if n == v {
					*at(sc) = T(i)
					return nil
				}
			}
			return fmt.Errorf("%q: want one of %q", v, names)
		}}
}

func flag(name, meaning string, at func(*Scenario) *bool) Field {
	return Field{name, meaning, []string{"false", "true"}, false,
		func(sc *Scenario) string { return strconv.FormatBool(*at(sc)) },
		func(sc *Scenario, v string) error {
			if v != "true" && v != "false" {
				return fmt.Errorf("%q: want true or false", v)
			}
			*at(sc) = v == "true"
			return nil
		}}
}

// text is a field of any text. What would command a terminal is refused; a name, which
// becomes one of files, has no blanks but spaces either.
func text(name, meaning string, blanks string, at func(*Scenario) *string) Field {
	return Field{name, meaning, nil, false,
		func(sc *Scenario) string { return *at(sc) },
		func(sc *Scenario, v string) error {
			if len(v) > 1000 {
				return fmt.Errorf("%d characters: want at most 1000", len(v))
			}
			for _, r := range v {
				if (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) && !strings.ContainsRune(blanks, r) {
					return fmt.Errorf("%q: want text without %q", v, r)
				}
			}
			*at(sc) = v
			return nil
		}}
}

// Fields lists the fields of a scenario that belong to no side, in the order
// of a file. Behaviours are listed by [model.Choices].
func Fields() []Field { return append([]Field(nil), scenarioFields...) }

var scenarioFields = []Field{
	text("name", "what reports call it", "", func(sc *Scenario) *string { return &sc.Name }),
	text("about", "what it is there to show", "\n\t", func(sc *Scenario) *string { return &sc.About }),
	number("bits", "the sequence space has 2^bits numbers", model.MinBits, maxBits, func(sc *Scenario) *int { return &sc.Bits }),
	number("window", "receive buffer of each side in octets; twice this is less than the space", 1, 1<<(maxBits-1)-1, func(sc *Scenario) *uint32 { return &sc.Window }),
	number("capacity", "segments in the network each way", 1, MaxCapacity, func(sc *Scenario) *int { return &sc.Capacity }),
	oneOf("order", "how the network delivers", func(sc *Scenario) *Order { return &sc.Order }, "any", "fifo"),
	budget("loss", "segments that the network may lose", func(sc *Scenario) *uint8 { return &sc.Loss }),
	budget("duplication", "segments that it may repeat", func(sc *Scenario) *uint8 { return &sc.Duplication }),
	budget("retransmissions", "of each front of a retransmission queue; unlimited: to judge whole runs", func(sc *Scenario) *uint8 { return &sc.Retransmissions }),
	flag("user-timeout", "give up when no retransmission is left, or at any moment if they are unlimited", func(sc *Scenario) *bool { return &sc.UserTimeout }),
	number("msl", "maximum segment lifetime in ticks; 0: no time passes", 0, 100, func(sc *Scenario) *uint8 { return &sc.MSL }),
	number("time-wait", "how many MSL TIME-WAIT lasts", 1, 100, func(sc *Scenario) *uint8 { return &sc.TimeWaitMSL }),
	number("life", "most ticks that a number may be outstanding: beyond it no time passes; 0: no bound", 0, 100, func(sc *Scenario) *uint8 { return &sc.Life }),
	oneOf("isn", "how later incarnations pick their ISS", func(sc *Scenario) *ISN { return &sc.ISN }, "clock", "arbitrary", "constant"),
	flag("first-only", "only the first incarnation of a side sends, closes and aborts", func(sc *Scenario) *bool { return &sc.FirstOnly }),
	{"variant", "how both endpoints behave", variantNames(), false, func(sc *Scenario) string { return sc.Variant }, (*Scenario).SetVariant},
	{"mutant", "a deliberate bug in both endpoints", mutantNames(), false, func(sc *Scenario) string { return sc.Mutant }, (*Scenario).SetMutant},
}

// SetVariant makes both endpoints behave as the named variant. What the scenario
// itself decides otherwise than its variant stays as it is.
func (sc *Scenario) SetVariant(name string) error {
	v, err := model.FindVariant(name)
	if err != nil {
		return err
	}
	had, err := model.FindVariant(sc.Variant)
	if err != nil {
		return err
	}
	next := v.Behaviours
	for _, c := range model.Choices() {
		if own := c.Get(sc.Behaviours); own != c.Get(had.Behaviours) {
			if err := c.Set(&next, own); err != nil {
				return err
			}
		}
	}
	sc.Variant, sc.Behaviours = v.Name, next
	return nil
}

// SetBehaviour changes one choice of both endpoints.
func (sc *Scenario) SetBehaviour(choice, value string) error {
	for _, c := range model.Choices() {
		if c.Name == choice {
			return c.Set(&sc.Behaviours, value)
		}
	}
	return fmt.Errorf("behaviour %q is not known", choice)
}

// SetMutant puts the named bug into both endpoints; "" takes it out.
func (sc *Scenario) SetMutant(name string) error {
	if name != "" {
		if _, err := model.FindMutant(name); err != nil {
			return err
		}
	}
	sc.Mutant = name
	return nil
}

// SideFields lists the fields of one side, in the order of a file.
func SideFields(i int) []Field {
	at := func(f func(*SideSpec) *uint8) func(*Scenario) *uint8 {
		return func(sc *Scenario) *uint8 { return f(&sc.Sides[i]) }
	}
	return []Field{
		oneOf("start", "the state it starts in", func(sc *Scenario) *Start { return &sc.Sides[i].Start }, "closed", "established"),
		oneOf("open", "how its user opens", func(sc *Scenario) *Opening { return &sc.Sides[i].Open }, "active", "passive", "either"),
		number("iss", "its first initial sequence number", 0, 1<<maxBits-1, func(sc *Scenario) *model.Seq { return &sc.Sides[i].ISS }),
		flag("slow-reader", "text waits for RECEIVE and narrows the window", func(sc *Scenario) *bool { return &sc.Sides[i].Slow }),
		flag("stubborn", "its user calls SEND and CLOSE also where they are refused", func(sc *Scenario) *bool { return &sc.Sides[i].Stubborn }),
		flag("urgent", "its SENDs are urgent", func(sc *Scenario) *bool { return &sc.Sides[i].Urgent }),
		flag("other-security", "its segments have a security/compartment that the peer does not accept", func(sc *Scenario) *bool { return &sc.Sides[i].OtherSecurity }),
		text("old", "segments of an earlier connection that are in the network at the start, as in <SEQ=6><CTL=SYN>", "\n\t", func(sc *Scenario) *string { return &sc.Sides[i].Old }),
		budget("opens", "OPENs from CLOSED", at(func(s *SideSpec) *uint8 { return &s.Budget.Opens })),
		budget("octets", "octets to SEND, one at a time", at(func(s *SideSpec) *uint8 { return &s.Budget.Octets })),
		budget("closes", "CLOSEs", at(func(s *SideSpec) *uint8 { return &s.Budget.Closes })),
		budget("aborts", "ABORTs", at(func(s *SideSpec) *uint8 { return &s.Budget.Aborts })),
		budget("crashes", "crashes with loss of memory", at(func(s *SideSpec) *uint8 { return &s.Budget.Crashes })),
		budget("soft-errors", "reports that the peer is unreachable for now", at(func(s *SideSpec) *uint8 { return &s.Budget.SoftErrors })),
		budget("hard-errors", "reports that the peer is unreachable", at(func(s *SideSpec) *uint8 { return &s.Budget.HardErrors })),
		budget("keep-alives", "keep-alive probes", at(func(s *SideSpec) *uint8 { return &s.Budget.KeepAlives })),
		// Without end they would hide every deadlock.
		number("asides", "calls that are only answered: STATUS, a second OPEN, a RECEIVE too early, what is refused", 0, maxBudget, at(func(s *SideSpec) *uint8 { return &s.Budget.Asides })),
		budget("attacks", "forged segments, with any numbers and flags, that arrive", at(func(s *SideSpec) *uint8 { return &s.Budget.Attacks })),
	}
}
