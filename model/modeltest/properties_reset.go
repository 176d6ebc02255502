package modeltest

import "github.com/tcpcheck/tcpcheck/model"

var resetProperties = []Property{
	{
		ID: "rst-answers-no-rst", Source: "3.5.2, 3.10.7.1",
		Meaning: "A RST is never answered by a RST.",
		step: func(s *step) string {
			g, ok := s.arrives()
			return must(!ok || !g.Flags.Has(model.RST) || s.resetSent() == nil, "a RST is answered by a RST")
		},
	},
	{
		ID: "rst-only-where", Source: "3.5.2, 3.10.5",
		Meaning: "A RST is sent by ABORT, and in answer to a segment in the cases of 3.5.2, and else never.",
		step: func(s *step) string {
			_, may := s.resetDue()
			g := s.resetSent()
			return must(g == nil || may, "%v has no cause", showOne(g))
		},
	},
	{
		ID: "rst-sent", Source: "3.5.2, 3.10.5, 3.10.7",
		Meaning: "It is sent in each of those cases.",
		step: func(s *step) string {
			due, _ := s.resetDue()
			return must(!due || s.resetSent() != nil, "%v in %v drew no RST", describe(s.ev), s.before.State)
		},
	},
	{
		ID: "rst-form", Source: "3.5.2, 3.10.5",
		Meaning: "A RST that answers an ACK has SEQ=SEG.ACK and no ACK; one that answers another segment has SEQ=0 and ACK=SEG.SEQ+SEG.LEN; that of ABORT has SEQ=SND.NXT.",
		step:    resetForm,
	},
	{
		ID: "rst-believed", Source: "3.10.7.3 second, 3.10.7.4 second",
		Meaning: "A RST changes something only if its number is RCV.NXT, in SYN-SENT only if it acknowledges the SYN.",
		step:    resetBelieved,
	},
	{
		ID: "rst-obeyed", Source: "3.10.7.3 second, 3.10.7.4 second",
		Meaning: "Then it ends the connection, and the user is told.",
		step:    resetObeyed,
	},
	{
		ID: "challenge-ack", Source: "3.10.7.4 second (3) and fourth",
		Meaning: "A RST elsewhere in the window, or a SYN, draws <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> and changes nothing.",
		step:    challengeAck,
	},
	{
		ID: "security", Source: "3.10.7.4 third",
		Meaning: "Nothing of a segment of another security/compartment is acknowledged or delivered.",
		step: func(s *step) string {
			g, ok := s.arrives()
			if !ok || !g.BadSecurity || s.after.State <= model.Listen || s.before.State <= model.Listen {
				return ""
			}
			ignored := s.delivered() == 0 && (s.after.SndUna == s.before.SndUna || s.after.State == model.TimeWait)
			return must(ignored, "%v counted", show(g))
		},
	},
}

// resetSent is the RST that was sent; nil if there is none.
func (s *step) resetSent() *model.Segment {
	for i, g := range s.out.Sent() {
		if g.Flags.Has(model.RST) {
			return &s.out.Sent()[i]
		}
	}
	return nil
}

// resetDue tells whether a RST must be sent, and whether it may.
func (s *step) resetDue() (due, may bool) {
	state := s.before.State
	g, arrived := s.arrives()
	switch {
	case s.ev.Kind == model.Abort:
		due = state >= model.SynReceived && state <= model.CloseWait && s.ev.Refusal == model.Granted
		return due, due
	case s.ev.Kind == model.Close:
		return false, s.e.Behaviours.CloseUnread == model.CloseResets && s.was.delivered > s.was.read
	case !arrived || g.Flags.Has(model.RST) || s.quiet():
		return false, false
	}
	ack := g.Flags.Has(model.ACK)
	ours := s.e.Space.Above(s.before.SndUna, g.Ack, s.before.SndNxt)
	switch state {
	case model.Closed:
		due = true
	case model.Listen:
		due = ack || g.Flags.Has(model.SYN) && g.BadSecurity
	case model.SynSent:
		due = ack && !ours || g.BadSecurity
	case model.SynReceived:
		plain, ok := s.connected()
		due = ok && !ours || s.misfit()
		may = plain.BadSecurity || ack && !ours || g.Flags.Has(model.SYN) && s.e.Behaviours.SynReceivedSyn == model.SynRefused
	default:
		due = s.misfit()
		may = g.BadSecurity
	}
	b := s.e.Behaviours
	may = may || g.Flags.Has(model.SYN) && b.Syn == model.SynResets && state >= model.SynReceived
	may = may || s.textComes() && b.CloseUnread == model.CloseResets && s.was.closed
	return due, due || may
}

