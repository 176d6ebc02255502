package explore

// Why forged segments do harm, and what helps.
const (
	guessedRight  = "the attacker guesses the numbers right: nothing in a segment tells that it is forged. What is checked only makes the guess hard"
	authenticated = "authenticated segments, as TCP-AO (RFC 5925) has them"
)

// attackPresets are scenarios in which an off-path attacker forges a segment.
var attackPresets = []Scenario{
	base("attack", "a connection, an octet each way, and one forged segment that comes to B: any numbers, any flags").
		each(func(s *SideSpec) { s.Start, s.Budget = StartEstablished, Budget{Octets: 1} }).
		with(func(sc *Scenario) { sc.Sides[1].Budget.Attacks = 1 }).
		shows("no-half-open").
		breaks(guessedRight, authenticated,
			"text-in-order-once", "delivered-was-sent", "acknowledged-was-received", "received-was-sent"),
	base("attack-listener", "A opens and sends an octet, B listens, and one forged segment comes to B: any numbers, any flags").
		with(func(sc *Scenario) { sc.Sides[0].Budget.Octets, sc.Sides[1].Budget.Attacks = 1, 1 }).
		shows("no-half-open").
		breaks(guessedRight, authenticated,
			"text-in-order-once", "delivered-was-sent", "acknowledged-was-received", "received-was-sent", "no-false-connection", "no-stale-text").
		breaks("in SYN-RECEIVED, passively opened, a SYN anywhere in the window leads back to LISTEN (§3.10.7.4 fourth), where a RST must be exact", "syn-received-syn: challenged",
			"blind-syn-ends-nothing"),
}
