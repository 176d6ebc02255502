package explore

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// MaxCapacity is the most segments a channel holds: a channel is one word of
// the interned world.
const MaxCapacity = 4

// Scenario is a world to explore: the endpoints, what their users may do and
// what the network does to segments.
type Scenario struct {
	Name  string
	About string // what it is there to show, in a sentence
	File  string // that it was read from; "" for a preset
	// Deep: too large to be checked unless it is asked for by name.
	Deep bool

	Bits     int    // the sequence space has 2^Bits numbers
	Window   uint32 // receive buffer of each side, octets
	Capacity int    // segments in the network each way, 1 to MaxCapacity
	Order    Order

	Loss        uint8 // segments that the network may lose
	Duplication uint8 // segments of which it may keep a copy

	// Retransmissions of each front of a retransmission queue, or [Unlimited]:
	// then states are finite still, since channels are, and nobody is made to
	// give up: a USER TIMEOUT may happen whenever something is outstanding.
	Retransmissions uint8
	UserTimeout     bool // give up when no retransmission is left

	// MSL is the maximum segment lifetime in ticks; 0: no time passes, segments
	// do not age and TIME-WAIT may end at any moment. TimeWaitMSL is the k in
	// k × MSL that TIME-WAIT lasts.
	MSL, TimeWaitMSL uint8
	// Life is the most ticks that a sequence number may be outstanding: beyond it
	// no time passes, so only runs are seen in which what is sent is acknowledged
	// or given up in time. 0: no bound.
	Life uint8

	ISN ISN
	// FirstOnly: only the first incarnation of a side sends, closes and aborts.
	FirstOnly bool

	Variant    string
	Behaviours model.Behaviours // of the variant, with what the scenario changes
	Mutant     string           // "" for none

	Sides [2]SideSpec

	// Changed is what [Scenario.Set] changed, variant and mutant aside.
	Changed []Setting

	// Holes are the properties that RFC 9293 as written breaks here; the
	// scenario guarantees the others.
	Holes []Hole

	endpoints [2]model.Endpoint
	old       [2][]model.Segment
	step      model.StepFunc
}

// SideSpec is what one side's user may do.
type SideSpec struct {
	Start Start
	Open  Opening // how it opens when CLOSED
	ISS   model.Seq
	Slow  bool // text waits for RECEIVE and narrows the window
	// Stubborn: the user calls SEND and CLOSE also where they are refused.
	Stubborn bool
	// Urgent: its SENDs are urgent.
	Urgent bool
	// OtherSecurity: its segments have a security/compartment that the peer
	// does not accept.
	OtherSecurity bool
	// Old is segments, with blanks between, that an earlier connection of this
	// side sent and that are still in the network at the start, as in
	// "<SEQ=6><CTL=SYN>"; "" for none.
	Old    string
	Budget Budget
}

// The incarnations of what no connection of the sides sent.
const (
	OldInc    = 255 // what was in the network before the start
	ForgedInc = 254 // what an attacker made
)

// Hole is a property that RFC 9293 as written breaks, and why.
type Hole struct {
	Property string
	Reason   string
	Mend     string // the choice or RFC that mends it, if one does
}

// Order is how a channel delivers.
type Order uint8

// The orders.
const (
	AnyOrder Order = iota // any segment in the network may arrive next
	FIFO                  // the oldest arrives next
)

// ISN is how a side picks the ISS of its second incarnation and later ones;
// the first is fixed.
type ISN uint8

// The policies.
const (
	ISNClock     ISN = iota // one past everything the side ever sent, kept across a crash
	ISNArbitrary            // any number
	ISNConstant             // the first one again
)

// Start is the state a side starts in.
type Start uint8

// The starts.
const (
	StartClosed      Start = iota
	StartEstablished       // both sides in their first incarnation, nothing in flight
)

// Opening is which OPENs a user may call.
type Opening uint8

// The openings.
const (
	OpensActively Opening = iota
	OpensPassively
	OpensEither
)

