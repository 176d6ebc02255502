package modeltest

import "github.com/tcpcheck/tcpcheck/model"

var openingProperties = []Property{
	{
		ID: "open-sends-syn", Source: "3.10.1",
		Meaning: "An active OPEN sends <SEQ=ISS><CTL=SYN> with the ISS that was chosen, and enters SYN-SENT; text of a SEND may travel on it, with its PSH and URG.",
		step:    openSendsSyn,
	},
	{
		ID: "syn-answered", Source: "3.10.7.2 third",
		Meaning: "A SYN in LISTEN is answered by <SEQ=ISS><ACK=SEG.SEQ+1><CTL=SYN,ACK>, and SYN-RECEIVED is entered.",
		step: func(s *step) string {
			return synAnswered(s, model.Listen)
		},
	},
	{
		ID: "simultaneous-open", Source: "3.5 figure 7, 3.10.7.3 fourth, MUST-10",
		Meaning: "A SYN without ACK in SYN-SENT is answered in the same way.",
		step: func(s *step) string {
			return synAnswered(s, model.SynSent)
		},
	},
	{
		ID: "established-after-ack", Source: "3.5, 3.10.7.3, 3.10.7.4 fifth",
		Meaning: "ESTABLISHED is entered only on an ACK of the SYN that was sent.",
		step:    establishedAfterAck,
	},
	{
		ID: "ack-establishes", Source: "3.10.7.3 fourth, 3.10.7.4 fifth SYN-RECEIVED",
		Meaning: "An acceptable ACK of the SYN, in SYN-SENT with the peer's SYN, leads to ESTABLISHED.",
		step:    ackEstablishes,
	},
	{
		ID: "syn-counted", Source: "3.4",
		Meaning: "A SYN occupies a number: what is acknowledged begins one above the SYN accepted.",
		step:    synCounted,
	},
	{
		ID: "passive-returns-to-listen", Source: "3.10.7.4 second and fourth, MUST-11",
		Meaning: "SYN-RECEIVED that came from LISTEN goes back there on a RST; one that came from SYN-SENT goes to CLOSED.",
		step:    passiveReturns,
	},
}

func openSendsSyn(s *step) string {
	if !s.entered(model.SynSent) || s.before.State == model.SynReceived {
		return "" // not opened, or back there
	}
	sent := s.out.Sent()
	ok := len(sent) == 1 && sent[0].Flags&^ofText(sent[0]) == model.SYN && sent[0].Seq == s.ev.ISS && s.after.State == model.SynSent
	return must(ok, "sent %v: want a SYN with SEQ=%d", showAll(sent), s.ev.ISS)
}

// ofText are the flags that a segment may have because of its text.
func ofText(g model.Segment) model.Flags {
	if g.Len == 0 {
		return 0
	}
	return model.PSH | model.URG
}

func synAnswered(s *step, in model.State) string {
	g, ok := s.arrives()
	if !ok || s.before.State != in || s.quiet() || g.BadSecurity || g.Flags&(model.SYN|model.ACK|model.RST) != model.SYN {
		return ""
	}
	iss := s.ev.ISS
	if in == model.SynSent {
		iss = s.was.iss
	}
	sent := s.out.Sent()
	answered := len(sent) == 1 && sent[0].Flags == model.SYN|model.ACK &&
		sent[0].Seq == iss && sent[0].Ack == s.e.Space.Add(g.Seq, 1)
	return must(answered && s.after.State == model.SynReceived,
		"a SYN led to %v and sent %v: want SYN-RECEIVED and <SEQ=%d><ACK=%d><CTL=SYN,ACK>",
		s.after.State, showAll(sent), iss, s.e.Space.Add(g.Seq, 1))
}

func establishedAfterAck(s *step) string {
	if !s.entered(model.Established) {
		return ""
	}
	g, ok := s.arrives()
	acked := ok && g.Flags.Has(model.ACK) && s.was.synned && s.e.Space.Above(s.was.iss, g.Ack, s.before.SndNxt)
	return must(acked, "ESTABLISHED on %v: no ACK of our SYN", describe(s.ev))
}

func ackEstablishes(s *step) string {
	g, ok := s.acknowledging()
	switch s.before.State {
	case model.SynSent:
		ok = s.ev.Kind == model.SegmentArrives && !g.BadSecurity && s.e.Space.Above(s.before.SndUna, g.Ack, s.before.SndNxt) &&
			g.Flags&(model.SYN|model.ACK|model.RST) == model.SYN|model.ACK
	case model.SynReceived:
	default:
		ok = false
	}
	return must(!ok || s.entered(model.Established), "%v did not lead to ESTABLISHED", show(g))
}

func synCounted(s *step) string {
	if !s.now.synced || s.after.State < model.SynReceived {
		return ""
	}
	if s.after.IRS != s.now.irs {
		return must(false, "IRS is %d, and the SYN was number %d", s.after.IRS, s.now.irs)
	}
	first := s.e.Space.Add(s.now.irs, 1)
	for _, g := range s.out.Sent() {
		if g.Flags.Has(model.ACK) && !g.Flags.Has(model.RST) && s.e.Space.Dist(first, g.Ack) > longest(s.e.Space) {
			return must(false, "%v does not acknowledge the SYN, number %d", show(g), s.now.irs)
		}
	}
	return ""
}

func passiveReturns(s *step) string {
	g, ok := s.arrives()
	if !ok || s.before.State != model.SynReceived || !g.Flags.Has(model.RST) || len(s.out.Path()) == 0 || s.before.Reopened {
		return ""
	}
	if s.was.passive {
		return must(s.out.Path()[0] == model.Listen, "RST in SYN-RECEIVED, reached from LISTEN, led to %v", s.out.Path())
	}
	if s.e.Behaviours.ActiveReset == model.ActiveResetReturns && s.after.State == model.SynSent {
		return ""
	}
	return must(s.after.State == model.Closed, "RST in SYN-RECEIVED, reached from SYN-SENT, led to %v", s.out.Path())
}
