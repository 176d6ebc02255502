package script

import (
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

var space = model.Space32

// candidate is one endpoint that the TCP under test may be. Candidates that
// differ in their past alone are the same.
type candidate struct {
	facts
	due     []due       // what it has to send, in order, but text and FIN
	spare   []model.Seq // pure ACKs that it may send and need not, by RCV.NXT when they could be sent
	instant []model.TCB // what it was before, in this instant
	moment  []span      // the numbers that it has sent since time passed or something came
	last    model.Rule  // that decided last
	steps   *played     // what happened to it, the last first
	kernel  model.StepFunc
}

// facts are what can be compared of a candidate.
type facts struct {
	e model.Endpoint
	t model.TCB // SND.NXT is as far as the script has seen it send

	ackLow  model.Seq     // the lowest ACK that it may still send: RCV.NXT when this instant began
	waiting time.Duration // since when text or a FIN could leave; see mayLeave
	since   time.Duration // since when something is outstanding
	entered time.Duration // when the state was entered

	gen         int    // incarnations that it has begun
	established bool   // this one was ESTABLISHED
	closed      bool   // the user has closed it, and reads no more
	accepted    bool   // the user has it
	listening   bool   // a user listens: what has no connection is in LISTEN
	corked      bool   // the user asked to hold text back
	inbox       uint32 // octets received and not read
	eof         bool   // the peer's FIN was received
	challenged  bool   // it has sent a challenge ACK
	closeUnread model.CloseUnread
	deaf        bool    // after the peer's FIN it looks at no text and no other FIN
	wide        bool    // RCV.WND is wider than what can be told of it
	kept        uint32  // RCV.WND before a packet told a smaller one; see keepsEdge
	failed      failure // why the connection is gone, until the user is told
	broken      failure // the same, for ever
	pipe        bool    // it was reset in CLOSE-WAIT, of which Linux tells by EPIPE
	soft        bool    // a soft error was reported, which a user may be told (SHLD-25)
	overflows   bool    // more segments above RCV.NXT than the model holds
}

// played is something that happened, for the ladder.
type played struct {
	before *played
	line   int
	event  model.Event
	sent   *model.Segment // a segment that the script has it send
	after  model.TCB
	state  model.State // of the connection: where it ends CLOSED, also if a user listens
	rules  []model.Rule
}

// clone is a copy that shares nothing that changes.
func (c *candidate) clone() *candidate {
	n := *c
	n.due = slices.Clone(c.due)
	n.spare = slices.Clone(c.spare)
	n.instant = slices.Clone(c.instant)
	n.moment = slices.Clone(c.moment)
	return &n
}

// same tells whether two candidates will do the same for ever.
func (c *candidate) same(o *candidate) bool {
	return c.facts == o.facts && slices.Equal(c.due, o.due) && slices.Equal(c.spare, o.spare) &&
		slices.Equal(c.instant, o.instant) && slices.Equal(c.moment, o.moment)
}

// begin is a new incarnation.
func (c *candidate) begin() {
	c.gen++
	c.established, c.closed, c.accepted, c.eof, c.challenged = false, false, false, false, false
	c.inbox, c.failed, c.broken, c.pipe, c.soft, c.spare = 0, noFailure, noFailure, false, false, nil
	c.e.Behaviours.CloseUnread = model.CloseKeepsReading
	if c.t.State != model.SynSent {
		c.ackLow = c.t.RcvNxt
	}
	c.instant = nil
}

// rest is where it is without a connection: LISTEN if a user listens.
func (c *candidate) rest() {
	switch {
	case c.t.State == model.Closed && c.listening:
		c.t = model.TCB{State: model.Listen}
	case c.t.State == model.Listen && !c.listening:
		c.t = model.TCB{}
	}
}

// state is that of the connection that happened to it last.
func (c *candidate) state() model.State {
	if c.t.State == model.Listen && c.steps != nil {
		return c.steps.state
	}
	return c.t.State
}

// maxInstant is how many TCBs of an instant are remembered.
const maxInstant = 100

// remember keeps a TCB of this instant.
func (c *candidate) remember(t model.TCB) {
	if slices.Contains(c.instant, t) {
		return
	}
	if len(c.instant) == maxInstant {
		c.instant = c.instant[1:]
	}
	c.instant = append(c.instant, t)
}
