package explore

import (
	"fmt"
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// base is what a preset starts from: 8 numbers, windows of 2, 2 segments each
// way in any order, any of which may be lost, and one retransmission.
func base(name, about string) Scenario {
	return Scenario{
		Name: name, About: about, Bits: 3, Window: 2, Capacity: 2, Order: AnyOrder,
		Loss: Unlimited, Retransmissions: 1, UserTimeout: true, TimeWaitMSL: 2,
		ISN: ISNConstant, Holes: holes[:3], Variant: model.DefaultVariant,
		Sides: [2]SideSpec{
			{Open: OpensActively, ISS: 1, Budget: Budget{Opens: 1}},
			{Open: OpensPassively, ISS: 5, Budget: Budget{Opens: 1}},
		},
	}
}

// each changes both sides.
func (sc Scenario) each(change func(*SideSpec)) Scenario {
	for i := range sc.Sides {
		change(&sc.Sides[i])
	}
	return sc
}

// with changes the scenario.
func (sc Scenario) with(change func(*Scenario)) Scenario {
	change(&sc)
	return sc
}

// presets are the scenarios with a name.
var presets = slices.Concat([]Scenario{
	base("handshake", "one side opens actively, the other passively; the network repeats and loses at will").
		with(func(sc *Scenario) { sc.Duplication = Unlimited }).
		shows("no-half-open"),
	base("simultaneous-open", "both sides open actively at any moment").
		each(func(s *SideSpec) { s.Open = OpensActively }).
		shows("no-half-open"),
	base("data", "a handshake, and one octet each way; the network repeats and loses at will").
		each(func(s *SideSpec) { s.Budget.Octets = 1 }).
		with(func(sc *Scenario) { sc.Duplication = Unlimited }).
		shows("no-half-open"),
	base("close", "open, one octet each way, and each user closes when it likes").
		each(func(s *SideSpec) { s.Budget.Octets, s.Budget.Closes = 1, 1 }).
		with(func(sc *Scenario) { sc.MSL = 2 }).
		shows("no-half-open", "no-silent-loss", "reset-in-closing-is-reported"),
	base("deep", "both users open either way, send an octet and close when they like; three segments each way").
		each(func(s *SideSpec) {
			*s = SideSpec{Open: OpensEither, ISS: 1, Budget: Budget{Opens: 1, Octets: 1, Closes: 1}}
		}).
		with(func(sc *Scenario) { sc.Deep, sc.Capacity, sc.MSL = true, 3, 2 }).
		shows("no-half-open", "no-silent-loss", "reset-in-closing-is-reported"),
	base("close-dup", "a connection, one octet each way, each user closes, and the network repeats one segment").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{Octets: 1, Closes: 1} }).
		with(func(sc *Scenario) { sc.MSL, sc.Duplication = 2, 1 }).
		shows("no-half-open", "no-silent-loss", "reset-in-closing-is-reported"),
	base("simultaneous-close", "a connection, and each user closes when it likes, also both at once").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{Closes: 1} }).
		with(func(sc *Scenario) { sc.MSL, sc.Duplication = 2, 1 }).
		shows("no-half-open", "reset-in-closing-is-reported"),
	base("half-close", "a connection that A may close while B still sends two octets").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{Closes: 1} }).
		with(func(sc *Scenario) { sc.MSL = 2; sc.Sides[1].Budget.Octets = 2 }).
		shows("no-half-open", "no-silent-loss", "reset-in-closing-is-reported"),
	base("figure-5", "both users open either way and close when they like: every state and nearly every arrow of figure 5").
		each(func(s *SideSpec) { s.Open, s.Budget.Closes = OpensEither, 1 }).
		shows("no-half-open", "reset-in-closing-is-reported"),
	base("abort", "open, one octet each way, and each user aborts when it likes").
		each(func(s *SideSpec) { s.Budget.Octets, s.Budget.Aborts = 1, 1 }).
		shows(),
	base("unreachable", "open, an octet from A, and the network reports at any moment that B can't be reached: a soft error or a hard one").
		with(func(sc *Scenario) {
			sc.Sides[0].Budget.Octets = 1
			sc.Sides[0].Budget.SoftErrors, sc.Sides[0].Budget.HardErrors = 1, 1
			sc.Sides[1].Budget.HardErrors = 1
		}).
		shows("no-half-open"),
	base("old-syn", "an old SYN of A's reaches B before, during or after A opens anew (figure 8)").
		with(func(sc *Scenario) {
			sc.Sides[0].Old, sc.Sides[0].Budget.Octets = "<SEQ=6><WND=2><CTL=SYN>", 1
			sc.ISN = ISNClock
		}).
		shows("no-half-open"),
	base("old-ack", "an old ACK of A's reaches B before, during or after A opens anew").
		with(func(sc *Scenario) {
			sc.Sides[0].Old, sc.Sides[0].Budget.Octets = "<SEQ=2><ACK=1><WND=2><CTL=ACK>", 1
			sc.ISN = ISNClock
		}).
		shows("no-half-open"),
	base("old-text", "an old SYN of A's and an old octet behind it reach B before, during or after A opens anew").
		with(func(sc *Scenario) {
			sc.Sides[0].Old = "<SEQ=6><WND=2><CTL=SYN> <SEQ=7><ACK=5><WND=2><CTL=ACK><DATA=1>"
			sc.ISN = ISNClock
		}).
		shows("no-half-open"),
	base("old-text-close", "the same, and B's user closes when it likes, also before B's SYN is acknowledged").
		with(func(sc *Scenario) {
			sc.Sides[0].Old = "<SEQ=6><WND=2><CTL=SYN> <SEQ=7><ACK=5><WND=2><CTL=ACK><DATA=1>"
			sc.Sides[1].Budget.Closes = 1
			sc.ISN = ISNClock
		}).
		shows("no-half-open", "delivery-waits-for-our-syn", "no-stale-text").
		breaks("in FIN-WAIT-1, entered by CLOSE in SYN-RECEIVED, an old segment counts like any other", "the choice close-in-syn-received: waits",
			"stale-segment-kills-nothing", "stale-segment-moves-nothing"),
	base("syn-text", "A's user SENDs in LISTEN and the text travels on the SYN").
		with(func(sc *Scenario) {
			sc.Sides[0].Open, sc.Sides[0].Budget.Octets = OpensEither, 1
			sc.Behaviours.SynText, sc.Behaviours.OutOfOrder = model.SynTextSent, model.OutOfOrderTextHeld
		}).
		shows("no-half-open"),
	base("window", "a connection with a window of one octet, A's user sends two octets and closes, B's user reads when it likes").
		with(func(sc *Scenario) {
			sc.Window, sc.Sides[1].Slow = 1, true
			sc.Sides[0].Start, sc.Sides[0].Budget = StartEstablished, Budget{Octets: 2, Closes: 1}
			sc.Sides[1].Start, sc.Sides[1].Budget = StartEstablished, Budget{}
		}).
		shows("no-half-open"),
	base("late-calls", "a connection whose user at A calls SEND and CLOSE also after it has closed").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{Closes: 1} }).
		with(func(sc *Scenario) {
			sc.Sides[0].Stubborn, sc.Sides[0].Budget = true, Budget{Octets: 1, Closes: 2}
		}).
		shows("no-half-open", "no-silent-loss", "reset-in-closing-is-reported"),
	base("security", "the two sides are of different security compartments").
		with(func(sc *Scenario) {
			sc.Sides[0].OtherSecurity, sc.Sides[1].OtherSecurity = true, true
			sc.Sides[0].Budget.Octets = 1
		}).
		shows(),
	base("refused", "A opens and nobody listens").
		with(func(sc *Scenario) {
			sc.Sides[0].Budget.Octets, sc.Sides[1].Budget.Opens = 1, 0
			sc.Duplication = Unlimited
		}).
		shows(),
}, rarePresets, incarnationPresets, attackPresets, livePresets)

