package invariants

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// leftovers: what of the first connection is still in the network when
// TIME-WAIT ends. No RFC promises that nothing is; which is so, from which
// length of TIME-WAIT on and under which assumptions, is asked of a scenario by
// name.
var leftovers = func() []*explore.Property {
	var list []*explore.Property
	for _, sender := range []struct {
		own       bool
		id, whose string
	}{{true, "own", "its own"}, {false, "peer", "the peer's"}} {
		for _, kind := range segmentKinds {
			list = append(list, &explore.Property{
				ID: "no-" + sender.id + "-" + kind.id + "-outlives-time-wait", Kind: explore.StateProperty,
				Name:    fmt.Sprintf("when TIME-WAIT ends, no %s of %s is still in the network", kind.name, sender.whose),
				Source:  "§3.6.1: \"it MUST linger in the TIME-WAIT state for a time 2xMSL\" (MUST-13); §3.4.1",
				Meaning: "What outlives TIME-WAIT may meet the next connection. Asked only by name.",
				State: eachSide(func(v *explore.View, at trace.Side, s, _ *explore.Side) bool {
					return outlives(v, at, s, sender.own, kind.is) != nil
				}),
				Title: func(v *explore.View, _ *explore.Step) string {
					for i, s := range v.Sides {
						if p := outlives(v, trace.Side(i), s, sender.own, kind.is); p != nil {
							return fmt.Sprintf("%v's TIME-WAIT ends with the next tick, and %s will still be in the network",
								trace.Side(i), trace.FormatIn(p.Segment, v.Scenario.Window))
						}
					}
					return ""
				},
			})
		}
	}
	return list
}()

// segmentKinds are the kinds of segment, by what matters most in one.
var segmentKinds = []struct {
	id, name string
	is       func(g *model.Segment) bool
}{
	{"syn", "SYN", func(g *model.Segment) bool { return g.Flags.Has(model.SYN) }},
	{"text", "text", func(g *model.Segment) bool { return g.Len > 0 }},
	{"fin", "FIN", func(g *model.Segment) bool { return g.Flags.Has(model.FIN) }},
	{"ack", "ACK", func(g *model.Segment) bool { return g.Flags&^model.PSH == model.ACK && g.Len == 0 }},
	{"rst", "RST", func(g *model.Segment) bool { return g.Flags.Has(model.RST) }},
}

// outlives is a segment of the kind that lives on when the side's TIME-WAIT
// ends with the next tick; nil if there is none.
func outlives(v *explore.View, at trace.Side, s *explore.Side, own bool, is func(*model.Segment) bool) *explore.Packet {
	if s.TCB.State != model.TimeWait || s.TCB.Timer != 1 || !v.TimeMayPass() {
		return nil
	}
	from, inc := at, s.Ghost.Inc
	if !own {
		from, inc = at.Other(), s.Ghost.PeerInc
	}
	for _, p := range v.Flying(from) {
		if p.TTL > 1 && p.Origin.Inc == inc && is(&p.Segment) {
			return p
		}
	}
	return nil
}
