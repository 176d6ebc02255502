package modeltest_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/modeltest"
	"pgregory.net/rapid"
)

// A run is the same with 16 numbers and with 2^32, as long as no two numbers
// are farther apart than half of 16: then all agree modulo 16.
func TestRunScales(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := modeltest.Behaviours().Draw(t, "behaviours")
		slow := rapid.Bool().Draw(t, "slow readers")
		small, large := newScaled(t, 4, b, slow), newScaled(t, model.MaxBits, b, slow)
		for i, what := range []string{"ISS of A", "ISS of B"} {
			iss := rapid.Uint32Max(15).Draw(t, what)
			small.iss[i] = model.Seq(iss)
			large.iss[i] = model.Space32.Add(1<<32-16, iss) // so that both wrap at once
		}
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			side := rapid.IntRange(0, 1).Draw(t, "side")
			choice := rapid.IntRange(0, 1<<16).Draw(t, "choice")
			ev := small.step(side, choice)
			large.step(side, choice)
			if d := cmp.Diff(modulo16(small.tcb[side]), modulo16(large.tcb[side])); d != "" {
				t.Fatalf("%c %v: with 16 and 2^32 numbers\n%s", 'A'+side, ev.Kind, d)
			}
			if d := cmp.Diff(small.seen(), large.seen()); d != "" {
				t.Fatalf("%c %v: with 16 and 2^32 numbers\n%s", 'A'+side, ev.Kind, d)
			}
		}
	})
}

// scaled is a pair driven by choices that mean the same in every space.
type scaled struct {
	e      model.Endpoint
	tcb    [2]model.TCB
	wire   [2][]model.Segment
	iss    [2]model.Seq
	octets [2]uint32
	opened [2]bool
	out    model.Output
}

func newScaled(t *rapid.T, bits int, b model.Behaviours, slow bool) *scaled {
	s, err := model.NewSpace(bits)
	if err != nil {
		t.Fatal(err)
	}
	// A SYN, 4 octets and a FIN are six numbers, less than half of 16.
	return &scaled{octets: [2]uint32{4, 4}, e: model.Endpoint{
		Space: s, Window: 3, SlowReader: slow, Retransmissions: 5, MSL: 2, TimeWait: 4, Behaviours: b,
	}}
}

func (x *scaled) step(side, choice int) model.Event {
	ev := x.choose(side, choice)
	x.e.Step(&x.tcb[side], ev, &x.out)
	x.wire[side] = append(x.wire[side], x.out.Sent()...)
	if n := len(x.wire[side]); n > 6 {
		x.wire[side] = x.wire[side][n-6:]
	}
	return ev
}

func (x *scaled) choose(side, choice int) model.Event {
	kind, detail := choice%16, choice/16
	w := &x.wire[1-side]
	switch {
	case kind < 8 && len(*w) > 0:
		i := detail % len(*w)
		g := (*w)[i]
		if detail%5 > 0 { // else it comes again
			*w = slices.Delete(*w, i, i+1)
		}
		return model.Event{Kind: model.SegmentArrives, Segment: g, ISS: x.iss[side]}
	case !x.opened[side]:
		x.opened[side] = true
		return model.Event{Kind: model.EventKind(detail % 2), ISS: model.Seq(uint32(x.iss[side]) * uint32(1-detail%2))}
	case kind < 11 && x.octets[side] > 0:
		n := 1 + uint32(detail)%x.octets[side]
		x.octets[side] -= n
		return model.Event{Kind: model.Send, N: n, ISS: x.iss[side], Push: detail%3 == 0, Urgent: detail%4 == 0}
	case kind == 11:
		return model.Event{Kind: model.Receive, N: 1 + uint32(detail)%3}
	}
	kinds := []model.EventKind{
		model.RetransmissionTimeout, model.RetransmissionTimeout, model.Tick, model.ZeroWindowProbe,
		model.KeepAliveTimeout, model.Close, model.Abort, model.UserTimeout, model.UnreachableHard, model.Status,
	}
	return model.Event{Kind: kinds[detail%len(kinds)]}
}

// seen is what a step showed, with numbers modulo 16.
func (x *scaled) seen() any {
	sent := slices.Clone(x.out.Sent())
	for i := range sent {
		sent[i] = segment16(sent[i])
	}
	delivered := slices.Clone(x.out.Delivered())
	for i := range delivered {
		delivered[i].Seq &= 15
	}
	return []any{sent, delivered, x.out.Signals(), x.out.Path(), x.out.Rules()}
}

func segment16(g model.Segment) model.Segment {
	g.Seq &= 15
	g.Ack &= 15
	return g
}

func modulo16(t model.TCB) model.TCB {
	for _, n := range []*model.Seq{
		&t.ISS, &t.IRS, &t.SndUna, &t.SndNxt, &t.SndWl1, &t.SndWl2, &t.SndUp, &t.RcvNxt, &t.RcvUp, &t.OldSndNxt, &t.OldRcvNxt,
	} {
		*n &= 15
	}
	for i := range t.Held {
		t.Held[i] = segment16(t.Held[i])
	}
	return t
}
