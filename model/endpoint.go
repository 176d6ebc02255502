package model

import "fmt"

// Endpoint is what does not change about a TCP: its sequence space, its
// buffer and how it behaves.
type Endpoint struct {
	Space  Space
	Window uint32 // receive buffer in octets, from 1; twice this is less than the space
	// SlowReader: text waits for RECEIVE and narrows the window. Otherwise the
	// user reads at once and RCV.WND stays Window.
	SlowReader bool
	// Retransmissions per front of the queue, [Unlimited] or fewer.
	Retransmissions uint8
	MSL             uint8 // ticks; quiet time lasts this long. 0: time is not counted
	TimeWait        uint8 // ticks that TIME-WAIT lasts. 0: time is not counted
	// OtherSecurity: what it sends has a security/compartment that the peer
	// does not accept.
	OtherSecurity bool
	Behaviours    Behaviours
}

// Check returns an error if the endpoint can't work.
func (e *Endpoint) Check() error {
	n := e.Space.Size()
	switch {
	case n == 0:
		return fmt.Errorf("endpoint has no sequence space: see NewSpace")
	case e.Window == 0:
		return fmt.Errorf("window of 0 octets: want at least 1")
	case 2*uint64(e.Window) >= n:
		return fmt.Errorf("window of %d octets in a space of %d numbers: twice the window must be less than the space, or old and new numbers can't be told apart", e.Window, n)
	case !e.Behaviours.Valid():
		return fmt.Errorf("behaviours %+v: a choice has no such value", e.Behaviours)
	}
	return nil
}

// maxWindow is the largest send window and the longest queue that the
// arithmetic bears: less than half the space.
func (e *Endpoint) maxWindow() uint32 { return uint32(e.Space.Size()/2 - 1) }

// StepFunc has the signature of [Endpoint.Step]; [Mutant]s decorate one.
type StepFunc func(e *Endpoint, t *TCB, ev Event, out *Output)

// Step lets one event happen to the endpoint: it changes t and tells in out
// what came of it. It is total: for every TCB that [Endpoint.Validate] accepts
// and every event it returns, and leaves a TCB that Validate accepts. An event
// that can't happen there (a timeout with no timer) changes nothing.
func (e *Endpoint) Step(t *TCB, ev Event, out *Output) {
	out.Reset()
	r := run{e: e, t: t, out: out, from: arrived, origin: [MaxHeld]int8{0, 1, 2, 3}}
	switch ev.Kind {
	case OpenActive:
		r.openActive(ev)
	case OpenPassive:
		r.openPassive(ev)
	case Send:
		r.send(ev)
	case Receive:
		r.receive(ev)
	case Close:
		r.close(ev)
	case Abort:
		r.abort(ev)
	case Status:
		r.status(ev)
	case SegmentArrives:
		r.segmentArrives(ev)
	case UserTimeout:
		r.userTimeout()
	case RetransmissionTimeout:
		r.retransmissionTimeout()
	case TimeWaitTimeout:
		r.timeWaitTimeout()
	case KeepAliveTimeout:
		r.keepAliveTimeout()
	case ZeroWindowProbe:
		r.zeroWindowProbe()
	case UnreachableSoft:
		r.unreachableSoft()
	case UnreachableHard:
		r.unreachableHard()
	case Crash:
		r.crash()
	case Tick:
		r.tick()
	default:
		panic(fmt.Sprintf("model: %v is not an event", ev.Kind))
	}
}

// Step is [Endpoint.Step] as a [StepFunc].
func Step(e *Endpoint, t *TCB, ev Event, out *Output) { e.Step(t, ev, out) }

// run is one call of Step.
type run struct {
	e   *Endpoint
	t   *TCB
	out *Output
	ack bool // an ACK is owed; the next segment with ACK pays it

	from     int8          // whose text is processed: arrived, or an index in TCB.Held
	textFrom Seq           // number of the first octet of its text
	origin   [MaxHeld]int8 // for each segment held, from as it was before the event
}

// arrived, as [Delivery.Held], is the segment that arrives in this event.
const arrived = -1

func (r *run) rule(x Rule)     { r.out.Rule(x) }
func (r *run) signal(g Signal) { r.out.Signal(g) }

// become is the only writer of the state.
func (r *run) become(s State) {
	if r.t.State != s {
		r.t.State = s
		r.out.Enter(s)
	}
}

// deleteTCB forgets the connection and enters CLOSED; quiet time goes on.
func (r *run) deleteTCB() {
	left := uint8(0)
	if r.quiet() {
		left = r.t.Timer
	}
	r.become(Closed)
	*r.t = TCB{Timer: left}
	r.ack = false
}

// segmentArrives dispatches section 3.10.7.
func (r *run) segmentArrives(ev Event) {
	g := ev.Segment
	if r.quiet() {
		r.rule(QuietTime)
		return
	}
	switch r.t.State {
	case Closed:
		r.arrivesClosed(g)
	case Listen:
		r.arrivesListen(g, ev.ISS)
	case SynSent:
		r.arrivesSynSent(g)
	default:
		r.arrivesOther(g)
	}
}
