package conform

import (
	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/reaction"
	"pgregory.net/rapid"
)

// walkLength is how many events a walk has at most.
const walkLength = 24

// walk is one walk at random through the places, with the class of every
// segment drawn where it arrives. What deviates ends it.
func (p *player) walk(t *rapid.T) ([]Event, outcome) {
	var way []Event
	var o outcome
	if !p.begin() {
		o.refused = true
		return nil, o
	}
	defer p.end()
	events := ways(p.subject)
	n := rapid.IntRange(1, walkLength).Draw(t, "events")
	for range n {
		ev := drawEvent(t, p.subject, events, placeOf(p.judge.tcb()))
		way = append(way, ev)
		if !p.next(&o, ev) {
			return way, o
		}
	}
	o.at = placeOf(p.judge.tcb())
	return way, o
}

// drawEvent draws a call, a well-behaved segment, or any segment.
func drawEvent(t *rapid.T, s *Subject, events []Event, at place) Event {
	if rapid.IntRange(0, 3).Draw(t, "kind") > 0 {
		var may []Event
		for _, ev := range events {
			if ev.possible(at) && ev.Kind != Fill && (ev.Kind != Abort || len(may)%5 == 4) {
				may = append(may, ev)
			}
		}
		return rapid.SampledFrom(may).Draw(t, "event")
	}
	seqs, acks := at.axes()
	c := reaction.Class{
		Flags: rapid.SampledFrom(reaction.FlagSets()).Draw(t, "flags"),
		Seq:   rapid.SampledFrom(seqs).Draw(t, "SEG.SEQ"),
		Text:  rapid.Bool().Draw(t, "text"),
	}
	if c.Flags.Has(model.ACK) {
		c.Ack = rapid.SampledFrom(acks).Draw(t, "SEG.ACK")
	}
	wnd := s.peerWindow()
	return Event{Kind: Arrive, Class: c, Wnd: rapid.SampledFrom([]uint32{wnd, wnd, wnd / 2, 0}).Draw(t, "SEG.WND")}
}

// walked is what one walk found.
type walked struct {
	way []Event
	o   outcome
}

// walks draws so many walks, always the same, and hands their outcomes to
// found.
func (p *player) walks(n int, found func([]Event, outcome)) {
	gen := rapid.Custom(func(t *rapid.T) walked {
		way, o := p.walk(t)
		return walked{way, o}
	})
	for seed := range n {
		if p.err != nil {
			return
		}
		w := gen.Example(seed)
		found(w.way, w.o)
	}
}

// Check is a property for rapid: one walk, which must not deviate from the
// model in any way that known does not list. rapid makes a failing walk short.
//
//	rapid.Check(t, func(t *rapid.T) { conform.Check(t, subject, nil) })
func Check(t *rapid.T, s *Subject, list Known) {
	p := &player{subject: s}
	way, o := p.walk(t)
	if p.err != nil {
		t.Fatalf("%v", p.err)
	}
	for _, d := range sightings(s, way, o) {
		if list.entry(d.ID) == nil {
			t.Fatalf("%s\n%s", d.Title, d.Trace)
		}
	}
}
