// Package observe says in which states a TCP endpoint can be, from what was
// seen on the wire.
//
// An [Observer] watches one endpoint. It is told each segment that was seen to
// leave it ([Observer.Sent]) and each that was seen on its way to it
// ([Observer.Received]), and keeps the set of endpoints that can't be told
// apart: [Observer.States]. The first segment that no endpoint of the set may
// send is impossible, and [Observer.Deviation] gives the rules that forbid it.
//
// # What is not seen
//
// User calls and timeouts. A segment seen on its way may still be lost, or be
// processed later, so each that can change the state leaves two possibilities:
// it was processed, or not (yet). A segment that was sent and lost before the
// point of capture leaves a hole in the numbers. A real sender splits and
// joins octets, delays and merges ACKs, repeats any outstanding range, probes,
// keeps alive and chooses windows: what is sent is therefore judged by
// [model.Endpoint.Allows], not compared with what Step would send.
//
// # Normal form
//
// The numbers are facts of the wire: ISS and IRS from the SYNs, SND.NXT from
// the highest number sent, RCV.NXT between the last ACK sent and the end of
// what was seen to arrive in order. What is uncertain is which segments the
// endpoint has taken note of, and that is its state. So a set is, for each
// incarnation, a set of shapes (state, how SYN-RECEIVED was reached, whether
// our SYN is acknowledged, whether a CLOSE waits), at most 128 and in practice
// from 1 to 4. A TCB is made from a shape and the facts whenever Step or
// Allows is asked.
//
// # Decisions
//
// Silent steps are taken late. An ABORT that sends nothing, a timeout, a CLOSE
// whose FIN has not left: they are assumed at the segment that shows them, not
// at every moment before, where they would put FIN-WAIT-1 and CLOSED beside
// every ESTABLISHED. The states reported are those that the wire shows. The
// exception is a CLOSE where something holds the FIN back: the peer's window has
// no room, or so much is outstanding that congestion control may.
//
// Where the RFC leaves a choice, or its text and a figure differ, the set has
// both: MAY-2 in TIME-WAIT, SHLD-3 behind a CLOSE, figure 7 in SYN-RECEIVED.
//
// A segment is explained in this order: by an endpoint of the set as it is; by
// one that took a silent step; as an old segment that the network delayed. An
// ACK of what was not seen, the peer's SYN,ACK or octets, is taken on trial: if
// the peer goes on behind it, the capture missed it; if not, the ACK is
// impossible.
//
// What is remembered of segments that may still be processed is bounded. When
// the bound is hit, the answer is [Unknown] from then on.
package observe
