package model_test

import (
	"fmt"
	"math/rand"
	"os"
	"slices"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
)

// TestSecondAgrees walks at random, and after every event the model and the
// second endpoint have the same TCB and the same output, rules aside. Between
// them the walks fire every rule of Step.
func TestSecondAgrees(t *testing.T) {
	seeds, walks := 2, 5000
	if os.Getenv("TCPCHECK_LARGE") != "" {
		seeds, walks = 30, 10000
	}
	var fired model.RuleSet
	for seed := range seeds {
		w := newSecondWalk(int64(seed), model.Step)
		for n := 0; n < walks && w.differs == ""; n++ {
			w.walk(n)
		}
		if w.differs != "" {
			t.Fatalf("seed %d: step %d: %s", seed, w.steps, w.differs)
		}
		fired.AddAll(w.fired)
	}
	for r := range model.ForbidsFirst {
		if !fired.Has(r) {
			t.Errorf("rule %v never fired", r)
		}
	}
}

// TestSecondTellsMutantsApart shows that agreeing says something.
func TestSecondTellsMutantsApart(t *testing.T) {
	for _, m := range model.Mutants() {
		w := newSecondWalk(1, m.Decorate(model.Step))
		n := 0
		for ; n < 5000 && w.differs == ""; n++ {
			w.walk(n)
		}
		if w.differs == "" {
			t.Errorf("%s: nothing differs in %d steps", m.Name, w.steps)
		}
	}
}

// secondWalk drives a step function and the second endpoint side by side.
type secondWalk struct {
	*rand.Rand
	step    model.StepFunc
	steps   int
	fired   model.RuleSet
	differs string // the first difference
}

func newSecondWalk(seed int64, step model.StepFunc) *secondWalk {
	return &secondWalk{Rand: rand.New(rand.NewSource(seed)), step: step}
}

// walk goes on from CLOSED: alternately two ends on a bad network, and one end
// that any segment may reach.
func (w *secondWalk) walk(n int) {
	if n%2 == 0 {
		w.pair()
	} else {
		w.alone()
	}
}

// one is the chance of 1 in n.
func (w *secondWalk) one(n int) bool { return w.Intn(n) == 0 }

// check lets the event happen to both and returns what the step function sent.
func (w *secondWalk) check(e *model.Endpoint, t *model.TCB, ev model.Event) []model.Segment {
	if w.differs != "" {
		return nil
	}
	w.steps++
	before, second := *t, *t
	var out, want model.Output
	w.step(e, t, ev, &out)
	w.fired.AddAll(model.RulesOf(out.Rules()...))
	secondStep(e, &second, ev, &want)
	if *t != second || !slices.Equal(out.Sent(), want.Sent()) || !slices.Equal(out.Signals(), want.Signals()) ||
		!slices.Equal(out.Delivered(), want.Delivered()) || !slices.Equal(out.Path(), want.Path()) {
		w.differs = fmt.Sprintf("%+v\nbefore %+v\n%+v\nfirst  %+v\n%v\nsecond %+v\n%v", *e, before, ev, *t, &out, second, &want)
	} else if err := e.Validate(t); err != nil {
		w.differs = fmt.Sprintf("%+v\nbefore %+v\n%+v\nafter  %+v\n%v", *e, before, ev, *t, err)
	}
	return out.Sent()
}

// alone: one end, any event; from each TCB several single steps.
func (w *secondWalk) alone() {
	e := w.endpoint()
	var t model.TCB
	for range 60 {
		if t.State == model.Closed && w.one(2) {
			w.check(&e, &t, w.open(&e))
			continue
		}
		for range 3 {
			aside := t
			w.check(&e, &aside, w.event(&e, &t))
		}
		if ev := w.event(&e, &t); !ends(ev) || w.one(3) {
			w.check(&e, &t, ev)
		}
	}
}

// ends tells whether the event ends many a connection.
func ends(ev model.Event) bool {
	switch ev.Kind {
	case model.Abort, model.Crash, model.UnreachableHard, model.UserTimeout:
		return true
	}
	return ev.Segment.Flags.Has(model.RST) || ev.Segment.BadSecurity
}

// pair: two ends, and a network that loses, repeats and reorders.
func (w *secondWalk) pair() {
	e := [2]model.Endpoint{w.endpoint()}
	e[1] = e[0]
	if w.one(3) {
		e[1].Behaviours, e[1].Window, e[1].SlowReader = w.behaviours(), uint32(1+w.Intn(3)), !e[0].SlowReader
	}
	var t [2]model.TCB
	var wire [2][]model.Segment
	for range 100 {
		i := w.Intn(2)
		var ev model.Event
		switch {
		case len(wire[i]) > 0 && !w.one(3):
			k := 0
			if w.one(4) {
				k = w.Intn(len(wire[i]))
			}
			ev = model.Event{Kind: model.SegmentArrives, Segment: wire[i][k], ISS: w.number(&e[i])}
			if !w.one(8) {
				wire[i] = slices.Delete(wire[i], k, k+1)
			}
			if w.one(8) {
				continue // lost
			}
		case t[i].State == model.Closed:
			ev = w.open(&e[i])
		default:
			ev = w.event(&e[i], &t[i])
			if ev.Kind == model.SegmentArrives && !w.one(6) || ends(ev) && !w.one(10) {
				continue
			}
		}
		wire[1-i] = append(wire[1-i], w.check(&e[i], &t[i], ev)...)
		if len(wire[1-i]) > 12 {
			wire[1-i] = slices.Clone(wire[1-i][6:])
		}
	}
}

