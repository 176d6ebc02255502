package topics

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/reaction"
)

// What is explained is what the model has, in its order.
func TestNamesAreTheModels(t *testing.T) {
	var states, flags, signals []string
	for s := range model.State(model.NumStates) {
		states = append(states, s.String())
	}
	for _, f := range []model.Flags{model.URG, model.ACK, model.PSH, model.RST, model.SYN, model.FIN} {
		flags = append(flags, f.String())
	}
	for g := range model.StateSignal {
		signals = append(signals, g.String())
	}
	for _, c := range []struct {
		kind  string
		list  []Topic
		names []string
	}{{"states", States, states}, {"flags", Flags, flags}, {"signals", Signals, signals}} {
		var names []string
		for _, topic := range c.list {
			names = append(names, topic.Name)
		}
		if !slices.Equal(names, c.names) {
			t.Errorf("%s explained are %q: want %q", c.kind, names, c.names)
		}
	}
}

// Every topic has a section and a text, and points only to topics that exist.
func TestTopicsAreWhole(t *testing.T) {
	all := slices.Concat(States, Flags, Signals, Others)
	names := map[string]bool{}
	for _, topic := range all {
		names[topic.Name] = true
	}
	for _, topic := range all {
		if topic.Section == "" || len(topic.Body) == 0 {
			t.Errorf("%s has no section or no text", topic.Name)
		}
		if topic.Brief == "" && !slices.ContainsFunc(Signals, func(s Topic) bool { return s.Name == topic.Name }) {
			t.Errorf("%s has no brief", topic.Name)
		}
		for _, see := range topic.See {
			if !names[see] {
				t.Errorf("%s points to %q, which nothing explains", topic.Name, see)
			}
		}
		for _, b := range topic.Body {
			if strings.Count(b.Text, "`")%2 != 0 {
				t.Errorf("%s: unpaired backquote in %q", topic.Name, b.Text)
			}
		}
	}
}

// The arrows are those that the model takes, and no others: each event is tried
// in each situation of the reaction table, with all that it may carry.
func TestArrowsAreTheModels(t *testing.T) {
	type arrow struct {
		from, to model.State
		event    model.EventKind
	}
	told, taken := map[arrow]bool{}, map[arrow]bool{}
	paths := map[string]bool{}
	for _, a := range Arrows {
		if a.Via != nil {
			continue
		}
		for _, ev := range a.Events {
			if told[arrow{a.From, a.To, ev}] {
				t.Errorf("%v -> %v on %v is told twice", a.From, a.To, ev)
			}
			told[arrow{a.From, a.To, ev}] = true
		}
	}
	record := func(e *model.Endpoint, tcb model.TCB, ev model.Event) {
		var out model.Output
		from := tcb.State
		e.Step(&tcb, ev, &out)
		for _, to := range out.Path() {
			taken[arrow{from, to, ev.Kind}] = true
			from = to
		}
	}
	e := reaction.Endpoint(model.Behaviours{})
	for row := range reaction.Rows(e, model.Step) {
		from := row.Situation.State
		paths[fmt.Sprint(from, row.Reaction.Path)] = true
		for _, to := range row.Reaction.Path {
			taken[arrow{from, to, model.SegmentArrives}] = true
			from = to
		}
	}
	for _, tcb := range probes(e) {
		for kind := range model.EventKind(model.NumEventKinds) {
			if kind == model.SegmentArrives {
				g := model.Segment{Seq: tcb.RcvNxt, Ack: tcb.SndNxt, Wnd: 10, Flags: model.ACK}
				record(&e, tcb, model.Event{Kind: kind, Segment: g})
				continue
			}
			record(&e, tcb, model.Event{Kind: kind, N: 1, ISS: 7000})
		}
	}
	for _, a := range Arrows {
		if path := fmt.Sprint(a.From, append(slices.Clone(a.Via), a.To)); a.Via != nil && !paths[path] {
			t.Errorf("an arrow says %s, and the model never takes this way at once", path)
		}
	}
	for a := range taken {
		if !told[a] {
			t.Errorf("the model goes %v -> %v on %v, and no arrow says so", a.from, a.to, a.event)
		}
	}
	for a := range told {
		if !taken[a] {
			t.Errorf("an arrow says %v -> %v on %v, and the model never goes there", a.from, a.to, a.event)
		}
	}
}

// probes are the situations, and a CLOSE-WAIT whose FIN waits for a window.
func probes(e model.Endpoint) []model.TCB {
	var list []model.TCB
	for _, s := range reaction.Situations() {
		tcb := s.TCB(e)
		list = append(list, tcb)
		if s.State == model.CloseWait {
			tcb.CloseQueued, tcb.SndWnd = true, 0
			list = append(list, tcb)
			tcb.SndUna = tcb.SndNxt
			tcb.SndUp = tcb.SndNxt
			list = append(list, tcb)
		}
	}
	return list
}

func ExampleArrow() {
	for _, a := range Arrows {
		if a.From == model.FinWait2 && a.To == model.TimeWait {
			fmt.Printf("%v -> %v: %s / send %s\n", a.From, a.To, a.Cause, a.Sends)
		}
	}
	// Output: FIN-WAIT-2 -> TIME-WAIT: FIN / send ACK
}
