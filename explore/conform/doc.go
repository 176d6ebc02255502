// Package conform drives a real TCP and the model side by side, and says where
// they part.
//
// A stack under test is a [Stack]: one connection that can be opened, sent on,
// closed and aborted, that is given segments and time, and that tells what it
// sends. [Run] gives it every pair of an endpoint's state and a class of
// segment, each by the shortest way there, and walks at random; its [Report]
// lists the deviations, each with the shortest sequence that shows it, drawn
// with both sides' answers and the rule of the RFC. [Check] is one walk as a
// property for rapid, for a stack's own tests.
//
// # A stack of one's own
//
// Write a [Stack], about a hundred lines; stacks/lneto/adapter/stack.go is one
// for a TCP without timers and sockets, stacks/gvisor/adapter for one with
// both. A [Subject] says how to make a fresh connection. Then, in its go test,
//
//	report, err := conform.Run(subject, 1000, nil)
//
// and look at report.New; or conformtest.Report, which takes the deviations
// that are understood from a known.yaml and fails for the others; or [Check]
// in rapid.Check. [Main] makes a command of it.
//
// # How a stack is judged
//
// A stack is free in much: when it acknowledges, how it cuts and joins what it
// sends, which windows it offers, whether it holds or drops what comes out of
// order. So its answer is not compared with one answer. The judge keeps every
// endpoint that the stack may be. To each the same happens as to the stack; it
// stays if
//
//   - every segment that the stack sent is one that it may send
//     ([model.Endpoint.Allows]), and a reset is one that it must send;
//   - what must be answered (§3.5.2, §3.10.7) is: by the RST, SYN,ACK or
//     ACK that is due;
//   - text and FIN leave when there is room for all that waits;
//   - where the stack tells, the state and the octets delivered are its own.
//
// The readings of the RFC that are tried are listed in reading.go: those that
// it permits; then known choices, such as a RST that is believed anywhere in
// the window, which are reported, but whose consequences the model knows, so
// that the sequence can go on. Where no endpoint is left the sequence ends,
// and the first thing that is wrong under the first reading is the deviation.
//
// # What is tested
//
// A place is a state, and what else decides how it answers: whether text or
// a FIN is outstanding or waits, whether something is held, whether the window
// is shut. [Run] goes breadth first from place to place by what conforms, so a
// deviation on one way to a place does not hide what lies behind it. At each
// place it delivers every class of segment of package reaction: each set of
// flags, each place of SEG.SEQ and SEG.ACK, with and without text. The pairs
// that exist are those of the places that the model reaches; the pairs reached
// are those that the stack could be given, and the report tells why the others
// could not. Drills show what one segment does not: the same segment many
// times, a window that shrinks, timers.
//
// # Numbers
//
// Sequence numbers are those of real TCP. A stack picks its own ISS; it is
// learned from its SYN, and what reports show is shifted as if it were 1000. A
// sequence is written relative to the variables, so it means the same for
// every ISS, and when an event before it is left out to make it shorter.
package conform
