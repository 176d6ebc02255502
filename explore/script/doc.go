// Package script reads the scripts of packetdrill, the language in which the
// TCPs of Linux and FreeBSD are tested, and judges them by the model instead
// of a kernel: does what a script expects agree with RFC 9293?
//
// [Parse] reads a script. It takes the whole language for TCP; what lies
// outside (other protocols, encapsulation) is kept as a construct that is not
// supported, with its line and column.
package script
