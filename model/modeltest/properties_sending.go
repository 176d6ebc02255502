package modeltest

import "github.com/tcpcheck/tcpcheck/model"

var sendingProperties = []Property{
	{
		ID: "text-after-established", Source: "3.10.2",
		Meaning: "No text is sent before ESTABLISHED, unless on the SYN.",
		step:    textAfterEstablished,
	},
	{
		ID: "text-was-sent", Source: "3.4, 3.10.2",
		Meaning: "What is sent is what the user SENT: numbers from ISS+1, as many as octets were SENT.",
		step:    textWasSent,
	},
	{
		ID: "window-respected", Source: "3.3.1, 3.8.6",
		Meaning: "New text, and the FIN, lie within SND.UNA+SND.WND, a window probe excepted.",
		step:    windowRespected,
	},
	{
		ID: "nothing-after-fin", Source: "3.6, 3.10.2",
		Meaning: "Nothing new is sent after the FIN, and a FIN repeated has the number it had.",
		step:    nothingAfterFin,
	},
	{
		ID: "fin-behind-text", Source: "3.10.4",
		Meaning: "The FIN stands behind all octets that were SENT before CLOSE.",
		step: func(s *step) string {
			if !s.now.finSent || s.was.finSent {
				return ""
			}
			want := s.e.Space.Add(s.now.iss, 1+s.now.sent)
			return must(s.now.fin == want, "FIN has number %d: want %d, behind %d octets from %d", s.now.fin, want, s.now.sent, s.now.iss)
		},
	},
	{
		ID: "fin-leaves", Source: "3.10.4",
		Meaning: "After CLOSE the FIN is sent as soon as all text was, and the window has room.",
		step:    finLeaves,
	},
	{
		ID: "timeout-told", Source: "3.10.8 USER TIMEOUT",
		Meaning: "A USER TIMEOUT ends the connection, and the user is told.",
		step:    timeoutTold,
	},
	{
		ID: "retransmit-syn", Source: "3.8.1, 3.10.8",
		Meaning: "A RETRANSMISSION TIMEOUT in SYN-SENT repeats the SYN.",
		step: func(s *step) string {
			return repeats(s, s.before.State == model.SynSent, model.SYN)
		},
	},
	{
		ID: "retransmit-syn-ack", Source: "3.8.1, 3.10.8",
		Meaning: "In SYN-RECEIVED it repeats the SYN,ACK.",
		step: func(s *step) string {
			return repeats(s, s.before.State == model.SynReceived, model.SYN|model.ACK)
		},
	},
	{
		ID: "retransmit-text", Source: "3.8.1, 3.10.8",
		Meaning: "Where text is outstanding, it repeats the first octet.",
		step: func(s *step) string {
			return repeats(s, s.textOutstanding(), model.ACK)
		},
	},
	{
		ID: "retransmit-fin", Source: "3.8.1, 3.10.8",
		Meaning: "Where just the FIN is outstanding, it repeats the FIN.",
		step: func(s *step) string {
			return repeats(s, s.was.finSent && s.before.SndUna == s.was.fin, model.FIN|model.ACK)
		},
	},
}

func textAfterEstablished(s *step) string {
	for _, g := range s.out.Sent() {
		early := g.Len > 0 && !g.Flags.Has(model.RST) && s.after.State < model.Established && s.after.State != model.Closed
		if early && !(g.Flags.Has(model.SYN) && s.e.Behaviours.SynText == model.SynTextSent) {
			return must(false, "%v in %v", show(g), s.after.State)
		}
	}
	return ""
}

func textWasSent(s *step) string {
	if !s.now.synned {
		return ""
	}
	first := s.e.Space.Add(s.now.iss, 1)
	for _, g := range s.out.Sent() {
		if g.Len == 0 || g.Flags.Has(model.RST) {
			continue
		}
		from := g.Seq
		if g.Flags.Has(model.SYN) {
			from = first
		}
		if off := s.e.Space.Dist(first, from); off > s.now.sent || g.Len > s.now.sent-off {
			return must(false, "%v: %d octets were SENT, from number %d", show(g), s.now.sent, first)
		}
	}
	return ""
}

func windowRespected(s *step) string {
	t, space := &s.after, s.e.Space
	if t.State < model.Established || s.ev.Kind == model.ZeroWindowProbe {
		return ""
	}
	for _, g := range s.out.Sent() {
		last := space.Add(g.Seq, g.SegLen())
		if g.SegLen() == 0 || g.Flags&(model.SYN|model.RST) != 0 || space.Within(s.before.SndUna, last, s.before.SndNxt) {
			continue // nothing new
		}
		if n := space.Dist(t.SndUna, last); n > t.SndWnd {
			return must(false, "%v ends %d above SND.UNA=%d: SND.WND is %d", show(g), n, t.SndUna, t.SndWnd)
		}
	}
	return ""
}

func nothingAfterFin(s *step) string {
	if !s.was.finSent {
		return ""
	}
	space := s.e.Space
	for _, g := range s.out.Sent() {
		if g.SegLen() == 0 || g.Flags&(model.SYN|model.RST) != 0 {
			continue
		}
		end := space.Add(g.Seq, g.SegLen())
		behind := g.Flags.Has(model.FIN) && end != space.Add(s.was.fin, 1) ||
			!g.Flags.Has(model.FIN) && space.Dist(end, s.was.fin) > longest(space)
		if behind {
			return must(false, "%v: our FIN had number %d", show(g), s.was.fin)
		}
	}
	return ""
}

func finLeaves(s *step) string {
	t := &s.after
	closing := t.State == model.FinWait1 || t.State == model.CloseWait || t.State == model.Closing
	switch {
	case s.ev.Kind != model.SegmentArrives && s.ev.Kind != model.Close:
		return ""
	case !closing || !s.now.closed || s.now.finSent || t.Queued > 0 || t.SndWnd <= s.e.Outstanding(t):
		return ""
	}
	return must(false, "the user closed, nothing else waits, the window has room, and no FIN was sent")
}

func timeoutTold(s *step) string {
	if s.ev.Kind != model.UserTimeout || s.before.State == model.Closed {
		return ""
	}
	for _, g := range s.out.Signals() {
		if g == model.ErrUserTimeout {
			return must(s.after.State == model.Closed, "a USER TIMEOUT left the connection in %v", s.after.State)
		}
	}
	return must(false, "the user hears %v", s.out.Signals())
}

// textOutstanding tells whether the first number outstanding is text.
func (s *step) textOutstanding() bool {
	t := &s.before
	return t.State.Synchronized() && s.e.Outstanding(t) > 0 && t.SndUna != s.was.iss && !(s.was.finSent && t.SndUna == s.was.fin)
}

// repeats: a RETRANSMISSION TIMEOUT must repeat the front, with the flags.
func repeats(s *step, front bool, flags model.Flags) string {
	if s.ev.Kind != model.RetransmissionTimeout || !front || !s.e.CanRetransmit(&s.before) {
		return ""
	}
	for _, g := range s.out.Sent() {
		if g.Seq == s.before.SndUna && g.SegLen() > 0 && g.Flags.Has(flags) {
			return ""
		}
	}
	return must(false, "a timeout in %v with number %d unacknowledged sent %v", s.before.State, s.before.SndUna, showAll(s.out.Sent()))
}
