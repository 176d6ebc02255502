package counterexamples

// rights are the runs in which all goes well.
var rights = []entry{
	{
		file: "three-way-handshake", title: "The three-way handshake",
		cause: "Three segments open a connection. Each side tells the other the number its octets begin at (its ISS, with the flag SYN) " +
			"and hears that number acknowledged. A SYN counts as one number, so A's first octet is 101 when its SYN is 100. " +
			"Flags: SYN, then SYN and ACK, then ACK; from the second segment on every segment carries ACK. " +
			"The third segment is what an old SYN can't bring about: only a peer that took the second one sends it. " +
			"B is ESTABLISHED when it arrives, A as soon as the second one does.",
		runs: []run{
			{"handshake", "As it should be", "", 0},
			{"handshake-lossy", "With a loss", "What is not acknowledged is sent again, here the SYN,ACK: B repeats it, since nothing has acknowledged number 300.", 0},
		},
	},
	{
		file: "simultaneous-open", title: "Simultaneous open",
		cause: "Both sides open actively, and their SYNs cross. Nobody listens, and yet one connection comes of it, not two. " +
			"Each goes from SYN-SENT to SYN-RECEIVED and answers by a SYN,ACK with its old number. " +
			"By the letter of §3.10.7.4 that SYN,ACK lies below what is expected, and is answered by an ACK; these ACKs establish both sides. " +
			"(Figure 7 of the RFC has the SYN,ACKs do it, two segments sooner.)",
		runs: []run{{"simultaneous-open", "", "", 0}},
	},
	{
		file: "four-way-close", title: "The four-way close, with both sides' states",
		cause: "Each direction is closed by itself: by a FIN, and the ACK of that FIN. A FIN counts as one number, like a SYN. " +
			"Who closes first goes through FIN-WAIT-1 (its FIN is not acknowledged) and FIN-WAIT-2 (it is; the peer's FIN has not come) to TIME-WAIT; " +
			"who closes second goes through CLOSE-WAIT (its user has not closed) and LAST-ACK to CLOSED. " +
			"TIME-WAIT lasts twice the life of a segment (MSL; here 1 tick): the last ACK may be lost, and then somebody must be there who repeats it.",
		runs: []run{{"four-way-close", "", "", 0}},
	},
	{
		file: "three-segment-close", title: "A close in three segments",
		cause: "The second side may send its FIN and the ACK of the first FIN in one segment; one that delays its ACKs does. " +
			"Here the ACK of its own is lost, and the FIN,ACK does both. " +
			"The first closer then goes from FIN-WAIT-1 to TIME-WAIT at once: an arrow that figure 5 leaves out and its note 2 names.",
		runs: []run{{"three-segment-close", "", "", 0}},
	},
	{
		file: "simultaneous-close", title: "Simultaneous close",
		cause: "Both users close before either FIN has arrived. Each side gets a FIN that does not acknowledge its own, and goes to CLOSING; " +
			"the ACKs that cross then take both to TIME-WAIT. Both have closed first, so both wait.",
		runs: []run{{"simultaneous-close", "", "", 0}},
	},
	{
		file: "half-close", title: "Half-close: one direction closed, text in the other",
		cause: "CLOSE says that its caller has no more to send, and nothing of what it still receives. " +
			"A in FIN-WAIT-2 is given text, and acknowledges it, until B closes too.",
		runs: []run{{"half-close", "", "", 0}},
	},
}

// resets are runs in which a RST is right.
var resets = []entry{
	{
		file: "reset-no-connection", title: "Refused: a segment comes where no connection is",
		cause: "The first of the three cases of §3.5.2: a side in CLOSED answers whatever comes, but a RST, by a RST. " +
			"If the segment had no ACK, the RST has SEQ=0 and acknowledges it; A believes it because it acknowledges A's SYN.",
		runs: []run{{"refused", "", "", 0}},
	},
	{
		file: "reset-old-duplicate", title: "A reset of what an old SYN stirred up",
		cause: "The second case of §3.5.2: before ESTABLISHED, an ACK of what was never sent draws a RST. " +
			"The listener answers an old SYN (figure 8); A never sent number 90 in this connection and resets the answer. " +
			"B returns to LISTEN, and A's own SYN opens the connection.",
		runs: []run{{"old-duplicate", "", "", 0}},
	},
	{
		file: "reset-half-open", title: "A half-open connection is found out",
		cause: "A has crashed and knows nothing; B believes itself connected. Either side's next segment finds it out: " +
			"A's new SYN is answered by an ACK that A can't explain, and B's text finds nobody (figures 9 and 10).",
		runs: []run{
			{"half-open", "The side that forgot opens again", "", 0},
			{"half-open-send", "The side that remembers sends", "", 0},
		},
	},
	{
		file: "reset-abort", title: "ABORT resets the peer",
		cause: "The user gives up at once: nothing that waits is sent, and a RST with the next number tells the peer, whose user hears \"connection reset\". " +
			"Nobody waits in TIME-WAIT.",
		runs: []run{{"abort", "", "", 0}},
	},
	{
		file: "reset-challenged", title: "A RST that is nearly right is challenged",
		cause: "A RST ends a connection only if its number is exactly the next one expected. One that is elsewhere in the window may be an attacker's guess (RFC 5961): " +
			"B answers by an ACK. A peer that really has no connection answers that by a RST with the right number; here A has one, and nothing happens.",
		runs: []run{{"challenge", "", "", 0}},
	},
}