// behaviours: the default, a variant, one choice, or any.
func (w *secondWalk) behaviours() (b model.Behaviours) {
	choices := model.Choices()
	draw := func(c model.Choice) {
		if err := c.Set(&b, c.Values[w.Intn(len(c.Values))].Name); err != nil {
			panic(err)
		}
	}
	switch w.Intn(4) {
	case 1:
		variants := model.Variants()
		return variants[w.Intn(len(variants))].Behaviours
	case 2:
		draw(choices[w.Intn(len(choices))])
	case 3:
		for _, c := range choices {
			if w.one(2) {
				draw(c)
			}
		}
	}
	return b
}

func (w *secondWalk) endpoint() model.Endpoint {
	bits := []int{3, 3, 4, 4, 5, 8, 16, 32}[w.Intn(8)]
	space, err := model.NewSpace(bits)
	if err != nil {
		panic(err)
	}
	e := model.Endpoint{Space: space, Window: uint32(1 + w.Intn(3)), SlowReader: w.one(2), MSL: uint8(w.Intn(3)),
		Retransmissions: []uint8{0, 1, 2, model.Unlimited}[w.Intn(4)], OtherSecurity: w.one(12), Behaviours: w.behaviours()}
	if bits > 3 && w.one(2) {
		e.Window = uint32(1 + w.Intn(6))
	}
	if e.TimeWait = 2 * e.MSL; w.one(5) {
		e.TimeWait = uint8(w.Intn(3))
	}
	return e
}

// number is any, often near where numbers wrap.
func (w *secondWalk) number(e *model.Endpoint) model.Seq {
	if w.one(2) {
		return e.Space.Sub(0, uint32(w.Intn(5)))
	}
	return e.Space.Add(0, w.Uint32())
}

// near is a number at most 3 from one of these, seldom any.
func (w *secondWalk) near(e *model.Endpoint, list ...model.Seq) model.Seq {
	if w.one(12) {
		return w.number(e)
	}
	return e.Space.Add(list[w.Intn(len(list))], uint32(w.Intn(7)-3))
}

func (w *secondWalk) open(e *model.Endpoint) model.Event {
	if w.one(2) {
		return model.Event{Kind: model.OpenPassive}
	}
	return model.Event{Kind: model.OpenActive, ISS: w.number(e)}
}

// event draws any event, with numbers that lie near those of t.
func (w *secondWalk) event(e *model.Endpoint, t *model.TCB) model.Event {
	ev := model.Event{Kind: model.EventKind(w.Intn(model.NumEventKinds))}
	if w.one(2) {
		ev.Kind = model.SegmentArrives
	}
	if ev.Kind <= model.Status && w.one(8) {
		ev.Refusal = model.Refusal(w.Intn(model.NumRefusals))
	}
	switch ev.Kind {
	case model.OpenActive:
		ev.ISS = w.near(e, 0, t.SndNxt)
	case model.Send:
		ev.N, ev.Push, ev.Urgent, ev.ISS = uint32(1+w.Intn(4)), w.one(3), w.one(4), w.near(e, 0, t.SndNxt)
	case model.Receive:
		ev.N = uint32(1 + w.Intn(3))
	case model.SegmentArrives:
		ev.Segment, ev.ISS = w.segment(e, t), w.near(e, 0, t.SndNxt)
	}
	return ev
}

func (w *secondWalk) segment(e *model.Endpoint, t *model.TCB) model.Segment {
	s := e.Space
	g := model.Segment{Flags: model.Flags(w.Intn(64)), Seq: t.RcvNxt, Wnd: uint32(w.Intn(6)), BadSecurity: w.one(25)}
	switch w.Intn(8) {
	case 0, 1, 2:
		g.Flags = model.ACK
	case 3:
		g.Flags = model.ACK | model.FIN
	case 4:
		g.Flags = model.ACK | g.Flags&^(model.RST|model.SYN)
	}
	if !w.one(3) {
		g.Seq = w.near(e, t.RcvNxt, t.RcvNxt, s.Add(t.RcvNxt, t.RcvWnd), t.IRS, t.SndWl1)
	}
	if g.Flags.Has(model.ACK) {
		if g.Ack = t.SndNxt; !w.one(3) {
			g.Ack = w.near(e, t.SndUna, t.SndNxt, s.Sub(t.SndUna, t.MaxSndWnd), t.SndWl2, s.Add(t.SndNxt, uint32(s.Size()/2)))
		}
	}
	if w.one(2) {
		g.Len = uint32(w.Intn(int(e.Window) + 3))
	}
	if w.one(20) {
		g.Wnd, g.Len = w.Uint32()>>w.Intn(20), uint32(w.Intn(20))
	}
	if g.Flags.Has(model.URG) {
		// In a smaller space a far pointer means nothing.
		if g.Up = uint16(w.Intn(6)); w.one(10) && s == model.Space32 {
			g.Up = uint16(w.Uint32())
		}
	}
	return g
}
