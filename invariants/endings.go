package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// endings: in what states everything may come to rest.
var endings = []*explore.Property{
	{
		ID: "no-deadlock", Name: "no deadlock", Kind: explore.DeadlockProperty,
		Source:  "§3.8.1, §3.8.3: what is outstanding is repeated or given up",
		Meaning: "Where nothing more can happen, both sides are CLOSED or in LISTEN, or connected with each other and waiting for their users. A half-open connection is a category of its own.",
		State:   func(v *explore.View) bool { return v.Ending == explore.EndedStuck },
		Title: func(v *explore.View, _ *explore.Step) string {
			return fmt.Sprintf("Nothing can happen any more: A is in %v and B in %v", v.Sides[0].TCB.State, v.Sides[1].TCB.State)
		},
	},
	{
		ID: "no-silent-loss", Name: "text is delivered, or its user hears of failure", Kind: explore.DeadlockProperty,
		Source:  "§3.6: \"A TCP implementation will reliably deliver all buffers SENT before the connection was CLOSED\"; §3.8.3",
		Meaning: "When all has come to rest, no user believes that text arrived which did not.",
		State:   func(v *explore.View) bool { return v.Ending == explore.EndedLost },
		Title: func(v *explore.View, _ *explore.Step) string {
			for i, s := range v.Sides {
				peer := v.Sides[1-i]
				told := s.Ghost.Flags&(explore.Failed|explore.Crashed) != 0
				if s.TCB.State <= model.Listen && !told && s.Ghost.Sent > 0 && (peer.Ghost.PeerInc != s.Ghost.Inc || peer.Ghost.Delivered < s.Ghost.Sent) {
					return fmt.Sprintf("Of what %v's user sent, %d of %d octets were delivered, and it heard of no failure", trace.Side(i), delivered(s, peer), s.Ghost.Sent)
				}
			}
			return ""
		},
	},
	{
		ID: "no-half-open", Name: "no connection stays half-open", Kind: explore.DeadlockProperty,
		Source:  "§3.5.1: \"Such connections will automatically become reset if an attempt is made to send data in either direction.\"",
		Meaning: "Nobody holds a connection for ever that its peer knows nothing of. TCP does not promise this: only sending finds it out.",
		State:   func(v *explore.View) bool { return v.Ending == explore.EndedHalfOpen },
		Title: func(v *explore.View, _ *explore.Step) string {
			return fmt.Sprintf("A rests in %v and B in %v, for ever", v.Sides[0].TCB.State, v.Sides[1].TCB.State)
		},
	},
}

// delivered is how many of the octets that s sent in its present connection its
// peer's user was given.
func delivered(s, peer *explore.Side) uint8 {
	if peer.Ghost.PeerInc != s.Ghost.Inc {
		return 0
	}
	return peer.Ghost.Delivered
}
