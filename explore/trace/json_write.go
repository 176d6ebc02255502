package trace

import (
	"encoding/json"
	"io"

	"github.com/tcpcheck/tcpcheck/model"
)

// Schema is the version of the JSON form, the field "schema" of a document.
// schema.json describes it.
const Schema = "tcpcheck-trace/1"

// WriteJSON writes the trace as one JSON document. The texts of its [Info] are
// UTF-8. [ReadJSON] reads it.
func WriteJSON(w io.Writer, t *Trace) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(toJSON(t))
}

// The document. What is absent is 0, false, empty or, of a choice, its
// default.
type (
	documentJSON struct {
		Schema string     `json:"schema"`
		Info   infoJSON   `json:"info"`
		Setup  setupJSON  `json:"setup"`
		Steps  []stepJSON `json:"steps"`
	}
	infoJSON struct {
		Title     string `json:"title,omitempty"`
		Scenario  string `json:"scenario,omitempty"`
		Source    string `json:"source,omitempty"`
		Variant   string `json:"variant,omitempty"`
		Mutant    string `json:"mutant,omitempty"`
		Property  string `json:"property,omitempty"`
		Verdict   string `json:"verdict,omitempty"`
		States    uint64 `json:"states,omitempty"`
		Shortest  bool   `json:"shortest,omitempty"`
		CycleFrom *int   `json:"cycle_from,omitempty"` // a step's index
		Marked    []int  `json:"marked,omitempty"`     // steps' indices
	}
	setupJSON struct {
		SequenceBits int                 `json:"sequence_bits"`
		Endpoints    sides[endpointJSON] `json:"endpoints"`
		Start        sides[tcbJSON]      `json:"start"`
		InFlight     []flightJSON        `json:"in_flight,omitempty"`
	}
	endpointJSON struct {
		Window          uint32            `json:"window"`
		SlowReader      bool              `json:"slow_reader,omitempty"`
		OtherSecurity   bool              `json:"other_security,omitempty"`
		Retransmissions any               `json:"retransmissions"` // a number or "unlimited"
		MSL             uint8             `json:"msl,omitempty"`
		TimeWait        uint8             `json:"time_wait,omitempty"`
		Behaviours      map[string]string `json:"behaviours,omitempty"` // choice: value
	}
	// tcbJSON is "state" and the variables, by their names in the RFC.
	tcbJSON    map[string]any
	flightJSON struct {
		ID      int         `json:"id"`
		To      string      `json:"to"`
		Segment segmentJSON `json:"segment"`
		TTL     uint8       `json:"ttl,omitempty"`
	}
	segmentJSON struct {
		Seq         model.Seq  `json:"seq"`
		Ack         *model.Seq `json:"ack,omitempty"` // with the flag ACK
		Wnd         uint32     `json:"wnd"`
		Up          *uint16    `json:"up,omitempty"` // with the flag URG
		Flags       []string   `json:"flags"`
		Len         uint32     `json:"len,omitempty"`
		BadSecurity bool       `json:"bad_security,omitempty"`
	}
	actionJSON struct {
		Kind    string       `json:"kind"`
		Side    string       `json:"side,omitempty"`
		ID      int          `json:"id,omitempty"`
		Event   *eventJSON   `json:"event,omitempty"`   // of a call
		Segment *segmentJSON `json:"segment,omitempty"` // of an attack
		ISS     model.Seq    `json:"iss,omitempty"`
		Dropped []int        `json:"dropped,omitempty"` // indices among those sent
	}
	eventJSON struct {
		Name    string `json:"name"`
		Octets  uint32 `json:"octets,omitempty"`
		Push    bool   `json:"push,omitempty"`
		Urgent  bool   `json:"urgent,omitempty"`
		Refusal string `json:"refusal,omitempty"`
	}
	stepJSON struct {
		Action  actionJSON            `json:"action"`
		Segment *segmentJSON          `json:"segment,omitempty"`
		Sent    []flightJSON          `json:"sent,omitempty"`
		Dropped []int                 `json:"dropped,omitempty"` // IDs
		Expired []int                 `json:"expired,omitempty"` // IDs
		Outputs map[string]outputJSON `json:"outputs,omitempty"` // by side
		After   sides[tcbJSON]        `json:"after"`
		Changes map[string][]Change   `json:"changes,omitempty"` // by side
	}
	outputJSON struct {
		Signals   []string       `json:"signals,omitempty"`
		Delivered []deliveryJSON `json:"delivered,omitempty"`
		Path      []string       `json:"path,omitempty"`
		Rules     []string       `json:"rules,omitempty"`
	}
	deliveryJSON struct {
		Seq    model.Seq `json:"seq"`
		Octets uint32    `json:"octets"`
		Offset uint32    `json:"offset,omitempty"`
		Held   *int8     `json:"held,omitempty"` // index; absent: the segment that arrived
		Push   bool      `json:"push,omitempty"`
	}
	sides[T any] struct {
		A T `json:"A"`
		B T `json:"B"`
	}
)