// holes are the properties that RFC 9293 as written breaks, with the reason.
// The first three show wherever something is given up or closed; a scenario
// file does not guarantee them.
var holes = []Hole{
	{"no-half-open",
		"TCP finds a half-open connection only when something is sent on it (§3.5.1): a side that gave up, or whose peer did, leaves the other in ESTABLISHED, FIN-WAIT-2 or CLOSE-WAIT.",
		"keep-alives (§3.8.4), and for FIN-WAIT-2 the choice fin-wait-2: timeout"},
	{"no-silent-loss",
		"a RST in LAST-ACK or CLOSING enters CLOSED without a word (§3.10.7.4 second), also when text is still unacknowledged; MUST-12 asks for more.",
		"the choice closing-reset: reported"},
	{"reset-in-closing-is-reported",
		"§3.10.7.4 second signals a RST in ESTABLISHED to CLOSE-WAIT only; in CLOSING and LAST-ACK the user takes an aborted connection for a closed one (MUST-12).",
		"the choice closing-reset: reported"},
	{"delivery-waits-for-our-syn",
		"CLOSE in SYN-RECEIVED enters FIN-WAIT-1 (§3.10.4), where text is delivered (§3.10.7.4 seventh) though nobody has acknowledged our SYN: the three-way handshake is passed by.",
		"the choice close-in-syn-received: waits"},
	{"no-stale-text",
		"CLOSE in SYN-RECEIVED enters FIN-WAIT-1 (§3.10.4) before the handshake has shown that the SYN is new; text of the connection that it was left over from is then delivered.",
		"the choice close-in-syn-received: waits"},
	{"closed-by-both-ends",
		"FIN-WAIT-2 waits for ever (§3.10.7.4 fifth) for the FIN of a peer that gave up meanwhile, or was reset.",
		"the choice fin-wait-2: timeout; where both send text, out-of-order: text-held too"},
	{"can-still-end",
		"FIN-WAIT-2 waits for ever (§3.10.7.4 fifth) for the FIN of a peer that gave up meanwhile, and nothing that TCP does leads out of it.",
		"the choice fin-wait-2: timeout"},
	{"text-arrives-or-fails",
		"a RST in LAST-ACK or CLOSING enters CLOSED without a word (§3.10.7.4 second), also when text is still unacknowledged.",
		"the choice closing-reset: reported"},
}

