package script

import (
	"fmt"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// Pos is a place in a script. Lines and columns count from 1, columns in
// bytes.
type Pos struct{ Line, Column int }

// String is "line:column".
func (p Pos) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// Script is a script that was read.
type Script struct {
	Options []Option // --name=value, before the first event
	Events  []Event  // in order, without those that #ifdef leaves out
	Notes   []Note   // of what was read and means nothing here
}

// Note is something to know about a place of a script.
type Note struct {
	Pos  Pos
	Text string
}

// Option is "--name=value" or "--name", one of packetdrill's own.
type Option struct {
	Pos         Pos
	Name, Value string
}

// Event is a line of a script: a time, and one of a packet, a call, a command
// and code; the others are nil.
type Event struct {
	Pos     Pos
	Time    Time
	Packet  *Packet
	ICMP    *ICMP
	Call    *Call
	Command *Command
	Code    *Code

	Unsupported *Note // what it is instead: a construct that has no meaning here
}

// TimeKind is how a time is given.
type TimeKind uint8

// The kinds of time.
const (
	Absolute TimeKind = iota // 1.5, since the script began
	Relative                 // +1.5, since the event before
	AnyTime                  // *, whenever it comes
)

// Time is when an event happens. From is the earliest, To the latest: the same
// unless the time is a range. Both are zero for AnyTime.
type Time struct {
	Kind     TimeKind
	From, To time.Duration
	// Blocks: the event is a call that does not return before End, counted as
	// From is: "+0...0.2".
	Blocks bool
	End    time.Duration
}

// Packet is a TCP segment that is injected (<) or expected (>).
type Packet struct {
	Pos      Pos
	Inbound  bool // <: it comes to the TCP under test
	Flags    model.Flags
	ECN      string // E, W, A and digits: what was given of the bits for ECN
	Seq      uint32
	AnySeq   bool // any first number will do: "...(0)"
	Len      uint32
	Ack      uint32 // 0 unless Flags has ACK
	Win      uint32 // as in the header, not scaled
	WinGiven bool
	Up       uint16
	Options  []TCPOption
	// AnyOptions: the options are not to be compared, "<...>".
	AnyOptions bool
}

// TCPOption is one option of the header: its name as it is written (mss,
// wscale, sackOK, TS, nop …) and its numbers, if it has any.
type TCPOption struct {
	Pos  Pos
	Name string
	Args []uint32
	Text string // what follows the name, as it is written
}

// option returns the option of that name.
func (p *Packet) option(name string) (TCPOption, bool) {
	for _, o := range p.Options {
		if o.Name == name {
			return o, true
		}
	}
	return TCPOption{}, false
}

// ICMP is a message of ICMP that is injected or expected.
type ICMP struct {
	Pos        Pos
	Inbound    bool
	Type, Code string // "unreachable", "port_unreachable"; Code may be empty
	// Seq is the first number of the segment that it is about, if that is given.
	Seq      uint32
	SeqGiven bool
}

// Call is a system call with its result.
type Call struct {
	Pos    Pos
	Name   string
	Args   []Expr
	Result Expr
	Errno  string // the macro, "EAGAIN"; empty if none is given
}

// ExprKind is what an expression is.
type ExprKind uint8

// The kinds of expressions.
const (
	Ellipsis ExprKind = iota // ...
	Number                   // 3, -1, 0x10
	Word                     // SOCK_STREAM
	Text                     // "text"
	List                     // [1, 2]: what a pointer points to
	Struct                   // {name=value, ...}
	Binary                   // a | b, name = value
	Apply                    // htons(8080)
)

// Expr is an argument or a result.
type Expr struct {
	Pos    Pos
	Kind   ExprKind
	Number int64
	Text   string // of a Word or a Text; the operator of a Binary; the name of an Apply
	Args   []Expr // of the others
}

// Command is a shell command in backquotes.
type Command struct {
	Pos  Pos
	Text string
}

// Code is Python in %{ }%.
type Code struct {
	Pos  Pos
	Text string
	// Asserts are its assertions on tcpi_state, in order. Others is how many
	// statements it has beside them.
	Asserts []Assert
	Others  int

	freeBSD     bool  // numbers of states are FreeBSD's
	unsupported *Note // an assertion on tcpi_state that is not understood
}

// Assert is an assertion that tcpi_state is one of States, or with Not, none.
type Assert struct {
	Pos    Pos
	Not    bool
	States []StateName
}

// StateName is a state as scripts write it: TCP_CLOSE, TCPS_CLOSED, 7.
type StateName struct {
	Text  string
	State model.State
}
