package counterexamples

import "github.com/tcpcheck/tcpcheck/explore"

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

// readings are runs of the endpoint that follows RFC 9293 by the letter, and of
// one that reads it otherwise.
var readings = []entry{
	{
		file: "figure-7", title: "Figure 7 and the first check disagree",
		cause: "Both sides open actively. In figure 7 the SYN,ACKs that cross establish the connection. " +
			"By the letter of the first check (§3.10.7.4) each of them lies below what is expected, since the peer's SYN was counted before: " +
			"it is answered by an ACK and dropped. These ACKs then establish both sides, two segments later than the figure has it.",
		mendText: "Nothing needs to be mended; the choice `syn-ack-in-syn-received: establishes` does what the figure shows.",
		runs: []run{
			{"figure-7-letter", "By the letter", "", 0},
			{"figure-7", "As figure 7 draws it", "With `syn-ack-in-syn-received: establishes`.", 0},
		},
	},
	{
		file: "figure-9", title: "Figure 9 is not reduced to figure 6",
		cause: "A has crashed and opens again; its SYN finds out the half-open connection, and A's RST takes B to CLOSED. " +
			"The RFC says that then \"the problem is now reduced to the basic three-way handshake\". " +
			"As the figure draws it, B is CLOSED when A's SYN comes again: it is answered by a RST, and A's user is refused.",
		mendText: "Nothing in TCP: B's user has to listen again before A's SYN is repeated.",
		runs: []run{
			{"figure-9", "As the figure is drawn", "", 0},
			{"figure-9-listening", "If B's user listens in time", "", 0},
		},
	},
	{
		file: "syn-text", title: "Text on a SYN has to be sent again",
		cause: "A SYN may carry text, which B keeps until ESTABLISHED and acknowledges then (§3.5). So A's third segment, whose number counts the text, " +
			"begins above what B expects next, and by the letter it is dropped with the ACK that would have established B. " +
			"A has to repeat the text: nothing was won by sending it early.",
		mendText: "The ACK of a segment above what is expected counts at once: `out-of-order: text-held` (SHLD-31).",
		runs: []run{
			{"syn-text-dropped", "By the letter", "", 0},
			{"syn-text-held", "With segments held", "With `out-of-order: text-held`.", 0},
		},
	},
	{
		file: "text-on-both-syns", title: "Text on both SYNs of a simultaneous open never arrives",
		cause: "Both users SEND in LISTEN, and the SYNs that cross carry the text. Each side counts the peer's SYN and waits for its own to be acknowledged. " +
			"The SYN,ACKs lie below what is expected; the ACKs that answer them count the text of their sender's SYN, and lie above. " +
			"All are dropped, and every retransmission meets the same answer, until the users' timeouts.",
		mendText: "`syn-ack-in-syn-received: establishes`, as figure 7 draws it.",
		runs: []run{
			{"text-on-both-syns", "By the letter", "", 0},
			{"text-on-both-syns-drawn", "As figure 7 draws it", "With `syn-ack-in-syn-received: establishes`.", 0},
		},
	},
	{
		file: "repeated-fin", title: "By the letter a repeated FIN never starts TIME-WAIT anew",
		cause: "\"The only thing that can arrive in this state is a retransmission of the remote FIN. Acknowledge it, and restart the 2 MSL timeout\" (§3.10.7.4 fifth). " +
			"But a repeated FIN lies below what is expected, so the first check has answered and dropped it before the fifth could. " +
			"A then is CLOSED one MSL after its last ACK, which may still be on its way, or lost.",
		mendText: "Read the fifth check's sentence as said of a repeated FIN that the first one drops: the default here, `fin-in-time-wait: restarts`. " +
			"That it holds in every state is the property `time-wait-restarts`.",
		runs: []run{
			{"time-wait-answered", "By the letter", "With `fin-in-time-wait: answered`.", 0},
			{"time-wait-restarts", "As it is read here", "", 0},
		},
	},
	{
		file: "acks-at-the-edge", title: "Two full windows are lost, and ACKs answer each other",
		cause: "Each side fills the other's window, and both segments are lost. An ACK bears the number that its sender uses next, here the first one beyond the peer's window: " +
			"the first check finds it unacceptable and answers it by an ACK, which is in the same position. Nothing but a retransmission of the text ends it.",
		mendText: "Nothing in the RFC's text (appendix A.2 discusses such ACKs). Implementations bound how many such ACKs they send in a time.",
		runs:     []run{{"acks-at-the-edge", "", "", 8}},
	},
	{
		file: "two-probes", title: "Two probes of shut windows cross, and ACKs answer each other",
		cause: "Both users have stopped reading, and both sides probe the other's window with one octet, which is cut off. Each side has counted its own octet: " +
			"its ACK bears the number behind it, above a window of zero, and is answered by the other's. " +
			"Retransmissions repeat the probes only; it goes on until a user reads.",
		mendText: "Nothing in the RFC's text. Implementations bound how many such ACKs they send in a time.",
		runs:     []run{{"two-probes", "", "", 11}},
	},
	{
		file: "second-fin-counts", title: "A second FIN counts",
		cause: "In the eighth check \"advance RCV.NXT over the FIN\" stands before the list of states, CLOSE-WAIT among them, in which to remain. " +
			"So a FIN with the number behind the first is counted too. B then acknowledges what A never sent; " +
			"A answers that by an ACK, which is old to B, and B answers that.",
		mendText: "Nothing in the RFC's text. No peer that follows it sends a second FIN; here an attacker does who knows the numbers.",
		runs:     []run{{"second-fin-counts", "", "", 5}},
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
		file: "challenged-for-ever", title: "A reboot, an old SYN, and a SYN,ACK that is challenged for ever",
		cause: "B has crashed and listens again; a SYN of the connection that A still believes in comes late and stirs it. B's SYN,ACK draws a challenge ACK from A (§3.10.7.4 fourth). " +
			"Its ACK would have B send a RST, and all would be well. But A has sent text since, so its number lies above what B expects, and B drops it before it looks at the ACK (first). " +
			"B repeats its SYN,ACK, A challenges it, and nothing ever changes, until B gives up.",
		scenario: "live-rebooted", property: "something-moves",
		mends:    []mend{{"out-of-order", "text-held"}},
		mendText: "Look at the ACK of a segment that lies above what is expected, and keep its text only, as most implementations do.",
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
		file: "old-fin-moves", title: "After TIME-WAIT was killed, an old FIN closes the new connection (RFC 1337, H2)",
		cause: "As [before](time-wait-assassination.md), an old segment draws an ACK from TIME-WAIT, and the RST that answers it ends TIME-WAIT. " +
			"No text is left in the network this time, but a FIN that was repeated. It fits the new connection: A takes it for its peer's, counts it, and tells its user that the peer has closed. " +
			"From then on A and B disagree on every number of B's.",
		scenario: "time-wait-arbitrary", property: "stale-segment-moves-nothing", mendedIn: "time-wait-life",
		mendText: "Ignore RST in TIME-WAIT, and let nothing stay unacknowledged for longer than one MSL ([why](late-repetition.md)).",
	},
	{
		file: "old-rst-kills", title: "After TIME-WAIT was killed, an old RST kills the new connection (RFC 1337, H3)",
		cause: "B is CLOSED and resets whatever still comes of the old connection: a FIN of A's that was repeated, and the ACK by which TIME-WAIT answers an old ACK. " +
			"The second RST ends TIME-WAIT. The first is still under way when both connect again, with numbers that may be any, and is exactly what A expects next.",
		scenario: "time-wait-arbitrary", property: "stale-segment-kills-nothing", mendedIn: "time-wait",
		mendText: "Begin each connection above all numbers used before (3.4.1; `isn: clock`). To ignore RST in TIME-WAIT is not enough: a [refusal that comes late](late-refusal.md) does the same.",
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
	{
		file: "late-repetition", title: "Two MSL are not enough where the last ACK is late",
		cause: "A has closed first and waits in TIME-WAIT, and its ACK of B's FIN never arrives. B repeats the FIN just before A's two MSL are over, and that FIN is slow. " +
			"A forgets the connection and opens anew. Its SYN finds B still in LAST-ACK, is answered by an ACK, and A's RST ends what B had left. " +
			"Both connect again, with numbers that may be any, and now the old FIN arrives: it fits, and to A the new peer has closed.",
		scenario: "time-wait-1337", property: "stale-segment-moves-nothing", mendedIn: "time-wait-life",
		mendText: "Nothing may stay unacknowledged for longer than one MSL: what TIME-WAIT promises depends on it (the scenario's `life`).",
	},
	{
		file: "own-ack", title: "TIME-WAIT's own ACK outlives it, whatever its length",
		cause: "B, who closed second, opens anew while A is in TIME-WAIT. Its SYN is old to A, whose two MSL are nearly over, and draws an ACK. " +
			"A then forgets the connection and opens too, and the SYNs cross. The ACK is still under way, and it acknowledges exactly B's new SYN: " +
			"B, in SYN-RECEIVED, takes it for the last segment of the handshake, though A has not heard of that SYN.",
		scenario: "reincarnation", property: "no-false-connection",
		sets: []explore.Setting{
			{Field: "bits", Value: "3"}, {Field: "user-timeout", Value: "false"}, {Field: "isn", Value: "arbitrary"}, {Field: "rst-in-time-wait", Value: "ignored"},
		},
		unmended: "No length of TIME-WAIT, since the answer is sent at its end. Begin each connection above all numbers used before (3.4.1): " +
			"`tcpcheck check reincarnation`, where `isn` is `clock`, shows that the property then holds in every state.",
	},
	{
		file: "late-refusal", title: "A refusal comes late and kills what it did not mean",
		cause: "A opens anew, and B does not listen yet: a RST refuses the SYN. Before it arrives, B's user listens, and A's repeated SYN opens the connection. " +
			"The refusal of a SYN has SEQ=0, and if B's new numbers happen to begin there, it is exactly the number that A expects. No TIME-WAIT helps: nothing of it is old.",
		scenario: "time-wait-life", property: "stale-segment-kills-nothing", mendedIn: "time-wait",
		mendText: "Begin each connection above all numbers used before (3.4.1; `isn: clock`), so that few numbers meet.",
	},
	{
		file: "half-duplex-close", title: "Who resets instead of closing does not wait",
		cause: "A user who closes although text is still to come has it thrown away: the side answers by a RST and forgets the connection (SHLD-3). " +
			"Neither side passes through TIME-WAIT then, and what is left in the network meets the next connection.",
		scenario: "time-wait-1337", sets: []explore.Setting{{Field: "close-unread", Value: "resets"}}, property: "no-stale-text",
		mendedIn: "time-wait-1337",
		mendText: "Read on until the peer has closed as well, and wait in TIME-WAIT.",
	},
	{
		file: "syn-resets", title: "A new SYN ends a connection that is closing",
		cause: "By RFC 793 a SYN in the window is an error that resets the connection. A has closed, heard nothing and given up, and opens anew, " +
			"while B, whose user closes now, waits in LAST-ACK for the ACK of its FIN. A's new SYN falls into B's window, and B's connection ends without that ACK.",
		scenario: "time-wait", variant: "rfc793", property: "last-ack-was-acknowledged",
		mends:    []mend{{"syn", "challenged"}},
		mendText: "Answer a SYN in a connection by an ACK, whatever its number (RFC 5961 section 4; RFC 9293 does).",
	},
	{
		file: "abort-without-time-wait", title: "ABORT leaves nobody to wait",
		cause: "A's user aborts: A is CLOSED at once, and its RST takes B to CLOSED. Neither waits in TIME-WAIT, and an octet of A's is still on its way. " +
			"Both open again, and the old octet fits the new connection, whose numbers may be any.",
		scenario: "abort-arbitrary", property: "no-stale-text", mendedIn: "abort-time-wait",
		mendText: "The side that sends the RST waits in TIME-WAIT (§3.5.2; `after-reset: time-wait`).",
	},
	{
		file: "crash-without-quiet-time", title: "After a crash a host must keep quiet",
		cause: "A crashes and forgets which numbers it used, while an octet of its is still on its way. It opens again at once, with numbers that may be any, " +
			"and the old octet is given to the user of the new connection.",
		scenario: "crash-arbitrary", property: "no-stale-text", mendedIn: "crash-quiet",
		mendText: "After memory was lost send nothing for one MSL: the quiet time of §3.4.3 (`after-crash: quiet-time`).",
	},
	{
		file: "old-syn-ends-open", title: "An old SYN ends an open that has just begun",
		cause: "B opens actively, and an old SYN of A's reaches it in SYN-SENT: it looks like a simultaneous open, so B answers it by a SYN,ACK and is in SYN-RECEIVED. " +
			"A listens and never sent that SYN in this connection: it resets the SYN,ACK, as it must. The RST fits, and B's user is refused, though A listens.",
		scenario: "old-syn-active", property: "stale-segment-kills-nothing",
		mends: []mend{{"active-reset", "returns"}},
		mendText: "Go back to where SYN-RECEIVED was reached from, as a passive open does (MUST-11): to SYN-SENT, and repeat the SYN. " +
			"If nobody is there, that SYN is refused. The RFC's text has only the way to CLOSED.",
	},
	{
		file: "abort-unheard", title: "Waiting after a reset helps only if the reset is heard",
		cause: "B aborts and waits in TIME-WAIT, as §3.5.2 says the side that sends a RST should (§3.10.5 has it CLOSED at once). The RST is lost. " +
			"A still believes in the connection and sends on it when B's wait is over, however long that was; only then it is reset, and it does not wait either. " +
			"What A repeated meantime is still on its way when both connect again, with numbers that may be any, and is given to B's user.",
		scenario: "abort-unheard", property: "no-stale-text", mendedIn: "abort-reopen",
		mendText: "No length of TIME-WAIT does. Begin each connection above all numbers used before (3.4.1; `isn: clock`).",
	},
	{
		file: "quiet-time", title: "Quiet time protects from one side only",
		cause: "A has crashed and keeps quiet for one MSL (§3.4.3): all that it sent is dead by then. B has not crashed, and sends until A's RST says that the connection is gone. " +
			"B is CLOSED at once, with a repeated octet of its own still on its way; both connect again, with numbers that may be any, and A's user is given the old octet.",
		scenario: "crash-peer-sends", property: "no-stale-text", mendedIn: "crash",
		mendText: "Not quiet time: B has to begin above all numbers that it used before (3.4.1; `isn: clock`), as it can, since it has not lost its memory.",
	},
	{
		file: "half-open-rests", title: "A connection that only one side has",
		cause: "A is ESTABLISHED when B's SYN,ACK arrives. A's ACK is lost, and so is what B repeats; B gives up. " +
			"Nobody sends anything any more, and A keeps a connection with nobody: TCP has no heartbeat of its own.",
		scenario: "handshake", property: "no-half-open",
		unmended: "Nothing, and nothing must: §3.5.1 names such connections half-open. [They are found out](reset-half-open.md) as soon as either side sends; keep-alives (§3.8.4) make a side send from time to time.",
	},
}

// attacks are runs in which an off-path attacker forges a segment.
var attacks = []entry{
	{
		file: "forged-text", title: "Who guesses the numbers can put words into the peer's mouth",
		cause: "An attacker who does not see the connection forges a segment with text. Its number is the next that B expects, and its ACK lies in the range that B has sent: " +
			"B can't tell it from A's, gives it to its user, and acknowledges to A what A never sent.",
		scenario: "attack", property: "text-in-order-once",
		unmended: "Nothing in TCP itself. Unpredictable initial numbers (RFC 6528) and narrow checks (RFC 5961) make the guess hard: `tcpcheck attacks` counts how many of all numbers work. Authenticated segments (TCP-AO, RFC 5925) prevent it.",
	},
	{
		file: "forged-reset", title: "By RFC 793 a forged RST need only be near enough",
		cause: "An attacker who does not see the connection forges a RST. RFC 793 believes it anywhere in the window, so with a window of 65,535 octets one number in 65,537 is enough, " +
			"and the ACK does not matter (`tcpcheck attacks`). Here it is one above the number that B expects, and B's connection is gone.",
		scenario: "attack", variant: "rfc793", property: "blind-reset-is-exact",
		mends:    []mend{{"reset", "exact"}},
		mendText: "Believe a RST only with exactly the next number, and answer any other in the window by a challenge ACK (RFC 5961 section 3; RFC 9293 does): all 4,294,967,296 numbers must then be tried.",
	},
	{
		file: "forged-syn", title: "A forged SYN near enough ends a handshake",
		cause: "B has answered A's SYN and waits in SYN-RECEIVED for the third segment. A forged SYN anywhere in its window takes it back to LISTEN (§3.10.7.4 fourth): " +
			"A's connection is not opened. RFC 5961 has a RST be exact, here too, and a SYN in a connection be challenged; of a SYN in SYN-RECEIVED it says nothing. " +
			"With a window of 65,535 octets one SYN in 65,537 works, and one RST in 4,294,967,296 (`tcpcheck attacks --state SYN-RECEIVED`).",
		scenario: "attack-listener", property: "blind-syn-ends-nothing",
		mends:    []mend{{"syn-received-syn", "challenged"}},
		mendText: "Challenge it, as in a connection: a peer that really begins anew answers the ACK by a RST with the right number.",
	},
	{
		file: "forged-handshake", title: "Who guesses one number can open a connection in another's name",
		cause: "A has opened, and B's SYN,ACK is under way. An attacker forges the third segment: if it acknowledges exactly B's SYN, B is ESTABLISHED before A has heard of it. " +
			"The same works without A, for an attacker who also forges the SYN, which is why initial numbers must not be guessed.",
		scenario: "attack-listener", property: "no-false-connection",
		unmended: "Nothing in TCP itself: initial numbers that nobody can guess (RFC 6528) make it as hard as 32 bits can. Authenticated segments (TCP-AO, RFC 5925) prevent it.",
	},
}
