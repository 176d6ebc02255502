package trace

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// variable is one variable of a TCB, its state aside.
type variable struct {
	name string // as the RFC writes it
	at   func(*model.TCB) any
}

// variables is the memory of an endpoint in the order in which it is told:
// what is sent, what is received, what waits, how it got there.
var variables = []variable{
	{"ISS", func(t *model.TCB) any { return &t.ISS }},
	{"SND.UNA", func(t *model.TCB) any { return &t.SndUna }},
	{"SND.NXT", func(t *model.TCB) any { return &t.SndNxt }},
	{"SND.WND", func(t *model.TCB) any { return &t.SndWnd }},
	{"MAX.SND.WND", func(t *model.TCB) any { return &t.MaxSndWnd }},
	{"SND.WL1", func(t *model.TCB) any { return &t.SndWl1 }},
	{"SND.WL2", func(t *model.TCB) any { return &t.SndWl2 }},
	{"SND.UP", func(t *model.TCB) any { return &t.SndUp }},
	{"IRS", func(t *model.TCB) any { return &t.IRS }},
	{"RCV.NXT", func(t *model.TCB) any { return &t.RcvNxt }},
	{"RCV.WND", func(t *model.TCB) any { return &t.RcvWnd }},
	{"RCV.UP", func(t *model.TCB) any { return &t.RcvUp }},
	{"QUEUED", func(t *model.TCB) any { return &t.Queued }},
	{"PUSH-QUEUED", func(t *model.TCB) any { return &t.PushQueued }},
	{"CLOSE-QUEUED", func(t *model.TCB) any { return &t.CloseQueued }},
	{"UNREAD", func(t *model.TCB) any { return &t.Unread }},
	{"RETRIES", func(t *model.TCB) any { return (*retries)(&t.Retries) }},
	{"TIMER", func(t *model.TCB) any { return &t.Timer }},
	{"PASSIVE", func(t *model.TCB) any { return &t.Passive }},
	{"SYN-PENDING", func(t *model.TCB) any { return &t.SynPending }},
	{"REOPENED", func(t *model.TCB) any { return &t.Reopened }},
	{"OLD.SND.NXT", func(t *model.TCB) any { return &t.OldSndNxt }},
	{"OLD.RCV.NXT", func(t *model.TCB) any { return &t.OldRcvNxt }},
	{"HELD", func(t *model.TCB) any { return (*held)(t) }},
}

// retries is a count of retransmissions, of which [model.Unlimited] is one.
type retries uint8

// held is the segments that a TCB holds.
type held model.TCB

// get writes the variable's value: a number, yes or no, unlimited, or segments
// joined by ";", none if there are none.
func (v variable) get(t *model.TCB) string {
	switch p := v.at(t).(type) {
	case *model.Seq:
		return fmt.Sprint(*p)
	case *uint32:
		return fmt.Sprint(*p)
	case *uint8:
		return fmt.Sprint(*p)
	case *bool:
		if *p {
			return "yes"
		}
		return "no"
	case *retries:
		if *p == model.Unlimited {
			return "unlimited"
		}
		return fmt.Sprint(uint8(*p))
	case *held:
		var list []string
		for _, g := range p.Held[:min(int(p.NHeld), model.MaxHeld)] {
			list = append(list, FormatSegment(g))
		}
		if list == nil {
			return "none"
		}
		return strings.Join(list, ";")
	}
	panic("trace: variable " + v.name + " has no text form")
}

// set reads what get writes.
func (v variable) set(t *model.TCB, text string) error {
	var n uint64
	var err error
	switch p := v.at(t).(type) {
	case *model.Seq:
		n, err = parseNumber(text, 32)
		*p = model.Seq(n)
	case *uint32:
		n, err = parseNumber(text, 32)
		*p = uint32(n)
	case *uint8:
		n, err = parseNumber(text, 8)
		*p = uint8(n)
	case *bool:
		*p, err = parseYes(text)
	case *retries:
		n, err = parseRetries(text)
		*p = retries(n)
	case *held:
		err = p.set(text)
	default:
		panic("trace: variable " + v.name + " has no text form")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", v.name, err)
	}
	return nil
}

func (h *held) set(text string) error {
	h.NHeld, h.Held = 0, [model.MaxHeld]model.Segment{}
	if text == "none" {
		return nil
	}
	list := strings.SplitN(text, ";", model.MaxHeld+1)
	if len(list) > model.MaxHeld {
		return fmt.Errorf("more than %d segments", model.MaxHeld)
	}
	for i, s := range list {
		g, err := ParseSegment(s)
		if err != nil {
			return err
		}
		h.Held[i] = g
	}
	h.NHeld = uint8(len(list))
	return nil
}

func parseYes(text string) (bool, error) {
	if text != "yes" && text != "no" {
		return false, fmt.Errorf("%.40q: want yes or no", text)
	}
	return text == "yes", nil
}

func parseRetries(text string) (uint64, error) {
	if text == "unlimited" {
		return model.Unlimited, nil
	}
	n, err := parseNumber(text, 8)
	if err != nil || n == model.Unlimited {
		return 0, fmt.Errorf("%.40q: want a number from 0 to %d, or unlimited", text, model.Unlimited-1)
	}
	return n, nil
}

// Change is a variable of a TCB before and after a step, as text.
type Change struct {
	Field  string `json:"field"` // as the RFC writes it: SND.UNA …; "state" is the first
	Before string `json:"before"`
	After  string `json:"after"`
}

// Changed lists what differs between two TCBs, the state first. In CLOSED and
// LISTEN there is no connection, so no variable has a value: only the state is
// told on the way there, and a quiet time's TIMER.
func Changed(before, after model.TCB) []Change {
	var list []Change
	if before.State != after.State {
		list = append(list, Change{"state", before.State.String(), after.State.String()})
	}
	for _, v := range variables {
		if after.State <= model.Listen && v.name != "TIMER" {
			continue
		}
		if was, is := v.get(&before), v.get(&after); was != is {
			list = append(list, Change{v.name, was, is})
		}
	}
	return list
}
