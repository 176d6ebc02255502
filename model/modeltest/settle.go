package modeltest

import "github.com/tcpcheck/tcpcheck/model"

// The bounds of settle: segments that arrive before a timer fires, rounds of
// timers, and the ticks that any timer of a TCB counts. The right model needs
// few of the first two.
const (
	maxArrivals = 60
	maxRounds   = 40
	maxTicks    = 255
)

// settle lets the network deliver everything in order, timers fire when
// nothing is on its way, or at times, and the users finish their talk: they open, send,
// and close, first the side that is named; what the other still SENDs goes
// into a connection half closed. They read at once: two ends that each probe
// the other's window of zero answer each other without end until a user reads.
func (p *pair) settle(first int, iss [2]model.Seq) {
	p.reading = true
	p.readAll()
	p.open(iss)
	p.flow(iss)
	for i := range p.ends {
		p.sendUpTo(i, p.ends[i].octets)
	}
	p.flow(iss)
	p.end(first, iss)
	p.end(1-first, iss)
	for i := range p.ends {
		for range maxTicks {
			if p.tcb(i).CanTick() {
				p.do(i, model.Event{Kind: model.Tick})
			}
		}
	}
	p.judgeEnd()
}

// open opens what has not been opened, B before A.
func (p *pair) open(iss [2]model.Seq) {
	for _, i := range []int{1, 0} {
		if !p.ends[i].opened {
			p.callOpen(i, iss[i])
		}
	}
	if t := p.tcb(0); p.cfg.SendOpens && t.State == model.Listen {
		p.ends[0].octets++
		p.call(0, model.Send, 1, iss[0])
	}
}

// callOpen lets the user OPEN as the scenario says.
func (p *pair) callOpen(side int, iss model.Seq) {
	if side == 1 && !p.cfg.Simultaneous || p.cfg.SendOpens {
		p.call(side, model.OpenPassive, 0, 0)
		return
	}
	p.call(side, model.OpenActive, 0, iss)
}

// end lets a user close, and the other SEND an octet more.
func (p *pair) end(side int, iss [2]model.Seq) {
	if p.state(side) > model.Closed && !p.ends[side].seen.closed {
		p.call(side, model.Close, 0, 0)
	}
	p.flow(iss)
	p.ends[1-side].octets++
	p.sendUpTo(1-side, 1)
	p.flow(iss)
}

// sendUpTo lets the user SEND, if there is a connection to send on.
func (p *pair) sendUpTo(side int, n uint32) {
	if s := p.state(side); s == model.Established || s == model.CloseWait {
		if n = min(n, p.sendable(side)); n > 0 {
			p.call(side, model.Send, n, 0)
		}
	}
}

// flow goes on until nothing is on its way and no timer would send anything.
func (p *pair) flow(iss [2]model.Seq) {
	if p.endless {
		return
	}
	for range maxRounds {
		p.endless = !p.deliverAll(iss)
		if !p.fireTimers() && !p.endless {
			return
		}
	}
}

// deliverAll delivers until nothing is on its way, and tells whether it came
// to that. Two ends whose ACKs both lie at the edge of the other's window, or
// beyond, because what was before them got lost, answer each other until a
// retransmission comes.
func (p *pair) deliverAll(iss [2]model.Seq) bool {
	for n := 0; n < maxArrivals && !p.over(); {
		before := n
		for i := range p.ends {
			if len(p.wire[1-i]) > 0 {
				p.arrive(i, 0, iss[i])
				n++
			}
		}
		if p.reading {
			p.readAll()
		}
		if n == before {
			return true
		}
	}
	return false
}

// readAll lets both users read what there is.
func (p *pair) readAll() {
	for i := range p.ends {
		if t := p.tcb(i); t.Unread > 0 && t.State.Synchronized() && t.State <= model.CloseWait {
			p.call(i, model.Receive, t.Unread, 0)
		}
	}
}

// fireTimers lets every timer fire that would send; it tells whether one did.
func (p *pair) fireTimers() (any bool) {
	for i := range p.ends {
		e, t := p.endpoint(i), p.tcb(i)
		switch {
		case e.CanRetransmit(t):
			p.do(i, model.Event{Kind: model.RetransmissionTimeout})
		case e.CanProbe(t):
			p.do(i, model.Event{Kind: model.ZeroWindowProbe})
		case e.CanGiveUp(t):
			p.do(i, model.Event{Kind: model.UserTimeout})
		default:
			continue
		}
		any = true
	}
	return any && !p.over()
}
