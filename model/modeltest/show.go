package modeltest

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// show writes a segment as the RFC's ladders do.
func show(g model.Segment) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<SEQ=%d>", g.Seq)
	if g.Flags.Has(model.ACK) {
		fmt.Fprintf(&b, "<ACK=%d>", g.Ack)
	}
	if g.Len > 0 {
		fmt.Fprintf(&b, "<DATA=%d>", g.Len)
	}
	if !g.Flags.Has(model.RST) {
		fmt.Fprintf(&b, "<WND=%d>", g.Wnd)
	}
	if g.Flags.Has(model.URG) {
		fmt.Fprintf(&b, "<UP=%d>", g.Up)
	}
	fmt.Fprintf(&b, "<CTL=%v>", g.Flags)
	if g.BadSecurity {
		b.WriteString("<other security>")
	}
	return b.String()
}

func showOne(g *model.Segment) string {
	if g == nil {
		return "nothing"
	}
	return show(*g)
}

func showAll(list []model.Segment) string {
	if len(list) == 0 {
		return "nothing"
	}
	texts := make([]string, len(list))
	for i, g := range list {
		texts[i] = show(g)
	}
	return strings.Join(texts, " and ")
}

// describe is an event in a few words.
func describe(ev model.Event) string {
	switch ev.Kind {
	case model.SegmentArrives:
		return show(ev.Segment)
	case model.OpenActive:
		return fmt.Sprintf("%v ISS=%d", ev.Kind, ev.ISS)
	case model.Send, model.Receive:
		return fmt.Sprintf("%v %d", ev.Kind, ev.N)
	}
	return ev.Kind.String()
}

// line is a step in one line of a run: side, event, states, what was sent and
// what the user saw.
func (s *step) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%c  %-13v %s", 'A'+s.side, s.before.State, describe(s.ev))
	for _, p := range s.out.Path() {
		fmt.Fprintf(&b, " -> %v", p)
	}
	for _, g := range s.out.Sent() {
		fmt.Fprintf(&b, "; sends %s", show(g))
	}
	if n := s.delivered(); n > 0 {
		fmt.Fprintf(&b, "; delivers %d", n)
	}
	for _, g := range s.out.Signals() {
		fmt.Fprintf(&b, "; %q", g.String())
	}
	return b.String()
}
