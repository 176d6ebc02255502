package counterexamples

// closingBugs are mutants: one deliberate bug each, in closing a connection.
var closingBugs = []entry{
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
		file: "fin-without-ack", title: "A FIN carries an ACK",
		cause: "Once a connection is established, every segment carries an ACK; one that does not is dropped (fifth check). " +
			"Here the FIN has none, and B will never take it, however often it is repeated.",
		scenario: "simultaneous-close", mutant: "fin-without-ack", property: "segments-carry-ack",
	},
	{
		file: "fin-ignored", title: "A FIN is not overlooked",
		cause:    "A's FIN arrives, and B overlooks it. B's user is not told that no more text will come, and A repeats its FIN until it gives up.",
		scenario: "simultaneous-close", mutant: "fin-ignored", property: "fin-takes-its-arrow",
	},
	{
		file: "fin-unacknowledged", title: "A FIN is acknowledged",
		cause:    "B takes A's FIN and enters CLOSE-WAIT, and does not say so. A stays in FIN-WAIT-1 and repeats a FIN that arrived long ago.",
		scenario: "simultaneous-close", mutant: "fin-unacknowledged", property: "fin-is-acknowledged",
	},
	{
		file: "fin-over-gap", title: "A FIN waits for the text before it",
		cause: "A sends an octet and then a FIN, and the FIN overtakes the octet. In the stream it stands behind the octet, and has to wait for it. " +
			"Here B takes it at once and counts the octet as received: it acknowledges text that its user never gets.",
		scenario: "late-calls", mutant: "fin-over-gap", property: "fin-counted-once",
	},
	{
		file: "fin-acked-by-any-ack", title: "FIN-WAIT-2 needs the ACK of the FIN, not any ACK",
		cause: "A's user closes while B's window is full, so the FIN has to wait. " +
			"Then comes an ACK of the text, which opens the window, and A takes it for the ACK of its FIN. " +
			"In FIN-WAIT-2 nobody repeats a FIN: if it is lost, the close never ends.",
		scenario: "window", mutant: "fin-acked-by-any-ack", property: "fin-wait-2-was-acknowledged",
	},
	{
		file: "fin-ack-missed", title: "The peer's FIN may carry the ACK of ours",
		cause:    "B's FIN also acknowledges A's. A overlooks that and enters CLOSING, where it waits for an ACK that it has already been given.",
		scenario: "simultaneous-close", mutant: "fin-ack-missed", property: "fin-acked-takes-its-arrow",
	},
	{
		file: "no-retransmit-fin", title: "A FIN is repeated too",
		cause: "A's FIN has a number, so that its loss is noticed, like that of an octet. " +
			"Here it is sent once and never again: if it is lost, B does not hear that A has closed.",
		scenario: "simultaneous-close", mutant: "no-retransmit-fin", property: "retransmission-repeats-the-front",
	},
	{
		file: "close-drops-queue", title: "CLOSE first sends what was SENT",
		cause: "The window is full, and an octet that A's user SENT has to wait. Who closes has no more to send, and takes nothing back: " +
			"CLOSE lets the octet leave first. Here it is forgotten, and the FIN takes its number.",
		scenario: "window", mutant: "close-drops-queue", property: "numbers-sent-once",
	},
	{
		file: "close-wait-silent", title: "The second CLOSE sends a FIN too",
		cause: "A has closed. Now B's user closes too, and B's FIN is due. Here CLOSE sends nothing, and both wait: B in CLOSE-WAIT, A in FIN-WAIT-2. " +
			"(A program that forgets to call CLOSE leaves its connections in the same state.)",
		scenario: "simultaneous-close", mutant: "close-wait-silent", property: "close-sends-fin",
	},
	{
		file: "close-wait-skipped", title: "A FIN closes one direction, not both",
		cause: "A's FIN closes one direction. In the other B may send for as long as its user likes: until that calls CLOSE, B is in CLOSE-WAIT. " +
			"Here B enters LAST-ACK at once, as if its user had closed too.",
		scenario: "simultaneous-close", mutant: "close-wait-skipped", property: "figure-5",
	},
	{
		file: "second-fin", title: "A second CLOSE sends no second FIN",
		cause: "A has closed, and its user calls CLOSE once more. That is an error and changes nothing. " +
			"Here a second FIN leaves, with a number beyond the end of the stream.",
		scenario: "late-calls", mutant: "second-fin", property: "nothing-new-after-fin",
	},
	{
		file: "text-after-fin", title: "Nothing is sent behind a FIN",
		cause: "A has closed, and its user SENDs. That is an error: the FIN was the last of the stream. " +
			"Here the octet leaves behind it, to a peer that was told that nothing more will come.",
		scenario: "late-calls", mutant: "text-after-fin", property: "allowed-to-send",
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
	{
		file: "closing-closes", title: "After a simultaneous close both sides wait",
		cause: "Both sides have closed at the same time, and A's FIN has been acknowledged. " +
			"A's own last ACK may still be lost, and then somebody must be there who repeats it. Here A forgets the connection at once.",
		scenario: "simultaneous-close", mutant: "closing-closes", property: "first-closer-waits",
	},
	{
		file: "last-ack-waits", title: "Who closes second does not wait",
		cause: "TIME-WAIT is there so that the last ACK can be repeated, and the side that closed first sends that. " +
			"B closed second, and its FIN is acknowledged: it owes nothing. Here it waits all the same, and every connection would linger at both ends.",
		scenario: "simultaneous-close", mutant: "last-ack-waits", property: "time-wait-for-the-first-closer",
	},
	{
		file: "time-wait-1msl", title: "TIME-WAIT lasts twice the life of a segment",
		cause: "The last ACK may take one MSL to get lost, and the FIN that is repeated for want of it another one to arrive. " +
			"A TIME-WAIT of one MSL ends before that; [what comes of it](one-msl.md) is another run.",
		scenario: "simultaneous-close", mutant: "time-wait-1msl", property: "time-wait-lasts",
	},
	{
		file: "time-wait-one-tick", title: "TIME-WAIT outlasts what is still in the network",
		cause: "TIME-WAIT is there to let the segments of the connection die, and one that was just sent lives for a whole MSL. " +
			"Here TIME-WAIT ends with the next tick of the clock, while nearly all of them are still on their way.",
		scenario: "simultaneous-close", mutant: "time-wait-one-tick", property: "time-wait-lasts",
	},
	{
		file: "time-wait-not-restarted", title: "A repeated FIN starts TIME-WAIT anew",
		cause: "B repeats its FIN, so A's ACK was lost, or is late. A acknowledges it again, and this ACK may be lost as well: the time has to count from here. " +
			"Here it goes on from before.",
		scenario: "simultaneous-close", mutant: "time-wait-not-restarted", property: "time-wait-restarts",
	},
}
