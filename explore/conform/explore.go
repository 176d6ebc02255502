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
		{Kind: SoftError}, {Kind: HardError}, {Kind: Fill, Wnd: wnd},
		arriving(model.SYN, reaction.SeqAny, reaction.NoAck, false, wnd),
		arriving(model.SYN, reaction.SeqAny, reaction.NoAck, true, wnd),
		arriving(model.SYN|ack, reaction.SeqAny, reaction.AckAll, false, wnd),
		arriving(ack, reaction.SeqLeft, reaction.AckAll, false, wnd),
		arriving(ack, reaction.SeqLeft, reaction.AckAll, false, 0),
		arriving(ack, reaction.SeqLeft, reaction.AckUna, false, 0),
		arriving(ack, reaction.SeqLeft, reaction.AckPart, false, wnd),
		arriving(ack, reaction.SeqLeft, reaction.AckPart, false, 0),
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
	case Fill:
		return !p.Full && !p.Held && (p.State == model.Established || p.State == model.FinWait1 || p.State == model.FinWait2)
	case Arrive:
	default:
		return true
	}
	seqs, acks := p.axes()
	known := slices.Contains(seqs, ev.Class.Seq) || ev.Class.Seq == reaction.SeqRepeat && p.State >= model.SynReceived
	return known && (ev.Class.Ack == reaction.NoAck || slices.Contains(acks, ev.Class.Ack))
}

// mostFills is how often a stack may find room for more.
const mostFills = 4

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
			for range mostFills {
				if ev.Kind != Fill || o.problem != nil || o.refused || o.at.Full {
					break
				}
				way = append(way, ev) // the stack found room for more
				o = p.play(way)
			}
			found(way, o)
			if k := (key{o.at, o.lied}); o.problem == nil && !o.refused && !seen[k] {
				seen[k] = true
				visits = append(visits, visit{o.at, o.lied, way})
			}
		}
	}
	return visits
}