func toJSON(t *Trace) documentJSON {
	i := t.Info
	doc := documentJSON{
		Schema: Schema,
		Info: infoJSON{
			Title: i.Title, Scenario: i.Scenario, Source: i.Source, Variant: i.Variant, Mutant: i.Mutant,
			Property: i.Property, Verdict: i.Verdict, States: i.States, Shortest: i.Shortest, Marked: i.Marked,
		},
		Setup: setupJSON{
			SequenceBits: bits(t.Setup.Endpoints[A].Space),
			Endpoints:    sides[endpointJSON]{endpointToJSON(t.Setup.Endpoints[A]), endpointToJSON(t.Setup.Endpoints[B])},
			Start:        tcbsToJSON(t.Setup.Start),
			InFlight:     flightsToJSON(t.Setup.InFlight),
		},
		Steps: []stepJSON{},
	}
	if i.CycleFrom >= 0 {
		doc.Info.CycleFrom = &i.CycleFrom
	}
	for n := range t.Steps {
		doc.Steps = append(doc.Steps, stepToJSON(&t.Steps[n], t.Before(n)))
	}
	return doc
}

func endpointToJSON(e model.Endpoint) endpointJSON {
	j := endpointJSON{
		Window: e.Window, SlowReader: e.SlowReader, OtherSecurity: e.OtherSecurity, Retransmissions: e.Retransmissions,
		MSL: e.MSL, TimeWait: e.TimeWait, Behaviours: map[string]string{},
	}
	if e.Retransmissions == model.Unlimited {
		j.Retransmissions = "unlimited"
	}
	for _, c := range model.Choices() {
		if v := c.Get(e.Behaviours); v != c.Values[0].Name {
			j.Behaviours[c.Name] = v
		}
	}
	return j
}

func tcbsToJSON(t [2]model.TCB) sides[tcbJSON] {
	return sides[tcbJSON]{tcbToJSON(t[A]), tcbToJSON(t[B])}
}

func tcbToJSON(t model.TCB) tcbJSON {
	var zero model.TCB
	j := tcbJSON{"state": t.State.String()}
	for _, v := range variables {
		text := v.get(&t)
		if text == v.get(&zero) {
			continue
		}
		switch p := v.at(&t).(type) {
		case *held:
			var list []segmentJSON
			for _, g := range p.Held[:min(int(p.NHeld), model.MaxHeld)] {
				list = append(list, segmentToJSON(g))
			}
			j[v.name] = list
		case *retries:
			j[v.name] = json.Number(text)
			if *p == model.Unlimited {
				j[v.name] = text
			}
		case *bool:
			j[v.name] = *p
		default:
			j[v.name] = json.Number(text)
		}
	}
	return j
}

func segmentToJSON(g model.Segment) segmentJSON {
	j := segmentJSON{Seq: g.Seq, Wnd: g.Wnd, Flags: []string{}, Len: g.Len, BadSecurity: g.BadSecurity}
	for f := model.URG; f > 0; f >>= 1 {
		if g.Flags.Has(f) {
			j.Flags = append(j.Flags, f.String())
		}
	}
	if g.Flags.Has(model.ACK) || g.Ack != 0 {
		j.Ack = &g.Ack
	}
	if g.Flags.Has(model.URG) || g.Up != 0 {
		j.Up = &g.Up
	}
	return j
}

func flightsToJSON(list []Flight) (j []flightJSON) {
	for _, f := range list {
		j = append(j, flightJSON{f.ID, f.To.String(), segmentToJSON(f.Segment), f.TTL})
	}
	return j
}

func stepToJSON(st *Step, before [2]model.TCB) stepJSON {
	j := stepJSON{
		Action: actionToJSON(st.Action), Sent: flightsToJSON(st.Sent), Dropped: st.Dropped, Expired: st.Expired,
		Outputs: map[string]outputJSON{}, After: tcbsToJSON(st.After), Changes: map[string][]Change{},
	}
	switch st.Action.Kind {
	case Deliver, Duplicate, Lose:
		g := segmentToJSON(st.Segment)
		j.Segment = &g
	}
	for s := A; s <= B; s++ {
		if st.Outputs[s] != (model.Output{}) {
			j.Outputs[s.String()] = outputToJSON(&st.Outputs[s])
		}
		if list := Changed(before[s], st.After[s]); list != nil {
			j.Changes[s.String()] = list
		}
	}
	return j
}

func actionToJSON(a Action) actionJSON {
	j := actionJSON{Kind: a.Kind.String(), ID: a.ID, ISS: a.Event.ISS}
	if a.Kind != Tick {
		j.Side = a.Side.String()
	}
	switch ev := a.Event; a.Kind {
	case Call:
		j.Event = &eventJSON{Name: ev.Kind.String(), Octets: ev.N, Push: ev.Push, Urgent: ev.Urgent}
		if ev.Refusal != model.Granted {
			j.Event.Refusal = refusalNames[ev.Refusal]
		}
	case Attack:
		g := segmentToJSON(ev.Segment)
		j.Segment = &g
	}
	for i := range 8 {
		if a.Dropped>>i&1 == 1 {
			j.Dropped = append(j.Dropped, i)
		}
	}
	return j
}

func outputToJSON(o *model.Output) (j outputJSON) {
	for _, g := range o.Signals() {
		j.Signals = append(j.Signals, g.String())
	}
	for _, s := range o.Path() {
		j.Path = append(j.Path, s.String())
	}
	for _, r := range o.Rules() {
		j.Rules = append(j.Rules, r.String())
	}
	for _, d := range o.Delivered() {
		dj := deliveryJSON{Seq: d.Seq, Octets: d.N, Offset: d.Offset, Push: d.Push}
		if d.Held >= 0 {
			dj.Held = &d.Held
		}
		j.Delivered = append(j.Delivered, dj)
	}
	return j
}
