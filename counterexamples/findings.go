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
		cause: "B has sent an octet and closed; A gave up, so B's octet draws a RST. " +
			"In LAST-ACK and CLOSING, 3.10.7.4 second enters CLOSED without telling the user, " +
			"who takes the text for delivered. MUST-12 asks that the user be told whether the connection was aborted.",
		scenario: "half-close", property: "no-silent-loss",
		mends:    []mend{{"closing-reset", "reported"}},
		mendText: "Signal \"connection reset\" in CLOSING and LAST-ACK as in the states before them.",
	},
	{
		file: "reset-in-closing", title: "The user is not told of a RST in CLOSING",
		cause: "Two users close at once, and one side gives up. The RST that answers the other's FIN ends its connection in CLOSING, " +
			"and nobody says so: an aborted connection looks like a closed one.",
		scenario: "simultaneous-close", property: "reset-in-closing-is-reported",
		mends:    []mend{{"closing-reset", "reported"}},
		mendText: "Signal \"connection reset\" in CLOSING and LAST-ACK as in the states before them.",
	},
}

// incarnations are runs of two connections, one after the other.
var incarnations = []entry{
	{
		file: "time-wait-assassination", title: "TIME-WAIT can be killed by an old duplicate (RFC 1337)",
		cause: "An old duplicate of the peer's reaches TIME-WAIT, which answers by an ACK. The peer is CLOSED and resets what it does not know. " +
			"The RST ends TIME-WAIT, and a new connection begins while segments of the old one are still on their way: old text is given to the user.",
		scenario: "time-wait-arbitrary", property: "no-stale-text", mendedIn: "time-wait-1337",
		mendText: "Ignore RST in TIME-WAIT (RFC 1337; the choice `rst-in-time-wait: ignored`).",
	},
	{
		file: "one-msl", title: "Why TIME-WAIT lasts two MSL and not one",
		cause: "B repeats text just before the last ACK reaches it. That segment may live for one MSL more, from then on, while A has been in TIME-WAIT since before. " +
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
