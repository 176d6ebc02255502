package draw

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// A record is written with its names in alphabetical order.
type record map[string]any

// itfInt is an integer of any size.
func itfInt[T ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64](n T) record {
	return record{"#bigint": fmt.Sprint(n)}
}

// itfSet is a set. Its elements must differ.
func itfSet(elements []any) record {
	if elements == nil {
		elements = []any{}
	}
	return record{"#set": elements}
}

// itfDocument is a trace in the Informal Trace Format of Apalache (ADR 15).
type itfDocument struct {
	Meta   record   `json:"#meta"`
	Vars   []string `json:"vars"`
	States []record `json:"states"`
	Loop   *int     `json:"loop,omitempty"`
}

// writeITF writes the format itf. State 0 is the start; state i is what step i
// leads to. The variables are the action that led there, the two TCBs, the
// segments in the network, and what the action made the sides send, tell and
// decide by. Values of one variable have one type in all states.
func writeITF(w *bytes.Buffer, s *story, _ Options) error {
	doc := itfDocument{
		Meta: record{
			"format": "ITF", "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
			"description": s.title(), "source": plain(s.t.Info.Scenario), "varTypes": itfTypes(),
		},
		Vars: []string{"action", "A", "B", "network", "outputs"},
	}
	for i := -1; i < len(s.t.Steps); i++ {
		doc.States = append(doc.States, s.itfState(i))
	}
	if from := s.t.Info.CycleFrom; from >= 0 {
		doc.Loop = &from // the state before the step at which the cycle begins
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(doc)
}

// itfState is the state after a step; −1 is the start.
func (s *story) itfState(i int) record {
	now, action := s.t.Setup.Start, trace.Action{}
	var outputs [2]model.Output
	kind := "start"
	if i >= 0 {
		st := &s.t.Steps[i]
		now, action, outputs, kind = st.After, st.Action, st.Outputs, st.Action.Kind.String()
	}
	side, event := "", ""
	if i >= 0 && action.Kind != trace.Tick {
		side = action.Side.String()
	}
	if action.Kind == trace.Call && i >= 0 {
		event = action.Event.Kind.String()
	}
	return record{
		"#meta": record{"index": i + 1},
		"action": record{
			"kind": kind, "side": side, "id": itfInt(action.ID), "event": event,
			"octets": itfInt(action.Event.N), "iss": itfInt(action.Event.ISS), "segment": s.itfArrived(i),
		},
		"A": itfTCB(&now[trace.A]), "B": itfTCB(&now[trace.B]),
		"network": s.itfNetwork(i),
		"outputs": record{"A": itfOutput(&outputs[trace.A]), "B": itfOutput(&outputs[trace.B])},
	}
}

func (s *story) itfArrived(i int) record {
	if i < 0 {
		return itfSegment(model.Segment{})
	}
	return itfSegment(s.t.Steps[i].Segment)
}

// itfNetwork is what is in the network after a step.
func (s *story) itfNetwork(i int) record {
	var list []any
	for n := range s.flights {
		f := &s.flights[n]
		if f.inNetwork(i) {
			list = append(list, record{"id": itfInt(f.ID), "to": f.To.String(), "segment": itfSegment(f.Segment)})
		}
	}
	return itfSet(list)
}

func itfSegment(g model.Segment) record {
	var flags []any
	for f := model.FIN; f <= model.URG; f <<= 1 {
		if g.Flags.Has(f) {
			flags = append(flags, f.String())
		}
	}
	return record{
		"seq": itfInt(g.Seq), "ack": itfInt(g.Ack), "wnd": itfInt(g.Wnd), "len": itfInt(g.Len), "up": itfInt(g.Up),
		"flags": itfSet(flags), "badSecurity": g.BadSecurity,
	}
}

func itfTCB(t *model.TCB) record {
	r := record{"state": t.State.String()}
	for _, v := range variables {
		switch x := v.get(t).(type) {
		case bool:
			r[v.name] = x
		case uint64:
			r[v.name] = itfInt(x)
		case []model.Segment:
			list := []any{}
			for _, g := range x {
				list = append(list, itfSegment(g))
			}
			r[v.name] = list
		}
	}
	return r
}

func itfOutput(o *model.Output) record {
	sent, signals, rules, delivered := []any{}, []any{}, []any{}, []any{}
	for _, g := range o.Sent() {
		sent = append(sent, itfSegment(g))
	}
	for _, g := range o.Signals() {
		signals = append(signals, g.String())
	}
	for _, r := range o.Rules() {
		rules = append(rules, r.String())
	}
	for _, d := range o.Delivered() {
		delivered = append(delivered, record{"seq": itfInt(d.Seq), "octets": itfInt(d.N)})
	}
	return record{"sent": sent, "signals": signals, "rules": rules, "delivered": delivered}
}

// itfTypes are the types of the variables, in Apalache's notation.
func itfTypes() record {
	const segment = "{ seq: Int, ack: Int, wnd: Int, len: Int, up: Int, flags: Set(Str), badSecurity: Bool }"
	const output = "{ sent: Seq(" + segment + "), signals: Seq(Str), rules: Seq(Str), delivered: Seq({ seq: Int, octets: Int }) }"
	return record{
		"action":  "{ kind: Str, side: Str, id: Int, event: Str, octets: Int, iss: Int, segment: " + segment + " }",
		"network": "Set({ id: Int, to: Str, segment: " + segment + " })",
		"outputs": "{ A: " + output + ", B: " + output + " }",
	}
}
