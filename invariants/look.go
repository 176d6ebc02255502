package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// eachSide tells whether the predicate is true of a side; peer is the other.
func eachSide(broken func(v *explore.View, at trace.Side, s, peer *explore.Side) bool) func(*explore.View) bool {
	return func(v *explore.View) bool {
		return broken(v, trace.A, v.Sides[0], v.Sides[1]) || broken(v, trace.B, v.Sides[1], v.Sides[0])
	}
}

// eachSent tells whether the predicate is true of a segment that a step sends.
func eachSent(broken func(st *explore.Step, g model.Segment) bool) func(*explore.Step) bool {
	return func(st *explore.Step) bool {
		for _, p := range st.Sent {
			if broken(st, p.Segment) {
				return true
			}
		}
		return false
	}
}

// entered tells whether the step entered the state, passing through counts.
func entered(st *explore.Step, s model.State) bool {
	for _, p := range st.Out.Path() {
		if p == s {
			return true
		}
	}
	return false
}

// heard tells whether the user was told the signal in the step.
func heard(st *explore.Step, g model.Signal) bool {
	for _, s := range st.Out.Signals() {
		if s == g {
			return true
		}
	}
	return false
}

// sentACK tells whether the step sent a segment that acknowledges n.
func sentACK(st *explore.Step, n model.Seq) bool {
	for _, p := range st.Sent {
		if p.Segment.Flags.Has(model.ACK) && !p.Segment.Flags.Has(model.RST) && p.Segment.Ack == n {
			return true
		}
	}
	return false
}

// partners tells whether s has accepted the SYN of peer's present incarnation.
func partners(s, peer *explore.Side) bool {
	return s.Ghost.PeerInc != 0 && s.Ghost.PeerInc == peer.Ghost.Inc
}

// inWindow is the acceptability test of Table 6 (§3.10.7.4 first).
func inWindow(e *model.Endpoint, t *model.TCB, g *model.Segment) bool {
	n := g.SegLen()
	switch {
	case t.RcvWnd == 0:
		return n == 0 && g.Seq == t.RcvNxt
	case n == 0:
		return e.Space.InWindow(t.RcvNxt, g.Seq, t.RcvWnd)
	}
	return e.Space.InWindow(t.RcvNxt, g.Seq, t.RcvWnd) ||
		e.Space.InWindow(t.RcvNxt, e.Space.Add(g.Seq, n-1), t.RcvWnd)
}

// finReceived tells whether the peer's FIN has been received in the state.
func finReceived(s model.State) bool {
	switch s {
	case model.CloseWait, model.Closing, model.LastAck, model.TimeWait:
		return true
	}
	return false
}

// finSent tells whether our FIN has left.
func finSent(t *model.TCB) bool {
	switch t.State {
	case model.FinWait1, model.Closing, model.LastAck:
		return !t.CloseQueued
	case model.FinWait2, model.TimeWait:
		return true
	}
	return false
}

// ordinal is "first", "second" and so on, for titles.
func ordinal(n int) string {
	words := []string{"zeroth", "first", "second", "third", "fourth"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprintf("%dth", n)
}
