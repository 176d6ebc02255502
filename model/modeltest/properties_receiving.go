package modeltest

import "github.com/tcpcheck/tcpcheck/model"

var receivingProperties = []Property{
	{
		ID: "unacceptable-acked", Source: "3.5.2 group 3, 3.10.7.4 first",
		Meaning: "A segment that Table 6 refuses is answered by an ACK, a RST by nothing, and it changes nothing.",
		step:    unacceptableAcked,
	},
	{
		ID: "delivered-in-order", Source: "3.4, 3.10.7.4 first and seventh",
		Meaning: "Text is delivered in the order of its numbers, each octet once, without a gap.",
		step:    deliveredInOrder,
	},
	{
		ID: "delivered-when-established", Source: "3.10.7.2 third, 3.10.7.4",
		Meaning: "No text is delivered before ESTABLISHED.",
		step: func(s *step) string {
			ok := s.delivered() == 0 || s.before.State.Synchronized() || s.entered(model.Established)
			return must(ok, "%d octets delivered in %v", s.delivered(), s.before.State)
		},
	},
	{
		ID: "text-delivered", Source: "3.10.7.4 seventh",
		Meaning: "Text that begins at RCV.NXT and fits into the window is delivered in ESTABLISHED.",
		step: func(s *step) string {
			if s.before.State != model.Established {
				return ""
			}
			return textDelivered(s)
		},
	},
	{
		ID: "half-close-receives", Source: "3.6, 3.10.7.4 seventh",
		Meaning: "The same in FIN-WAIT-1 and FIN-WAIT-2: who has closed still receives.",
		step: func(s *step) string {
			if s.before.State != model.FinWait1 && s.before.State != model.FinWait2 {
				return ""
			}
			return textDelivered(s)
		},
	},
	{
		ID: "syn-text-delivered", Source: "3.10.7.2 third, 3.10.7.3 fourth",
		Meaning: "Text that came on a SYN is not lost: it is delivered when ESTABLISHED is reached by an ACK that brings nothing else.",
		step:    synTextDelivered,
	},
	{
		ID: "fin-taken", Source: "3.10.7.4 eighth",
		Meaning: "A FIN that begins at RCV.NXT, or stands behind such text in the window, is taken.",
		step:    finTaken,
	},
	{
		ID: "rcv-nxt", Source: "3.3.1, 3.4",
		Meaning: "RCV.NXT is one above IRS plus what was delivered, plus one for the peer's FIN: nothing else counts, and a FIN counts once.",
		step:    rcvNxt,
	},
	{
		ID: "urgent", Source: "3.8.5, 3.10.7.4 sixth",
		Meaning: "RCV.UP never goes back behind RCV.NXT's way, and the user is told when urgent text begins.",
		step:    urgent,
	},
}

func unacceptableAcked(s *step) string {
	g, ok := s.unacceptable()
	t, b := &s.before, s.e.Behaviours
	switch {
	case !ok, b.Reset == model.ResetAny && g.Flags.Has(model.RST):
		return ""
	case t.RcvWnd == 0 && g.Seq == t.RcvNxt: // "special allowance"
		return must(g.Flags.Has(model.RST) || len(s.out.Sent()) > 0, "%v at a window of zero drew no ACK", show(g))
	case t.State == model.SynReceived && g.Flags.Has(model.SYN) && g.Seq == s.was.irs &&
		(b.RepeatedSyn == model.RepeatedSynSynAcked || b.SynAckInSynRcvd == model.SynAckEstablishes):
		return ""
	case t.State == model.TimeWait && g.Flags.Has(model.SYN) && b.SynInTimeWait == model.SynReopens:
		return ""
	case g.Flags.Has(model.RST):
		return must(len(s.out.Sent()) == 0 && s.after == s.before, "an unacceptable RST counted: %v", showAll(s.out.Sent()))
	}
	after := s.after
	after.Timer = t.Timer // a FIN restarts TIME-WAIT's
	return must(s.ackAnswer() && after == s.before, "unacceptable %v drew %v: want an ACK, and nothing changed", show(g), showAll(s.out.Sent()))
}

func deliveredInOrder(s *step) string {
	if !s.was.synced && !s.now.synced {
		return must(s.delivered() == 0, "delivered without a SYN")
	}
	space := s.e.Space
	next := s.was.rcvNxt(space)
	if !s.was.synced {
		next = space.Add(s.now.irs, 1)
	}
	for _, d := range s.out.Delivered() {
		g := s.ev.Segment
		if d.Held >= 0 {
			if int(d.Held) >= int(s.before.NHeld) {
				return must(false, "delivered text of held segment %d, and %d are held", d.Held, s.before.NHeld)
			}
			g = s.before.Held[d.Held]
		}
		first := g.Seq
		if g.Flags.Has(model.SYN) {
			first = space.Add(first, 1)
		}
		if first = space.Add(first, d.Offset); first != next || d.N == 0 || d.Offset+d.N > g.Len {
			return must(false, "delivered %d octets from number %d of %v: want from %d", d.N, first, show(g), next)
		}
		next = space.Add(next, d.N)
	}
	return ""
}

func textDelivered(s *step) string {
	g, ok := s.acknowledging()
	if !ok || g.Len == 0 || s.was.closed && s.e.Behaviours.CloseUnread == model.CloseResets {
		return ""
	}
	return must(s.delivered() >= g.Len, "of %v in %v %d octets were delivered", show(g), s.before.State, s.delivered())
}

func synTextDelivered(s *step) string {
	h := s.before.Held[0]
	onSyn := s.before.NHeld > 0 && h.Len > 0 && h.Seq == s.before.RcvNxt // else it is held above a gap
	if s.before.State != model.SynReceived || s.ev.Segment.SegLen() > 0 || !onSyn || !s.entered(model.Established) {
		return ""
	}
	return must(s.delivered() >= h.Len, "%d octets came on the SYN, and %d were delivered", h.Len, s.delivered())
}

func finTaken(s *step) string {
	g, ok := s.acknowledging()
	if !ok || !g.Flags.Has(model.FIN) || !receiving(s.before.State) ||
		s.was.closed && g.Len > 0 && s.e.Behaviours.CloseUnread == model.CloseResets {
		return ""
	}
	return must(s.now.peerFIN, "%v in %v led to %v", show(g), s.before.State, s.after.State)
}

func rcvNxt(s *step) string {
	if !s.now.synced || s.after.State < model.SynReceived {
		return ""
	}
	if s.after.State == model.TimeWait && s.e.Behaviours.AfterReset == model.ResetTimeWaits {
		return "" // entered by a reset, before the peer's FIN, which counts when it comes
	}
	want := s.now.rcvNxt(s.e.Space)
	return must(s.after.RcvNxt == want, "RCV.NXT is %d: want %d, IRS is %d, %d octets were delivered, FIN taken: %v",
		s.after.RcvNxt, want, s.now.irs, s.now.delivered, s.now.peerFIN)
}

func urgent(s *step) string {
	g, ok := s.acknowledging()
	if !ok || !g.Flags.Has(model.URG) || !receiving(s.before.State) || g.Up == 0 || s.before.RcvUp != s.before.RcvNxt {
		return ""
	}
	for _, x := range s.out.Signals() {
		if x == model.UrgentData {
			return ""
		}
	}
	return must(false, "%v, and the user was not told of urgent text", show(g))
}
