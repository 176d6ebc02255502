package model

import "fmt"

// Signal is what the user is told: a return of a call or a delayed response
// (RFC 9293 §3.10, "signal").
type Signal uint8

// The signals; [Signal.String] gives the RFC's words.
const (
	OK Signal = iota
	ErrIllegal
	ErrNoConnection
	ErrExists
	ErrNoResources
	ErrRemoteUnspecified
	ErrDiffserv
	ErrSecurity
	ErrConnectionClosing
	ErrClosing
	ErrUserTimeout
	ConnectionReset
	ConnectionRefused
	ConnectionClosing
	UrgentData
	PushSeen
	SendOK      // buffers that were SENT are acknowledged in full
	SoftError   // SHLD-25: the destination is reported unreachable
	HardError   // SHLD-26: aborted, the destination is unreachable
	StillQuiet  // quiet time: nothing may be sent yet (§3.4.3)
	StateSignal // the first of the answers to STATUS, see [StatusOf]

	NumSignals = int(StateSignal) + NumStates
)

var signalNames = [...]string{
	OK:                   "ok",
	ErrIllegal:           "error: connection illegal for this process",
	ErrNoConnection:      "error: connection does not exist",
	ErrExists:            "error: connection already exists",
	ErrNoResources:       "error: insufficient resources",
	ErrRemoteUnspecified: "error: remote socket unspecified",
	ErrDiffserv:          "error: Diffserv value not allowed",
	ErrSecurity:          "error: security/compartment not allowed",
	ErrConnectionClosing: "error: connection closing",
	ErrClosing:           "error: closing",
	ErrUserTimeout:       "error: connection aborted due to user timeout",
	ConnectionReset:      "connection reset",
	ConnectionRefused:    "connection refused",
	ConnectionClosing:    "connection closing",
	UrgentData:           "urgent data",
	PushSeen:             "push seen",
	SendOK:               "send ok",
	SoftError:            "destination unreachable",
	HardError:            "error: connection aborted, destination unreachable",
	StillQuiet:           "error: quiet time",
}

// StatusOf is the answer to STATUS in a state, "state = LISTEN".
func StatusOf(s State) Signal { return StateSignal + Signal(s) }

// String is the signal in the RFC's words.
func (g Signal) String() string {
	switch {
	case g < StateSignal:
		return signalNames[g]
	case int(g) < NumSignals:
		return "state = " + State(g-StateSignal).String()
	}
	return fmt.Sprintf("Signal(%d)", uint8(g))
}

// ReportsFailure tells whether the signal lets the user know that what was
// sent may not have been delivered, or that the connection failed.
func (g Signal) ReportsFailure() bool {
	switch g {
	case ErrClosing, ErrUserTimeout, ConnectionReset, ConnectionRefused, HardError:
		return true
	}
	return false
}
