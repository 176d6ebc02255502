package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// liveness: what comes in the end, on every run in which the network, the
// timers and the clock are as fair as each property says. Users are free, and
// so is USER TIMEOUT: nothing here holds because somebody gives up.
var liveness = []*explore.Property{
	{
		ID: "open-ends", Name: "an active open ends, and its user knows how", Kind: explore.LeadsToProperty,
		Source:  "§3.10.1, §3.8.1, §3.8.3",
		Meaning: "Who opens actively comes to ESTABLISHED or hears of failure, unless it closes itself: nobody stays in SYN-SENT or SYN-RECEIVED for ever, or is back in CLOSED without a word.",
		Fair:    explore.FairNetwork | explore.FairTimers,
		From:    someSide(opening), State: noSide(opening),
		Title: stuckTitle(opening, "opened, is in %v, and its user hears nothing"),
	},
	{
		ID: "closed-by-both-ends", Name: "when both users have closed, both sides come to CLOSED", Kind: explore.LeadsToProperty,
		Source:  "§3.6: \"closing must be done by both ends\"; §3.6 figures 12 and 13",
		Meaning: "Once both have called CLOSE, neither side keeps a connection for ever.",
		Fair:    explore.FairNetwork | explore.FairTimers | explore.FairClock,
		From:    func(v *explore.View) bool { return userClosed(v, trace.A) && userClosed(v, trace.B) },
		State: func(v *explore.View) bool {
			return v.Sides[0].TCB.State == model.Closed && v.Sides[1].TCB.State == model.Closed
		},
		Title: func(v *explore.View, _ *explore.Step) string {
			return fmt.Sprintf("Both users have closed: A is in %v, B in %v", v.Sides[0].TCB.State, v.Sides[1].TCB.State)
		},
	},
	{
		ID: "text-arrives-or-fails", Name: "what was SENT is delivered, or its user hears of failure", Kind: explore.LeadsToProperty,
		Source:  "§3.6: \"A TCP implementation will reliably deliver all buffers SENT before the connection was CLOSED\"; §3.8.3",
		Meaning: "Text that a user SENDs reaches the peer's user, or the user is told that it may not have.",
		Fair:    explore.FairNetwork | explore.FairTimers | explore.FairReaders,
		From:    someSide(textOwed), State: noSide(textOwed),
		Title: stuckTitle(textOwed, "is in %v, and its text is neither delivered nor reported lost"),
	},
	{
		ID: "time-wait-ends", Name: "TIME-WAIT ends", Kind: explore.LeadsToProperty,
		Source:  "§3.10.8: \"If the time-wait timeout expires on a connection, delete the TCB, enter the CLOSED state and return\"",
		Meaning: "Nobody stays in TIME-WAIT for ever. The peer's repeated FIN starts the timer anew, so this needs a network that brings the ACK of it in the end.",
		Fair:    explore.FairNetwork | explore.FairClock,
		From:    someSide(inTimeWait), State: noSide(inTimeWait),
		Title: stuckTitle(inTimeWait, "stays in %v"),
	},
	{
		ID: "half-open-is-found", Name: "a half-open connection is found out once its side sends", Kind: explore.LeadsToProperty,
		Source:  "§3.5.1: \"Such connections will automatically become reset if an attempt is made to send data in either direction.\"",
		Meaning: "Who has something outstanding towards a peer that forgot the connection comes to know.",
		Fair:    explore.FairNetwork | explore.FairTimers,
		From:    someSide(sendsIntoVoid), State: noSide(sendsIntoVoid),
		Title: stuckTitle(sendsIntoVoid, "is in %v and sends to a peer that knows nothing of it"),
	},
	{
		ID: "acks-end", Name: "no endless exchange of ACKs", Kind: explore.LivelockProperty,
		Source:  "§3.10.7.4 first: what is not acceptable is answered by an ACK",
		Meaning: "Segments that change nothing do not go on to provoke each other for ever.",
		Fair:    explore.FairTimers,
		Step: func(st *explore.Step) bool {
			return st.Packet != nil && len(st.Sent) > 0 && st.Before.TCB == st.After.TCB
		},
		Title: func(v *explore.View, _ *explore.Step) string {
			return fmt.Sprintf("A in %v and B in %v answer each other for ever, and nothing changes", v.Sides[0].TCB.State, v.Sides[1].TCB.State)
		},
	},
	{
		ID: "something-moves", Name: "no livelock: in the end something moves, or nobody sends", Kind: explore.LivelockProperty,
		Source:  "§3.8.1, §3.10.7.4: what is repeated and what answers it are there to bring the connection on",
		Meaning: "Segments that arrive and timers that repeat do not go on for ever while no number and no state changes on either side.",
		Fair:    explore.FairNetwork | explore.FairTimers | explore.FairReaders,
		Step: func(st *explore.Step) bool {
			repeats := st.Event.Kind == model.RetransmissionTimeout || st.Event.Kind == model.ZeroWindowProbe && len(st.Sent) > 0
			return (st.Packet != nil || repeats) && st.Before.TCB == st.After.TCB
		},
		Title: func(v *explore.View, _ *explore.Step) string {
			return fmt.Sprintf("A in %v and B in %v go on sending, and nothing changes", v.Sides[0].TCB.State, v.Sides[1].TCB.State)
		},
	},
	{
		ID: "can-still-end", Name: "what was closed on one side can still end on it", Kind: explore.PossiblyProperty,
		Source:  "§3.6; §3.10.4: FIN-WAIT-2 has no timer",
		Meaning: "From every state some run leads to where no side that has closed still keeps the connection: nobody is trapped.",
		State:   noSide(closedAndKept),
		Title:   stuckTitle(closedAndKept, "has closed and is in %v"),
	},
}