// with RFC 9293's holes of those names, which this scenario shows.
func (sc Scenario) shows(ids ...string) Scenario {
	sc.Holes = nil
	for _, h := range holes {
		for _, id := range ids {
			if h.Property == id {
				sc.Holes = append(sc.Holes, h)
			}
		}
	}
	return sc
}

// breaks adds properties that this scenario breaks by its own assumptions.
func (sc Scenario) breaks(reason, mend string, ids ...string) Scenario {
	for _, id := range ids {
		sc.Holes = append(sc.Holes, Hole{id, reason, mend})
	}
	return sc
}

// KnownHoles lists the properties that RFC 9293 as written breaks in some
// scenario. The slice is the caller's.
func KnownHoles() []Hole { return append([]Hole(nil), holes...) }

// Hole returns the hole that breaks the property in this scenario, or nil.
func (sc *Scenario) Hole(property string) *Hole {
	for i := range sc.Holes {
		if sc.Holes[i].Property == property {
			return &sc.Holes[i]
		}
	}
	return nil
}

// Presets lists the scenarios with a name, without the deep ones. The slice is
// the caller's.
func Presets() []Scenario {
	return slices.DeleteFunc(AllPresets(), func(sc Scenario) bool { return sc.Deep })
}

// AllPresets lists the deep ones too.
func AllPresets() []Scenario { return slices.Clone(presets) }

// Preset returns the scenario of that name.
func Preset(name string) (*Scenario, error) {
	for i := range presets {
		if presets[i].Name == name {
			sc := presets[i]
			return &sc, nil
		}
	}
	return nil, fmt.Errorf("scenario %q is not known", name)
}