// prepare fills in the endpoints and checks that the scenario is possible.
func (sc *Scenario) prepare() error {
	space, err := model.NewSpace(sc.Bits)
	if err != nil {
		return fmt.Errorf("bits: %w", err)
	}
	if sc.Bits > maxBits {
		return fmt.Errorf("bits: %d is too many to explore: want %d to %d", sc.Bits, model.MinBits, maxBits)
	}
	if sc.Capacity < 1 || sc.Capacity > MaxCapacity {
		return fmt.Errorf("capacity: %d segments each way: want 1 to %d", sc.Capacity, MaxCapacity)
	}
	if sc.MSL > 0 && sc.TimeWaitMSL == 0 {
		return fmt.Errorf("time-wait: 0 × MSL while time is counted: want at least 1; the mutant no-time-wait leaves TIME-WAIT out")
	}
	if int(sc.MSL)*int(sc.TimeWaitMSL) > 200 {
		return fmt.Errorf("time-wait: %d × %d ticks: want at most 200", sc.TimeWaitMSL, sc.MSL)
	}
	if err := sc.checkLife(); err != nil {
		return err
	}
	if err := sc.checkAttacks(); err != nil {
		return err
	}
	if !sc.Behaviours.Valid() {
		return fmt.Errorf("behaviours: a choice has no such value")
	}
	sc.step = model.Step
	if sc.Mutant != "" {
		m, err := model.FindMutant(sc.Mutant)
		if err != nil {
			return fmt.Errorf("mutant: %w", err)
		}
		sc.step = m.Decorate(model.Step)
	}
	for i := range sc.endpoints {
		spec := &sc.Sides[i]
		sc.endpoints[i] = model.Endpoint{
			Space: space, Window: sc.Window, SlowReader: spec.Slow,
			Retransmissions: sc.Retransmissions, MSL: sc.MSL, TimeWait: sc.MSL * sc.TimeWaitMSL,
			Behaviours: sc.Behaviours, OtherSecurity: spec.OtherSecurity,
		}
		if err := sc.endpoints[i].Check(); err != nil {
			return err
		}
		sc.old[i] = nil
		for _, text := range strings.Fields(spec.Old) {
			g, err := trace.ParseSegment(text)
			if err != nil {
				return fmt.Errorf("old: segment of side %v: %w", trace.Side(i), err)
			}
			if !space.Contains(g.Seq) || !space.Contains(g.Ack) || uint64(g.Len) >= space.Size()/2 {
				return fmt.Errorf("old: %s of side %v: a number is not of a space of %d", text, trace.Side(i), space.Size())
			}
			sc.old[i] = append(sc.old[i], g)
		}
		if len(sc.old[i]) > sc.Capacity {
			return fmt.Errorf("old: %d segments of side %v: the network holds %d each way", len(sc.old[i]), trace.Side(i), sc.Capacity)
		}
		if !space.Contains(spec.ISS) {
			return fmt.Errorf("iss: %d of side %v is not a number of a space of %d", spec.ISS, trace.Side(i), space.Size())
		}
	}
	if (sc.Sides[0].Start == StartEstablished) != (sc.Sides[1].Start == StartEstablished) {
		return fmt.Errorf("start: both sides start established, or neither")
	}
	return nil
}

// Endpoint is the endpoint of a side.
func (sc *Scenario) Endpoint(s trace.Side) *model.Endpoint { return &sc.endpoints[s] }

// start is the initial world.
func (sc *Scenario) start() World {
	w := World{Loss: sc.Loss, Duplication: sc.Duplication}
	for i := range w.Sides {
		spec := sc.Sides[i]
		w.Sides[i].Left = spec.Budget
		for _, g := range sc.old[i] {
			p := Packet{Segment: g, Origin: Origin{Inc: OldInc, For: OldInc}, TTL: sc.MSL}
			if g.Flags&(model.SYN|model.ACK) == model.SYN {
				p.Origin.For = 0
			}
			w.Net[i].Packets[w.Net[i].N] = p
			w.Net[i].N++
		}
		if spec.Start == StartEstablished {
			w.Sides[i].TCB = sc.establishedTCB(trace.Side(i))
			w.Sides[i].Ghost = Ghost{Inc: 1, PeerInc: 1, ISSes: 1, Flags: Established}
			if sc.ISN == ISNClock {
				w.Sides[i].Ghost.NextISS = w.Sides[i].TCB.SndNxt
			}
		}
	}
	return w
}

// establishedTCB is a side right after the handshake.
func (sc *Scenario) establishedTCB(s trace.Side) model.TCB {
	e := &sc.endpoints[s]
	iss, irs := sc.Sides[s].ISS, sc.Sides[s.Other()].ISS
	snd, rcv := e.Space.Add(iss, 1), e.Space.Add(irs, 1)
	return model.TCB{
		State: model.Established, ISS: iss, IRS: irs, Retries: e.Retransmissions,
		SndUna: snd, SndNxt: snd, SndUp: snd, RcvNxt: rcv, RcvUp: rcv, RcvWnd: e.Window,
		SndWnd: sc.Window, MaxSndWnd: sc.Window, SndWl1: rcv, SndWl2: snd,
	}
}

// isses are the numbers that a side may pick for its next ISS.
func (sc *Scenario) isses(s trace.Side, g *Ghost, dst []model.Seq) []model.Seq {
	switch {
	case g.ISSes == 0 || sc.ISN == ISNConstant:
		return append(dst, sc.Sides[s].ISS)
	case sc.ISN == ISNClock:
		return append(dst, g.NextISS)
	}
	for n := range model.Seq(1) << sc.Bits {
		dst = append(dst, n)
	}
	return dst
}
