// Package trace is a run of two endpoints and the network between them, as
// data: what happened, in order, and what came of it.
//
// A run is its [Setup] and its [Action]s; everything else follows from them.
// [Run] plays the actions through the endpoints and returns the [Trace], with
// both states after each step. It is the one currency of counterexamples,
// witnesses, figures and scripts: drawings print it, JSON stores it, and a
// replay plays it again, also with other behaviours.
//
//	Run, Runner            play actions, all or one by one
//	Changed                what a step changes, in the RFC's words
//	Print, Format, Lines   the trace as a ladder; with what changed and why
//	Parse, Script.Run      a ladder read, played and compared line by line
//	WriteJSON, ReadJSON    the trace stored; read, it is played again and verified
//	Replay                 the same actions under other behaviours or a mutant
//
// # The ladder
//
// [Print] writes a trace in the notation of RFC 9293 section 3.5, [Parse]
// reads it, and the [Script] that it returns runs to the identical trace. The
// same text is what the user reads, what a test expects and what can be run
// again. Figure 8 of the RFC, as a script:
//
//	in-flight: ... <SEQ=90><CTL=SYN> --> B
//
//	     TCP Peer A                                       TCP Peer B
//	1.  CLOSED                                           LISTEN
//	2.  (OPEN active)
//	    SYN-SENT    --> <SEQ=100><CTL=SYN>               ...
//	3.  (duplicate) ... <SEQ=90><CTL=SYN>                --> SYN-RECEIVED
//	4.  SYN-SENT    <-- <SEQ=300><ACK=91><CTL=SYN,ACK>   <-- SYN-RECEIVED
//	5.  SYN-SENT    --> <SEQ=91><CTL=RST>                --> LISTEN
//	6.              ... <SEQ=100><CTL=SYN>               --> SYN-RECEIVED
//
// A line shows a segment: where it leaves (--> or <-- beside its sender),
// where it arrives, or both; "..." means that it is in the network. The states
// are those after it left or arrived. In place of the receiver's state stands
// what became of a segment otherwise:
//
//	(lost)     the network lost it
//	(dropped)  the network had no room for it when it was sent
//	(expired)  it was older than the maximum segment lifetime
//
// Other lines show a user call, a timeout or another event in parentheses at
// its side, with the state after it below; (tick), time that passes; or
// states. Notes about a segment stand in a free column or at the end:
//
//	(duplicate)    it arrived before, or was in the network from the start
//	(copy stays)   it arrives, and a copy of it remains in the network
//	(attack)       an attacker made it
//	(ISS=7)        the number its receiver picks, if its answer does not show it
//
// Every segment that is sent must be shown, in the order of sending; it is
// numbered so from 1, and where several in the network look alike, #3 behind
// the segment tells which. A remark that ends in ! or ? is for people, and so
// is a line that starts with #. WND is written where it is not the whole
// window of the segment's sender (in a RST: not 0).
//
// Where a segment's leaving is shown late, just before it arrives, nothing
// that happened in between could have told the difference: the sender did
// nothing, and no time passed.
//
// The header sets what is not the default: see [Parse].
//
// # Decisions
//
// Only setup, actions and the mutant's name say what a run is; everything else
// in a ladder or a JSON document is a claim that reading it verifies. So a
// stored trace can't lie about the model, and a change of the model that
// changes a stored run is found out.
//
// What is read is bounded ([MaxLadder], [MaxJSON], [MaxSteps]), and errors give
// line and column, or the path in the document.
package trace
