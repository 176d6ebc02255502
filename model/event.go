package model

import "fmt"

// EventKind names what happens to an endpoint (RFC 9293 §3.10).
type EventKind uint8

// The user calls, the arrival of a segment, the timeouts, what the layers
// below report, and two events outside the RFC: a crash, and the passing of
// one tick of the clock that TIME-WAIT and quiet time are counted in.
const (
	OpenActive            EventKind = iota // OPEN, active: uses ISS, Refusal
	OpenPassive                            // OPEN, passive: uses Refusal
	Send                                   // SEND: uses N, Push, Urgent, ISS (in LISTEN), Refusal
	Receive                                // RECEIVE: uses N, Refusal
	Close                                  // CLOSE: uses Refusal
	Abort                                  // ABORT: uses Refusal
	Status                                 // STATUS: uses Refusal
	SegmentArrives                         // SEGMENT ARRIVES: uses Segment, ISS (if a SYN may be answered)
	UserTimeout                            // USER TIMEOUT
	RetransmissionTimeout                  // RETRANSMISSION TIMEOUT
	TimeWaitTimeout                        // TIME-WAIT TIMEOUT
	KeepAliveTimeout                       // the connection was idle (§3.8.4)
	ZeroWindowProbe                        // the persist timer (§3.8.6.1)
	UnreachableSoft                        // ICMP, soft error (§3.9.2.2)
	UnreachableHard                        // ICMP, hard error (§3.9.2.2)
	Crash                                  // memory is lost (§3.5.1)
	Tick                                   // one tick of time passes

	NumEventKinds = int(Tick) + 1
)

var eventNames = [NumEventKinds]string{
	"OPEN active", "OPEN passive", "SEND", "RECEIVE", "CLOSE", "ABORT", "STATUS",
	"SEGMENT ARRIVES", "USER TIMEOUT", "RETRANSMISSION TIMEOUT", "TIME-WAIT TIMEOUT",
	"KEEP-ALIVE TIMEOUT", "ZERO-WINDOW PROBE", "UNREACHABLE soft", "UNREACHABLE hard",
	"CRASH", "TICK",
}

// String is the event's name in the RFC's words.
func (k EventKind) String() string {
	if int(k) < NumEventKinds {
		return eventNames[k]
	}
	return fmt.Sprintf("EventKind(%d)", uint8(k))
}

// Refusal is what makes a user call fail for a reason outside the TCB.
type Refusal uint8

// The refusals that 3.10 names.
const (
	Granted           Refusal = iota
	NoAccess                  // "connection illegal for this process"
	NoResources               // no room for the TCB or the request
	RemoteUnspecified         // active OPEN or SEND, and no remote socket is known
	BadDiffserv               // the Diffserv value is not allowed
	SecurityDenied            // the security/compartment is not allowed

	NumRefusals = int(SecurityDenied) + 1
)

// Event is one event with all that the world chooses about it. Fields that
// its kind does not use are zero.
type Event struct {
	Kind    EventKind
	Refusal Refusal
	Push    bool
	Urgent  bool
	N       uint32 // octets to SEND or RECEIVE, at least 1
	// ISS is the initial send sequence number of an active OPEN, of a SEND in
	// LISTEN, or of the answer to a SYN.
	ISS     Seq
	Segment Segment
}
