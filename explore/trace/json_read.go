package trace

import (
	"bytes"
	"fmt"
	"io"

	"github.com/tcpcheck/tcpcheck/model"
)

// ReadJSON reads what [WriteJSON] writes. It plays the actions again, with the
// document's behaviours and mutant, and verifies that the results are those
// of the document. Anything else is an error that names the place: more than
// [MaxJSON] bytes or [MaxSteps] steps, syntax, a field that is unknown or
// missing, a wrong type, an impossible value, an action that can't happen, a
// result that is not the replay's.
func ReadJSON(r io.Reader) (*Trace, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxJSON+1))
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	if len(data) > MaxJSON {
		return nil, fmt.Errorf("trace: more than %d bytes", MaxJSON)
	}
	t, err := readJSON(data)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	return t, nil
}

func readJSON(data []byte) (*Trace, error) {
	tree, err := readTree(data)
	if err != nil {
		return nil, err
	}
	var in inputJSON
	if err := in.read(tree); err != nil {
		return nil, err
	}
	step, err := in.info.StepFuncs()
	if err != nil {
		return nil, fmt.Errorf("info.mutant: %w", err)
	}
	t, err := Run(in.setup, step, in.actions)
	if err != nil {
		return nil, err
	}
	t.Info = in.info
	var again bytes.Buffer
	if err := WriteJSON(&again, t); err != nil {
		return nil, err
	}
	replayed, err := readTree(again.Bytes())
	if err != nil {
		return nil, fmt.Errorf("replayed: %w", err)
	}
	if err := compareTrees("", tree, replayed); err != nil {
		return nil, err
	}
	return t, nil
}

// inputJSON is the part of a document from which the rest follows.
type inputJSON struct {
	info    Info
	setup   Setup
	actions []Action
}

func (in *inputJSON) read(tree any) (err error) {
	defer catch(&err)
	doc := node{"", tree}.object("the document")
	if s := doc.text("schema"); s != Schema {
		fail("schema", "%.40q: want %q", s, Schema)
	}
	steps := doc.list("steps")
	in.readSetup(doc.need("setup"))
	in.readInfo(doc.need("info"), len(steps))
	if len(steps) > MaxSteps {
		fail("steps", "%d of them: want at most %d", len(steps), MaxSteps)
	}
	for _, st := range steps {
		in.actions = append(in.actions, readAction(st.object("a step").need("action")))
	}
	return nil
}

func (in *inputJSON) readInfo(n node, steps int) {
	o := n.object("info")
	in.info = Info{
		Source: o.text("source"), States: o.number("states", 64), Shortest: o.truth("shortest"), CycleFrom: -1,
	}
	for _, k := range infoKeys {
		*k.at(&in.info) = o.text(k.key)
	}
	index := func(n node) int {
		i := int(n.number(32))
		if i >= steps {
			fail(n.path, "%d: there are %d steps, from 0", i, steps)
		}
		return i
	}
	if n, ok := o.get("cycle_from"); ok {
		in.info.CycleFrom = index(n)
	}
	for _, n := range o.list("marked") {
		in.info.Marked = append(in.info.Marked, index(n))
	}
}

func (in *inputJSON) readSetup(n node) {
	o := n.object("setup")
	space, err := model.NewSpace(int(o.number("sequence_bits", 8)))
	if err != nil {
		fail(o.path+".sequence_bits", "%w", err)
	}
	endpoints, start := o.need("endpoints").object("endpoints"), o.need("start").object("start")
	for s := A; s <= B; s++ {
		in.setup.Endpoints[s] = readEndpoint(endpoints.need(s.String()), space)
		in.setup.Start[s] = readTCB(start.need(s.String()))
	}
	for _, n := range o.list("in_flight") {
		f := n.object("a segment in flight")
		in.setup.InFlight = append(in.setup.InFlight, Flight{
			ID: int(f.number("id", 31)), To: f.side("to"), Segment: readSegment(f.need("segment")), TTL: uint8(f.number("ttl", 8)),
		})
	}
}

