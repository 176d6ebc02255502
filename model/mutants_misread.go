package model

// misreadMutants are bugs that come from misreading the RFC: what a student
// or a first implementation gets wrong.
var misreadMutants = []Mutant{
	{
		Name: "irs-off-by-one", Section: "3.10.7.2 third, 3.10.7.3 fourth",
		Meaning: "IRS is set to the number after the peer's SYN, so the two ends disagree on where the stream begins",
		Decorate: after(func(e *Endpoint, was TCB, _ Event, t *TCB, _ *Output) {
			if was.State <= SynSent && t.State >= SynReceived {
				t.IRS = e.Space.Add(t.IRS, 1)
			}
		}),
	},
	{
		Name: "text-in-syn-received", Section: "3.10.2 SYN-RECEIVED",
		Meaning: "a SEND in SYN-RECEIVED leaves at once, before the handshake has shown that the peer is there",
		Decorate: after(func(e *Endpoint, was TCB, ev Event, t *TCB, out *Output) {
			if ev.Kind == Send && was.State == SynReceived && t.Queued > was.Queued {
				out.Send(Segment{Seq: t.SndNxt, Ack: t.RcvNxt, Wnd: t.RcvWnd, Len: min(ev.N, e.Window), Flags: ACK})
			}
		}),
	},
	{
		Name: "fin-without-ack", Section: "3.1",
		Meaning: "a FIN carries no ACK, and the peer drops it in the fifth check",
		Decorate: after(func(_ *Endpoint, _ TCB, _ Event, _ *TCB, out *Output) {
			for i := range out.Sent() {
				if g := &out.sent[i]; g.Flags.Has(FIN) {
					g.Flags &^= ACK
					g.Ack = 0
				}
			}
		}),
	},
	{
		Name: "rst-for-unacceptable", Section: "3.5.2 group 3",
		Meaning: "an unacceptable segment in a connection draws a RST, not an ACK, so an old duplicate kills the connection",
		Decorate: after(func(_ *Endpoint, was TCB, ev Event, _ *TCB, out *Output) {
			if was.State.Synchronized() && fired(out, SequenceUnacceptable) && arrives(ev, ACK, RST) {
				for i := range out.Sent() {
					out.sent[i] = Segment{Seq: ev.Segment.Ack, Flags: RST}
				}
			}
		}),
	},
	{
		Name: "reset-unreported", Section: "3.6, MUST-12",
		Meaning: "the user is not told that a RST ended the connection",
		Decorate: after(func(_ *Endpoint, _ TCB, ev Event, _ *TCB, out *Output) {
			if arrives(ev, RST, 0) {
				dropSignals(out)
			}
		}),
	},
	{
		Name: "gives-up-silently", Section: "3.10.8 USER TIMEOUT",
		Meaning: "the user is not told that the connection was given up, and takes its text for delivered",
		Decorate: after(func(_ *Endpoint, _ TCB, ev Event, _ *TCB, out *Output) {
			if ev.Kind == UserTimeout {
				dropSignals(out)
			}
		}),
	},
	{
		Name: "acks-ahead", Section: "3.10.7.4 seventh",
		Meaning: "text is acknowledged with one number too many, as if it had a length field of its own",
		Decorate: after(func(e *Endpoint, was TCB, ev Event, t *TCB, _ *Output) {
			if mayReceive.has(was.State) && t.State == was.State && ev.Segment.Len > 0 && t.RcvNxt != was.RcvNxt {
				t.RcvNxt = e.Space.Add(t.RcvNxt, 1)
				t.RcvUp = t.RcvNxt
			}
		}),
	},
	{
		Name: "second-fin", Section: "3.10.4 FIN-WAIT-1",
		Meaning: "a second CLOSE emits a second FIN",
		Decorate: after(func(e *Endpoint, was TCB, ev Event, t *TCB, out *Output) {
			if ev.Kind == Close && ev.Refusal == Granted && was.State == FinWait1 && !was.CloseQueued {
				out.Send(Segment{Seq: t.SndNxt, Ack: t.RcvNxt, Wnd: t.RcvWnd, Flags: FIN | ACK})
				t.SndNxt = e.Space.Add(t.SndNxt, 1)
			}
		}),
	},
	{
		Name: "fin-ignored", Section: "3.10.7.4 eighth ESTABLISHED",
		Meaning: "a FIN in ESTABLISHED is overlooked",
		Decorate: before(func(_ *Endpoint, t *TCB, ev Event) Event {
			if t.State == Established && arrives(ev, FIN, 0) {
				ev.Segment.Flags &^= FIN
			}
			return ev
		}),
	},
	{
		Name: "fin-unacknowledged", Section: "3.10.7.4 eighth",
		Meaning: "the peer's FIN is taken but not acknowledged",
		Decorate: after(func(_ *Endpoint, was TCB, ev Event, t *TCB, out *Output) {
			if mayReceive.has(was.State) && !mayReceive.has(t.State) && t.State != Closed && arrives(ev, FIN, RST) {
				dropSent(out, func(g Segment) bool { return g.SegLen() == 0 && !isReset(g) })
			}
		}),
	},
	{
		Name: "close-wait-skipped", Section: "3.10.7.4 eighth ESTABLISHED",
		Meaning: "a FIN takes ESTABLISHED to LAST-ACK at once, as if both directions closed together",
		Decorate: after(func(_ *Endpoint, was TCB, _ Event, t *TCB, out *Output) {
			if was.State == Established && t.State == CloseWait {
				entersInstead(t, out, CloseWait, LastAck)
			}
		}),
	},
	{
		Name: "time-wait-on-fin-ack", Section: "3.10.7.4 fifth FIN-WAIT-1",
		Meaning: "the ACK of our FIN leads to TIME-WAIT, not to FIN-WAIT-2: the peer's FIN is not awaited",
		Decorate: after(func(e *Endpoint, was TCB, _ Event, t *TCB, out *Output) {
			if was.State == FinWait1 && t.State == FinWait2 {
				entersInstead(t, out, FinWait2, TimeWait)
				t.Timer = e.TimeWait
			}
		}),
	},
	{
		Name: "last-ack-waits", Section: "3.10.7.4 fifth LAST-ACK",
		Meaning: "the side that closes second waits too: LAST-ACK leads to TIME-WAIT",
		Decorate: after(func(e *Endpoint, was TCB, _ Event, t *TCB, out *Output) {
			if was.State == LastAck && t.State == Closed && fired(out, FinAckedInLastAck) {
				*t = was
				t.SndUna, t.SndUp, t.Timer = t.SndNxt, t.SndNxt, e.TimeWait
				t.State = TimeWait
				out.path[out.nPath-1] = TimeWait
			}
		}),
	},
}

// dropSignals takes back what the user was told.
func dropSignals(out *Output) {
	out.signals, out.nSignals = [MaxSignals]Signal{}, 0
}
