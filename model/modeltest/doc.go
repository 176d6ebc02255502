// Package modeltest tests TCP endpoints: the one of package model, or any
// other that an adapter dresses as a [model.StepFunc].
//
// [Run] is a rapid state machine for two endpoints, their users, and a network
// that loses, repeats and reorders segments. It judges every step by
// [Properties], each a sentence of RFC 9293 with its section, and fails with
// the first that is broken and the run that leads there, which rapid makes
// short. [Scenarios] are configs for it. [Endpoint], [TCB], [Segment] and
// [Event] draw the model's types, for tests of one's own.
//
// # What an adapter must do
//
// The suite knows a stack by its StepFunc alone: it hands over the TCB and one
// event, and reads the TCB and the output that come back. An adapter keeps the
// variables of [model.TCB] that the RFC names up to date: the state, ISS, IRS,
// SND.UNA, SND.NXT, SND.WND, RCV.NXT, RCV.WND, what is queued and unread. It
// may keep more elsewhere. In the output it reports what was sent and
// delivered, what the user was told, and the states passed through.
//
// # Decisions
//
// The properties never ask the model's Step what should have happened: they
// look at what was called, sent, delivered and signalled so far, and at the
// TCB. So they can be wrong, or the stack, but not both in the same way.
//
// What RFC 9293 leaves open a property leaves open too, or asks the
// [model.Behaviours] of the endpoint. Where the RFC, followed by the letter,
// does not reach what one would wish, the scenario is restricted, not the
// property: see [EndingProperties], and the comments in [Scenarios].
//
//   - Two ends whose ACKs lie outside the other's window answer each other
//     until a retransmission or a reader ends it. So in the end users read at
//     once, and timers fire even if segments are on their way.
//   - The eighth check counts any FIN in the window, also a second one. So
//     strangers send none.
//   - CLOSE in SYN-RECEIVED leads to FIN-WAIT-1 with a SYN that nobody has
//     acknowledged. So "synchronized" asks for that too.
//
// One connection is judged, from OPEN to CLOSED; what a later incarnation may
// suffer from an earlier one is for package explore.
package modeltest
