package model

// mutants, in the order of the sections that they break.
var mutants = concat(openingMutants, resetMutants, ackMutants, textMutants, sendingMutants, closingMutants, misreadMutants)

func concat(lists ...[]Mutant) (all []Mutant) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

var openingMutants = []Mutant{
	{
		Name: "two-way-handshake", Section: "3.10.7.2 third",
		Meaning: "a SYN in LISTEN leads to ESTABLISHED at once, so an old duplicate opens a connection",
		Decorate: after(func(e *Endpoint, was TCB, _ Event, t *TCB, out *Output) {
			if was.State == Listen && t.State == SynReceived {
				t.Passive = false
				enters(t, out, Established)
			}
		}),
	},
	{
		Name: "no-simultaneous-open", Section: "3.5 figure 7, MUST-10",
		Meaning: "a SYN without ACK in SYN-SENT is dropped, so two SYNs that cross open nothing",
		Decorate: ignoring(func(t *TCB, ev Event) bool {
			return t.State == SynSent && arrives(ev, SYN, ACK|RST)
		}),
	},
	{
		Name: "lost-passive-bit", Section: "3.10.7.4 second, MUST-11",
		Meaning: "SYN-RECEIVED forgets that it came from LISTEN, so a RST ends the listener",
		Decorate: after(func(_ *Endpoint, _ TCB, _ Event, t *TCB, _ *Output) {
			if t.State == SynReceived && !t.Reopened {
				t.Passive = false
			}
		}),
	},
	{
		Name: "syn-not-counted", Section: "3.4",
		Meaning: "the peer's SYN is acknowledged by its own number, not by the next",
		Decorate: after(func(e *Endpoint, _ TCB, _ Event, t *TCB, out *Output) {
			if t.RcvNxt == e.Space.Add(t.IRS, 1) {
				acksInstead(out, t.RcvNxt, t.IRS)
			}
		}),
	},
	{
		Name: "deliver-in-syn-received", Section: "3.10.7.2 third",
		Meaning: "text on a SYN is delivered before the handshake has shown that the SYN is new",
		Decorate: after(func(e *Endpoint, was TCB, _ Event, t *TCB, out *Output) {
			if was.State >= SynReceived || t.State != SynReceived || t.NHeld == 0 || t.Held[0].Len == 0 {
				return
			}
			n := t.Held[0].Len
			out.Deliver(Delivery{Seq: t.RcvNxt, N: n, Held: arrived})
			t.RcvNxt = e.Space.Add(t.RcvNxt, n)
			t.RcvUp = t.RcvNxt
			t.Held[0].Seq, t.Held[0].Len = t.RcvNxt, 0
		}),
	},
	{
		Name: "text-on-syn-lost", Section: "3.10.7.2 third",
		Meaning: "text on a SYN is counted as received and never delivered",
		Decorate: after(func(_ *Endpoint, was TCB, _ Event, _ *TCB, out *Output) {
			if was.SynPending {
				dropDelivered(out, func(d Delivery) bool { return d.Held != arrived })
			}
		}),
	},
}

