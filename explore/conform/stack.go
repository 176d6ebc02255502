package conform

import (
	"errors"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// ErrUnsupported is what a [Stack] returns for something that it has no way to
// do in its present state, such as a SEND before the handshake has ended. The
// sequence is then given up; it counts neither for nor against the stack.
var ErrUnsupported = errors.New("the stack has no way to do this")

// Stack is one connection of a TCP under test, in CLOSED when it is made. It
// is used by one goroutine.
//
// A method may panic: that is a deviation. An error other than
// [ErrUnsupported] is the stack's own refusal, as the RFC's calls have it
// ("error: connection closing"); what matters is what it then sends.
type Stack interface {
	// Open is OPEN: passive listens, active sends a SYN.
	Open(passive bool) error
	// Send is SEND of so many octets.
	Send(octets uint32) error
	// Close is CLOSE: no more will be sent, the peer's text is still read.
	Close() error
	// Abort is ABORT.
	Abort() error
	// Deliver hands a segment to the stack, as if it came from the peer. Its
	// text has g.Len octets, which may be anything.
	Deliver(g model.Segment) error
	// Advance lets time pass. A stack without timers does nothing.
	Advance(d time.Duration) error
	// Output is what the stack has sent since the last call, in order, once it
	// has nothing more to do.
	Output() ([]model.Segment, error)
}

// What a stack may tell of itself beyond what it sends, and be told beyond
// segments. A [Stack] that has these methods is compared in them too.
type (
	// Stater tells the state of the connection; ok is false if it can't be
	// known now.
	Stater interface {
		State() (s model.State, ok bool)
	}
	// Deliverer tells how many octets of the peer's text reached the user
	// since the last call. The user reads at once.
	Deliverer interface{ Delivered() (octets uint32) }
	// Failer tells whether the user has heard, since the last call, that the
	// connection failed: that it was reset or refused, timed out, or that the
	// peer can't be reached.
	Failer interface{ Failed() bool }
	// Urger tells whether the user has heard of urgent data since the last
	// call. A stack whose user can't hear of it says no.
	Urger interface{ Urgent() bool }
	// Unreacher is told that an ICMP message reports the peer as unreachable:
	// by a soft error, or by one of those that §3.9.2.2 calls hard.
	Unreacher interface{ Unreachable(hard bool) error }
	// Pauser is told that the user reads no more. What comes then fills the
	// receive window.
	Pauser interface{ Pause() error }
	// Discarder is told that the stack is not used any more.
	Discarder interface{ Discard() }
)

// Subject is a TCP to be tested.
type Subject struct {
	// Name and version, as reports write them.
	Name string
	// New returns a connection in CLOSED.
	New func() (Stack, error)
	// Timers: Advance costs nothing and lets the stack's timers fire, so
	// retransmissions and the end of TIME-WAIT can be asked for.
	Timers bool
	// PeerWindow is the window that segments to the stack offer, in octets; 0
	// is 9. A stack that avoids silly windows wants some thousands.
	PeerWindow uint32
	// TimeWait is how long TIME-WAIT lasts, in a stack with Timers; 0: it is not
	// known to a minute.
	TimeWait time.Duration
	// Congestion: the stack has congestion control, so text need not leave
	// while something is outstanding, though the window has room for it.
	Congestion bool
	// Alone: the stack has no part that answers segments when there is no
	// connection, so nothing is delivered in CLOSED.
	Alone bool
}

func (s *Subject) peerWindow() uint32 {
	if s.PeerWindow == 0 {
		return 9
	}
	return s.PeerWindow
}
