package conform

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/reaction"
)

// often is how many times a drill delivers one segment: more than any stack
// needs to take notice.
const often = 12

// drills are what one segment does not show, at every place: the same segment
// many times; windows that shut, shrink and open again; text that fills them
// exactly; timers that fire again and again.
func drills(s *Subject) (list [][]Event) {
	const (
		ack  = model.ACK
		left = reaction.SeqLeft
		una  = reaction.AckUna
		all  = reaction.AckAll
	)
	wnd := s.peerWindow()
	send := func(n uint32) Event { return Event{Kind: Send, N: n} }
	for _, ev := range []Event{
		arriving(ack, reaction.SeqBeyond, una, false, wnd),
		arriving(ack, reaction.SeqBefore, una, true, wnd),
		arriving(ack, reaction.SeqInside, una, true, wnd),
		arriving(ack, left, una, false, wnd),
		arriving(ack, left, reaction.AckBeyond, false, wnd),
		arriving(ack, left, reaction.AckTooOld, false, wnd),
		arriving(model.FIN|ack, reaction.SeqOneBefore, una, false, wnd),
		arriving(model.RST, reaction.SeqInside, reaction.NoAck, false, 0),
		arriving(model.SYN, reaction.SeqInside, reaction.NoAck, false, wnd),
		arriving(model.SYN, reaction.SeqOneBefore, reaction.NoAck, false, wnd),
	} {
		list = append(list, append(slices.Repeat([]Event{ev}, often), aftermath(s)...))
	}
	// A bad ACK during the handshake, and then the right one.
	for _, bad := range []reaction.AckPlace{una, reaction.AckBeyond} {
		list = append(list,
			[]Event{arriving(model.SYN|ack, reaction.SeqAny, bad, false, wnd), arriving(model.SYN|ack, reaction.SeqAny, all, false, wnd)},
			[]Event{arriving(ack, reaction.SeqZero, bad, false, wnd), arriving(ack, reaction.SeqZero, all, false, wnd), arriving(model.SYN|ack, reaction.SeqAny, all, false, wnd)},
			[]Event{arriving(ack, left, bad, false, wnd), arriving(ack, left, all, false, wnd)},
			[]Event{arriving(ack, left, bad, false, wnd), arriving(model.FIN|ack, left, all, false, wnd)})
	}
	shut, open := arriving(ack, left, una, false, 0), arriving(ack, left, una, false, wnd)
	list = append(list,
		// A window that shuts, or shrinks, though neither SEG.SEQ nor SEG.ACK is new.
		[]Event{open, shut, send(text), open, send(text)},
		[]Event{open, shut, {Kind: Close}, open},
		[]Event{open, arriving(ack, left, una, false, text-1), send(2 * text), open, send(text)},
		[]Event{arriving(ack, left, una, false, 2*wnd), send(wnd + text), arriving(ack, left, all, false, 2*wnd)},
		// One that shrinks below what is outstanding.
		[]Event{send(2 * text), arriving(ack, left, una, false, text), send(text), arriving(ack, left, all, false, wnd)},
		[]Event{send(2 * text), arriving(ack, left, una, true, text), send(text), arriving(ack, left, all, false, wnd)},
		[]Event{send(2 * text), arriving(ack, left, reaction.AckPart, false, 0), send(text), open, send(text)},
		// One that is filled exactly, and has no room for the FIN.
		[]Event{send(wnd), {Kind: Close}, arriving(ack, left, all, false, wnd)},
		// One that is shut by text, and opened by text with an old ACK.
		[]Event{arriving(ack, left, una, true, 0), send(text), arriving(ack, left, reaction.AckOld, true, wnd), open},
	)
	if wait := (Event{Kind: Wait, Wait: s.halfTimeWait()}); wait.Wait > 0 {
		// A FIN that is repeated starts TIME-WAIT anew; nothing else does.
		for _, seq := range []reaction.SeqPlace{reaction.SeqRepeat, reaction.SeqOneBefore, left} {
			for _, text := range []bool{false, true} {
				list = append(list, []Event{wait, arriving(model.FIN|ack, seq, una, text, wnd), wait, arriving(ack, left, una, false, wnd)})
			}
		}
		list = append(list,
			[]Event{wait, arriving(ack, left, una, false, wnd), wait, arriving(ack, left, una, false, wnd)},
			[]Event{wait, arriving(ack, reaction.SeqRepeat, una, true, wnd), wait, arriving(ack, left, una, false, wnd)})
	}
	if s.Timers {
		wait := Event{Kind: Wait, Wait: shortWait}
		list = append(list,
			[]Event{send(text), wait, wait, arriving(ack, left, reaction.AckPart, false, wnd), wait, arriving(ack, left, all, false, wnd), wait},
			slices.Repeat([]Event{shut, send(text), wait}, often), // probes that are answered (MUST-37)
			[]Event{wait, wait, wait, {Kind: Close}, wait, wait, arriving(ack, left, all, false, wnd), wait},
		)
	}
	return list
}

// drill plays every drill at every place where it begins.
func (p *player) drill(visits []visit, found func([]Event, outcome)) {
	list := drills(p.subject)
	for _, v := range visits {
		if v.lied {
			continue
		}
		for _, d := range list {
			if !d[0].possible(v.place) || d[0].Wait > shortWait && v.place.State != model.TimeWait {
				continue
			}
			o, played := p.playOn(v.way, d)
			if p.err != nil {
				return
			}
			found(append(slices.Clip(v.way), played...), o)
		}
	}
}