var resetMutants = []Mutant{
	{
		Name: "any-rst", Section: "3.10.7.4 second",
		Meaning: "a RST is believed whatever its number, so anybody can end a connection",
		Decorate: before(func(_ *Endpoint, t *TCB, ev Event) Event {
			if t.State > SynSent && arrives(ev, RST, 0) {
				ev.Segment.Seq = t.RcvNxt
			}
			return ev
		}),
	},
	{
		Name: "rst-without-ack", Section: "3.10.7.3 second",
		Meaning: "SYN-SENT believes a RST that does not acknowledge the SYN",
		Decorate: before(func(_ *Endpoint, t *TCB, ev Event) Event {
			if t.State == SynSent && arrives(ev, RST, ACK) {
				ev.Segment.Flags |= ACK
				ev.Segment.Ack = t.SndNxt
			}
			return ev
		}),
	},
	{
		Name: "no-rst-on-bad-ack", Section: "3.5.2 group 2",
		Meaning: "an ACK of what was never sent draws no RST before ESTABLISHED, so an old connection is not found out",
		Decorate: after(func(_ *Endpoint, was TCB, ev Event, _ *TCB, out *Output) {
			if was.State > Closed && was.State < Established && arrives(ev, ACK, 0) && !ev.Segment.BadSecurity {
				dropSent(out, isReset)
			}
		}),
	},
	{
		Name: "closed-silent", Section: "3.10.7.1",
		Meaning: "CLOSED answers nothing, so a half-open connection is never found out",
		Decorate: ignoring(func(t *TCB, ev Event) bool {
			return t.State == Closed && ev.Kind == SegmentArrives
		}),
	},
	{
		Name: "rst-answers-rst", Section: "3.10.7.1",
		Meaning: "CLOSED answers a RST by a RST, and two of them never stop",
		Decorate: after(func(e *Endpoint, was TCB, ev Event, t *TCB, out *Output) {
			if was.State == Closed && arrives(ev, RST, 0) {
				r := run{e: e, t: t, out: out}
				r.resetAnswer(ev.Segment)
			}
		}),
	},
	{
		Name: "rst-wrong-number", Section: "3.5.2 group 1",
		Meaning: "a RST takes the number after the ACK that it answers, so the peer does not believe it",
		Decorate: after(func(e *Endpoint, _ TCB, ev Event, _ *TCB, out *Output) {
			for i := range out.Sent() {
				if g := &out.sent[i]; isReset(*g) && !g.Flags.Has(ACK) && arrives(ev, ACK, 0) {
					g.Seq = e.Space.Add(g.Seq, 1)
				}
			}
		}),
	},
	{
		Name: "rst-forgets-length", Section: "3.5.2 group 1",
		Meaning: "a RST acknowledges SEG.SEQ, not SEG.SEQ+SEG.LEN, so a SYN to nobody is never refused",
		Decorate: after(func(_ *Endpoint, _ TCB, ev Event, _ *TCB, out *Output) {
			for i := range out.Sent() {
				if g := &out.sent[i]; isReset(*g) && g.Flags.Has(ACK) && ev.Kind == SegmentArrives {
					g.Ack = ev.Segment.Seq
				}
			}
		}),
	},
	{
		Name: "no-challenge-ack", Section: "3.10.7.4 second (3), fourth",
		Meaning: "a RST in the window, or a SYN, in a connection draws no challenge ACK, so a peer that really lost it can't prove that",
		Decorate: after(func(_ *Endpoint, _ TCB, _ Event, _ *TCB, out *Output) {
			if fired(out, ResetChallenged, SynChallengeAck) {
				dropSent(out, every)
			}
		}),
	},
	{
		Name: "syn-kills", Section: "3.10.7.4 fourth",
		Meaning: "a SYN takes a connection down whatever its number, so anybody can end a connection",
		Decorate: before(func(_ *Endpoint, t *TCB, ev Event) Event {
			if t.State >= Established && arrives(ev, SYN, RST) {
				ev.Segment = Segment{Seq: t.RcvNxt, Flags: RST}
			}
			return ev
		}),
	},
	{
		Name: "abort-silent", Section: "3.10.5",
		Meaning: "ABORT sends no RST, so the peer waits for ever",
		Decorate: after(func(_ *Endpoint, _ TCB, ev Event, _ *TCB, out *Output) {
			if ev.Kind == Abort {
				dropSent(out, isReset)
			}
		}),
	},
	{
		Name: "security-ignored", Section: "3.10.7.4 third",
		Meaning: "a segment of another security/compartment is taken like any other",
		Decorate: before(func(_ *Endpoint, _ *TCB, ev Event) Event {
			ev.Segment.BadSecurity = false
			return ev
		}),
	},
}