// misfit tells whether a segment arrives whose security differs and that the
// first two checks let pass.
func (s *step) misfit() bool {
	g, ok := s.arrives()
	return ok && g.BadSecurity && g.Flags&(model.RST|model.SYN) == 0 && g.Seq == s.before.RcvNxt && g.SegLen() <= s.before.RcvWnd
}

func resetForm(s *step) string {
	g := s.resetSent()
	if g == nil {
		return ""
	}
	want := model.Segment{Seq: s.before.SndNxt, Flags: model.RST}
	if asked, ok := s.arrives(); ok && asked.Flags.Has(model.ACK) {
		want.Seq = asked.Ack
	} else if ok {
		want = model.Segment{Ack: s.e.Space.Add(asked.Seq, asked.SegLen()), Flags: model.RST | model.ACK}
	}
	if s.e.Behaviours.CloseUnread == model.CloseResets {
		return "" // SHLD-3 names no form
	}
	got := *g
	got.Wnd = 0 // it means nothing
	return must(got == want, "%v: want %v", show(got), show(want))
}

// believable tells whether a RST must be believed; arrived is false if none
// arrives where it could end anything.
func (s *step) believable() (yes, arrived bool) {
	g, ok := s.arrives()
	t, space := &s.before, s.e.Space
	if !ok || !g.Flags.Has(model.RST) || t.State < model.SynSent {
		return false, false
	}
	if t.State == model.SynSent {
		return g.Flags.Has(model.ACK) && space.Above(t.SndUna, g.Ack, t.SndNxt), true
	}
	switch s.e.Behaviours.Reset {
	case model.ResetAny:
		return true, true
	case model.ResetInWindow:
		return g.Seq == t.RcvNxt || space.InWindow(t.RcvNxt, g.Seq, t.RcvWnd), true
	}
	return g.Seq == t.RcvNxt, true
}

func resetBelieved(s *step) string {
	yes, ok := s.believable()
	return must(!ok || yes || s.after.State == s.before.State, "%v led from %v to %v", show(s.ev.Segment), s.before.State, s.after.State)
}

func resetObeyed(s *step) string {
	yes, ok := s.believable()
	if !ok || !yes || s.before.Reopened || s.before.State == model.TimeWait && s.e.Behaviours.RstInTimeWait == model.RstIgnored {
		return ""
	}
	if s.after.State == model.SynSent && s.before.State == model.SynReceived && s.e.Behaviours.ActiveReset == model.ActiveResetReturns {
		return ""
	}
	if s.after.State > model.Listen {
		return must(false, "%v left the connection in %v", show(s.ev.Segment), s.after.State)
	}
	told := model.ConnectionReset
	switch s.before.State {
	case model.SynReceived:
		if s.was.passive {
			return ""
		}
		told = model.ConnectionRefused
	case model.Closing, model.LastAck, model.TimeWait:
		return ""
	}
	for _, g := range s.out.Signals() {
		if g == told {
			return ""
		}
	}
	return must(false, "the user hears %v: want %q", s.out.Signals(), told)
}

func challengeAck(s *step) string {
	g, ok := s.arrives()
	t, b := &s.before, s.e.Behaviours
	if !ok || g.Seq == t.RcvNxt && g.Flags.Has(model.RST) || !s.e.Space.InWindow(t.RcvNxt, g.Seq, t.RcvWnd) {
		return ""
	}
	switch {
	case t.State < model.SynReceived:
		return ""
	case g.Flags.Has(model.RST) && b.Reset == model.ResetExact:
	case g.Flags&(model.RST|model.SYN) == model.SYN && t.State.Synchronized() && !g.BadSecurity &&
		b.Syn == model.SynChallenged && b.SynInTimeWait == model.SynAnswered:
	default:
		return ""
	}
	unchanged := s.after == s.before || t.State == model.TimeWait
	return must(s.ackAnswer() && unchanged, "%v drew %v: want a challenge ACK, and nothing changed", show(g), showAll(s.out.Sent()))
}
