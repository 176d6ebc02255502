package explore

import "github.com/tcpcheck/tcpcheck/model"

// connected is what a preset starts from that begins with a connection: what
// both users may do on it.
func connected(name, about string, may Budget) Scenario {
	return base(name, about).each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, may })
}

// chooses changes choices of both endpoints.
func (sc Scenario) chooses(change func(*model.Behaviours)) Scenario {
	change(&sc.Behaviours)
	return sc
}

// rarePresets are small scenarios in which fire the rules of RFC 9293 that an
// ordinary connection never meets, and those of choices that it offers.
var rarePresets = []Scenario{
	base("asides", "a connection from its opening to its end, and B's user asks what it need not or may not: STATUS, a second OPEN, calls that are refused").
		each(func(s *SideSpec) { s.Budget.Closes = 1 }).
		with(func(sc *Scenario) {
			sc.Order, sc.Loss, sc.Capacity = FIFO, 0, 4
			sc.Sides[1].Open, sc.Sides[1].Budget.Asides = OpensEither, 1
		}).
		shows("reset-in-closing-is-reported"),
	base("early-calls", "B's user SENDs and closes as soon as it may, also before the handshake is complete").
		with(func(sc *Scenario) { sc.Sides[1].Budget.Octets, sc.Sides[1].Budget.Closes = 1, 1 }).
		shows("no-half-open"),
	connected("window-close", "A's user sends an octet and closes into a window of one; B's user reads and closes when it likes", Budget{Closes: 1}).
		with(func(sc *Scenario) { sc.Window, sc.Sides[0].Budget.Octets, sc.Sides[1].Slow = 1, 1, true }).
		shows("no-half-open", "no-silent-loss", "reset-in-closing-is-reported"),
	connected("crash-close", "a connection that each user closes, and B crashes at any moment", Budget{Closes: 1}).
		with(func(sc *Scenario) { sc.Sides[1].Budget.Crashes = 1 }).
		shows("no-half-open", "reset-in-closing-is-reported"),
	connected("urgent", "a connection on which A's user SENDs urgent text", Budget{}).
		with(func(sc *Scenario) {
			sc.Sides[0].Urgent, sc.Sides[0].Budget.Octets = true, 2
			sc.Sides[1].Slow = true
		}).
		shows("no-half-open"),
	connected("keep-alives", "a connection that each user closes, whose side B may crash; A sends nothing but keep-alives", Budget{Closes: 1}).
		with(func(sc *Scenario) {
			sc.Sides[0].Budget.KeepAlives, sc.Sides[1].Budget.Crashes = 1, 1
		}).
		shows("no-half-open", "reset-in-closing-is-reported"),
	connected("unreachable-close", "a connection that each user closes, and the network reports at any moment that B can't be reached", Budget{Closes: 1}).
		with(func(sc *Scenario) { sc.Sides[0].Budget.SoftErrors, sc.Sides[0].Budget.HardErrors = 1, 1 }).
		shows("no-half-open", "reset-in-closing-is-reported"),
	connected("reset-in-time-wait", "rst-in-time-wait: ignored: a connection that each user closes, and TIME-WAIT is not cut short", Budget{Closes: 1}).
		chooses(func(b *model.Behaviours) { b.RstInTimeWait = model.RstIgnored }).
		with(func(sc *Scenario) { sc.MSL = 2 }).
		shows("no-half-open", "reset-in-closing-is-reported"),
	connected("abort-close", "a connection that each user closes, and aborts when it likes", Budget{Closes: 1, Aborts: 1}).
		shows("reset-in-closing-is-reported"),
	connected("half-duplex-close", "close-unread: resets: B's user closes with text unread, or while A still sends", Budget{Closes: 1}).
		chooses(func(b *model.Behaviours) { b.CloseUnread = model.CloseResets }).
		with(func(sc *Scenario) {
			sc.Sides[0].Budget, sc.Sides[1].Slow = Budget{Octets: 2}, true
		}).
		shows("no-half-open"),
	connected("fin-wait-2-timeout", "fin-wait-2: timeout: A closes, B's user perhaps never", Budget{Closes: 1}).
		chooses(func(b *model.Behaviours) { b.FinWait2 = model.FinWait2Timeout }).
		with(func(sc *Scenario) { sc.MSL = 2 }).
		shows("reset-in-closing-is-reported"),
	connected("reset-time-wait", "after-reset: time-wait: each user aborts when it likes, and A opens once more", Budget{Octets: 1, Aborts: 1}).
		chooses(func(b *model.Behaviours) { b.AfterReset = model.ResetTimeWaits }).
		with(func(sc *Scenario) {
			sc.MSL, sc.FirstOnly, sc.ISN = 2, true, ISNClock
			sc.Sides[0].Budget.Opens, sc.Sides[1].Budget = 1, Budget{Opens: 1}
		}).
		shows("no-half-open"),
	connected("quiet-after-crash", "after-crash: quiet-time: A crashes and opens anew, and keeps quiet for one MSL before", Budget{Octets: 1}).
		chooses(func(b *model.Behaviours) { b.AfterCrash = model.CrashQuiets }).
		with(func(sc *Scenario) {
			sc.MSL, sc.FirstOnly, sc.ISN = 2, true, ISNClock
			sc.Sides[0].Open, sc.Sides[0].Budget = OpensEither, Budget{Octets: 1, Opens: 1, Crashes: 1}
		}).
		shows("no-half-open"),
	connected("reopen", "syn-in-time-wait: reopens: A has closed and waits in TIME-WAIT; B opens anew, and an old SYN of B's is about", Budget{Closes: 1}).
		chooses(func(b *model.Behaviours) { b.SynInTimeWait = model.SynReopens }).
		with(func(sc *Scenario) {
			sc.Bits, sc.ISN, sc.FirstOnly = 4, ISNClock, true
			sc.Sides[1].Open, sc.Sides[1].Budget.Opens, sc.Sides[1].Old = OpensActively, 1, "<SEQ=9><WND=2><CTL=SYN>"
		}).
		shows("no-half-open", "reset-in-closing-is-reported"),
	base("kernels", "repeated-syn: syn-ack, syn-ack-in-syn-received: establishes, syn-received-syn: refused: what kernels do in SYN-RECEIVED, where a near SYN of old finds them").
		chooses(func(b *model.Behaviours) {
			b.RepeatedSyn, b.SynAckInSynRcvd, b.SynReceivedSyn = model.RepeatedSynSynAcked, model.SynAckEstablishes, model.SynRefused
		}).
		with(func(sc *Scenario) {
			sc.Sides[1].Open = OpensEither
			sc.Sides[0].Old = "<SEQ=2><WND=2><CTL=SYN>"
		}).
		shows("no-half-open").
		breaks("a SYN in the window of SYN-RECEIVED ends an active open, and an old one lies there as well as a new one.", "syn-received-syn: returns, which challenges it",
			"stale-segment-kills-nothing"),
	base("near-syn", "an old SYN of A's, one number above the new one, reaches B in SYN-RECEIVED").
		with(func(sc *Scenario) { sc.Sides[0].Old = "<SEQ=2><WND=2><CTL=SYN>" }).
		shows("no-half-open"),
	connected("held", "out-of-order: held, out-of-order-answer: ack: A sends two octets and closes, and they overtake each other", Budget{}).
		chooses(func(b *model.Behaviours) {
			b.OutOfOrder, b.OutOfOrderAnswer = model.OutOfOrderHeld, model.OutOfOrderAcked
		}).
		with(func(sc *Scenario) { sc.Sides[0].Budget = Budget{Octets: 2, Closes: 1} }).
		shows("no-half-open"),
	base("noted-errors", "hard-errors: noted: the network reports that a side can't be reached, and the other keeps the connection").
		chooses(func(b *model.Behaviours) { b.HardErrors = model.HardErrorsNoted }).
		with(func(sc *Scenario) {
			sc.Sides[0].Budget.HardErrors = 1
			sc.Sides[1].Budget.HardErrors, sc.Sides[1].Budget.SoftErrors = 1, 1
		}).
		shows("no-half-open"),
	base("without-rfc5961", "an old SYN and an old ACK of A's meet endpoints without the mitigations of RFC 5961").
		with(func(sc *Scenario) {
			_ = sc.SetVariant("rfc793")
			sc.Sides[0].Old = "<SEQ=2><WND=2><CTL=SYN> <SEQ=2><ACK=7><WND=2><CTL=ACK>"
		}).
		shows("no-half-open").
		breaks("in RFC 793 a SYN in the window resets the connection, and an old one lies there as well as a new one.", "RFC 5961: syn: challenged",
			"stale-segment-kills-nothing"),
	base("stranger", "segments of another security compartment are about in both directions while A opens to B").
		with(func(sc *Scenario) {
			sc.Sides[0].Old = "<SEQ=2><ACK=6><WND=2><CTL=ACK><SEC=bad>"
			sc.Sides[1].Old = "<SEQ=5><ACK=2><WND=2><CTL=SYN,ACK><SEC=bad>"
		}).
		shows("no-half-open").
		breaks("a segment in the window of another security compartment ends the connection (§3.10.7.4 third), whoever sent it.", "nothing in the RFC's text",
			"stale-segment-kills-nothing"),
	connected("beyond-fin", "A closes, and what an older connection sent lies behind its FIN: urgent text, and another FIN", Budget{Closes: 1}).
		with(func(sc *Scenario) {
			sc.Sides[0].Old = "<SEQ=3><ACK=6><WND=2><UP=1><CTL=ACK,URG><DATA=1> <SEQ=3><ACK=6><WND=2><CTL=FIN,ACK>"
		}).
		shows("no-half-open", "reset-in-closing-is-reported").
		breaks("the numbers of the old connection fit this one (against §3.4.1), and a second FIN is counted (§3.10.7.4 eighth).", "ISNs above all that was used (§3.4.1)",
			"received-was-sent", "fin-counted-once", "stale-segment-kills-nothing", "stale-segment-moves-nothing"),
	base("odd-segments", "segments that no TCP sends reach B from its listening on: a FIN without ACK, a RST with text that begins below the window").
		with(func(sc *Scenario) { sc.Sides[0].Old = "<SEQ=6><CTL=FIN> <SEQ=1><CTL=RST><DATA=2>" }).
		shows("no-half-open"),
}