var ackMutants = []Mutant{
	{
		Name: "any-ack", Section: "3.10.7.3 first",
		Meaning: "SYN-SENT takes any ACK for that of its SYN, so the answer to an old SYN opens a connection",
		Decorate: before(func(_ *Endpoint, t *TCB, ev Event) Event {
			if t.State == SynSent && arrives(ev, ACK, RST) {
				ev.Segment.Ack = t.SndNxt
			}
			return ev
		}),
	},
	{
		Name: "ack-not-checked", Section: "3.10.7.4 fifth",
		Meaning: "an ACK of what was never sent acknowledges all, also the SYN in SYN-RECEIVED",
		Decorate: before(func(e *Endpoint, t *TCB, ev Event) Event {
			if t.State >= SynReceived && arrives(ev, ACK, RST|SYN) &&
				(t.State == SynReceived || e.Space.Dist(t.SndNxt, ev.Segment.Ack) <= e.maxWindow()) {
				ev.Segment.Ack = t.SndNxt
			}
			return ev
		}),
	},
	{
		Name: "una-goes-back", Section: "3.4, 3.10.7.4 fifth",
		Meaning: "an old duplicate ACK takes SND.UNA back",
		Decorate: after(func(e *Endpoint, was TCB, ev Event, t *TCB, out *Output) {
			if fired(out, AckOld) && t.State.Synchronized() && t.State == was.State && !finAcked.has(t.State) &&
				e.Space.Dist(ev.Segment.Ack, t.SndNxt)+t.Queued <= e.maxWindow() && t.SndUp == t.SndUna {
				t.SndUna, t.SndUp = ev.Segment.Ack, ev.Segment.Ack
			}
		}),
	},
	{
		Name: "unacceptable-silent", Section: "3.10.7.4 first",
		Meaning: "an unacceptable segment is dropped without an ACK, so a peer whose ACK was lost repeats for ever",
		Decorate: after(func(_ *Endpoint, _ TCB, _ Event, _ *TCB, out *Output) {
			if fired(out, SequenceUnacceptable) {
				dropSent(out, every)
			}
		}),
	},
	{
		Name: "text-not-acked", Section: "3.10.7.4 seventh",
		Meaning: "text is delivered and not acknowledged",
		Decorate: after(func(_ *Endpoint, was TCB, _ Event, t *TCB, out *Output) {
			if fired(out, TextDelivered) && t.State == was.State {
				dropSent(out, func(g Segment) bool { return g.Flags == ACK && g.Len == 0 })
			}
		}),
	},
	{
		Name: "acks-cut-text", Section: "3.8.6, 3.10.7.4 first",
		Meaning: "text beyond the window, such as a window probe, is acknowledged though it was cut off",
		Decorate: after(func(e *Endpoint, was TCB, ev Event, t *TCB, out *Output) {
			g, s := ev.Segment, e.Space
			if mayReceive.has(was.State) && arrives(ev, 0, RST|SYN) && g.Len > 0 && mayReceive.has(t.State) {
				if end := s.Add(g.Seq, g.Len); g.Seq == was.RcvNxt && end != t.RcvNxt {
					acksInstead(out, t.RcvNxt, end)
				}
			}
		}),
	},
	{
		Name: "window-never-updated", Section: "3.10.7.4 fifth",
		Meaning: "the send window keeps its first value",
		Decorate: after(func(_ *Endpoint, was TCB, _ Event, t *TCB, _ *Output) {
			if was.State.Synchronized() && t.State.Synchronized() {
				t.SndWnd, t.SndWl1, t.SndWl2, t.MaxSndWnd = was.SndWnd, was.SndWl1, was.SndWl2, was.MaxSndWnd
			}
		}),
	},
}

var textMutants = []Mutant{
	{
		Name: "text-twice", Section: "3.10.7.4 first",
		Meaning: "the left edge is not trimmed: text that came before is delivered again with what follows it",
		Decorate: after(func(e *Endpoint, _ TCB, _ Event, _ *TCB, out *Output) {
			for i := range out.Delivered() {
				d := &out.delivered[i]
				d.Seq, d.N, d.Offset = e.Space.Sub(d.Seq, d.Offset), d.N+d.Offset, 0
			}
		}),
	},
	{
		Name: "text-above-taken", Section: "3.10.7.4 first",
		Meaning: "text above RCV.NXT is delivered as if it came next",
		Decorate: before(func(e *Endpoint, t *TCB, ev Event) Event {
			if arrives(ev, ACK, RST|SYN) && ev.Segment.Len > 0 && above(e, t, ev.Segment) {
				ev.Segment.Seq = t.RcvNxt
			}
			return ev
		}),
	},
	{
		Name: "fin-over-gap", Section: "3.10.7.4 first, eighth",
		Meaning: "a FIN above RCV.NXT is taken and the text missing before it counts as received",
		Decorate: before(func(e *Endpoint, t *TCB, ev Event) Event {
			if g := ev.Segment; mayReceive.has(t.State) && arrives(ev, ACK|FIN, RST|SYN) && above(e, t, g) {
				t.RcvNxt, t.RcvUp = g.Seq, g.Seq
				t.NHeld, t.Held = 0, [MaxHeld]Segment{}
			}
			return ev
		}),
	},
	{
		Name: "window-always-open", Section: "3.8.6",
		Meaning: "the whole buffer is offered although unread text fills it",
		Decorate: after(func(e *Endpoint, _ TCB, _ Event, _ *TCB, out *Output) {
			for i := range out.Sent() {
				if g := &out.sent[i]; !isReset(*g) {
					g.Wnd = e.Window
				}
			}
		}),
	},
	{
		Name: "window-update-silent", Section: "3.8.6",
		Meaning: "the user reads and nobody tells the peer that the window is open again",
		Decorate: after(func(_ *Endpoint, _ TCB, ev Event, _ *TCB, out *Output) {
			if ev.Kind == Receive {
				dropSent(out, every)
			}
		}),
	},
}

