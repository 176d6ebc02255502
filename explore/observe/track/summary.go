package track

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// leftOut is why a connection is unknown of which segments were not judged.
const leftOut = "segments with a wrong checksum were left out, and without them it is impossible"

// notCaptured is why a connection is unknown of which the capture has not all.
const notCaptured = "the capture missed packets of it, and without them it is impossible"

// peerErrs is why a connection is unknown of which one side was misled.
const peerErrs = "the peer's FIN is in two places, and what it does to the endpoint is not known"

// finish draws the summary. Nothing is called impossible where segments were
// left out, or missed by the capture, that may explain it.
func (c *Conn) finish(pr *pair, sums Checksums) {
	for i, o := range pr.observers {
		c.Final[i] = stateSet(o.States())
		c.Missed = c.Missed || o.Missed()
		d, why := o.Deviation(), o.Unknown()
		if d != nil && !d.Malformed() {
			switch {
			case c.BadSums > 0 && sums == ChecksumsVerified:
				why = leftOut
			case o.Missed(), c.oneWay(Side(i)):
				why = notCaptured
			case o.PeerErrs():
				why = peerErrs
			}
		}
		switch {
		case why != "":
			if c.Unknown == "" {
				c.Unknown = why
			}
			if d != nil {
				c.knowsNothing(Side(i), d.N)
			}
		case d != nil:
			c.Deviations = append(c.Deviations, Deviation{Side: Side(i), Deviation: *d})
		}
	}
	if len(c.Deviations) == 2 && c.Deviations[1].N < c.Deviations[0].N {
		c.Deviations[0], c.Deviations[1] = c.Deviations[1], c.Deviations[0]
	}
	c.Opened, c.Closed = c.howOpened(), c.howClosed()
	z := &c.zeek
	if c.verified != nil {
		z = c.verified
	}
	c.ConnState, c.History = z.state(), z.history()
}

// knowsNothing is what is known of the side from packet n on, where what is
// impossible has another explanation.
func (c *Conn) knowsNothing(s Side, n int) {
	c.Final[s] = anyState
	for i := range c.Packets {
		if c.Packets[i].N >= n {
			c.Packets[i].States[s] = anyState
		}
	}
}

// oneWay tells whether the capture has one direction of the connection only,
// since the side goes on without a word from the other.
func (c *Conn) oneWay(s Side) bool {
	me := &c.sides[s]
	return me.goesOn && !me.stillOpens && !c.sides[s.Other()].seen
}

func (c *Conn) howOpened() string {
	a, b := &c.sides[A], &c.sides[B]
	switch {
	case !a.seen && !b.seen:
		return OpenedNot
	case !a.issKnown && !b.issKnown:
		if c.mid && (!c.resetSeen || c.Count > 1) {
			return OpenedMidStream
		}
		return OpenedNot
	case a.syn && b.syn && a.synAck && b.synAck:
		return OpenedSimultaneous
	case a.syn && b.syn && (a.synAck || b.synAck):
		return OpenedSplit
	case a.synAck || b.synAck:
		opener := a
		if a.synAck {
			opener = b
		}
		if !opener.goesOn { // the third segment of the handshake is missing
			return OpenedNot
		}
		return OpenedThreeWay
	}
	return OpenedNot
}

// howClosed says how it ended, and who closed first.
func (c *Conn) howClosed() string {
	a, b := &c.sides[A], &c.sides[B]
	switch {
	case c.resetSeen && !(a.ackedFin && b.ackedFin):
		return c.howReset()
	case a.fin && b.fin:
		second := &c.sides[c.finOrder[1]]
		how := fmt.Sprintf("4-way, %v first", c.finOrder[0])
		switch {
		case second.finBeforeItsAck:
			how = "simultaneous"
		case second.ackedFinOnFin:
			how = fmt.Sprintf("3-segment, %v first", c.finOrder[0])
		}
		if !a.ackedFin || !b.ackedFin {
			how += ", not acknowledged"
		}
		return how
	case a.fin || b.fin:
		return fmt.Sprintf("half-closed by %v", c.finOrder[0])
	case c.restarted:
		return "half-open"
	}
	return "unfinished"
}

// howReset tells why there was a reset (§3.5.2).
func (c *Conn) howReset() string {
	s := c.resetStates
	gone := States(1<<model.Closed | 1<<model.Listen)
	opening := States(1<<model.SynSent | 1<<model.SynReceived)
	why := "ABORT (3.10.5)"
	switch {
	case c.resetAnswer, s&^gone == 0:
		why = "no connection there (3.5.2 group 1)"
	case s&^(gone|opening) == 0:
		why = "ACK of what was not sent, or ABORT, before it was established (3.5.2 group 2)"
	case c.sides[c.resetBy].fin:
		why = "text or a FIN came after it had closed, or ABORT (3.6.1, 3.10.5)"
	}
	how := fmt.Sprintf("reset by %v: %s", c.resetBy, why)
	if c.restarted {
		return "half-open, " + how
	}
	return how
}
