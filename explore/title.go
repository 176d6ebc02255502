package explore

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// title says what happens in the run: in the property's words if it has any,
// else from what its last step did, or from the state it ends in.
func (sp *space) title(p *Property, t *telling) string {
	moved := t.last.Out != nil
	if p.Title != nil && (p.Step == nil || moved) {
		view := t.view()
		view.Ending = view.ending(NotEnded)
		if s := p.Title(view, &t.last); s != "" {
			return s
		}
	}
	switch {
	case p.Kind == Reachable:
		return strings.ToUpper(p.Name[:1]) + p.Name[1:]
	case t.stepped && (p.Kind == StepProperty || p.Kind == StateProperty):
		return fmt.Sprintf("%s, though %s", t.last.sentence(), p.Name)
	}
	return fmt.Sprintf("A is in %v and B in %v, though %s", t.sides[0].TCB.State, t.sides[1].TCB.State, p.Name)
}

// sentence says what the step did: "B, in LAST-ACK, got <SEQ=3><ACK=7><CTL=ACK>,
// went to CLOSED and sent nothing".
func (st *Step) sentence() string {
	var did []string
	if n := len(st.Delivered); n > 0 {
		octets := 0
		for _, d := range st.Delivered {
			octets += int(d.N)
		}
		did = append(did, "gave its user "+octetCount(octets))
	}
	if st.Before.TCB.State != st.After.TCB.State {
		did = append(did, fmt.Sprintf("went to %v", st.After.TCB.State))
	}
	var told []string
	for _, g := range st.Out.Signals() {
		told = append(told, fmt.Sprintf("%q", g))
	}
	if len(told) == 0 && st.After.TCB.State == model.Closed && st.Before.TCB.State > model.Listen {
		told = []string{"nothing"}
	}
	if len(told) > 0 {
		did = append(did, "told its user "+strings.Join(told, " and "))
	}
	var sent []string
	for _, p := range st.Sent {
		sent = append(sent, trace.FormatIn(p.Segment, st.Scenario.Window))
	}
	if len(sent) == 0 {
		sent = []string{"nothing"}
	}
	did = append(did, "sent "+strings.Join(sent, " and "))
	did = append([]string{st.cause()}, did...)
	last := len(did) - 1
	return fmt.Sprintf("%v, in %v, %s and %s", st.Side, st.Before.TCB.State, strings.Join(did[:last], ", "), did[last])
}

// cause is what made the step happen.
func (st *Step) cause() string {
	switch st.Event.Kind {
	case model.SegmentArrives:
		return "got " + trace.FormatIn(st.Event.Segment, st.Scenario.Window)
	case model.Tick:
		return "saw time pass"
	case model.OpenActive, model.OpenPassive, model.Send, model.Receive, model.Close, model.Abort, model.Status:
		return fmt.Sprintf("got %v from its user", st.Event.Kind)
	case model.UnreachableSoft, model.UnreachableHard:
		return fmt.Sprintf("heard %v from the network", st.Event.Kind)
	case model.Crash:
		return "crashed"
	}
	return fmt.Sprintf("had a %v", st.Event.Kind)
}

func octetCount(n int) string {
	if n == 1 {
		return "1 octet"
	}
	return fmt.Sprintf("%d octets", n)
}