var sendingMutants = []Mutant{
	{
		Name: "ignore-window", Section: "3.8.6",
		Meaning: "text and FIN leave whatever the peer's window",
		Decorate: after(func(e *Endpoint, _ TCB, _ Event, t *TCB, out *Output) {
			r := run{e: e, t: t, out: out}
			switch t.State {
			case Established, FinWait1, CloseWait, Closing:
				if t.Queued > 0 {
					r.transmitText(t.Queued)
				}
				if t.CloseQueued {
					r.transmitFIN()
				}
			}
		}),
	},
	{
		Name: "no-retransmission", Section: "3.8.1, 3.10.8",
		Meaning: "nothing is ever repeated",
		Decorate: ignoring(func(_ *TCB, ev Event) bool {
			return ev.Kind == RetransmissionTimeout
		}),
	},
	{
		Name: "no-retransmit-syn-ack", Section: "3.10.8",
		Meaning: "a SYN,ACK that was lost is not repeated",
		Decorate: after(func(_ *Endpoint, was TCB, ev Event, _ *TCB, out *Output) {
			if ev.Kind == RetransmissionTimeout && was.State == SynReceived {
				dropSent(out, isSyn)
			}
		}),
	},
	{
		Name: "no-retransmit-fin", Section: "3.10.8",
		Meaning: "a FIN that was lost is not repeated",
		Decorate: after(func(_ *Endpoint, _ TCB, ev Event, _ *TCB, out *Output) {
			if ev.Kind != RetransmissionTimeout {
				return
			}
			dropSent(out, func(g Segment) bool { return g.Flags.Has(FIN) && g.Len == 0 })
			for i := range out.Sent() {
				out.sent[i].Flags &^= FIN
			}
		}),
	},
	{
		Name: "no-zero-window-probe", Section: "3.8.6.1, MUST-36",
		Meaning: "a window of zero is not probed, so a lost window update stops everything",
		Decorate: ignoring(func(_ *TCB, ev Event) bool {
			return ev.Kind == ZeroWindowProbe
		}),
	},
	{
		Name: "text-after-fin", Section: "3.6, 3.10.2 FIN-WAIT-1",
		Meaning: "a SEND after CLOSE still leaves, behind the FIN",
		Decorate: after(func(e *Endpoint, was TCB, ev Event, t *TCB, out *Output) {
			if ev.Kind == Send && ev.Refusal == Granted && closedByUser.has(was.State) && t.State == was.State && !t.CloseQueued {
				out.Send(Segment{Seq: t.SndNxt, Ack: t.RcvNxt, Wnd: t.RcvWnd, Len: min(ev.N, e.Window), Flags: ACK})
			}
		}),
	},
}

