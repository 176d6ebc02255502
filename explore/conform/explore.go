package conform

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/reaction"
)

// ways are the events that lead from place to place: the user's calls, and
// the segments of a peer that keeps to the RFC, lost and reordered ones too.
func ways(s *Subject) []Event {
	wnd := s.peerWindow()
	const ack = model.ACK
	list := []Event{
		{Kind: OpenPassive}, {Kind: OpenActive}, {Kind: Send, N: text}, {Kind: Send, N: wnd - 1}, {Kind: Close}, {Kind: Abort},
		{Kind: SoftError}, {Kind: HardError},
		arriving(model.SYN, reaction.SeqAny, reaction.NoAck, false, wnd),
		arriving(model.SYN, reaction.SeqAny, reaction.NoAck, true, wnd),
		arriving(model.SYN|ack, reaction.SeqAny, reaction.AckAll, false, wnd),
		arriving(ack, reaction.SeqLeft, reaction.AckAll, false, wnd),
		arriving(ack, reaction.SeqLeft, reaction.AckAll, false, 0),
		arriving(ack, reaction.SeqLeft, reaction.AckPart, false, wnd),
		arriving(ack, reaction.SeqLeft, reaction.AckUna, true, wnd),
		arriving(ack, reaction.SeqInside, reaction.AckUna, true, wnd),
		arriving(model.FIN|ack, reaction.SeqLeft, reaction.AckAll, false, wnd),
		arriving(model.FIN|ack, reaction.SeqLeft, reaction.AckUna, false, wnd),
		arriving(model.RST, reaction.SeqLeft, reaction.NoAck, false, 0),
		arriving(model.RST|ack, reaction.SeqAny, reaction.AckAll, false, 0),
	}
	if s.Timers {
		list = append(list, Event{Kind: Wait, Wait: shortWait}, Event{Kind: Wait, Wait: longWait})
	}
	return list
}

// possible tells whether the event means something at p.
func (ev Event) possible(p place) bool {
	switch ev.Kind {
	case SoftError, HardError:
		return p.State > model.Listen // they belong to a connection
	case Arrive:
	default:
		return true
	}
	seqs, acks := p.axes()
	return slices.Contains(seqs, ev.Class.Seq) && (ev.Class.Ack == reaction.NoAck || slices.Contains(acks, ev.Class.Ack))
}

// maxDepth is how many events the shortest way to a place may have.
const maxDepth = 8

// visit is a place and the shortest way there. lied: the stack says on the way
// that it is in a wrong state, though what it sends is right.
type visit struct {
	place place
	lied  bool
	way   []Event
}

// explore goes breadth first from place to place, by what conforms, and calls
// found with every outcome that does not. It returns the places in the order
// in which they were reached.
func (p *player) explore(found func([]Event, outcome)) []visit {
	type key struct {
		place place
		lied  bool
	}
	seen := map[key]bool{{}: true}
	visits := []visit{{}}
	events := ways(p.subject)
	for at := 0; at < len(visits) && p.err == nil; at++ {
		v := visits[at]
		if len(v.way) == maxDepth {
			continue
		}
		for _, ev := range events {
			if !ev.possible(v.place) {
				continue
			}
			way := append(slices.Clip(v.way), ev)
			o := p.play(way)
			found(way, o)
			if k := (key{o.at, o.lied}); o.problem == nil && !o.refused && !seen[k] {
				seen[k] = true
				visits = append(visits, visit{o.at, o.lied, way})
			}
		}
	}
	return visits
}

// aftermath is what happens after a segment that was answered as it should be,
// as far as it is possible: what the stack made of it may show itself later
// only. Something is sent, acknowledged, received, and both close.
func aftermath(s *Subject) []Event {
	wnd := s.peerWindow()
	const ack = model.ACK
	list := []Event{
		{Kind: Send, N: text},
		arriving(ack, reaction.SeqLeft, reaction.AckAll, false, wnd),
		arriving(ack, reaction.SeqLeft, reaction.AckUna, true, wnd),
		{Kind: Close},
		arriving(ack, reaction.SeqLeft, reaction.AckAll, false, wnd),
		arriving(model.FIN|ack, reaction.SeqLeft, reaction.AckUna, false, wnd),
	}
	if s.Timers {
		list = append([]Event{{Kind: Wait, Wait: shortWait}}, list...)
	}
	return list
}

// pairs delivers a segment of every class at every place, and returns how many
// of the pairs that exist the stack could be given.
func (p *player) pairs(visits []visit, exist map[pair]bool, found func([]Event, outcome)) (reached int) {
	after := aftermath(p.subject)
	for _, v := range visits {
		if v.lied {
			continue
		}
		for _, c := range v.place.classes() {
			way := append(slices.Clip(v.way), Event{Kind: Arrive, Class: c, Wnd: p.subject.peerWindow()})
			o, rest := p.playOn(way, after)
			if p.err != nil {
				return reached
			}
			if (len(o.steps) > len(v.way) || !o.refused) && exist[pair{v.place, c}] {
				reached++
			}
			found(append(way, rest...), o)
		}
	}
	return reached
}
