package counterexamples

import "github.com/tcpcheck/tcpcheck/explore"

// entry is one page of the catalogue. It shows a violation that the search
// finds (scenario, property, perhaps a mutant), or runs that go right.
type entry struct {
	file  string // without .md
	title string
	// cause is what goes wrong and why, in some sentences.
	cause string

	// A variant that is not the scenario's own behaves otherwise in both endpoints.
	scenario, variant, mutant, property string

	sets []explore.Setting // what is otherwise than the scenario says

	// What makes the property hold: choices of the endpoints, or another scenario,
	// or, for a mutant, leaving it out. mendText says it in words. If nothing
	// does, unmended says why.
	mends    []mend
	mendedIn string
	mendText string
	unmended string

	runs []run // instead of a scenario
}

// mend is a choice and its value.
type mend struct{ choice, value string }

// run is a run that is played: a ladder in runs, without .ladder.
type run struct {
	file, title, text string
	cycle             int // number of the step that it goes on from, for ever; 0: it ends
}

// section is some pages of one kind.
type section struct {
	title, about string
	entries      []entry
}

// sections are the catalogue, in order. A page is added by a line in one of these.
var sections = []section{
	{
		"How TCP works when all goes well",
		"Runs that everyone looks for, played through the endpoint of RFC 9293: each state and number is what it does, not what somebody drew.",
		rights,
	},
	{
		"Resets, and what causes them",
		"A RST is sent when a segment comes that is not meant for the connection as it is (§3.5.2), or when the user aborts.",
		resets,
	},
	{
		"Holes of RFC 9293 itself",
		"The endpoint follows the RFC's text; the text breaks the property. A choice that mends it is checked in every state.",
		holes,
	},
	{
		"What else the text of RFC 9293 leads to",
		"Runs that follow the letter and end otherwise than one would think, or than a figure shows; beside them, where there is one, the run with the choice that mends it.",
		readings,
	},
	{
		"Runs that never end",
		"Assertions about whole runs: what must come in the end, if the network delivers what is repeated often enough and timers fire. Here it never comes.",
		endless,
	},
	{
		"What protects a new connection from the old one",
		"Two connections between the same sockets, one after the other. Only the first sends and closes; what it leaves in the network meets the second.",
		incarnations,
	},
	{
		"Attackers who see nothing and guess",
		"One forged segment comes to B from somebody who is not on the path. All numbers and flags are tried; the page shows the shortest run that does harm.",
		attacks,
	},
	{
		"Bugs in opening a connection",
		deliberate,
		openingBugs,
	},
	{
		"Bugs in resets",
		deliberate,
		resetBugs,
	},
	{
		"Bugs in carrying text",
		deliberate,
		textBugs,
	},
	{
		"Bugs in closing a connection",
		deliberate,
		closingBugs,
	},
}

// deliberate is what the sections of mutants are about.
const deliberate = "Each is one deliberate bug around the endpoint of RFC 9293. Without it the property holds in every state of the scenario."
