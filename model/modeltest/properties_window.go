package modeltest

import "github.com/tcpcheck/tcpcheck/model"

var windowProperties = []Property{
	{
		ID: "window-offered", Source: "3.3.1, 3.8.6",
		Meaning: "No window is offered that the buffer has no room for.",
		step:    windowOffered,
	},
	{
		ID: "window-not-shrunk", Source: "3.8.6, SHLD-14",
		Meaning: "The right edge of the window offered never goes back.",
		step: func(s *step) string {
			ok := !s.was.offered || !s.now.offered || s.after.State < model.Established ||
				s.e.Space.Dist(s.was.edge, s.now.edge) <= longest(s.e.Space)
			return must(ok, "the right edge went from %d to %d", s.was.edge, s.now.edge)
		},
	},
	{
		ID: "window-taken", Source: "3.10.7.4 fifth",
		Meaning: "SND.WND becomes the window of a segment that acknowledges what was sent, is in order, acceptable, and not older than the last update; only a segment changes it.",
		step:    windowTaken,
	},
	{
		ID: "window-update-sent", Source: "3.8.6.2.2",
		Meaning: "Where the last window offered was zero and the user has read all, the new window is reported.",
		step:    windowUpdateSent,
	},
	{
		ID: "zero-window-probe", Source: "3.8.6.1, MUST-36",
		Meaning: "Text or a FIN that waits behind a window of zero is probed: one number is sent.",
		step: func(s *step) string {
			if s.ev.Kind != model.ZeroWindowProbe || !s.e.CanProbe(&s.before) {
				return ""
			}
			sent := s.out.Sent()
			ok := len(sent) == 1 && sent[0].Seq == s.before.SndNxt && sent[0].SegLen() == 1
			return must(ok, "the probe is %v: want one number, %d", showAll(sent), s.before.SndNxt)
		},
	},
}

func windowOffered(s *step) string {
	room := s.e.Window - min(s.e.Window, s.unread())
	for _, g := range s.out.Sent() {
		if g.Flags.Has(model.RST) {
			continue
		}
		most := room
		if g.Flags.Has(model.ACK) && s.after.State >= model.SynReceived {
			most += s.e.Space.Dist(g.Ack, s.after.RcvNxt) // taken later in the step
		}
		if g.Wnd > most {
			return must(false, "%v: the buffer has room for %d", show(g), most)
		}
	}
	return ""
}

// unread is how many octets the user has not read, after the step.
func (s *step) unread() uint32 {
	if !s.e.SlowReader {
		return 0
	}
	return s.now.delivered - s.now.read
}

func windowTaken(s *step) string {
	t, was := &s.after, &s.before
	if !was.State.Synchronized() || !t.State.Synchronized() || was.NHeld > 0 {
		return ""
	}
	g, ok := s.acknowledging()
	switch t.State {
	case model.Established, model.FinWait1, model.FinWait2, model.CloseWait:
	default:
		ok = false // little or nothing more is sent
	}
	if s.e.Space.Dist(was.SndWl1, g.Seq) > longest(s.e.Space) {
		ok = false // a segment above it came first
	}
	if want := min(g.Wnd, longest(s.e.Space)); ok && t.SndWnd != want {
		return must(false, "%v left SND.WND at %d: want %d", show(g), t.SndWnd, want)
	}
	return must(t.SndWnd == was.SndWnd || s.ev.Kind == model.SegmentArrives, "SND.WND went from %d to %d on %v", was.SndWnd, t.SndWnd, describe(s.ev))
}

func windowUpdateSent(s *step) string {
	shut := s.was.offered && s.was.edge == s.before.RcvNxt
	if s.ev.Kind != model.Receive || !shut || s.was.delivered == s.was.read || s.unread() > 0 || !receiving(s.after.State) {
		return ""
	}
	for _, g := range s.out.Sent() {
		if g.Flags.Has(model.ACK) && g.Wnd > 0 {
			return ""
		}
	}
	return must(false, "the user read all, and the peer is not told")
}