// perSide is a predicate of a side; peer is the other.
type perSide func(v *explore.View, at trace.Side, s, peer *explore.Side) bool

func someSide(p perSide) func(*explore.View) bool { return eachSide(p) }

func noSide(p perSide) func(*explore.View) bool {
	some := eachSide(p)
	return func(v *explore.View) bool { return !some(v) }
}

// stuckTitle says of the first side that is so in which state it is.
func stuckTitle(p perSide, text string) func(*explore.View, *explore.Step) string {
	return func(v *explore.View, _ *explore.Step) string {
		for at := trace.A; at <= trace.B; at++ {
			if s := v.Sides[at]; p(v, at, s, v.Sides[at.Other()]) {
				return fmt.Sprintf("%v "+text, at, s.TCB.State)
			}
		}
		return ""
	}
}

// knows tells whether the side's user heard of a failure, or is none any more.
func knows(s *explore.Side) bool { return s.Ghost.Flags&(explore.Failed|explore.Crashed) != 0 }

// userClosed tells whether the user has called CLOSE.
func userClosed(v *explore.View, at trace.Side) bool {
	return v.Sides[at].Left.Closes < v.Scenario.Sides[at].Budget.Closes
}

// opening is an active open that has not ended, or has ended without a word.
func opening(v *explore.View, at trace.Side, s, _ *explore.Side) bool {
	t := &s.TCB
	switch t.State {
	case model.SynSent:
		return true
	case model.SynReceived:
		return !t.Passive && !t.CloseQueued
	case model.Closed:
		return s.Ghost.Inc > 0 && v.Scenario.Sides[at].Open == explore.OpensActively &&
			!knows(s) && !s.Ghost.Flags.Has(explore.Established) && !userClosed(v, at)
	}
	return false
}

// textOwed: some of what the user SENT was neither delivered nor reported. Of a
// peer that has lost its memory or opened anew it counts what it acknowledged.
func textOwed(v *explore.View, at trace.Side, s, peer *explore.Side) bool {
	switch {
	case s.Ghost.Sent == 0 || knows(s):
		return false
	case peer.Ghost.Flags.Has(explore.Crashed) || s.Ghost.PeerInc > 0 && peer.Ghost.Inc != s.Ghost.PeerInc:
		return s.TCB.Queued > 0 || v.Endpoint(at).Outstanding(&s.TCB) > 0
	}
	return peer.Ghost.PeerInc != s.Ghost.Inc || peer.Ghost.Delivered < s.Ghost.Sent
}

func inTimeWait(_ *explore.View, _ trace.Side, s, _ *explore.Side) bool {
	return s.TCB.State == model.TimeWait
}

// sendsIntoVoid: something is outstanding on a connection of which the peer
// knows nothing any more.
func sendsIntoVoid(v *explore.View, at trace.Side, s, peer *explore.Side) bool {
	gone := peer.TCB.State <= model.Listen || peer.Ghost.Inc != s.Ghost.PeerInc
	return s.TCB.State >= model.Established && s.Ghost.PeerInc > 0 && gone && v.Endpoint(at).Outstanding(&s.TCB) > 0
}

func closedAndKept(v *explore.View, at trace.Side, s, _ *explore.Side) bool {
	return userClosed(v, at) && s.TCB.State > model.Listen
}
