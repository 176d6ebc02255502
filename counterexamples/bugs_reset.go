package counterexamples

// resetBugs are mutants: one deliberate bug each, in sending, believing and telling of resets.
var resetBugs = []entry{
	{
		file: "closed-silent", title: "Who has no connection must say so",
		cause: "A opens, and nobody listens. The RST that is due tells A's user at once that it is refused. " +
			"Silence leaves A to repeat its SYN until it gives up; and a side that lost its memory is never found out.",
		scenario: "refused", mutant: "closed-silent", property: "closed-answers",
	},
	{
		file: "any-rst", title: "Why a RST must have the right number",
		cause: "A's first SYN met nobody, and the RST that refuses it is late. " +
			"Meanwhile B listens, a copy of the SYN opens the connection, and then the old RST arrives. " +
			"Its number is not the one that A expects next, so it belongs to something else. A believes it, and the new connection dies.",
		scenario: "handshake", mutant: "any-rst", property: "stray-reset-kills-nothing",
	},
	{
		file: "rst-without-ack", title: "In SYN-SENT a RST must acknowledge the SYN",
		cause: "In SYN-SENT nothing has been received yet, so the number of a RST can't be compared with anything; what proves it is that it acknowledges the SYN. " +
			"Here an old ACK draws a RST from B that has nothing to do with A's SYN, and A gives up its open because of it.",
		scenario: "old-ack", mutant: "rst-without-ack", property: "stray-reset-kills-nothing",
	},
	{
		file: "rst-answers-rst", title: "A RST is never answered by a RST",
		cause: "A RST says that there is no connection to talk about. " +
			"If CLOSED answered one by a RST, that would be answered too, and two endpoints without any connection would go on for ever.",
		scenario: "refused", mutant: "rst-answers-rst", property: "no-reset-answers-a-reset",
	},
	{
		file: "rst-wrong-number", title: "A RST takes its number from the ACK that it answers",
		cause: "A RST is believed if its number is the one that the peer expects next, and the ACK field of the segment that it answers tells that number. " +
			"A adds one to it: B, in SYN-RECEIVED, does not believe the RST, and keeps a connection that nobody wants.",
		scenario: "handshake", mutant: "rst-wrong-number", property: "reset-form",
	},
	{
		file: "rst-forgets-length", title: "A RST acknowledges the SYN that it refuses",
		cause: "A SYN has no ACK from which a RST could take its number. So the RST has SEQ=0 and acknowledges the SYN, which counts as one number. " +
			"Here that one is forgotten: the RST acknowledges nothing, A drops it in SYN-SENT, and A's user is never told that it is refused.",
		scenario: "refused", mutant: "rst-forgets-length", property: "reset-form",
	},
	{
		file: "rst-for-unacceptable", title: "An old duplicate draws an ACK, and no RST",
		cause: "A copy of B's SYN,ACK arrives when A is ESTABLISHED already. Such duplicates are common and harmless: they are answered by an ACK and dropped. " +
			"Here this one draws a RST, and a network that merely repeats a segment kills the connection.",
		scenario: "handshake", mutant: "rst-for-unacceptable", property: "reset-only-where-due",
	},
	{
		file: "no-challenge-ack", title: "A RST that is nearly right is challenged",
		cause: "A RST whose number lies in the window and is not the next may be an attacker's guess, as here, or the peer may have lost the connection. " +
			"The challenge ACK finds out: a peer that lost it answers by a RST with the right number. " +
			"Without the challenge such a peer can't prove it, and the connection stays half-open.",
		scenario: "attack", mutant: "no-challenge-ack", property: "reset-in-window-is-challenged",
	},
	{
		file: "syn-kills", title: "A SYN ends no connection",
		cause: "A forged SYN with any number at all comes to B, and B takes it for the beginning of a new connection and ends the one it has. " +
			"RFC 5961 has B send a challenge ACK instead: a peer that really begins anew answers that by a RST, with the right number.",
		scenario: "attack", mutant: "syn-kills", property: "blind-syn-ends-nothing",
	},
	{
		file: "abort-silent", title: "ABORT tells the peer",
		cause: "B's user aborts in SYN-RECEIVED, and B forgets the connection without a RST. A knows nothing of it: " +
			"B's SYN,ACK, which is still on its way, makes A believe that it is connected, until something that A sends finds nobody.",
		scenario: "abort", mutant: "abort-silent", property: "abort-sends-reset",
	},
	{
		file: "reset-unreported", title: "The user hears of a reset",
		cause:    "A's open is refused by a RST. A enters CLOSED, as it must, and tells its user nothing, who waits for a connection that will never be.",
		scenario: "refused", mutant: "reset-unreported", property: "reset-is-reported",
	},
	{
		file: "gives-up-silently", title: "The user hears that the connection was given up",
		cause: "A's user opens and SENDs, and nothing ever arrives. " +
			"After its last retransmission A gives up, as it must, and tells its user nothing, who takes the text for delivered.",
		scenario: "refused", mutant: "gives-up-silently", property: "no-silent-loss",
	},
	{
		file: "security-ignored", title: "A segment of another security compartment is reset",
		cause: "A's segments are marked with another security compartment than B's. Such a segment draws a RST, also in LISTEN. " +
			"B takes the SYN as if it were of its own compartment, and text would flow where it must not.",
		scenario: "security", mutant: "security-ignored", property: "other-security-is-reset",
	},
}
