package blind

import "github.com/tcpcheck/tcpcheck/model"

// Attack is one kind of forged segment and what it is to bring about.
type Attack struct {
	Name    string // reset, syn or text
	Harm    string // what it does when it works
	Section string // of RFC 5961

	forge func(seq, ack model.Seq) model.Segment
	works func(s *Situation, after *model.TCB, out *model.Output) bool
}

// Attacks lists the blind attacks of RFC 5961. The slice is the caller's.
func Attacks() []Attack {
	return []Attack{
		{
			Name: "reset", Harm: "ends the connection", Section: "3",
			forge: func(seq, ack model.Seq) model.Segment {
				return model.Segment{Seq: seq, Ack: ack, Flags: model.RST | model.ACK}
			},
			works: ends,
		},
		{
			Name: "syn", Harm: "ends the connection", Section: "4",
			forge: func(seq, _ model.Seq) model.Segment { return model.Segment{Seq: seq, Flags: model.SYN} },
			works: ends,
		},
		{
			Name: "text", Harm: "puts an octet into what the user reads, or ends the connection", Section: "5",
			forge: func(seq, ack model.Seq) model.Segment {
				return model.Segment{Seq: seq, Ack: ack, Len: 1, Flags: model.ACK}
			},
			works: func(s *Situation, after *model.TCB, out *model.Output) bool {
				return len(out.Delivered()) > 0 || ends(s, after, out) ||
					after.NHeld > s.TCB.NHeld && s.delivers(*after)
			},
		},
	}
}

// ends tells whether the connection is gone: forgotten, or reset and waiting.
func ends(s *Situation, after *model.TCB, out *model.Output) bool {
	for _, g := range out.Signals() {
		if g == model.ConnectionReset || g == model.ConnectionRefused {
			return true
		}
	}
	return s.TCB.State > model.Listen && after.State <= model.Listen
}

// delivers tells whether text that is held reaches the user, or ends the
// connection, once the peer has sent what comes before it. The peer acknowledges
// nothing new with that.
func (s *Situation) delivers(t model.TCB) bool {
	honest := model.Segment{
		Seq: t.RcvNxt, Len: s.Endpoint.Space.Dist(t.RcvNxt, t.Held[0].Seq),
		Ack: t.SndUna, Wnd: t.SndWnd, Flags: model.ACK,
	}
	var out model.Output
	s.Endpoint.Step(&t, model.Event{Kind: model.SegmentArrives, Segment: honest}, &out)
	for _, d := range out.Delivered() {
		if d.Held >= 0 {
			return true
		}
	}
	return ends(s, &t, &out)
}
