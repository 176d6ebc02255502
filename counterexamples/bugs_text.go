package counterexamples

// textBugs are mutants: one deliberate bug each, in carrying text: acknowledgments, windows, retransmission.
var textBugs = []entry{
	{
		file: "unacceptable-silent", title: "An unacceptable segment is answered by an ACK",
		cause: "A copy of B's SYN,ACK arrives when A is ESTABLISHED. " +
			"B may have repeated it because A's ACK was lost, and the ACK that is due would tell B what it missed. In silence B repeats, and never learns.",
		scenario: "handshake", mutant: "unacceptable-silent", property: "unacceptable-is-answered",
	},
	{
		file: "una-goes-back", title: "An old ACK takes nothing back",
		cause: "A's text was acknowledged, and then an older ACK arrives, which was overtaken. " +
			"SND.UNA is the oldest number that is not acknowledged, and it only grows. " +
			"Here it follows the old ACK back, and A takes text for outstanding that arrived long ago.",
		scenario: "syn-text", mutant: "una-goes-back", property: "sender-never-goes-back",
	},
	{
		file: "acks-ahead", title: "An ACK acknowledges exactly what came",
		cause: "B counts one number more than came: it expects, and from now on acknowledges, what A has not sent. " +
			"A's next octet then looks old to B and is dropped, though it never arrived.",
		scenario: "data", mutant: "acks-ahead", property: "received-was-sent",
	},
	{
		file: "text-not-acked", title: "Text that is delivered is acknowledged",
		cause:    "B's user has been given the octet, and A is not told so. A repeats it until it gives up, and tells its user that it failed.",
		scenario: "data", mutant: "text-not-acked", property: "text-received-is-acknowledged",
	},
	{
		file: "text-twice", title: "Text is delivered once",
		cause: "B's first octet has arrived. B repeats it, together with a second one, since its ACK has not come. A must cut off what it has already got. " +
			"Here its user is given both, the first for the second time.",
		scenario: "half-close", mutant: "text-twice", property: "text-in-order-once",
	},
	{
		file: "text-above-taken", title: "Text is delivered in order",
		cause: "Of two octets the second arrives first. It has to wait for the first, or be dropped and sent again. " +
			"Here the user is given it at once, as if it were the first.",
		scenario: "half-close", mutant: "text-above-taken", property: "text-in-order-once",
	},
	{
		file: "acks-cut-text", title: "What was cut off is not acknowledged",
		cause: "B's window is shut. A probes it with an octet, for which B has no room, and which it cuts off. " +
			"Its ACK says how far B has got, so it must not count the octet. Here it does: A forgets an octet that never arrived.",
		scenario: "window", mutant: "acks-cut-text", property: "acknowledged-was-received",
	},
	{
		file: "window-never-updated", title: "The send window follows the peer's",
		cause:    "B's user has not read, and B says that its window is shut. A keeps the window that it first heard of, and will send what B has no room for.",
		scenario: "window", mutant: "window-never-updated", property: "send-window-follows",
	},
	{
		file: "window-always-open", title: "The window offered is the room there is",
		cause:    "B's buffer is full of an octet that its user has not read, and B offers the whole window all the same. What A then sends has to be thrown away.",
		scenario: "window", mutant: "window-always-open", property: "offered-window-is-there",
	},
	{
		file: "window-update-silent", title: "A window that opens is reported",
		cause:    "B's window was shut, and now its user reads. A waits to hear that there is room again. Here nobody tells it.",
		scenario: "window", mutant: "window-update-silent", property: "opened-window-is-reported",
	},
	{
		file: "ignore-window", title: "Nobody sends beyond the window",
		cause: "A has filled B's window, and its user SENDs another octet. That one has to wait. " +
			"Here it leaves at once, and a receiver slower than its sender would be flooded.",
		scenario: "window", mutant: "ignore-window", property: "send-window-respected",
	},
	{
		file: "no-zero-window-probe", title: "A shut window is probed",
		cause: "B's window is shut, and A has text that waits. " +
			"The segment that opens the window may be lost, and nobody repeats an ACK; so A must ask from time to time. " +
			"Here it does not: one lost segment, and both wait for ever.",
		scenario: "window", mutant: "no-zero-window-probe", property: "shut-window-is-probed",
	},
	{
		file: "no-retransmission", title: "What is not acknowledged is repeated",
		cause: "A's SYN may be lost, and nobody but A can bring it again. When no ACK has come for a while, it is sent again. " +
			"Here the time runs out and nothing is sent: one loss ends everything.",
		scenario: "refused", mutant: "no-retransmission", property: "retransmission-repeats-the-front",
	},
	{
		file: "no-retransmit-syn-ack", title: "A SYN,ACK is repeated too",
		cause: "B's SYN has a number, so that its loss is noticed, like that of an octet. " +
			"Here the SYN,ACK is sent once and never again: if it is lost, the handshake can't go on.",
		scenario: "handshake", mutant: "no-retransmit-syn-ack", property: "retransmission-repeats-the-front",
	},
}
