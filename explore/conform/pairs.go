package conform

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/reaction"
)

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
		for i, c := range v.place.classes() {
			if p.every > 0 && i%p.every != 0 {
				continue
			}
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
