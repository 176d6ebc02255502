package matrix

import (
	"slices"
	"strings"
)

// Reason is why something is broken: known to the literature, or a finding.
type Reason struct {
	ID     string // short; anchors of the written matrix
	Text   string // in a sentence or two
	Source string // the RFC's paragraph, or who knows it
	// Finding: no RFC names it; docs/findings.md does.
	Finding bool
	Page    string // of the catalogue, without .md; "" for none

	// What it explains; nil: any.
	properties, scenarios, isns, variants []string
	// setting is one that the place must have, as its key has it; "": none.
	setting string
}

// why is the first reason that applies, or nil.
func why(p Place, variant, property string) *Reason {
	has := func(list []string, s string) bool { return list == nil || slices.Contains(list, s) }
	for i := range reasons {
		r := &reasons[i]
		if has(r.properties, property) && has(r.scenarios, p.Scenario) && has(r.variants, variant) && has(r.isns, p.ISN()) &&
			(r.setting == "" || strings.Contains(p.Key(), r.setting)) {
			return r
		}
	}
	return nil
}

// Reasons lists them, in the order in which they apply. The slice is the
// caller's.
func Reasons() []Reason { return slices.Clone(reasons) }

// stale is what an earlier connection does to a later one, and what follows.
var stale = []string{
	"no-stale-text", "stale-segment-moves-nothing", "stale-segment-kills-nothing", "no-false-connection", "agreed-numbers",
	"delivered-was-sent", "received-was-sent", "acknowledged-was-received",
}

