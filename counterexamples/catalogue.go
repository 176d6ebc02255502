package counterexamples

// entry is one page of the catalogue: what is checked, and what is said of it.
type entry struct {
	file  string // without .md
	title string
	// cause is what goes wrong and why, in some sentences.
	cause string

	scenario, mutant, property string
	// mend is what makes the property hold: a choice and its value; for a
	// mutant, leaving it out.
	// mendedIn is another scenario, in which the property holds.
	mend     [2]string
	mendedIn string
	mendText string
}

// sections of the catalogue, in order.
var sections = []struct {
	title, about string
	entries      []entry
}{
	{
		"Holes of RFC 9293 itself",
		"The endpoint follows the RFC's text; the text breaks the property. A choice that mends it is checked in every state.",
		[]entry{
			{
				file: "close-in-syn-received", title: "CLOSE in SYN-RECEIVED passes the three-way handshake by",
				cause: "An old SYN stirs a listener, whose user closes before the handshake has shown that nobody is there. " +
					"By 3.10.4 the side enters FIN-WAIT-1, a synchronized state in which text is delivered, " +
					"though its own SYN was never acknowledged. An old octet of the same old connection is given to the user.",
				scenario: "old-text-close", property: "no-stale-text",
				mend:     [2]string{"close-in-syn-received", "waits"},
				mendText: "Queue the CLOSE until ESTABLISHED, as 3.10.4 does when text is pending.",
			},
			{
				file: "reset-in-last-ack", title: "A RST in LAST-ACK loses text in silence",
				cause: "B has sent an octet and closed; A gave up, so B's octet draws a RST. " +
					"In LAST-ACK and CLOSING, 3.10.7.4 second enters CLOSED without telling the user, " +
					"who takes the text for delivered. MUST-12 asks that the user be told whether the connection was aborted.",
				scenario: "half-close", property: "no-silent-loss",
				mend:     [2]string{"closing-reset", "reported"},
				mendText: "Signal \"connection reset\" in CLOSING and LAST-ACK as in the states before them.",
			},
			{
				file: "reset-in-closing", title: "The user is not told of a RST in CLOSING",
				cause: "Two users close at once, and one side gives up. The RST that answers the other's FIN ends its connection in CLOSING, " +
					"and nobody says so: an aborted connection looks like a closed one.",
				scenario: "simultaneous-close", property: "reset-in-closing-is-reported",
				mend:     [2]string{"closing-reset", "reported"},
				mendText: "Signal \"connection reset\" in CLOSING and LAST-ACK as in the states before them.",
			},
		},
	},
	{
		"TIME-WAIT and sequence numbers: what protects a new connection from the old one",
		"Two connections between the same sockets, one after the other. Only the first sends and closes; what it leaves in the network meets the second.",
		[]entry{
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
		},
	},
	{
		"Bugs, and how they show",
		"Each is one deliberate bug around the endpoint of RFC 9293. Without it the property holds in every state of the scenario.",
		[]entry{
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
		},
	},
}
