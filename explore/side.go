package explore

import (
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Side is all there is about one endpoint: what it remembers, what its user
// may still do, and the ghosts, which no endpoint reads.
type Side struct {
	TCB   model.TCB
	Left  Budget
	Ghost Ghost
}

// Budget is what may still happen at a side; [Unlimited] never falls.
type Budget struct {
	Opens, Octets, Closes, Aborts uint8 // calls of its user; octets to SEND, one at a time
	Crashes                       uint8
	SoftErrors, HardErrors        uint8 // reports that the peer is unreachable
	KeepAlives                    uint8
	Asides                        uint8 // calls that are only answered: STATUS, a second OPEN, what is refused
	Attacks                       uint8 // segments that an off-path attacker makes arrive
}

// Unlimited as a budget never falls.
const Unlimited = model.Unlimited

// Ghost is what the properties need to know and no endpoint can: which
// incarnation is which, and what became of its text.
type Ghost struct {
	// Inc is the incarnation, the number of the OPEN from 1 (falling back to
	// LISTEN stays in it); 0 before the first. PeerInc is the peer's
	// incarnation whose SYN was accepted; 0: none.
	Inc, PeerInc uint8
	// Sent and Delivered count octets in this incarnation: SENT by the user,
	// and delivered to the user.
	Sent, Delivered uint8
	Flags           Flags
	// ISSes counts how many ISSs were chosen, up to 2: the first is fixed.
	ISSes uint8
	// NextISS is one past everything that this side ever sent; kept only where
	// the ISN policy is [ISNClock].
	NextISS model.Seq
	// Held says whose the text of TCB.Held is.
	Held [model.MaxHeld]Origin
	// Ages is for how many ticks each outstanding number has been so, the oldest
	// first; kept only where the scenario bounds it ([Scenario].Life).
	Ages [maxAges]uint8
}

// Flags are what happened in this incarnation.
type Flags uint8

// The flags.
const (
	Failed      Flags = 1 << iota // the user heard of a failure
	ClosedFirst                   // FIN-WAIT-1 was entered: closed before the peer's FIN came
	Crashed                       // the memory was lost
	Established                   // ESTABLISHED was reached
	// NoFINs: in TIME-WAIT, but the numbers count no FINs: after a RST that it
	// sent (§3.5.2), or back from where a SYN reopened it (MAY-2).
	NoFINs
)

// Has tells whether every bit of g is set.
func (f Flags) Has(g Flags) bool { return f&g == g }

// Origin says whose a segment is.
type Origin struct {
	Inc   uint8 // incarnation of the sender that sent it; [OldInc], [ForgedInc]
	For   uint8 // incarnation of the receiver it was meant for; 0: not known to the sender
	First uint8 // index of its first octet of text among those SENT in Inc
}

// Packet is a segment in the network.
type Packet struct {
	Segment model.Segment
	Origin  Origin
	TTL     uint8 // ticks it may still live; 0 if the scenario counts no time
}

// Step is one event at one side, with all that came of it: what the step
// properties look at.
type Step struct {
	Scenario      *Scenario
	Side          trace.Side
	Event         model.Event
	Packet        *Packet // that arrives; nil if the event is another
	Before, After *Side
	Out           *model.Output
	Sent          []Packet
	Delivered     []Octets
}

// Octets is text that was delivered: N octets from index First of those that
// incarnation Inc of the peer SENT, meant for incarnation For.
type Octets struct {
	Origin
	N uint8
}

// Endpoint is the side's endpoint.
func (st *Step) Endpoint() *model.Endpoint { return &st.Scenario.endpoints[st.Side] }

// stepper lets events happen to a side. One serves one goroutine.
type stepper struct {
	sc   *Scenario
	out  model.Output
	step Step
	sent [model.MaxSent]Packet
	text [model.MaxDelivered]Octets
}

// do lets the event happen to the side and returns what came of it. The
// result, and what it points to, is good until the next call.
func (p *stepper) do(at trace.Side, before *Side, ev model.Event, arrives *Packet) *Step {
	e := &p.sc.endpoints[at]
	after := *before
	g := &after.Ghost
	p.spend(&after, ev, before, arrives)
	p.sc.step(e, &after.TCB, ev, &p.out)

	p.step = Step{
		Scenario: p.sc, Side: at, Event: ev, Packet: arrives, Before: before, After: &after, Out: &p.out,
	}
	p.noteOpening(before, &after, ev, arrives)
	p.noteISS(e, before, &after)
	p.noteCalls(&after, ev)
	p.deliver(before, g, arrives)
	p.keepHeld(e, before, &after, arrives)
	p.keepAges(e, before, &after, ev)
	p.send(e, before, &after, arrives)
	return &p.step
}

// spend takes the event out of the budget, and an OPEN begins an incarnation.
func (p *stepper) spend(after *Side, ev model.Event, before *Side, arrives *Packet) {
	l := &after.Left
	take := func(b *uint8) {
		if *b != Unlimited {
			*b--
		}
	}
	if isAside(&before.TCB, ev) {
		take(&l.Asides)
		return
	}
	switch ev.Kind {
	case model.OpenActive, model.OpenPassive:
		if before.TCB.State == model.Closed {
			take(&l.Opens)
			g := &after.Ghost
			*g = Ghost{Inc: g.Inc + 1, ISSes: g.ISSes, NextISS: g.NextISS}
		}
	case model.Send:
		if l.Octets != Unlimited {
			l.Octets -= uint8(ev.N)
		}
	case model.Close:
		take(&l.Closes)
	case model.Abort:
		take(&l.Aborts)
	case model.Crash:
		take(&l.Crashes)
	case model.UnreachableSoft:
		take(&l.SoftErrors)
	case model.UnreachableHard:
		take(&l.HardErrors)
	case model.KeepAliveTimeout:
		take(&l.KeepAlives)
	case model.SegmentArrives:
		if arrives.Forged() {
			take(&l.Attacks)
		}
	}
}

// noteOpening follows whose SYN was accepted.
func (p *stepper) noteOpening(before, after *Side, ev model.Event, arrives *Packet) {
	g := &after.Ghost
	for _, s := range p.out.Path() {
		switch s {
		case model.Listen:
			// Back to LISTEN, in the same incarnation: what the user SENT
			// meanwhile was reported lost.
			g.PeerInc, g.Sent, g.Delivered, g.Flags = 0, 0, 0, 0
		case model.SynSent:
			// Newly opened, or back there: the SYN that was taken proved to be old.
			g.PeerInc = 0
		case model.Established:
			g.Flags |= Established
		}
	}
	if ev.Kind == model.Crash {
		g.PeerInc = 0
		g.Flags |= Crashed
	}
	was, is := before.TCB.State, after.TCB.State
	if arrives == nil || is < model.SynReceived {
		return
	}
	switch {
	case was == model.Listen, was == model.SynSent:
		g.PeerInc = arrives.Origin.Inc
	case was == model.TimeWait && is == model.SynReceived:
		// Reopened from TIME-WAIT: an incarnation without an OPEN.
		*g = Ghost{Inc: g.Inc + 1, PeerInc: arrives.Origin.Inc, ISSes: g.ISSes, NextISS: g.NextISS}
	}
}

// noteISS counts the ISSs chosen and follows the numbers sent.
func (p *stepper) noteISS(e *model.Endpoint, before, after *Side) {
	g, t := &after.Ghost, &after.TCB
	if p.sc.ISN == ISNClock && t.State >= model.SynSent {
		if ahead := e.Space.Dist(g.NextISS, t.SndNxt); g.ISSes == 0 || uint64(ahead) < e.Space.Size()/2 {
			g.NextISS = t.SndNxt
		}
	}
	opened := before.TCB.State <= model.Listen && t.State >= model.SynSent ||
		before.TCB.State == model.TimeWait && t.State == model.SynReceived
	if opened && g.ISSes < 2 {
		g.ISSes++
	}
}

// noteCalls follows what the user asked for and heard.
func (p *stepper) noteCalls(after *Side, ev model.Event) {
	g := &after.Ghost
	for _, s := range p.out.Signals() {
		if s.ReportsFailure() {
			g.Flags |= Failed
		}
	}
	if ev.Kind == model.Abort && p.step.Before.TCB.State != model.Closed {
		g.Flags |= Failed // by the user's own will
	}
	if ev.Kind == model.Send && !refused(&p.out) {
		g.Sent += uint8(ev.N)
	}
	for _, s := range p.out.Path() {
		if s == model.FinWait1 {
			g.Flags |= ClosedFirst
		}
	}
	for _, r := range p.out.Rules() {
		if r == model.ResetEntersTimeWait || r == model.ReopenReturns {
			g.Flags |= NoFINs
		}
	}
}

// refused tells whether a SEND was not taken.
func refused(out *model.Output) bool {
	for _, r := range out.Rules() {
		switch r {
		case model.CallNoResources, model.CallNoConnection, model.CallIllegal, model.CallRemoteUnspecified, model.SendAfterClose:
			return true
		}
	}
	return false
}

// deliver gives the text delivered its ghosts.
func (p *stepper) deliver(before *Side, g *Ghost, arrives *Packet) {
	p.step.Delivered = p.text[:0]
	for _, d := range p.out.Delivered() {
		o := Octets{N: uint8(d.N)}
		if d.Held >= 0 {
			o.Origin = before.Ghost.Held[d.Held]
		} else {
			o.Origin = arrives.Origin
		}
		o.First += uint8(d.Offset)
		p.step.Delivered = append(p.step.Delivered, o)
		g.Delivered += o.N
	}
}

// keepHeld gives the segments held their ghosts.
func (p *stepper) keepHeld(e *model.Endpoint, before, after *Side, arrives *Packet) {
	var held [model.MaxHeld]Origin
	for i := range int(after.TCB.NHeld) {
		h := after.TCB.Held[i]
		known := false
		for j := range int(before.TCB.NHeld) {
			if before.TCB.Held[j] == h {
				held[i], known = before.Ghost.Held[j], true
			}
		}
		if !known && arrives != nil {
			held[i] = arrives.Origin
			text := arrives.Segment.Seq
			if arrives.Segment.Flags.Has(model.SYN) {
				text = e.Space.Add(text, 1)
			}
			if h.Len > 0 {
				held[i].First += uint8(e.Space.Dist(text, h.Seq))
			}
		}
	}
	after.Ghost.Held = held
}

// send gives the segments sent their ghosts: a RST is meant for the
// incarnation whose segment provoked it, all else for the peer's incarnation
// whose SYN was accepted.
func (p *stepper) send(e *model.Endpoint, before, after *Side, arrives *Packet) {
	p.step.Sent = p.sent[:0]
	for _, s := range p.out.Sent() {
		pkt := Packet{Segment: s, TTL: p.sc.MSL, Origin: Origin{Inc: after.Ghost.Inc, For: after.Ghost.PeerInc}}
		if pkt.Origin.For == 0 {
			pkt.Origin.For = before.Ghost.PeerInc
		}
		if s.Flags.Has(model.RST) && arrives != nil {
			pkt.Origin.For = arrives.Origin.Inc
		}
		if s.Len > 0 {
			text := s.Seq
			if s.Flags.Has(model.SYN) {
				text = e.Space.Add(text, 1)
			}
			pkt.Origin.First = uint8(e.Space.Dist(e.Space.Add(after.TCB.ISS, 1), text))
		}
		p.step.Sent = append(p.step.Sent, pkt)
	}
}
