package modeltest

import "github.com/tcpcheck/tcpcheck/model"

var closingProperties = []Property{
	{
		ID: "fin-acked", Source: "3.10.7.4 fifth",
		Meaning: "FIN-WAIT-2, TIME-WAIT from CLOSING, and CLOSED from LAST-ACK are entered only on an ACK of our FIN.",
		step:    finAckedOnly,
	},
	{
		ID: "fin-ack-counts", Source: "3.6, 3.10.7.4 fifth",
		Meaning: "An ACK of our FIN takes FIN-WAIT-1 to FIN-WAIT-2, or with the peer's FIN to TIME-WAIT, CLOSING to TIME-WAIT, LAST-ACK to CLOSED.",
		step:    finAckCounts,
	},
	{
		ID: "time-wait", Source: "3.6, MUST-13",
		Meaning: "Who closed before the peer's FIN came, and saw both FINs acknowledged, passes through TIME-WAIT.",
		step:    timeWait,
	},
	{
		ID: "time-wait-lasts", Source: "3.4.2, 3.6, 3.10.7.4 fifth, MUST-13",
		Meaning: "TIME-WAIT ends by time only when 2 MSL have passed since it was entered and since the peer's FIN came again.",
		step: func(s *step) string {
			b := s.e.Behaviours
			if s.before.State != model.TimeWait || s.after.State != model.Closed || s.ev.Kind != model.Tick ||
				b.FinInTimeWait != model.FinRestarts || s.e.TimeWait == 0 {
				return ""
			}
			ticks := s.was.ticks + 1
			return must(ticks >= int(s.e.TimeWait), "TIME-WAIT ended after %d ticks: want %d", ticks, s.e.TimeWait)
		},
	},
}

// finAcked tells whether the segment that arrives, or one held, acknowledges
// our FIN.
func (s *step) finAcked() bool {
	acks := func(g model.Segment) bool {
		return g.Flags.Has(model.ACK) && g.Ack == s.e.Space.Add(s.was.fin, 1)
	}
	g, ok := s.arrives()
	if !ok || !s.was.finSent {
		return false
	}
	for _, h := range s.before.Held[:s.before.NHeld] {
		if acks(h) {
			return true
		}
	}
	return acks(g)
}

func finAckedOnly(s *step) string {
	g, ok := s.arrives()
	if !ok || g.Flags.Has(model.RST) || g.BadSecurity || s.e.Behaviours.Syn == model.SynResets && g.Flags.Has(model.SYN) {
		return ""
	}
	needs := s.entered(model.FinWait2) ||
		s.before.State == model.Closing && s.after.State == model.TimeWait ||
		s.before.State == model.LastAck && s.after.State == model.Closed
	return must(!needs || s.finAcked(), "%v to %v on %v, which does not acknowledge our FIN", s.before.State, s.after.State, show(g))
}

func finAckCounts(s *step) string {
	g, ok := s.acknowledging()
	if !ok || !s.was.finSent || g.Ack != s.e.Space.Add(s.was.fin, 1) {
		return ""
	}
	want := s.after.State
	switch s.before.State {
	case model.FinWait1:
		if want = model.FinWait2; g.Flags.Has(model.FIN) {
			want = model.TimeWait
		}
		if s.e.Behaviours.CloseUnread == model.CloseResets || s.before.NHeld > 0 {
			return ""
		}
	case model.Closing:
		want = model.TimeWait
	case model.LastAck:
		want = model.Closed
	}
	return must(s.after.State == want, "%v acknowledges our FIN in %v and led to %v: want %v", show(g), s.before.State, s.after.State, want)
}

func timeWait(s *step) string {
	g, ok := s.arrives()
	first := s.before.State == model.FinWait1 || s.before.State == model.FinWait2 || s.before.State == model.Closing
	if !ok || !first || s.after.State != model.Closed || g.Flags.Has(model.RST) || g.BadSecurity || s.now.failed {
		return ""
	}
	return must(s.entered(model.TimeWait), "%v to CLOSED on %v, and not through TIME-WAIT", s.before.State, show(g))
}
