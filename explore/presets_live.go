package explore

import "github.com/tcpcheck/tcpcheck/model"

// alive is what a preset starts from that asks about whole runs: segments are
// repeated without end, and nobody must give up.
func alive(name, about string) Scenario {
	return base(name, about).with(func(sc *Scenario) { sc.Retransmissions = Unlimited })
}

// challengedForEver is how a side in SYN-RECEIVED and an old connection of its
// peer keep each other busy.
const challengedForEver = "a side in SYN-RECEIVED repeats its SYN,ACK, and a peer in an older connection that has moved on answers by challenge ACKs (§3.10.7.4 fourth), which lie above RCV.NXT and are dropped (first) before their ACK could draw the RST that it deserves (fifth)."

// livePresets are the scenarios of whole runs.
var livePresets = []Scenario{
	alive("live-open", "one side opens actively, the other passively, and repeats without end what is not answered").
		shows("no-half-open"),
	alive("live-simultaneous-open", "both sides open actively and repeat without end").
		each(func(s *SideSpec) { s.Open = OpensActively }).
		shows("no-half-open"),
	alive("live-syn-text", "syn-text: sent: both users SEND in LISTEN, and the text travels on both SYNs of a simultaneous open; nobody gives up").
		each(func(s *SideSpec) { s.Open, s.Budget.Octets = OpensEither, 1 }).
		chooses(func(b *model.Behaviours) { b.SynText = model.SynTextSent }).
		with(func(sc *Scenario) { sc.UserTimeout = false }).
		shows().
		breaks("the text on a SYN is not acknowledged before ESTABLISHED (§3.10.7.3 fourth), so the ACK of the SYN lies above what is expected and is dropped, and the SYN,ACK lies below (§3.10.7.4 first).", "the choice syn-ack-in-syn-received: establishes",
			"open-ends", "text-arrives-or-fails", "something-moves"),
	alive("live-close", "open, and each user closes when it likes; what is not answered is repeated without end").
		each(func(s *SideSpec) { s.Budget.Closes = 1 }).
		with(func(sc *Scenario) { sc.MSL = 1 }).
		shows("no-half-open", "reset-in-closing-is-reported", "closed-by-both-ends", "can-still-end"),
	alive("live-fin-wait-2", "fin-wait-2: timeout: the same, where FIN-WAIT-2 does not wait for ever").
		each(func(s *SideSpec) { s.Budget.Closes = 1 }).
		chooses(func(b *model.Behaviours) { b.FinWait2 = model.FinWait2Timeout }).
		shows("reset-in-closing-is-reported"),
	alive("live-text", "a connection, one octet from A, and each user closes; what is not answered is repeated without end").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{Closes: 1} }).
		with(func(sc *Scenario) { sc.Sides[0].Budget.Octets = 1 }).
		shows("no-half-open", "no-silent-loss", "reset-in-closing-is-reported",
			"closed-by-both-ends", "can-still-end", "text-arrives-or-fails"),
	alive("live-text-both-ways", "a connection, one octet from each side, and each user closes; nobody gives up").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{Octets: 1, Closes: 1} }).
		with(func(sc *Scenario) { sc.UserTimeout = false }).
		shows("reset-in-closing-is-reported").
		breaks("both FINs are lost; each ACK of the text then counts a FIN that the other never got, so it lies above RCV.NXT and is dropped (§3.10.7.4 first), and the FIN is never repeated, since it is not at the front of the queue (§3.10.8).",
			"the choice out-of-order: text-held, or fin-segment: piggybacked",
			"closed-by-both-ends", "can-still-end", "something-moves"),
	alive("live-half-open", "a connection whose side B crashes, and may listen again, while A sends").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{} }).
		with(func(sc *Scenario) {
			sc.Sides[0].Budget.Octets = 1
			sc.Sides[1].Budget = Budget{Opens: 1, Crashes: 1}
			sc.ISN = ISNClock
		}).
		shows("no-half-open"),
	alive("live-rebooted", "the same, and A's SYN is still in the network and meets B's listener").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{} }).
		with(func(sc *Scenario) {
			sc.Sides[0].Old, sc.Sides[0].Budget.Octets = "<SEQ=1><WND=2><CTL=SYN>", 1
			sc.Sides[1].Budget = Budget{Opens: 1, Crashes: 1}
			sc.ISN = ISNClock
		}).
		shows("no-half-open").
		breaks(challengedForEver, "the choice out-of-order: text-held", "something-moves"),
	alive("live-old-syn", "the same, and B's user may close").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{} }).
		with(func(sc *Scenario) {
			sc.Sides[0].Old, sc.Sides[0].Budget.Octets = "<SEQ=1><WND=2><CTL=SYN>", 1
			sc.Sides[1].Budget = Budget{Opens: 1, Crashes: 1, Closes: 1}
			sc.ISN = ISNClock
		}).
		shows("no-half-open", "delivery-waits-for-our-syn", "no-stale-text").
		breaks("in FIN-WAIT-1, entered by CLOSE in SYN-RECEIVED (§3.10.4), an old segment counts like any other.", "the choice close-in-syn-received: waits",
			"stale-segment-kills-nothing", "stale-segment-moves-nothing").
		breaks("in SYN-RECEIVED the ACK of a half-open peer would draw a RST; in FIN-WAIT-1, entered by CLOSE (§3.10.4), it is an old one, and the two answer each other for ever.", "the choice close-in-syn-received: waits",
			"half-open-is-found", "text-arrives-or-fails").
		breaks(challengedForEver, "the choice out-of-order: text-held, together with close-in-syn-received: waits", "something-moves"),
	alive("live-window", "a connection with windows of one octet, A's user sends two octets and B's one, and both read when they like").
		each(func(s *SideSpec) { s.Start, s.Slow, s.Budget = StartEstablished, true, Budget{Octets: 1} }).
		with(func(sc *Scenario) {
			sc.Window, sc.Sides[0].Budget.Octets, sc.UserTimeout = 1, 2, false
		}).
		shows(),
}
