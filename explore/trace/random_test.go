package trace

import (
	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/model"
)

// drawSpace draws sequence spaces of several sizes.
func drawSpace(t *rapid.T) model.Space {
	s, err := model.NewSpace(rapid.SampledFrom([]int{3, 4, 8, 16, 32}).Draw(t, "bits"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func drawSeq(s model.Space) *rapid.Generator[model.Seq] {
	return rapid.Map(rapid.Uint64Range(0, s.Size()-1), func(n uint64) model.Seq { return model.Seq(n) })
}

func drawBehaviours(t *rapid.T) (b model.Behaviours) {
	for _, c := range model.Choices() {
		var names []string
		for _, v := range c.Values {
			names = append(names, v.Name)
		}
		if rapid.IntRange(0, 3).Draw(t, "standard") == 0 {
			if err := c.Set(&b, rapid.SampledFrom(names).Draw(t, c.Name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b
}

func drawSegment(t *rapid.T, s model.Space) model.Segment {
	g := model.Segment{
		Seq:         drawSeq(s).Draw(t, "seq"),
		Wnd:         rapid.Uint32Range(0, 5).Draw(t, "wnd"),
		Len:         rapid.Uint32Range(0, min(3, uint32(s.Size()/2-1))).Draw(t, "len"),
		Flags:       model.Flags(rapid.IntRange(0, int(model.AllFlags)).Draw(t, "flags")),
		BadSecurity: rapid.IntRange(0, 9).Draw(t, "security") == 0,
	}
	if g.Flags.Has(model.ACK) {
		g.Ack = drawSeq(s).Draw(t, "ack")
	}
	if g.Flags.Has(model.URG) {
		g.Up = rapid.Uint16Range(0, 3).Draw(t, "up")
	}
	return g
}

func drawSetup(t *rapid.T) (s Setup) {
	space := drawSpace(t)
	same := rapid.Bool().Draw(t, "same")
	for i := range s.Endpoints {
		if i == 1 && same {
			s.Endpoints[1] = s.Endpoints[0]
			continue
		}
		s.Endpoints[i] = model.Endpoint{
			Space:           space,
			Window:          rapid.Uint32Range(1, min(20, uint32(space.Size()/2-1))).Draw(t, "window"),
			SlowReader:      rapid.Bool().Draw(t, "slow"),
			OtherSecurity:   rapid.Bool().Draw(t, "other security"),
			Retransmissions: rapid.SampledFrom([]uint8{0, 1, 2, model.Unlimited}).Draw(t, "retransmissions"),
			MSL:             rapid.Uint8Range(0, 3).Draw(t, "msl"),
			TimeWait:        rapid.Uint8Range(0, 4).Draw(t, "time-wait"),
			Behaviours:      drawBehaviours(t),
		}
	}
	start := rapid.IntRange(0, 4).Draw(t, "start")
	for i := range s.Start {
		switch start {
		case 0:
			s.Start[i] = s.Connected(Side(i), model.Established, model.Seq(3*i), model.Seq(3-3*i))
		case 1:
			s.Start[i] = s.Connected(Side(i), model.CloseWait, model.Seq(3*i), model.Seq(3-3*i))
			s.Start[i].CloseQueued = true
		case 2:
			s.Start[i].State = model.Listen
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "in flight") {
		s.InFlight = append(s.InFlight, Flight{
			To:      Side(rapid.IntRange(0, 1).Draw(t, "to")),
			Segment: drawSegment(t, space),
			TTL:     rapid.Uint8Range(0, 3).Draw(t, "ttl"),
		})
	}
	return s
}

func drawCall(t *rapid.T, s model.Space) model.Event {
	ev := model.Event{Kind: model.EventKind(rapid.IntRange(0, model.NumEventKinds-1).Draw(t, "event"))}
	refuse := func() {
		if rapid.IntRange(0, 9).Draw(t, "refuse") == 0 {
			ev.Refusal = model.Refusal(rapid.IntRange(0, model.NumRefusals-1).Draw(t, "refusal"))
		}
	}
	switch ev.Kind {
	case model.OpenActive:
		ev.ISS = drawSeq(s).Draw(t, "iss")
		refuse()
	case model.Send:
		ev.ISS = drawSeq(s).Draw(t, "iss")
		ev.N = rapid.Uint32Range(1, 3).Draw(t, "n")
		ev.Push, ev.Urgent = rapid.Bool().Draw(t, "push"), rapid.Bool().Draw(t, "urgent")
		refuse()
	case model.Receive:
		ev.N = rapid.Uint32Range(1, 3).Draw(t, "n")
		refuse()
	case model.OpenPassive, model.Close, model.Abort, model.Status:
		refuse()
	case model.SegmentArrives, model.Tick:
		ev.Kind = model.Close
	}
	return ev
}

// drawAction draws something that may happen now. That what is sent is dropped
// at once is drawn by the caller.
func drawAction(t *rapid.T, r *Runner) Action {
	space := r.trace.Setup.Endpoints[A].Space
	side := Side(rapid.IntRange(0, 1).Draw(t, "side"))
	flying := r.InFlight()
	iss := drawSeq(space).Draw(t, "iss")
	switch k := rapid.IntRange(0, 19).Draw(t, "kind"); {
	case k == 0:
		return Action{Kind: Tick}
	case k == 1:
		return Action{Kind: Attack, Side: side, Event: model.Event{Segment: drawSegment(t, space), ISS: iss}}
	case k < 12 && len(flying) > 0:
		f := rapid.SampledFrom(flying).Draw(t, "segment")
		kinds := []Kind{Deliver, Deliver, Deliver, Deliver, Duplicate, Lose}
		a := Action{Kind: rapid.SampledFrom(kinds).Draw(t, "fate"), Side: f.To, ID: f.ID}
		if a.Kind != Lose {
			a.Event.ISS = iss
		}
		return a
	}
	return Action{Kind: Call, Side: side, Event: drawCall(t, space)}
}

// drawRun draws a run of any behaviours over a faulty network, perhaps with a
// mutant, whose steps it returns.
func drawRun(t *rapid.T, length int) (*Trace, [2]model.StepFunc) {
	var info Info
	if rapid.IntRange(0, 2).Draw(t, "mutate") == 0 {
		info.Mutant = rapid.SampledFrom(model.Mutants()).Draw(t, "mutant").Name
	}
	step, err := info.StepFuncs()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRunner(drawSetup(t), step)
	if err != nil {
		t.Skip(err)
	}
	for range rapid.IntRange(0, length).Draw(t, "steps") {
		a := drawAction(t, r)
		if tried, _, err := r.try(a); err == nil && rapid.IntRange(0, 5).Draw(t, "drop") == 0 {
			a.Dropped = uint8(rapid.IntRange(0, 1<<len(tried.Sent)-1).Draw(t, "dropped"))
		}
		if _, err := r.Do(a); err != nil {
			t.Fatal(err)
		}
	}
	info.Title = rapid.OneOf(rapid.Just(""), rapid.String()).Draw(t, "title")
	info.CycleFrom = -1
	r.trace.Info = info
	return r.trace, step
}
