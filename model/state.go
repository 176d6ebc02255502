package model

import "fmt"

// State is a state of the connection (RFC 9293 §3.3.2).
type State uint8

// The eleven states, in the order of the RFC's list; Closed is the state of a
// TCB that does not exist.
const (
	Closed State = iota
	Listen
	SynSent
	SynReceived
	Established
	FinWait1
	FinWait2
	CloseWait
	Closing
	LastAck
	TimeWait

	NumStates = int(TimeWait) + 1
)

var stateNames = [NumStates]string{
	"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
	"FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT",
}

// String is the state's name as the RFC spells it.
func (s State) String() string {
	if int(s) < NumStates {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// ParseState reads what [State.String] writes.
func ParseState(text string) (State, bool) {
	for i, n := range stateNames {
		if n == text {
			return State(i), true
		}
	}
	return 0, false
}

// Synchronized tells whether s is one of the RFC's synchronized states:
// ESTABLISHED and those after it (RFC 9293 §3.5.2, group 3).
func (s State) Synchronized() bool { return s >= Established && int(s) < NumStates }

// stateSet is a set of states, a bit each.
type stateSet uint16

func states(list ...State) (set stateSet) {
	for _, s := range list {
		set |= 1 << s
	}
	return set
}

func (set stateSet) has(s State) bool { return set>>s&1 == 1 }

var (
	// mayReceive: the peer's FIN has not come yet.
	mayReceive = states(Established, FinWait1, FinWait2)
	// closedByUser: our user's CLOSE has been taken.
	closedByUser = states(FinWait1, FinWait2, Closing, LastAck, TimeWait)
	// finAcked: our FIN was acknowledged.
	finAcked = states(FinWait2, TimeWait)
)
