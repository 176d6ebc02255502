package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/model"
)

// incarnations: what segments of one connection may do to the next.
var incarnations = []*explore.Property{
	{
		ID: "stale-segment-kills-nothing", Name: "no segment of another incarnation ends a connection", Kind: explore.StepProperty,
		Source:  "RFC 1337 section 2, hazard H3; RFC 9293 §3.5.2: \"As a general rule, reset (RST) is sent whenever a segment arrives that apparently is not intended for the current connection.\"",
		Meaning: "A connection that its user opened is not taken down by what an earlier one left in the network.",
		Step: func(st *explore.Step) bool {
			if !stale(st) || st.Before.TCB.State < model.SynSent || st.Before.TCB.State == model.TimeWait {
				return false
			}
			return st.After.TCB.State == model.Closed
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("A segment left over from an earlier connection took %v's %s connection from %v to CLOSED", st.Side, ordinal(int(st.Before.Ghost.Inc)), st.Before.TCB.State)
		},
	},
	{
		ID: "stale-segment-moves-nothing", Name: "no segment of another incarnation moves the numbers of a connection", Kind: explore.StepProperty,
		Source:  "RFC 1337 section 2, hazard H2: old segments desynchronize a connection; RFC 9293 §3.4.1",
		Meaning: "What an earlier connection left in the network advances neither RCV.NXT nor SND.UNA of a synchronized one.",
		Step: func(st *explore.Step) bool {
			b, a := &st.Before.TCB, &st.After.TCB
			if !stale(st) || !b.State.Synchronized() || !a.State.Synchronized() {
				return false
			}
			return a.RcvNxt != b.RcvNxt || a.SndUna != b.SndUna
		},
		Title: func(_ *explore.View, st *explore.Step) string {
			return fmt.Sprintf("A segment left over from an earlier connection moved the numbers of %v's %s connection", st.Side, ordinal(int(st.Before.Ghost.Inc)))
		},
	},
}

// stale tells whether a segment arrives that an earlier connection of the peer
// sent, or that was meant for an earlier one of ours. What a newer connection
// of the peer sends to a half-open one is not stale: it finds it out (§3.5.1).
func stale(st *explore.Step) bool {
	if st.Packet == nil || st.Packet.Forged() {
		return false
	}
	o, g := st.Packet.Origin, &st.Before.Ghost
	return older(o.For, g.Inc) || older(o.Inc, g.PeerInc)
}

// older tells whether incarnation a came before b; 0 is none, and what is forged
// is of no time.
func older(a, b uint8) bool {
	if a == explore.ForgedInc || b == explore.ForgedInc {
		return false
	}
	return a != 0 && b != 0 && (a == explore.OldInc && b != explore.OldInc || a < b)
}
