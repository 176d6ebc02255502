package observe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// Verdict is what was found of a segment that an endpoint sent.
type Verdict uint8

// The verdicts. Unknown: a bound was hit, or the endpoint was found impossible
// before; nothing more is said about it.
const (
	Allowed Verdict = iota
	Impossible
	Unknown
)

// String is the verdict as reports write it.
func (v Verdict) String() string { return [...]string{"allowed", "impossible", "unknown"}[v] }

// Deviation is the first segment that no run of the model sends.
type Deviation struct {
	N       int           // the number that the segment was given
	Segment model.Segment // what was sent
	From    []model.State // in which states the endpoint could be
	Rules   []model.Rule  // what forbids it, for the endpoint that comes closest
}

// Malformed tells whether no endpoint sends these flags in any state, whatever
// came before: SYN, FIN and RST exclude each other, and without SYN and RST
// there is an ACK (§3.1).
func (d *Deviation) Malformed() bool {
	switch d.Segment.Flags & (model.SYN | model.FIN | model.RST) {
	case model.SYN, model.RST:
		return false
	case 0, model.FIN:
		return !d.Segment.Flags.Has(model.ACK)
	}
	return true
}

// String says it in one line.
func (d *Deviation) String() string {
	var from, rules []string
	for _, s := range d.From {
		from = append(from, s.String())
	}
	for _, r := range d.Rules {
		rules = append(rules, r.Info().Title)
	}
	return fmt.Sprintf("%v with SEQ=%d, ACK=%d and %d octets cannot be sent in %s: %s",
		d.Segment.Flags, d.Segment.Seq, d.Segment.Ack, d.Segment.Len, strings.Join(from, " or "), strings.Join(rules, "; "))
}

// Observer is the set of endpoints that one endpoint on the wire may be. The
// zero value is not one; see [New] and [NewOpen]. It takes about two kilobytes
// however long it watches, and is not safe for concurrent use.
type Observer struct {
	// AtEndpoint: the capture was taken at the endpoint, so what was seen on
	// its way there was processed before what came after. This narrows
	// [Observer.States] and never makes a segment impossible: hosts are seen to
	// send a little after something came that they have not processed yet. It
	// may be set before the first segment.
	AtEndpoint bool

	// FastOpen: the SYN that is told of next carries the Fast Open option, so
	// text may be sent before ESTABLISHED (RFC 7413). A SYN with text says so
	// by itself.
	FastOpen bool

	any  set  // nothing is assumed
	near *set // what is at the endpoint is processed; nil without AtEndpoint

	contradicted bool // near was found wrong once
}

// New watches an endpoint that has no connection yet: CLOSED or LISTEN. Of e
// the space and the behaviours are used; windows and timers are as the wire
// shows them.
func New(e *model.Endpoint) *Observer { return &Observer{any: newSet(e)} }

// NewOpen watches an endpoint of which nothing is known: its connection may be
// in any synchronized state, or be gone.
func NewOpen(e *model.Endpoint) *Observer { return &Observer{any: newOpenSet(e)} }

// Sent tells of a segment that was seen to leave the endpoint; n is its number
// in the capture. The set is narrowed to the endpoints that may send it.
func (o *Observer) Sent(n int, g model.Segment) Verdict {
	o.ready()
	v := o.any.sent(n, g)
	if o.near == nil {
		return v
	}
	if nearer := o.near.sent(n, g); nearer != Allowed || v != Allowed {
		o.contradicted = o.contradicted || v == Allowed
		o.approach()
	}
	return v
}

// MayHaveSent tells of a segment that was not seen: the set has the endpoints
// that sent it before, and those that did not.
func (o *Observer) MayHaveSent(g model.Segment) {
	before := o.any.none
	o.Sent(0, g)
	for h := range before.all {
		o.any.none.add(h)
		if o.near != nil {
			o.near.none.add(h)
		}
	}
}

// Received tells of a segment seen on its way to the endpoint; n is its number
// in the capture. Afterwards the set has the endpoints that processed it and,
// unless [Observer.AtEndpoint], those that did not.
func (o *Observer) Received(n int, g model.Segment) {
	o.ready()
	o.any.received(n, g)
	if o.near == nil {
		return
	}
	if o.near.received(n, g); o.near.empty() || o.near.ended() || o.any.ended() {
		o.approach()
	}
}

// ready makes the sets what the fields ask for.
func (o *Observer) ready() {
	o.any.fastOpen = o.FastOpen
	if o.AtEndpoint && o.near == nil {
		o.approach()
	}
	if o.near != nil {
		o.near.fastOpen = o.FastOpen
	}
}

// approach assumes from now on that what is at the endpoint is processed.
func (o *Observer) approach() {
	o.near = o.any.clone()
	o.near.near = true
}

// closest is the set that says most.
func (o *Observer) closest() *set {
	if o.near != nil {
		return o.near
	}
	return &o.any
}

// States lists the states that the endpoint can be in, in the order of the
// RFC's list; none if it was found impossible.
func (o *Observer) States() []model.State { return o.closest().states() }

// Size is how many endpoints the set has: states, and what else of them is
// uncertain.
func (o *Observer) Size() int { return o.closest().size() }

// May tells whether the endpoint can be in one of the states.
func (o *Observer) May(states ...model.State) bool {
	for _, s := range o.States() {
		if slices.Contains(states, s) {
			return true
		}
	}
	return false
}

// Deviation is the segment that no run of the model sends, nil if there was
// none. An ACK of octets that were not seen may become one later; see
// [Observer.Finish].
func (o *Observer) Deviation() *Deviation { return o.any.deviation }

// Unknown says which bound was hit, or "" if none was.
func (o *Observer) Unknown() string { return o.any.unknown }

// Missed tells whether the capture missed packets: the endpoint acknowledged
// octets that were not seen, and the peer went on behind them or may have sent
// them before the capture.
func (o *Observer) Missed() bool { return o.any.missed }

// PeerErrs tells whether the peer contradicted itself about where its text ends,
// by FINs in two places or text behind one: what the endpoint makes of that is
// not known.
func (o *Observer) PeerErrs() bool { return o.any.peerErrs }

// Finish tells that nothing more will be seen: an ACK of octets that nobody was
// seen to send is then impossible.
func (o *Observer) Finish() {
	o.any.finish()
	if o.near != nil && o.any.ended() {
		o.approach()
	}
}
