package explore

import "github.com/tcpcheck/tcpcheck/model"

// timeWait is two connections, one after the other, between the same sockets;
// only the first sends and closes.
func timeWait(name, about string, isn ISN) Scenario {
	return base(name, about).
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{Opens: 1, Closes: 1} }).
		with(func(sc *Scenario) {
			sc.MSL, sc.FirstOnly, sc.ISN, sc.Bits = 2, true, isn, 4
			sc.Sides[0].Budget.Octets = 1
			if isn == ISNArbitrary {
				// Nobody gives up: a side that does skips TIME-WAIT.
				sc.Bits, sc.UserTimeout = 3, false
			}
		})
}

// reopened is a connection after which each side may open once more; only the
// first sends and ends.
func reopened(name, about string, isn ISN) Scenario {
	return timeWait(name, about, isn).
		each(func(s *SideSpec) { s.Budget = Budget{Opens: 1} })
}

// refusedTooLate is how a connection may be killed that nothing old reaches.
const refusedTooLate = "a SYN that found nobody is refused by <SEQ=0> (§3.10.7.1); the RST comes late, when the repeated SYN has opened the connection after all, and fits it if the peer's numbers happen to be there"

// activeOpenRefused is how an old SYN ends an active open.
const activeOpenRefused = "an old SYN that comes to SYN-SENT is taken for a simultaneous open; the peer's listener resets the SYN,ACK that answers it, and the RST ends the open (§3.10.7.4 second)"

// nobodyGivesUp is why a scenario without user timeouts can get stuck.
const nobodyGivesUp = "nobody gives up here: when all retransmissions are lost, what is outstanding stays so"

