package counterexamples

// openingBugs are mutants: one deliberate bug each, in opening a connection.
var openingBugs = []entry{
	{
		file: "two-way-handshake", title: "Why three messages and not two",
		cause: "A listener that is ESTABLISHED as soon as it hears a SYN believes an old SYN, " +
			"left over from a connection that ended long ago. Nobody is at the other end. " +
			"The third message is what an old SYN can't bring about: it needs a peer that took the second.",
		scenario: "old-syn", mutant: "two-way-handshake", property: "no-false-connection",
	},
	{
		file: "any-ack", title: "Why the second message's ACK is checked",
		cause: "An old SYN makes B answer with a SYN,ACK for the old number. " +
			"If A takes any ACK for that of its own SYN, it is ESTABLISHED with a peer that expects other numbers.",
		scenario: "old-syn", mutant: "any-ack", property: "no-false-connection",
	},
	{
		file: "no-simultaneous-open", title: "Two SYNs that cross open one connection",
		cause: "Both users open actively, and the SYNs cross. " +
			"A SYN without ACK is no mistake in SYN-SENT: it takes the side to SYN-RECEIVED, and one connection comes of the two opens. " +
			"Here A drops B's SYN, and each waits for an answer that the other never gives.",
		scenario: "simultaneous-open", mutant: "no-simultaneous-open", property: "simultaneous-open-works",
	},
	{
		file: "syn-not-counted", title: "Why the SYN has a sequence number",
		cause: "A SYN takes one sequence number, so that it can be acknowledged like an octet, and repeated if it is not. " +
			"B acknowledges A's SYN by the SYN's own number: to A that acknowledges nothing that it sent, and the handshake comes to nothing.",
		scenario: "handshake", mutant: "syn-not-counted", property: "syn-is-acknowledged",
	},
	{
		file: "irs-off-by-one", title: "Both ends agree on where the stream begins",
		cause: "B remembers the number after A's SYN as the one at which A's numbers begin. " +
			"Both sides are ESTABLISHED and believe that all is well, and they disagree on where A's stream begins.",
		scenario: "handshake", mutant: "irs-off-by-one", property: "agreed-numbers",
	},
	{
		file: "ack-not-checked", title: "An ACK must acknowledge what was sent",
		cause: "An old ACK, left from an earlier connection, reaches B in SYN-RECEIVED. " +
			"It acknowledges a number that B never sent, so its sender means another connection, and a RST is due. " +
			"B takes it for the ACK of its SYN and is ESTABLISHED, though A has not even heard of that SYN.",
		scenario: "old-ack", mutant: "ack-not-checked", property: "no-false-connection",
	},
	{
		file: "no-rst-on-bad-ack", title: "An ACK of what was never sent draws a RST",
		cause: "An old SYN stirs B, and B's answer reaches A in SYN-SENT: it acknowledges what A never sent in this connection. " +
			"The RST that is due would take B back to LISTEN. Without it B stays in SYN-RECEIVED for a connection that is long over, and A's own SYN meets it there.",
		scenario: "old-syn", mutant: "no-rst-on-bad-ack", property: "bad-ack-in-syn-sent-is-reset",
	},
	{
		file: "lost-passive-bit", title: "Why a listener remembers that it listened",
		cause: "A RST in SYN-RECEIVED takes a listener back to LISTEN, and an active open to CLOSED (MUST-11). " +
			"An endpoint that forgets which it was stops listening because of one stray SYN.",
		scenario: "handshake", mutant: "lost-passive-bit", property: "passive-open-returns-to-listen",
	},
	{
		file: "deliver-in-syn-received", title: "Text on a SYN waits for the handshake",
		cause: "A SYN may carry text, and a SYN may be old: until the handshake shows that it is new, its text must wait. " +
			"Here it is given to the user as soon as the SYN arrives.",
		scenario: "syn-text", mutant: "deliver-in-syn-received", property: "delivery-waits-for-established",
	},
	{
		file: "text-on-syn-lost", title: "Text on a SYN that counts must be delivered",
		cause: "Text on a SYN has sequence numbers like any other. B counts and acknowledges it without giving it to its user: " +
			"A will never send it again, and it is gone for ever.",
		scenario: "syn-text", mutant: "text-on-syn-lost", property: "fin-counted-once",
	},
	{
		file: "text-in-syn-received", title: "Nothing is sent before ESTABLISHED",
		cause: "B's user SENDs while B is in SYN-RECEIVED. " +
			"B can't know yet whether its peer is there or an old SYN stirred it, so the text must be queued until ESTABLISHED. Here it leaves at once.",
		scenario: "abort", mutant: "text-in-syn-received", property: "text-waits-for-established",
	},
}
