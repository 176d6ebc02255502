package modeltest

import (
	"github.com/tcpcheck/tcpcheck/model"
	"pgregory.net/rapid"
)

// Segment draws segments with any number, any flags, legal or not, and text of
// up to a little more than the window.
func Segment(e model.Endpoint) *rapid.Generator[model.Segment] {
	return rapid.Custom(func(t *rapid.T) model.Segment {
		return segment(t, e, number(e.Space).Draw(t, "SEG.SEQ"), number(e.Space).Draw(t, "SEG.ACK"))
	})
}

// SegmentFor draws segments whose numbers lie at the edges that matter to a
// TCB: left and right of its windows, its ISS and IRS, what it sent.
func SegmentFor(e model.Endpoint, t model.TCB) *rapid.Generator[model.Segment] {
	s := e.Space
	seqs := around(s, t.RcvNxt, s.Add(t.RcvNxt, t.RcvWnd), t.IRS)
	acks := around(s, t.SndUna, t.SndNxt, s.Sub(t.SndUna, t.MaxSndWnd), t.ISS)
	return rapid.Custom(func(rt *rapid.T) model.Segment {
		seq := rapid.OneOf(rapid.Just(t.RcvNxt), rapid.SampledFrom(seqs)).Draw(rt, "SEG.SEQ")
		ack := rapid.OneOf(rapid.Just(t.SndNxt), rapid.SampledFrom(acks)).Draw(rt, "SEG.ACK")
		return segment(rt, e, seq, ack)
	})
}

// around are the numbers, their neighbours, and some by the side.
func around(s model.Space, numbers ...model.Seq) []model.Seq {
	var list []model.Seq
	for _, n := range numbers {
		list = append(list, n, s.Sub(n, 1), s.Add(n, 1), s.Sub(n, 2), s.Add(n, 2))
	}
	return append(list, s.Add(numbers[0], longest(s)+1))
}

// usualFlags are those that peers send; the rest is drawn now and then.
var usualFlags = []model.Flags{
	model.ACK, model.ACK, model.PSH | model.ACK, model.FIN | model.ACK,
	model.SYN, model.SYN | model.ACK, model.RST, model.RST | model.ACK, model.URG | model.ACK,
}

func segment(t *rapid.T, e model.Endpoint, seq, ack model.Seq) model.Segment {
	g := model.Segment{
		Seq:         seq,
		Wnd:         few(min(2*e.Window, longest(e.Space))).Draw(t, "SEG.WND"),
		Len:         text(e).Draw(t, "length of text"),
		BadSecurity: rapid.IntRange(0, 11).Draw(t, "bad security") == 11,
		Flags: rapid.OneOf(
			rapid.SampledFrom(usualFlags), rapid.SampledFrom(usualFlags),
			rapid.Map(rapid.Uint8Max(uint8(model.AllFlags)), func(f uint8) model.Flags { return model.Flags(f) }),
		).Draw(t, "CTL"),
	}
	if g.Flags.Has(model.ACK) {
		g.Ack = ack
	}
	if g.Flags.Has(model.URG) {
		g.Up = rapid.Uint16Max(uint16(min(e.Window+1, 1<<16-1))).Draw(t, "SEG.UP")
	}
	return g
}

// text draws lengths: often none, at most two octets more than the window.
func text(e model.Endpoint) *rapid.Generator[uint32] {
	return rapid.OneOf(rapid.Just(uint32(0)), few(e.Window+2))
}