// incarnationPresets are two connections between the same sockets, one after
// the other: what does the first leave to the second, and what becomes of an
// end that forgot the first?
var incarnationPresets = []Scenario{
	timeWait("time-wait", "A sends an octet, both close, and each side opens once more: what is left of the first connection?", ISNClock).
		shows("no-half-open", "reset-in-closing-is-reported"),
	timeWait("constant-isn", "the same, and every connection begins with the same numbers", ISNConstant).
		shows("no-half-open", "reset-in-closing-is-reported").
		breaks("its connections all begin with the same numbers (against §3.4.1), so segments of the first one fit the second; TIME-WAIT does not help a side that gave up or was reset", "isn: clock",
			"no-stale-text", "delivered-was-sent", "no-false-connection", "received-was-sent", "stale-segment-kills-nothing", "stale-segment-moves-nothing"),
	timeWait("time-wait-arbitrary", "two graceful closes and a new connection whose numbers may be any: RFC 1337's hazards", ISNArbitrary).
		shows("no-half-open", "reset-in-closing-is-reported").
		breaks(nobodyGivesUp, "user-timeout: true", "no-deadlock").
		breaks("an old duplicate draws an ACK from TIME-WAIT, the ACK draws a RST, and the RST ends TIME-WAIT; the new connection then meets the old one's segments (RFC 1337)", "rst-in-time-wait: ignored for text, isn: clock for the rest",
			"no-stale-text", "delivered-was-sent", "no-false-connection", "agreed-numbers", "received-was-sent", "stale-segment-kills-nothing", "stale-segment-moves-nothing"),
	timeWait("time-wait-1337", "the same, and TIME-WAIT ignores RST, as RFC 1337 proposes", ISNArbitrary).
		with(func(sc *Scenario) { sc.Behaviours.RstInTimeWait = model.RstIgnored }).
		shows("no-half-open", "reset-in-closing-is-reported").
		breaks(nobodyGivesUp, "user-timeout: true", "no-deadlock").
		breaks("the side that closed last is CLOSED at once, and what it still sends or resets finds a new connection whose numbers may be any", "isn: clock",
			"no-false-connection", "received-was-sent", "stale-segment-kills-nothing", "stale-segment-moves-nothing"),
	timeWait("time-wait-1msl", "the same, and TIME-WAIT lasts one MSL only", ISNArbitrary).
		with(func(sc *Scenario) { sc.Behaviours.RstInTimeWait, sc.TimeWaitMSL = model.RstIgnored, 1 }).
		shows("no-half-open", "reset-in-closing-is-reported").
		breaks(nobodyGivesUp, "user-timeout: true", "no-deadlock").
		breaks("one MSL is not enough: a segment that the peer repeats just before it hears the last ACK outlives TIME-WAIT", "time-wait: 2",
			"no-stale-text", "delivered-was-sent", "no-false-connection", "agreed-numbers", "received-was-sent", "stale-segment-kills-nothing", "stale-segment-moves-nothing"),
	timeWait("time-wait-life", "TIME-WAIT ignores RST, and nothing stays unacknowledged for longer than one MSL: what two MSL do protect", ISNArbitrary).
		with(func(sc *Scenario) { sc.Behaviours.RstInTimeWait, sc.Life = model.RstIgnored, sc.MSL }).
		shows("no-half-open").
		breaks(refusedTooLate, "isn: clock", "stale-segment-kills-nothing"),
	timeWait("time-wait-long-life", "the same, and a segment may stay unacknowledged for one tick longer than one MSL", ISNArbitrary).
		with(func(sc *Scenario) { sc.Behaviours.RstInTimeWait, sc.Life = model.RstIgnored, sc.MSL+1 }).
		shows("no-half-open").
		breaks("the side that closes last repeats its FIN until its acknowledgment comes, so what it sent last lives for one MSL more: two MSL after the FIN came first, it may still be on its way", "life: 2",
			"no-false-connection", "received-was-sent", "stale-segment-kills-nothing", "stale-segment-moves-nothing"),
	reopened("reincarnation", "two graceful closes, either side first, and each side opens once more in either way", ISNClock).
		each(func(s *SideSpec) { s.Open, s.Budget.Closes = OpensEither, 1 }).
		shows("no-half-open", "reset-in-closing-is-reported"),
	base("reincarnation-deep", "two connections one after the other, the first from its handshake to its graceful close, with an octet from A").
		each(func(s *SideSpec) { s.Budget = Budget{Opens: 2, Closes: 1} }).
		with(func(sc *Scenario) {
			sc.Deep, sc.MSL, sc.FirstOnly, sc.ISN, sc.Bits = true, 2, true, ISNClock, 4
			sc.Sides[0].Budget.Octets = 1
		}).
		shows("no-half-open", "reset-in-closing-is-reported").
		breaks("who gave up answers an old SYN,ACK by a RST, and its number fits the listener's next connection, whose peer is gone as well", "",
			"stale-segment-kills-nothing"),
	reopened("abort-reopen", "one octet each way, either user aborts, and each side opens once more", ISNClock).
		each(func(s *SideSpec) { s.Budget.Octets, s.Budget.Aborts = 1, 1 }).
		shows("no-half-open"),
	reopened("abort-arbitrary", "A sends an octet and aborts, and each side opens once more, with any number: nobody waits in TIME-WAIT", ISNArbitrary).
		with(func(sc *Scenario) { sc.Sides[0].Budget.Octets, sc.Sides[0].Budget.Aborts = 1, 1 }).
		shows("no-half-open").
		breaks(nobodyGivesUp, "user-timeout: true", "no-deadlock").
		breaks("ABORT and the RST that it sends lead to CLOSED on both sides (§3.10.5, §3.10.7.4 second): no TIME-WAIT lets the segments die", "after-reset: time-wait, or isn: clock",
			"no-stale-text", "delivered-was-sent", "no-false-connection", "received-was-sent", "stale-segment-moves-nothing").
		breaks("the same, and a refusal that comes late", "isn: clock", "stale-segment-kills-nothing"),
	reopened("abort-time-wait", "the same, and the side that aborts waits in TIME-WAIT, as §3.5.2 asks", ISNArbitrary).
		with(func(sc *Scenario) {
			sc.Sides[0].Budget.Octets, sc.Sides[0].Budget.Aborts = 1, 1
			sc.Behaviours.AfterReset = model.ResetTimeWaits
		}).
		shows("no-half-open").
		breaks(nobodyGivesUp, "user-timeout: true", "no-deadlock").
		breaks(refusedTooLate, "isn: clock", "stale-segment-kills-nothing"),
	reopened("abort-unheard", "B aborts and waits in TIME-WAIT, which ignores RST; its RST may be lost, and A sends an octet; nothing stays unacknowledged for longer than one MSL", ISNArbitrary).
		with(func(sc *Scenario) {
			sc.Sides[0].Budget.Octets, sc.Sides[1].Budget.Aborts = 1, 1
			sc.Behaviours.AfterReset, sc.Behaviours.RstInTimeWait = model.ResetTimeWaits, model.RstIgnored
			sc.Life = sc.MSL
		}).
		shows("no-half-open").
		breaks("a peer that never hears of the RST still believes in the connection and sends on it when TIME-WAIT is over, however long that lasts (§3.5.2)", "isn: clock",
			"no-stale-text", "delivered-was-sent", "no-false-connection", "received-was-sent", "stale-segment-kills-nothing", "stale-segment-moves-nothing"),
	reopened("crash", "a half-open connection: A loses its memory and opens again, B sends or opens again (figures 9 and 10)", ISNClock).
		each(func(s *SideSpec) { s.Budget.Octets = 1 }).
		with(func(sc *Scenario) { sc.FirstOnly, sc.Sides[0].Budget.Crashes = false, 1 }).
		shows("no-half-open"),
	reopened("crash-arbitrary", "A sends an octet, loses its memory, does not keep quiet, and each side opens once more, with any number", ISNArbitrary).
		with(func(sc *Scenario) { sc.Sides[0].Budget.Octets, sc.Sides[0].Budget.Crashes = 1, 1 }).
		shows("no-half-open").
		breaks(nobodyGivesUp, "user-timeout: true", "no-deadlock").
		breaks("A has forgotten which numbers it used, and begins again while they are still in the network (§3.4.3)", "after-crash: quiet-time",
			"no-stale-text", "delivered-was-sent", "no-false-connection", "received-was-sent", "stale-segment-moves-nothing").
		breaks("the same, and a refusal that comes late", "isn: clock", "stale-segment-kills-nothing"),
	reopened("crash-quiet", "the same, and A keeps quiet for one MSL, as §3.4.3 asks", ISNArbitrary).
		with(func(sc *Scenario) {
			sc.Sides[0].Budget.Octets, sc.Sides[0].Budget.Crashes = 1, 1
			sc.Behaviours.AfterCrash = model.CrashQuiets
		}).
		shows("no-half-open").
		breaks(nobodyGivesUp, "user-timeout: true", "no-deadlock").
		breaks(refusedTooLate, "isn: clock", "stale-segment-kills-nothing"),
	reopened("crash-peer-sends", "the same, and it is B that sends: A's RST takes B to CLOSED, and what B sent is still in the network", ISNArbitrary).
		with(func(sc *Scenario) {
			sc.Sides[1].Budget.Octets, sc.Sides[0].Budget.Crashes = 1, 1
			sc.Behaviours.AfterCrash = model.CrashQuiets
		}).
		shows("no-half-open").
		breaks(nobodyGivesUp, "user-timeout: true", "no-deadlock").
		breaks("quiet time (§3.4.3) lets die what the side sent that crashed. Its peer sent until the RST came, and does not wait: who is reset is CLOSED at once (§3.10.7.4 second)", "isn: clock",
			"no-stale-text", "delivered-was-sent", "received-was-sent", "stale-segment-kills-nothing", "stale-segment-moves-nothing"),
	reopened("port-reuse", "both close, and A opens anew from the same port, with any number, while B may still be in TIME-WAIT, which takes a new SYN (MAY-2)", ISNArbitrary).
		with(func(sc *Scenario) {
			sc.Sides[0].Budget = Budget{Opens: 1, Octets: 1, Closes: 1}
			sc.Sides[1].Budget = Budget{Closes: 1}
			sc.Behaviours.SynInTimeWait = model.SynReopens
		}).
		shows("reset-in-closing-is-reported").
		breaks(nobodyGivesUp, "user-timeout: true", "no-deadlock"),
	base("old-duplicate", "an old SYN of A's, and each side opens either way (figures 8 and 11); an octet each way").
		each(func(s *SideSpec) { s.Open, s.Budget.Octets = OpensEither, 1 }).
		with(func(sc *Scenario) { sc.Sides[0].Old, sc.ISN = "<SEQ=6><WND=2><CTL=SYN>", ISNClock }).
		shows("no-half-open").
		breaks(activeOpenRefused, "active-reset: returns",
			"stale-segment-kills-nothing"),
	base("old-syn-active", "A listens, B opens actively, and an old SYN of A's finds B in SYN-SENT").
		with(func(sc *Scenario) {
			sc.Sides[0].Open, sc.Sides[1].Open = OpensPassively, OpensActively
			sc.Sides[0].Old = "<SEQ=6><WND=2><CTL=SYN>"
		}).
		shows("no-half-open").
		breaks(activeOpenRefused, "active-reset: returns", "stale-segment-kills-nothing"),
	base("old-syn-returned", "active-reset: returns: the same, and the RST takes B back to SYN-SENT").
		with(func(sc *Scenario) {
			sc.Sides[0].Open, sc.Sides[1].Open = OpensPassively, OpensActively
			sc.Sides[0].Old = "<SEQ=6><WND=2><CTL=SYN>"
			sc.Behaviours.ActiveReset = model.ActiveResetReturns
		}).
		shows("no-half-open"),
}
