package modeltest

import "github.com/tcpcheck/tcpcheck/model"

var shapeProperties = []Property{
	{
		ID: "arrows", Source: "3.3.2 figure 5, 3.10",
		Meaning: "Every change of state is an arrow of figure 5, one of its notes, or a paragraph of 3.10, and happens on the event that stands there.",
		step:    arrows,
	},
	{
		ID: "ack-field", Source: "3.1, 3.5.2, 3.10",
		Meaning: "Every segment carries ACK, except a SYN in SYN-SENT, and a RST that ABORT sends or that answers a segment with ACK.",
		step:    ackField,
	},
}

// cause is a set of causes for which a state is left.
type cause uint16

const (
	opens cause = 1 << iota
	sends
	closes
	arrivesSYN
	arrivesSYNACK
	arrivesACK
	arrivesFIN
	arrivesRST
	misfits // security does not match, or a SYN resets (RFC 793)
	timer
	dies // ABORT, USER TIMEOUT, hard error, crash
	leaves
)

// causes are those that the step may be.
func (s *step) causes() (c cause) {
	switch s.ev.Kind {
	case model.OpenActive, model.OpenPassive:
		return opens
	case model.Send:
		return sends | leaves
	case model.Close:
		c = closes | leaves
		if s.e.Behaviours.CloseUnread == model.CloseResets {
			c |= dies
		}
		return c
	case model.Abort, model.UserTimeout, model.UnreachableHard, model.Crash:
		return dies
	case model.ZeroWindowProbe:
		return leaves
	case model.TimeWaitTimeout, model.Tick:
		return timer
	case model.SegmentArrives:
		return s.causesOf(s.ev.Segment)
	}
	return 0
}

func (s *step) causesOf(g model.Segment) (c cause) {
	held := model.Flags(0)
	for _, h := range s.before.Held[:s.before.NHeld] {
		held |= h.Flags
	}
	if g.Flags.Has(model.RST) {
		return arrivesRST
	}
	switch g.Flags & (model.SYN | model.ACK) {
	case model.SYN:
		c |= arrivesSYN
	case model.SYN | model.ACK:
		c |= arrivesSYNACK | arrivesACK | leaves
	case model.ACK:
		c |= arrivesACK | leaves
	}
	if (g.Flags | held).Has(model.FIN) {
		c |= arrivesFIN
	}
	b := s.e.Behaviours
	if g.BadSecurity || g.Flags.Has(model.SYN) && (b.Syn == model.SynResets || b.SynReceivedSyn == model.SynRefused) ||
		s.textComes() && b.CloseUnread == model.CloseResets {
		c |= misfits
	}
	if s.before.CloseQueued {
		c |= closes
	}
	return c
}

// figure5 is which causes take an end from one state to another.
var figure5 = map[[2]model.State]cause{
	{model.Closed, model.Listen}:           opens,
	{model.Closed, model.SynSent}:          opens,
	{model.Listen, model.SynSent}:          opens | sends,
	{model.Listen, model.SynReceived}:      arrivesSYN,
	{model.Listen, model.Closed}:           closes | dies,
	{model.SynSent, model.SynReceived}:     arrivesSYN,
	{model.SynSent, model.Established}:     arrivesSYNACK,
	{model.SynSent, model.Closed}:          closes | dies | arrivesRST,
	{model.SynReceived, model.Established}: arrivesACK,
	{model.SynReceived, model.FinWait1}:    closes,
	{model.SynReceived, model.Listen}:      arrivesRST | arrivesSYN | arrivesSYNACK | misfits | dies, // fourth check; reading 10
	{model.SynReceived, model.Closed}:      arrivesRST | misfits | dies,
	{model.Established, model.FinWait1}:    closes,
	{model.Established, model.CloseWait}:   arrivesFIN,
	{model.FinWait1, model.FinWait2}:       arrivesACK,
	{model.FinWait1, model.Closing}:        arrivesFIN,
	{model.FinWait1, model.TimeWait}:       arrivesFIN, // note 2 of the figure
	{model.FinWait2, model.TimeWait}:       arrivesFIN,
	{model.CloseWait, model.LastAck}:       leaves,
	{model.Closing, model.TimeWait}:        arrivesACK,
	{model.LastAck, model.Closed}:          arrivesACK | arrivesRST | misfits | dies,
	{model.TimeWait, model.Closed}:         timer | arrivesRST | misfits | dies,
	{model.TimeWait, model.SynReceived}:    arrivesSYN, // MAY-2
	{model.SynReceived, model.TimeWait}:    arrivesRST | arrivesSYN | misfits | dies,
	{model.Established, model.Closed}:      arrivesRST | misfits | dies,
	{model.FinWait1, model.Closed}:         arrivesRST | misfits | dies,
	{model.FinWait2, model.Closed}:         arrivesRST | misfits | dies,
	{model.CloseWait, model.Closed}:        arrivesRST | misfits | dies,
	{model.Closing, model.Closed}:          arrivesRST | misfits | dies,
}

func arrows(s *step) string {
	causes, from := s.causes(), s.before.State
	for _, to := range s.out.Path() {
		allowed := figure5[[2]model.State{from, to}]
		b := s.e.Behaviours
		switch {
		case to == model.TimeWait && b.AfterReset == model.ResetTimeWaits && from.Synchronized():
			allowed |= misfits | dies
		case from == model.SynReceived && to == model.SynSent && b.ActiveReset == model.ActiveResetReturns:
			allowed |= arrivesRST
		case from == model.FinWait2 && to == model.Closed && b.FinWait2 == model.FinWait2Timeout:
			allowed |= timer
		}
		if to == model.SynReceived && from == model.TimeWait && b.SynInTimeWait != model.SynReopens {
			allowed = 0
		}
		// What follows LISTEN in one step is the CLOSE that was queued.
		if from == model.Listen && s.before.State == model.SynReceived && s.before.CloseQueued {
			causes |= closes
		}
		if causes&allowed == 0 {
			return must(false, "%v -> %v on %v is no arrow of figure 5", from, to, describe(s.ev))
		}
		from = to
	}
	return must(from == s.after.State, "the path ends in %v, and the TCB is in %v", from, s.after.State)
}

func ackField(s *step) string {
	asked, arrived := s.arrives()
	for _, g := range s.out.Sent() {
		has := g.Flags.Has(model.ACK)
		switch {
		case g.Flags.Has(model.RST) && arrived:
			if has == asked.Flags.Has(model.ACK) {
				return must(false, "%v answers %v: of the two, just one has ACK", show(g), show(asked))
			}
		case g.Flags.Has(model.RST): // of ABORT, and of a CLOSE with text unread
		case g.Flags.Has(model.SYN) && s.after.State == model.SynSent:
			if has {
				return must(false, "%v: there is nothing to acknowledge in SYN-SENT", show(g))
			}
		case !has:
			return must(false, "%v has no ACK", show(g))
		}
	}
	return ""
}