var closingMutants = []Mutant{
	{
		Name: "close-drops-queue", Section: "3.10.4 ESTABLISHED",
		Meaning: "CLOSE forgets text that was SENT and had not left, and the FIN takes its place",
		Decorate: before(func(e *Endpoint, t *TCB, ev Event) Event {
			if ev.Kind == Close && ev.Refusal != NoAccess && (t.State == Established || t.State == CloseWait) {
				unqueue(e, t)
			}
			return ev
		}),
	},
	{
		Name: "fin-not-counted", Section: "3.4, 3.10.7.4 eighth",
		Meaning: "RCV.NXT does not advance over the peer's FIN, so the FIN is never acknowledged",
		Decorate: after(func(e *Endpoint, _ TCB, _ Event, t *TCB, out *Output) {
			if fired(out, FinInEstablished, FinInFinWait1, FinInFinWait2, FinInTimeWaitRestarts, FinRemains) {
				right := t.RcvNxt
				t.RcvNxt = e.Space.Sub(right, 1)
				t.RcvUp = t.RcvNxt
				acksInstead(out, right, t.RcvNxt)
			}
		}),
	},
	{
		Name: "forget-half-close", Section: "3.6, 3.10.7.4 seventh",
		Meaning: "after our CLOSE the peer's text is dropped",
		Decorate: before(func(_ *Endpoint, t *TCB, ev Event) Event {
			if (t.State == FinWait1 || t.State == FinWait2) && arrives(ev, 0, RST|SYN) {
				return cutText(ev)
			}
			return ev
		}),
	},
	{
		Name: "fin-acked-by-any-ack", Section: "3.10.7.4 fifth FIN-WAIT-1",
		Meaning: "an ACK of text takes FIN-WAIT-1 to FIN-WAIT-2, so a FIN that was lost is not repeated",
		Decorate: after(func(e *Endpoint, was TCB, _ Event, t *TCB, out *Output) {
			if was.State != FinWait1 || t.State != FinWait1 || t.SndUna == was.SndUna || t.CloseQueued || t.SynPending {
				return
			}
			t.SndUna, t.SndUp = t.SndNxt, t.SndNxt
			if e.Behaviours.FinWait2 == FinWait2Timeout {
				t.Timer = e.TimeWait
			}
			enters(t, out, FinWait2)
			out.Signal(OK)
		}),
	},
	{
		Name: "fin-ack-missed", Section: "3.10.7.4 fifth, eighth FIN-WAIT-1",
		Meaning: "one segment acknowledges our FIN and carries the peer's: its ACK is overlooked, and CLOSING is entered",
		Decorate: before(func(e *Endpoint, t *TCB, ev Event) Event {
			if t.State == FinWait1 && t.finOutstanding() && arrives(ev, FIN|ACK, RST|SYN) && ev.Segment.Ack == t.SndNxt {
				ev.Segment.Ack = t.SndUna
			}
			return ev
		}),
	},
	{
		Name: "close-wait-silent", Section: "3.10.4 CLOSE-WAIT",
		Meaning: "CLOSE in CLOSE-WAIT sends no FIN, and both sides wait for ever",
		Decorate: ignoring(func(t *TCB, ev Event) bool {
			return t.State == CloseWait && ev.Kind == Close
		}),
	},
	{
		Name: "last-ack-any-ack", Section: "3.10.7.4 fifth LAST-ACK",
		Meaning: "any ACK takes LAST-ACK to CLOSED, so a FIN that was lost is not repeated",
		Decorate: after(func(_ *Endpoint, was TCB, ev Event, t *TCB, out *Output) {
			if was.State == LastAck && t.State == LastAck && arrives(ev, ACK, RST|SYN) &&
				ev.Segment.Seq == was.RcvNxt && !ev.Segment.BadSecurity {
				enters(t, out, Closed)
				*t = TCB{}
			}
		}),
	},
	{
		Name: "no-time-wait", Section: "3.6, MUST-13",
		Meaning: "CLOSED is entered where TIME-WAIT should be, so the last ACK can't be repeated",
		Decorate: after(func(_ *Endpoint, _ TCB, _ Event, t *TCB, out *Output) {
			entersInstead(t, out, TimeWait, Closed)
		}),
	},
	{
		Name: "closing-closes", Section: "3.10.7.4 fifth CLOSING",
		Meaning: "a simultaneous close ends in CLOSED, without TIME-WAIT",
		Decorate: after(func(_ *Endpoint, was TCB, _ Event, t *TCB, out *Output) {
			if was.State == Closing {
				entersInstead(t, out, TimeWait, Closed)
			}
		}),
	},
	{
		Name: "time-wait-1msl", Section: "3.6, MUST-13", NeedsIncarnations: true,
		Meaning: "TIME-WAIT lasts half as long as it should",
		Decorate: after(func(e *Endpoint, was TCB, ev Event, t *TCB, _ *Output) {
			if t.State == TimeWait && t.Timer == e.TimeWait && (was.State != TimeWait || was.Timer != t.Timer) {
				t.Timer = (e.TimeWait + 1) / 2
			}
		}),
	},
	{
		Name: "time-wait-one-tick", Section: "3.6, MUST-13", NeedsIncarnations: true,
		Meaning: "TIME-WAIT ends with the next tick, whatever the life of a segment",
		Decorate: after(func(_ *Endpoint, was TCB, _ Event, t *TCB, _ *Output) {
			if was.State != TimeWait && t.State == TimeWait && t.Timer > 1 {
				t.Timer = 1
			}
		}),
	},
	{
		Name: "time-wait-not-restarted", Section: "3.10.7.4 fifth TIME-WAIT", NeedsIncarnations: true,
		Meaning: "a repeated FIN in TIME-WAIT is acknowledged but does not start the 2 MSL anew",
		Decorate: after(func(_ *Endpoint, was TCB, ev Event, t *TCB, _ *Output) {
			if was.State == TimeWait && t.State == TimeWait && t.Timer > was.Timer {
				t.Timer = was.Timer
			}
		}),
	},
}
