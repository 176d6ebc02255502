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

// maxLives is how many incarnations are remembered at a time: the one that is
// open, and those that a SYN may have opened.
const maxLives = 8

// Observer is the set of endpoints that one endpoint on the wire may be. The
// zero value is not one; see [New] and [NewOpen]. It takes about a kilobyte
// however long it watches, and is not safe for concurrent use.
type Observer struct {
	e     model.Endpoint
	none  shapeSet // CLOSED and LISTEN, where there is no incarnation
	lives []life
	born  []life // incarnations found while lives is visited

	// AtEndpoint: what was seen on its way to the endpoint was processed by it
	// before what came after, so nothing is late or lost behind the point of
	// capture. It may be set before the first segment.
	AtEndpoint bool

	answers answers        // what a reset may answer
	syn     *model.Segment // the last SYN without ACK that came
	rst     *model.Segment // the last reset that came after it

	trial     trial
	deviation *Deviation
	unknown   string
	missed    bool
	out       model.Output
}

// New watches an endpoint that has no connection yet: CLOSED or LISTEN. Of e
// the space and the behaviours are used; windows and timers are as the wire
// shows them.
func New(e *model.Endpoint) *Observer {
	o := &Observer{e: model.Endpoint{
		Space: e.Space, Behaviours: e.Behaviours, Window: uint32(e.Space.Size() / 4), Retransmissions: model.Unlimited,
	}}
	o.none.add(plain(model.Closed))
	o.none.add(plain(model.Listen))
	return o
}

// NewOpen watches an endpoint of which nothing is known: its connection may be
// in any synchronized state, or be gone.
func NewOpen(e *model.Endpoint) *Observer {
	o := New(e)
	o.none.remove(plain(model.Listen))
	var l life
	for s := model.Established; s <= model.TimeWait; s++ {
		l.shapes.add(plain(s))
	}
	o.lives = []life{l}
	return o
}

// States lists the states that the endpoint can be in, in the order of the
// RFC's list; none if it was found impossible.
func (o *Observer) States() []model.State {
	var seen shapeSet
	for h := range o.none.all {
		seen.add(plain(h.state()))
	}
	for i := range o.lives {
		for h := range o.lives[i].shapes.all {
			seen.add(plain(h.state()))
		}
	}
	list := make([]model.State, 0, seen.size())
	for h := range seen.all {
		list = append(list, h.state())
	}
	return list
}

// Size is how many endpoints the set has: states, and what else of them is
// uncertain.
func (o *Observer) Size() int {
	n := o.none.size()
	for i := range o.lives {
		n += o.lives[i].shapes.size()
	}
	return n
}

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
func (o *Observer) Deviation() *Deviation { return o.deviation }

// Unknown says which bound was hit, or "" if none was.
func (o *Observer) Unknown() string { return o.unknown }

// Missed tells whether the endpoint acknowledged octets that were not seen and
// that the peer went on behind: the capture missed packets.
func (o *Observer) Missed() bool { return o.missed }

// Finish tells that nothing more will be seen: an ACK of octets that nobody was
// seen to send is then impossible.
func (o *Observer) Finish() {
	if o.trial.on {
		o.confirm()
	}
}

// giveUp ends the observation because a bound was hit.
func (o *Observer) giveUp(why string) {
	if o.unknown == "" {
		o.unknown = why
	}
}

// ended tells whether nothing more is said.
func (o *Observer) ended() bool { return o.deviation != nil || o.unknown != "" }

// prune forgets incarnations that the endpoint can't be in.
func (o *Observer) prune() {
	o.lives = slices.DeleteFunc(o.lives, func(l life) bool { return l.shapes.empty() })
}

// bear adds the incarnations that were found.
func (o *Observer) bear() {
	if len(o.born) == 0 {
		return
	}
	o.prune()
	o.lives = append(o.lives, o.born...)
	o.born = nil
	if len(o.lives) > maxLives {
		o.giveUp(fmt.Sprintf("more than %d connections may be open", maxLives))
		o.lives = o.lives[:maxLives]
	}
}

// knows tells whether there is an incarnation that the peer's SYN g opened.
func (o *Observer) knows(g model.Segment) bool {
	is := func(l life) bool { return l.irsKnown && l.irs == g.Seq && !l.shapes.empty() }
	return slices.ContainsFunc(o.lives, is) || slices.ContainsFunc(o.born, is)
}

// trial is an ACK of octets that were not seen, until the peer shows whether
// it sent them.
type trial struct {
	on       bool
	from, to model.Seq // what was acknowledged unseen
	found    Deviation // what it is if the peer did not
}

// confirm finds the ACK on trial impossible.
func (o *Observer) confirm() {
	d := o.trial.found
	o.trial = trial{}
	o.found(&d)
}

// found ends the observation with a deviation.
func (o *Observer) found(d *Deviation) {
	o.deviation = d
	o.none, o.lives = shapeSet{}, nil
}
