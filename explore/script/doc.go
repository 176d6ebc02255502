// Package script reads the scripts of packetdrill, the language in which the
// TCPs of Linux and FreeBSD are tested, and judges them by the model instead
// of a kernel: does what a script expects agree with RFC 9293?
//
// [Parse] reads a script. It takes the whole language for TCP; what lies
// outside (other protocols, encapsulation) is kept as a construct that is not
// supported, with its line and column. [Run] judges it, and the [Result] says
// that it agrees, or where it disagrees, what the model does there and by which
// rule, or what is not supported. docs/script.md tells users what is judged.
//
// # How a script is judged
//
// The runner keeps candidates: every endpoint that the TCP under test may be.
// What is injected happens to each of them, since nothing is lost between
// packetdrill and the kernel. A line that expects something removes those that
// it is not true of; the line that removes the last is the disagreement.
//
// Step sends at once what it may, a kernel when it likes. So text and FIN that
// Step sends are taken back into the queue, and counted when the script
// mentions them (observe.TakeBack); whether they may be sent is the question
// that [model.Endpoint.Allows] answers. Resets, SYNs and ACKs that Step sends
// are due: the script must mention them before what is sent after them, and an
// ACK alone needs one that is due or another reason. Where the RFC leaves a
// choice that is made once, candidates differ from the beginning (see
// readings); where it is made at a moment, there they part.
//
// # Decisions
//
// Agreement means that a TCP within the RFC exists on which packetdrill would
// pass the script. packetdrill compares a packet when it expects one, so what
// is sent behind the last of them is looked at only where a script that stops
// there says something wrong: a RST or a SYN,ACK that is missing.
//
// Numbers are those of the script: the ISS of an endpoint is the number of the
// next SYN that the script expects. What the model has no opinion of is counted
// as not judged; where that could decide (PAWS, Fast Open, more gaps than are
// held) there is no verdict but "not supported".
package script
