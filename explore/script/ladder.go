package script

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// rung is a line of the ladder.
type rung struct {
	line  int    // of the script; 0: none
	text  string // a segment, or a call in parentheses
	arrow string // towards the TCP under test or away from it
	state string
}

// draw writes what happened to the candidate that was judged last, line by line
// of the script, and where they part. Time runs downwards; the script stands on
// the left, the TCP under test on the right.
func (r *runner) draw(p Pos, v *verdict) string {
	var steps []*played
	for s := v.candidate.steps; s != nil; s = s.before {
		steps = append(steps, s)
	}
	slices.Reverse(steps)
	rungs := []rung{{text: "script", state: "TCP under test"}, {state: model.Closed.String()}}
	for _, s := range steps {
		rungs = append(rungs, s.rung())
	}
	e := r.script.Events[r.at]
	switch {
	case e.Packet != nil && !e.Packet.Inbound && e.Packet.Pos.Line == p.Line:
		rungs = append(rungs, rung{p.Line, trace.FormatSegment(r.segment(e.Packet)), "<--", "(expected)  (!!)"})
	default:
		rungs = append(rungs, rung{line: p.Line, text: "(" + r.result.Expected + ")", state: "(!!)"})
	}
	if v.sends != nil {
		rungs = append(rungs, rung{text: trace.FormatSegment(*v.sends), arrow: "<--", state: "(the model)"})
	}
	middle := 0
	for _, g := range rungs {
		if n := len(g.text); n <= 60 {
			middle = max(middle, n)
		}
	}
	var b strings.Builder
	for _, g := range rungs {
		number := ""
		if g.line > 0 {
			number = fmt.Sprint(g.line)
		}
		line := fmt.Sprintf("%5s  %-*s  %-3s  %s", number, middle, g.text, g.arrow, g.state)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for _, rule := range v.rules {
		info := rule.Info()
		fmt.Fprintf(&b, "#  §%s, %s: %s\n", info.Section, info.Title, info.Meaning)
	}
	return b.String()
}

func (s *played) rung() rung {
	g := rung{line: s.line, state: s.state.String()}
	switch {
	case s.sent != nil:
		g.text, g.arrow = trace.FormatSegment(*s.sent), "<--"
	case s.event.Kind == model.SegmentArrives:
		g.text, g.arrow = trace.FormatSegment(s.event.Segment), "-->"
	default:
		g.text = "(" + s.event.Kind.String() + ")"
		if s.event.N > 0 {
			g.text = fmt.Sprintf("(%v %d)", s.event.Kind, s.event.N)
		}
	}
	return g
}
