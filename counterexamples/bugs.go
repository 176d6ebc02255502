package counterexamples

// bugs are the mutants: one deliberate bug each. What a line does not say comes
// from the mutant and the property.
var bugs = []entry{
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
		file: "lost-passive-bit", title: "Why a listener remembers that it listened",
		cause: "A RST in SYN-RECEIVED takes a listener back to LISTEN, and an active open to CLOSED (MUST-11). " +
			"An endpoint that forgets which it was stops listening because of one stray SYN.",
		scenario: "handshake", mutant: "lost-passive-bit", property: "passive-open-returns-to-listen",
	},
	{
		file: "time-wait-on-fin-ack", title: "After its FIN is acknowledged the closer is in FIN-WAIT-2, not TIME-WAIT",
		cause: "Many drawings show it otherwise. Who goes to TIME-WAIT on the ACK of its FIN does not wait for the peer's: " +
			"the peer's user has not closed, and still sends.",
		scenario: "half-close", mutant: "time-wait-on-fin-ack", property: "time-wait-after-both-fins",
	},
	{
		file: "forget-half-close", title: "A closed direction leaves the other one open",
		cause:    "A has closed, and B still sends, as it may. An endpoint that drops text after its own CLOSE breaks the half-closed connection of 3.6.1.",
		scenario: "half-close", mutant: "forget-half-close", property: "text-in-the-window-is-delivered",
	},
	{
		file: "fin-not-counted", title: "Why the FIN has a sequence number",
		cause:    "If RCV.NXT does not advance over the FIN, the FIN is never acknowledged, and the closer repeats it until it gives up.",
		scenario: "simultaneous-close", mutant: "fin-not-counted", property: "fin-counted-once",
	},
	{
		file: "last-ack-any-ack", title: "LAST-ACK waits for the ACK of the FIN, not for any ACK",
		cause:    "An older ACK, still under way, takes the connection down before its FIN has arrived.",
		scenario: "half-close", mutant: "last-ack-any-ack", property: "last-ack-was-acknowledged",
	},
	{
		file: "no-time-wait", title: "The side that closes first must wait",
		cause:    "Without TIME-WAIT the closer forgets the connection as soon as it has acknowledged the peer's FIN. If that ACK is lost, nobody can repeat it.",
		scenario: "simultaneous-close", mutant: "no-time-wait", property: "first-closer-waits",
	},
	bug("no-simultaneous-open", "simultaneous-open", "simultaneous-open-works", "Two SYNs that cross open one connection"),
	bug("syn-not-counted", "handshake", "syn-is-acknowledged", "Why the SYN has a sequence number"),
	bug("irs-off-by-one", "handshake", "agreed-numbers", "Both ends agree on where the stream begins"),
	bug("ack-not-checked", "old-ack", "no-false-connection", "An ACK must acknowledge what was sent"),
	bug("no-rst-on-bad-ack", "old-syn", "bad-ack-in-syn-sent-is-reset", "An ACK of what was never sent draws a RST"),
	bug("deliver-in-syn-received", "syn-text", "delivery-waits-for-established", "Text on a SYN waits for the handshake"),
	bug("text-on-syn-lost", "syn-text", "fin-counted-once", "Text on a SYN that counts must be delivered"),
	bug("text-in-syn-received", "abort", "text-waits-for-established", "Nothing is sent before ESTABLISHED"),
	bug("closed-silent", "refused", "closed-answers", "Who has no connection must say so"),
	bug("any-rst", "handshake", "stray-reset-kills-nothing", "Why a RST must have the right number"),
	bug("rst-without-ack", "old-ack", "stray-reset-kills-nothing", "In SYN-SENT a RST must acknowledge the SYN"),
	bug("rst-answers-rst", "refused", "no-reset-answers-a-reset", "A RST is never answered by a RST"),
	bug("rst-wrong-number", "handshake", "reset-form", "A RST takes its number from the ACK that it answers"),
	bug("rst-forgets-length", "refused", "reset-form", "A RST acknowledges the SYN that it refuses"),
	bug("rst-for-unacceptable", "handshake", "reset-only-where-due", "An old duplicate draws an ACK, and no RST"),
	bug("no-challenge-ack", "old-syn", "reset-in-window-is-challenged", "A RST that is nearly right is challenged"),
	bug("abort-silent", "abort", "abort-sends-reset", "ABORT tells the peer"),
	bug("reset-unreported", "refused", "reset-is-reported", "The user hears of a reset"),
	bug("gives-up-silently", "refused", "no-silent-loss", "The user hears that the connection was given up"),
	bug("security-ignored", "security", "other-security-is-reset", "A segment of another security compartment is reset"),
	bug("unacceptable-silent", "handshake", "unacceptable-is-answered", "An unacceptable segment is answered by an ACK"),
	bug("una-goes-back", "syn-text", "sender-never-goes-back", "An old ACK takes nothing back"),
	bug("acks-ahead", "data", "received-was-sent", "An ACK acknowledges exactly what came"),
	bug("text-not-acked", "data", "text-received-is-acknowledged", "Text that is delivered is acknowledged"),
	bug("text-twice", "half-close", "text-in-order-once", "Text is delivered once"),
	bug("text-above-taken", "half-close", "text-in-order-once", "Text is delivered in order"),
	bug("acks-cut-text", "window", "acknowledged-was-received", "What was cut off is not acknowledged"),
	bug("window-never-updated", "window", "send-window-follows", "The send window follows the peer's"),
	bug("window-always-open", "window", "offered-window-is-there", "The window offered is the room there is"),
	bug("window-update-silent", "window", "opened-window-is-reported", "A window that opens is reported"),
	bug("ignore-window", "window", "send-window-respected", "Nobody sends beyond the window"),
	bug("no-zero-window-probe", "window", "shut-window-is-probed", "A shut window is probed"),
	bug("no-retransmission", "refused", "retransmission-repeats-the-front", "What is not acknowledged is repeated"),
	bug("no-retransmit-syn-ack", "handshake", "retransmission-repeats-the-front", "A SYN,ACK is repeated too"),
	bug("no-retransmit-fin", "simultaneous-close", "retransmission-repeats-the-front", "A FIN is repeated too"),
	bug("fin-without-ack", "simultaneous-close", "segments-carry-ack", "A FIN carries an ACK"),
	bug("fin-ignored", "simultaneous-close", "fin-takes-its-arrow", "A FIN is not overlooked"),
	bug("fin-unacknowledged", "simultaneous-close", "fin-is-acknowledged", "A FIN is acknowledged"),
	bug("fin-over-gap", "late-calls", "fin-counted-once", "A FIN waits for the text before it"),
	bug("fin-acked-by-any-ack", "window", "fin-wait-2-was-acknowledged", "FIN-WAIT-2 needs the ACK of the FIN, not any ACK"),
	bug("fin-ack-missed", "simultaneous-close", "fin-acked-takes-its-arrow", "The peer's FIN may carry the ACK of ours"),
	bug("close-drops-queue", "window", "numbers-sent-once", "CLOSE first sends what was SENT"),
	bug("close-wait-silent", "simultaneous-close", "close-sends-fin", "The second CLOSE sends a FIN too"),
	bug("close-wait-skipped", "simultaneous-close", "figure-5", "A FIN closes one direction, not both"),
	bug("second-fin", "late-calls", "nothing-new-after-fin", "A second CLOSE sends no second FIN"),
	bug("text-after-fin", "late-calls", "allowed-to-send", "Nothing is sent behind a FIN"),
	bug("closing-closes", "simultaneous-close", "first-closer-waits", "After a simultaneous close both sides wait"),
	bug("last-ack-waits", "simultaneous-close", "time-wait-for-the-first-closer", "Who closes second does not wait"),
	bug("time-wait-1msl", "simultaneous-close", "time-wait-lasts", "TIME-WAIT lasts twice the life of a segment"),
	bug("time-wait-not-restarted", "simultaneous-close", "time-wait-restarts", "A repeated FIN starts TIME-WAIT anew"),
}

// bug is the page of a mutant, and of its name.
func bug(mutant, scenario, property, title string) entry {
	return entry{file: mutant, title: title, scenario: scenario, mutant: mutant, property: property}
}
