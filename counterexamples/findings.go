package counterexamples

// holes are runs in which the endpoint follows RFC 9293 by the letter, and that
// break a property all the same.
var holes = []entry{
	{
		file: "close-in-syn-received", title: "CLOSE in SYN-RECEIVED passes the three-way handshake by",
		cause: "An old SYN stirs a listener, whose user closes before the handshake has shown that nobody is there. " +
			"By 3.10.4 the side enters FIN-WAIT-1, a synchronized state in which text is delivered, " +
			"though its own SYN was never acknowledged. An old octet of the same old connection is given to the user.",
		scenario: "old-text-close", property: "no-stale-text",
		mends:    []mend{{"close-in-syn-received", "waits"}},
		mendText: "Queue the CLOSE until ESTABLISHED, as 3.10.4 does when text is pending.",
	},
	{
		file: "reset-in-last-ack", title: "A RST in LAST-ACK loses text in silence",
		cause: "A has closed and then given up, so the ACK of its FIN draws a RST. While that is on its way, B's user sends an octet and closes. " +
			"The RST finds B in LAST-ACK, where, as in CLOSING, 3.10.7.4 second enters CLOSED without telling the user, " +
			"who takes the text for delivered. MUST-12 asks that the user be told whether the connection was aborted.",
		scenario: "half-close", property: "no-silent-loss",
		mends:    []mend{{"closing-reset", "reported"}},
		mendText: "Signal \"connection reset\" in CLOSING and LAST-ACK as in the states before them.",
	},
	{
		file: "reset-in-closing", title: "The user is not told of a RST in CLOSING or LAST-ACK",
		cause: "Both users close, and one side gives up. Its RST ends the other's connection in LAST-ACK, or in CLOSING, " +
			"and nobody says so: an aborted connection looks like a closed one.",
		scenario: "simultaneous-close", property: "reset-in-closing-is-reported",
		mends:    []mend{{"closing-reset", "reported"}},
		mendText: "Signal \"connection reset\" in CLOSING and LAST-ACK as in the states before them.",
	},
}

// endless are runs in which what must come in the end never comes.
var endless = []entry{
	{
		file: "fin-wait-2-for-ever", title: "FIN-WAIT-2 may wait for ever",
		cause: "A has closed, and B has acknowledged A's FIN. B's user closes too, but B's FIN is lost, and B gives up. " +
			"A waits in FIN-WAIT-2 for a FIN that nobody will send; the RFC gives that state no timer, and A sends nothing that could find it out.",
		scenario: "live-close", property: "closed-by-both-ends",
		mends:    []mend{{"fin-wait-2", "timeout"}},
		mendText: "Let FIN-WAIT-2 end after a time, as most implementations do.",
	},
	{
		file: "both-fins-lost", title: "Both FINs are lost, and the connection never closes",
		cause: "Each side has sent an octet and a FIN, and both FINs are lost. A retransmission repeats the front of the queue (§3.10.8), which is the octet; " +
			"the ACK that answers it carries a sequence number that counts the FIN already sent. The other side never got that FIN: " +
			"to it the ACK lies above what it expects, and it drops it. So neither octet is ever acknowledged, the FINs behind them are never repeated, and the two go on for ever.",
		scenario: "live-text-both-ways", property: "closed-by-both-ends",
		mends:    []mend{{"out-of-order", "text-held"}},
		mendText: "Keep a segment that lies above what is expected, and use its ACK when its turn comes (SHLD-31).",
	},
	{
		file: "half-open-for-ever", title: "Two sides answer each other for ever and never find out",
		cause: "B has crashed, listens again, and an old SYN stirs it; its user closes before the handshake is complete, which takes B to FIN-WAIT-1 (§3.10.4). " +
			"In SYN-RECEIVED the ACK of A, who still believes in the old connection, would have drawn a RST. In FIN-WAIT-1 it is merely old: " +
			"each side answers the other's segments by an ACK, and nothing ever changes.",
		scenario: "live-old-syn", property: "half-open-is-found",
		mends:    []mend{{"close-in-syn-received", "waits"}},
		mendText: "Queue the CLOSE until ESTABLISHED, as 3.10.4 does when text is pending.",
	},
}

// incarnations are runs of two connections, one after the other.
var incarnations = []entry{
	{
		file: "time-wait-assassination", title: "TIME-WAIT can be killed by an old duplicate (RFC 1337)",
		cause: "An old segment of the peer's, overtaken on its way, reaches TIME-WAIT, which answers by an ACK. The peer is CLOSED and resets what it does not know. " +
			"The RST ends TIME-WAIT, and a new connection begins while segments of the old one are still on their way: old text is given to the user.",
		scenario: "time-wait-arbitrary", property: "no-stale-text", mendedIn: "time-wait-1337",
		mendText: "Ignore RST in TIME-WAIT (RFC 1337; the choice `rst-in-time-wait: ignored`).",
	},
	{
		file: "one-msl", title: "Why TIME-WAIT lasts two MSL and not one",
		cause: "A repeats text just before the last ACK reaches it. That segment may live for one MSL more, from then on, while B has been in TIME-WAIT since before. " +
			"With one MSL, TIME-WAIT ends first, and the old text reaches the new connection.",
		scenario: "time-wait-1msl", property: "no-stale-text", mendedIn: "time-wait-1337",
		mendText: "Let TIME-WAIT last two MSL: one for the last ACK to arrive, one for what the peer sent until then to die.",
	},
	{
		file: "constant-isn", title: "Why initial sequence numbers must not be constant",
		cause: "A gives up and opens again with the same number. TIME-WAIT does not help: who gives up, or is reset, does not pass through it. " +
			"A segment of the first connection, still on its way, fits the second one exactly, and even completes its handshake.",
		scenario: "constant-isn", property: "no-stale-text", mendedIn: "time-wait",
		mendText: "Begin each connection above all numbers used before (3.4.1; `isn: clock`).",
	},
}