var reasons = []Reason{
	{
		ID: "half-open", Page: "half-open-rests",
		Text:   "A side that gave up, or whose peer did, leaves the other in ESTABLISHED, FIN-WAIT-2 or CLOSE-WAIT; only sending finds it out.",
		Source: "RFC 9293 §3.5.1", properties: []string{"no-half-open"},
	},
	{
		ID: "silent-reset", Finding: true, Page: "reset-in-last-ack",
		Text:   "A RST in LAST-ACK or CLOSING ends the connection without a word to the user, also when text is unacknowledged.",
		Source: "RFC 9293 §3.10.7.4 second, against MUST-12", properties: []string{"no-silent-loss", "reset-in-closing-is-reported", "text-arrives-or-fails"},
		scenarios: without("live-old-syn"),
	},
	{
		ID: "fin-wait-2", Page: "fin-wait-2-for-ever",
		Text:   "FIN-WAIT-2 waits for ever for the FIN of a peer that gave up.",
		Source: "RFC 9293 §3.10.7.4 fifth; implementations limit it", properties: []string{"closed-by-both-ends", "can-still-end"}, scenarios: []string{"live-close", "live-text"},
	},
	{
		ID: "both-fins-lost", Finding: true, Page: "both-fins-lost",
		Text:   "Both FINs are lost, and each ACK counts the lost FIN, so it lies above what is expected and is dropped, for ever.",
		Source: "RFC 9293 §3.10.7.4 first and §3.10.8", properties: []string{"closed-by-both-ends", "can-still-end", "something-moves"}, scenarios: []string{"live-text-both-ways"},
	},
	{
		ID: "challenged-for-ever", Finding: true, Page: "challenged-for-ever",
		Text:   "A side in SYN-RECEIVED, or in FIN-WAIT-1 by CLOSE there, repeats its SYN,ACK; an older connection of the peer answers by challenge ACKs, which are dropped or merely old.",
		Source: "RFC 9293 §3.10.7.4 first and fourth", properties: []string{"something-moves"}, scenarios: []string{"live-old-syn"},
	},
	{
		ID: "half-open-for-ever", Finding: true, Page: "half-open-for-ever",
		Text:   "CLOSE in SYN-RECEIVED hides a half-open peer: in FIN-WAIT-1 its ACK is merely old, and the two answer each other.",
		Source: "RFC 9293 §3.10.4 SYN-RECEIVED", properties: []string{"half-open-is-found", "text-arrives-or-fails"}, scenarios: []string{"live-old-syn"},
	},
	{
		ID: "close-in-syn-received", Finding: true, Page: "close-in-syn-received",
		Text:       "CLOSE in SYN-RECEIVED passes the three-way handshake by: in FIN-WAIT-1 an old segment counts like any other.",
		Source:     "RFC 9293 §3.10.4 SYN-RECEIVED",
		properties: []string{"no-stale-text", "stale-segment-moves-nothing", "stale-segment-kills-nothing", "delivery-waits-for-our-syn"}, scenarios: []string{"old-text-close"},
	},
	{
		ID: "nobody-gives-up", Text: "Nobody gives up in this scenario: when all retransmissions are lost, what is outstanding stays so.",
		Source: "assumed here", properties: []string{"no-deadlock"},
		scenarios: []string{"time-wait", "reincarnation", "abort-arbitrary", "abort-time-wait", "crash-arbitrary", "crash-quiet", "port-reuse"},
	},
	{
		ID: "syn-resets", Page: "syn-resets", Text: "The SYN of a new connection, in the window of the old one in LAST-ACK or CLOSING, resets it.",
		Source: "RFC 793 page 71; mended by RFC 5961 section 4", properties: []string{"last-ack-was-acknowledged", "closing-was-acknowledged"}, variants: []string{"rfc793"},
	},
	{
		ID: "forged-exactly", Page: "forged-text", Text: "The attacker guesses the numbers right. Nothing in a segment tells that it is forged; checks only make the guess hard.",
		Source:    "RFC 5961 section 1; authenticated segments (RFC 5925) mend it",
		scenarios: []string{"attack", "attack-listener"}, properties: []string{
			"text-in-order-once", "delivered-was-sent", "acknowledged-was-received", "received-was-sent", "no-false-connection", "no-stale-text", "agreed-numbers",
		},
	},
	{
		ID: "forged-syn", Page: "forged-syn", Finding: true,
		Text:   "A SYN in the window ends a handshake in SYN-RECEIVED, where a RST would have to be exact.",
		Source: "RFC 9293 §3.10.7.4 fourth SYN-RECEIVED", scenarios: []string{"attack-listener"}, properties: []string{"blind-syn-ends-nothing"},
	},
	{
		ID: "blind", Page: "forged-reset", Text: "A RST or SYN anywhere in the window ends a connection, and text is taken with nearly any old ACK: an attacker need not guess exactly.",
		Source: "RFC 5961 sections 3, 4 and 5 mend it", scenarios: []string{"attack", "attack-listener"}, variants: []string{"rfc793"},
	},
	{
		ID: "syn-in-syn-sent", Page: "old-syn-ends-open", Finding: true,
		Text:   "An old SYN in SYN-SENT is taken for a simultaneous open; the peer, who listens, resets the SYN,ACK that answers it, and the RST ends the open.",
		Source: "RFC 9293 §3.10.7.3 fourth, §3.10.7.4 second", scenarios: []string{"old-duplicate"}, properties: []string{"stale-segment-kills-nothing"},
	},
	{
		ID: "abort", Page: "abort-without-time-wait", Text: "ABORT, and the RST that it sends, lead to CLOSED on both sides: no TIME-WAIT lets the segments die.",
		Source: "RFC 9293 §3.10.5; mended by §3.5.2, if the side that aborts waits in TIME-WAIT", scenarios: []string{"abort-arbitrary"}, properties: stale,
	},
	{
		ID: "crash", Page: "crash-without-quiet-time", Text: "A has lost its memory, and begins again with numbers that are still in the network.",
		Source: "RFC 9293 §3.4.3; mended by the quiet time that it asks for", scenarios: []string{"crash-arbitrary"}, properties: stale,
	},
	{
		ID: "constant-isn", Page: "constant-isn",
		Text:   "Who gives up, or is reset, does not pass through TIME-WAIT; with the same numbers again, what is left of the first connection fits the second.",
		Source: "RFC 9293 §3.4.1; RFC 6528", properties: stale, isns: []string{"constant"}, scenarios: []string{"time-wait", "reincarnation"},
	},
	{
		ID: "half-duplex-close", Page: "half-duplex-close", Text: "Who closes with text still to come resets and forgets the connection (SHLD-3): no TIME-WAIT, and the old text meets the new connection.",
		Source: "RFC 1122 section 4.2.2.13 allows it; RFC 2525 section 2.17 tells what else it costs", properties: stale, isns: []string{"arbitrary"}, scenarios: []string{"time-wait"}, variants: []string{"linux"},
	},
	{
		ID: "assassination", Page: "time-wait-assassination",
		Text:   "An old duplicate draws an ACK from TIME-WAIT, the ACK a RST, and the RST ends TIME-WAIT; the next connection meets what is left of the last.",
		Source: "RFC 1337, hazards H1 (old text), H2 (desynchronized), H3 (killed)", properties: stale, isns: []string{"arbitrary"}, scenarios: []string{"time-wait", "reincarnation"}, variants: []string{"rfc9293", "rfc793", "linux"},
	},
	{
		ID: "late-refusal", Page: "late-refusal", Text: "A SYN that finds nobody is refused; before the refusal arrives, its repetition connects. RST,ACK has SEQ=0, which fits if the peer's new numbers begin there. No TIME-WAIT helps.",
		Source: "RFC 9293 §3.10.7.1", properties: []string{"stale-segment-kills-nothing"}, isns: []string{"arbitrary", "constant"},
	},
	{
		ID: "own-ack", Page: "own-ack", Finding: true,
		Text:   "TIME-WAIT answers until its last moment, also the peer's new SYN; that ACK outlives it, whatever its length, and completes the handshake of a new connection whose numbers happen to fit.",
		Source: "RFC 9293 §3.10.7.4 first and fourth", scenarios: []string{"reincarnation"}, isns: []string{"arbitrary"}, variants: []string{"rfc9293+rfc1337"},
		properties: []string{"no-false-connection"},
	},
	{
		ID: "late-repetition", Page: "late-repetition", Finding: true, Text: "Nothing bounds for how long the peer repeats its FIN, or text before it: what it sends last outlives TIME-WAIT. Text that is repeated does not even start TIME-WAIT anew, as a FIN does.",
		Source: "RFC 9293 §3.10.7.4 first", properties: stale, isns: []string{"arbitrary"}, scenarios: []string{"time-wait", "reincarnation"},
	},
}

// without is all scenarios of the matrix but one.
func without(name string) []string {
	var list []string
	for _, p := range Places() {
		if p.Scenario != name {
			list = append(list, p.Scenario)
		}
	}
	return list
}
