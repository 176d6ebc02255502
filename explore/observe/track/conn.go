package track

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

// Side is an endpoint of a connection: A opened it, or was seen first.
type Side uint8

// The sides.
const (
	A Side = iota
	B
)

// Other is the peer.
func (s Side) Other() Side { return 1 - s }

// String is "a" or "b".
func (s Side) String() string { return [...]string{"a", "b"}[s] }

// Packet is a segment of a connection, and what each endpoint can be after it.
type Packet struct {
	N       int // its number in the file
	Time    time.Time
	From    Side
	Segment model.Segment // the window is scaled
	States  [2]States     // of A and B, after each could have processed it
}

// String is the segment in the RFC's notation, with the octets of text.
func (p *Packet) String() string {
	g := p.Segment
	text := fmt.Sprintf("<SEQ=%d>", g.Seq)
	if g.Flags.Has(model.ACK) {
		text += fmt.Sprintf("<ACK=%d>", g.Ack)
	}
	text += fmt.Sprintf("<CTL=%v>", g.Flags)
	switch g.Len {
	case 0:
		return text
	case 1:
		return text + " 1 octet"
	}
	return text + fmt.Sprintf(" %d octets", g.Len)
}

// States is a set of states, a bit each.
type States uint16

// List lists the states in the order of the RFC's list.
func (s States) List() []model.State {
	var list []model.State
	for i := range model.NumStates {
		if s>>i&1 == 1 {
			list = append(list, model.State(i))
		}
	}
	return list
}

// String is "ESTABLISHED or CLOSE-WAIT"; "-" is the empty set, of an endpoint
// that was found impossible; "any state" are all.
func (s States) String() string {
	var names []string
	for _, x := range s.List() {
		names = append(names, x.String())
	}
	switch n := len(names); n {
	case 0:
		return "-"
	case model.NumStates:
		return "any state"
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
}

// anyState is all of them.
const anyState = States(1<<model.NumStates - 1)

func stateSet(list []model.State) (s States) {
	for _, x := range list {
		s |= 1 << x
	}
	return s
}

// Deviation is a packet that its sender can't have sent.
type Deviation struct {
	Side Side
	observe.Deviation
}

// Conn is one connection of a capture.
type Conn struct {
	Addr        [2]netip.AddrPort // of A and B
	First, Last time.Time
	Count       int // packets
	Packets     []Packet
	Opened      string // one of the Opened constants
	Closed      string // how it ended, in words
	ConnState   string // Zeek's
	History     string // Zeek's
	Final       [2]States
	Deviations  []Deviation
	Unknown     string // which bound was hit, "" if none
	Missed      bool   // the capture missed packets of it
	SynRepeats  [2]int // SYNs that were sent again, by side
	FinRepeats  [2]int
	BadSums     int // segments with a wrong checksum
	sides       [2]side
	zeek        zeek
	verified    *zeek // without the segments of which the checksum is wrong; nil: the same
	sumsRefuted bool  // such a segment was acknowledged
	resetBy     Side
	resetSeen   bool
	resetStates States // of the side that sent it, before
	resetAnswer bool   // it has the form of an answer to a segment without ACK
	restarted   bool   // a side sent a new SYN in the middle of it
	finOrder    []Side
	mid         bool // it was open before
	first       bool // of these addresses in the capture
	last        time.Time
	list        *queue
	next, prev  *Conn
	key         key
}

// The ways to open.
const (
	OpenedThreeWay     = "3-way"
	OpenedSimultaneous = "simultaneous"
	OpenedSplit        = "split"
	OpenedMidStream    = "mid-stream"
	OpenedNot          = "not opened"
)

// side is what the wire shows of one endpoint in this connection.
type side struct {
	syn, synAck     bool // a SYN without, with ACK was sent
	iss             model.Seq
	issKnown        bool
	scale           int8
	seen            bool      // it sent anything
	goesOn          bool      // it sent an ACK that is neither SYN nor reset
	stillOpens      bool      // and then its SYN once more
	top             model.Seq // behind the highest number sent
	fin             bool
	finSeq          model.Seq // behind the FIN
	ackedFin        bool      // it acknowledged the other's FIN
	ackedFinOnFin   bool      // and first did so on its own FIN
	finBeforeItsAck bool      // its FIN left before it had acknowledged the other's
}
