package blind

import (
	"fmt"
	"slices"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Situation is an endpoint that is attacked, and its memory.
type Situation struct {
	Endpoint model.Endpoint
	TCB      model.TCB
}

// States are those in which an endpoint can be attacked: all but CLOSED and
// LISTEN, in which there is no connection.
func States() []model.State {
	var list []model.State
	for s := model.SynSent; int(s) < model.NumStates; s++ {
		list = append(list, s)
	}
	return list
}

// At is an endpoint in the state, with a window of so many octets, in a space of
// 2^bits numbers. All that it sent is acknowledged, but for what the state says:
// its SYN, or its FIN. SYN-RECEIVED was reached from LISTEN. The error says what is impossible.
func At(state model.State, bits int, window uint32, b model.Behaviours) (Situation, error) {
	space, err := model.NewSpace(bits)
	if err != nil {
		return Situation{}, err
	}
	e := model.Endpoint{Space: space, Window: window, MSL: 1, TimeWait: 2, Behaviours: b}
	if err := e.Check(); err != nil {
		return Situation{}, err
	}
	if state <= model.Listen || int(state) >= model.NumStates {
		return Situation{}, fmt.Errorf("%v: there is no connection to attack", state)
	}
	setup := trace.Setup{Endpoints: [2]model.Endpoint{e, e}}
	quarter := uint32(space.Size() / 4)
	t := setup.Connected(trace.A, state, space.Add(0, quarter), space.Add(0, 2*quarter))
	switch state {
	case model.SynSent:
		t = model.TCB{State: state, ISS: t.ISS, SndUna: t.ISS, SndNxt: t.SndNxt, SndUp: t.ISS, RcvWnd: window, SynPending: true}
	case model.SynReceived:
		t.SndUna, t.SndUp, t.SynPending, t.Passive = t.ISS, t.ISS, true, true
	case model.FinWait1, model.Closing, model.LastAck:
		t.SndNxt = space.Add(t.SndNxt, 1)
	case model.TimeWait:
		t.Timer = e.TimeWait
	}
	if err := e.Validate(&t); err != nil {
		return Situation{}, fmt.Errorf("%v: %w", state, err)
	}
	return Situation{e, t}, nil
}

// Odds are the numbers that work, of Space numbers: so many SEQ, each with so
// many ACK. None works if either is 0.
type Odds struct {
	Seqs, Acks, Space uint64
}

// Tries is how many forged segments it takes until one has worked for sure: the
// numbers that work lie side by side, so one try for each stretch of them. 0:
// none ever works.
func (o Odds) Tries() float64 {
	if o.Seqs == 0 || o.Acks == 0 {
		return 0
	}
	stretches := func(n uint64) float64 { return float64((o.Space + n - 1) / n) }
	return stretches(o.Seqs) * stretches(o.Acks)
}

// Chance is the probability that a segment with random numbers works.
func (o Odds) Chance() float64 {
	n := float64(o.Space)
	return float64(o.Seqs) / n * (float64(o.Acks) / n)
}

// Works tells whether the attack with these numbers does its harm.
func (s *Situation) Works(a *Attack, seq, ack model.Seq) bool {
	t := s.TCB
	var out model.Output
	s.Endpoint.Step(&t, model.Event{Kind: model.SegmentArrives, Segment: a.forge(seq, ack)}, &out)
	return a.works(s, &t, &out)
}

// Odds counts the numbers that work. The ACKs are counted beside a SEQ that
// works, and the SEQs beside such an ACK.
func (s *Situation) Odds(a *Attack) Odds {
	o := Odds{Space: s.Endpoint.Space.Size()}
	seq, ack := s.TCB.RcvNxt, s.TCB.SndNxt
	o.Seqs = s.count(func(n model.Seq) bool { return s.Works(a, n, ack) })
	o.Acks = s.count(func(n model.Seq) bool { return s.Works(a, seq, n) })
	return o
}

// count is how many numbers have the property, which changes only beside the
// numbers of [Situation.edges].
func (s *Situation) count(has func(model.Seq) bool) uint64 {
	space := s.Endpoint.Space
	edges := s.edges()
	total := uint64(0)
	for i, at := range edges {
		if has(at) {
			total++
		}
		next := edges[(i+1)%len(edges)]
		gap := space.Dist(at, next)
		if gap < 2 {
			continue
		}
		first, middle, last := has(space.Add(at, 1)), has(space.Add(at, gap/2)), has(space.Add(at, gap-1))
		if first != middle || middle != last {
			panic(fmt.Sprintf("blind: between %d and %d of %d what works changes: %v, %v, %v", at, next, space.Size(), first, middle, last))
		}
		if first {
			total += uint64(gap - 1)
		}
	}
	return total
}

// edges are the numbers beside which a comparison of the RFC may change: those
// of the TCB, as far from them as a window or half the space, and one beside
// each. In order, each once.
func (s *Situation) edges() []model.Seq {
	t, space := &s.TCB, s.Endpoint.Space
	var list []model.Seq
	half := uint32(space.Size() / 2)
	for _, n := range []model.Seq{0, t.ISS, t.SndUna, t.SndNxt, t.IRS, t.RcvNxt} {
		for _, far := range []uint32{0, s.Endpoint.Window, t.RcvWnd, t.SndWnd, t.MaxSndWnd, half} {
			for _, at := range []model.Seq{space.Add(n, far), space.Sub(n, far)} {
				list = append(list, space.Sub(at, 1), at, space.Add(at, 1))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
