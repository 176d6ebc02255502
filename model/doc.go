// Package model is one TCP endpoint, as RFC 9293 writes it.
//
// Everything that a TCP does is one call:
//
//	e.Step(&tcb, event, &out)
//
// which changes the transmission control block in place and reports in out
// what was sent, what the user was told, which octets were delivered, which
// states were passed through and which rules of the RFC decided it. The same
// Step serves the exhaustive search with 8 sequence numbers, real packets
// with 2^32, rapid's random walks and scripts.
//
// A second, looser judge is [Endpoint.Allows]: which rules forbid an endpoint
// in this state to send this segment. Step says what a TCP does; Allows says
// what any TCP may do, and is what a capture is judged by.
//
// # How to read it
//
// One function per paragraph of section 3.10, in files named after them:
//
//	calls.go             3.10.1–3.10.6  OPEN SEND RECEIVE CLOSE ABORT STATUS
//	arrives_closed.go    3.10.7.1       SEGMENT ARRIVES in CLOSED
//	arrives_listen.go    3.10.7.2       … in LISTEN
//	arrives_synsent.go   3.10.7.3       … in SYN-SENT
//	arrives_other.go     3.10.7.4       … in the other states, first to fourth
//	arrives_ack.go       3.10.7.4       … fifth, the ACK field
//	arrives_text.go      3.10.7.4       … sixth to eighth, URG, text, FIN
//	timeouts.go          3.10.8         timeouts, and what the network reports
//	transmit.go          3.5.2, 3.8     what leaves: SYN, data, FIN, ACK, RST
//
// Where the text leaves a hole, the reading taken is marked "reading" beside
// the code and argued in docs/decisions.md. Where implementations differ, a
// typed choice of [Behaviours] is read at the paragraph that offers it.
//
// # Decisions
//
// The package has no I/O, goroutine, clock, randomness or iteration over
// maps: what the world chooses comes in with the event. Nothing in a [TCB] or
// an [Output] is a pointer, so both compare with ==, and Step allocates
// nothing. The RFC's bugs stay in; deliberate bugs of ours are [Mutants],
// decorators around Step that its code does not know of.
package model