func readEndpoint(n node, space model.Space) model.Endpoint {
	o := n.object("an endpoint")
	e := model.Endpoint{
		Space: space, Window: uint32(o.number("window", 32)), SlowReader: o.truth("slow_reader"),
		OtherSecurity:   o.truth("other_security"),
		Retransmissions: o.need("retransmissions").retries(),
		MSL:             uint8(o.number("msl", 8)), TimeWait: uint8(o.number("time_wait", 8)),
	}
	if b, ok := o.get("behaviours"); ok {
		choices := b.object("behaviours")
		for _, c := range model.Choices() {
			if _, ok := choices.get(c.Name); ok {
				if err := c.Set(&e.Behaviours, choices.text(c.Name)); err != nil {
					fail(choices.path, "%w", err)
				}
			}
		}
	}
	return e
}

func readTCB(n node) (t model.TCB) {
	o := n.object("a TCB")
	var ok bool
	if t.State, ok = model.ParseState(o.text("state")); !ok {
		fail(o.path+".state", "%.40q: want a state such as SYN-SENT", o.text("state"))
	}
	for _, v := range variables {
		n, ok := o.get(v.name)
		if !ok {
			continue
		}
		switch p := v.at(&t).(type) {
		case *bool:
			*p = o.truth(v.name)
		case *retries:
			*p = retries(n.retries())
		case *held:
			list := o.list(v.name)
			if len(list) > model.MaxHeld {
				fail(n.path, "%d segments: want at most %d", len(list), model.MaxHeld)
			}
			for i, s := range list {
				p.Held[i] = readSegment(s)
			}
			p.NHeld = uint8(len(list))
		default:
			if err := v.set(&t, fmt.Sprint(n.number(32))); err != nil {
				fail(n.path, "%w", err)
			}
		}
	}
	return t
}

func readSegment(n node) model.Segment {
	o := n.object("a segment")
	g := model.Segment{
		Seq: model.Seq(o.number("seq", 32)), Ack: model.Seq(o.number("ack", 32)), Wnd: uint32(o.number("wnd", 32)),
		Up: uint16(o.number("up", 16)), Len: uint32(o.number("len", 32)), BadSecurity: o.truth("bad_security"),
	}
	for _, f := range o.list("flags") {
		flag, ok := model.ParseFlags(f.text())
		if !ok || flag == 0 || flag&(flag-1) != 0 {
			fail(f.path, "%.40q: want a flag such as SYN", f.text())
		}
		g.Flags |= flag
	}
	return g
}

func readAction(n node) Action {
	o := n.object("an action")
	kind, ok := ParseKind(o.text("kind"))
	if !ok {
		fail(o.path+".kind", "%.40q: want one of %q", o.text("kind"), kindNames)
	}
	a := Action{Kind: kind, ID: int(o.number("id", 31))}
	if kind != Tick {
		a.Side = o.side("side")
	}
	switch kind {
	case Call:
		a.Event = readEvent(o.need("event"))
	case Attack:
		a.Event.Kind = model.SegmentArrives
		a.Event.Segment = readSegment(o.need("segment"))
	}
	a.Event.ISS = model.Seq(o.number("iss", 32))
	for _, n := range o.list("dropped") {
		i := n.number(8)
		if i >= 8 {
			fail(n.path, "%d: want an index from 0 to 7", i)
		}
		a.Dropped |= 1 << i
	}
	return a
}

func readEvent(n node) model.Event {
	o := n.object("an event")
	ev := model.Event{N: uint32(o.number("octets", 32)), Push: o.truth("push"), Urgent: o.truth("urgent")}
	for ev.Kind = 0; ev.Kind.String() != o.text("name"); ev.Kind++ {
		if int(ev.Kind) == model.NumEventKinds-1 {
			fail(o.path+".name", "%.40q: want an event such as CLOSE", o.text("name"))
		}
	}
	if _, ok := o.get("refusal"); ok {
		if ev.Refusal, ok = parseRefusal(o.text("refusal")); !ok {
			fail(o.path+".refusal", "%.40q: want one of %q", o.text("refusal"), refusalNames)
		}
	}
	return ev
}
