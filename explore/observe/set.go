package observe

import (
	"fmt"
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// maxLives is how many incarnations are remembered at a time: the one that is
// open, and those that a SYN may have opened.
const maxLives = 8

// set is the endpoints that one endpoint on the wire may be.
type set struct {
	e     model.Endpoint
	none  shapeSet // CLOSED and LISTEN, where there is no incarnation
	lives []life
	born  []life // incarnations found while lives is visited
	past  []life // incarnations that have ended, the last at the end

	linux    bool // see linux.go
	near     bool // what was seen on its way was processed: [Observer.AtEndpoint]
	fastOpen bool // the last SYN carried the Fast Open option

	answers answers        // what a reset may answer
	syn     *model.Segment // the last SYN without ACK that came
	rst     *model.Segment // the last reset that came after it

	trial     trial
	deviation *Deviation
	unknown   string
	missed    bool
	peerErrs  bool // the peer contradicted itself about where its text ends
	out       model.Output
}

// newSet is an endpoint that has no connection: CLOSED or LISTEN.
func newSet(e *model.Endpoint) set {
	o := set{e: model.Endpoint{
		Space: e.Space, Behaviours: e.Behaviours, Window: uint32(e.Space.Size() / 4), Retransmissions: model.Unlimited,
	}, linux: isLinux(e.Behaviours)}
	o.none.add(plain(model.Closed))
	o.none.add(plain(model.Listen))
	return o
}

// newOpenSet is an endpoint of which nothing is known.
func newOpenSet(e *model.Endpoint) set {
	o := newSet(e)
	o.none.remove(plain(model.Listen))
	o.answers.forgotten = true
	var l life
	for s := model.Established; s <= model.TimeWait; s++ {
		l.shapes.add(plain(s))
	}
	o.lives = []life{l}
	return o
}

// clone shares nothing that changes: spans are replaced, never written to.
func (o *set) clone() *set {
	n := *o
	n.lives = slices.Clone(o.lives)
	n.past = slices.Clone(o.past)
	return &n
}

// states lists them in the order of the RFC's list: all, if a bound was hit.
func (o *set) states() []model.State {
	var seen shapeSet
	if o.unknown != "" {
		for s := range model.NumStates {
			seen.add(plain(model.State(s)))
		}
	}
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

// size counts states, and what else of them is uncertain.
func (o *set) size() int {
	n := o.none.size()
	for i := range o.lives {
		n += o.lives[i].shapes.size()
	}
	return n
}

// finish tells that nothing more will be seen.
func (o *set) finish() {
	if o.trial.on {
		o.confirm()
	}
}

// giveUp ends the observation because a bound was hit.
func (o *set) giveUp(why string) {
	if o.unknown == "" {
		o.unknown = why
	}
}

// ended tells whether nothing more is said.
func (o *set) ended() bool { return o.deviation != nil || o.unknown != "" }

// prune forgets incarnations that the endpoint can't be in.
func (o *set) prune() {
	o.lives = slices.DeleteFunc(o.lives, func(l life) bool { return l.shapes.empty() })
}

// bear adds the incarnations that were found.
func (o *set) bear() {
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
func (o *set) knows(g model.Segment) bool {
	is := func(l life) bool { return l.irsKnown && l.irs == g.Seq && !l.shapes.empty() }
	return slices.ContainsFunc(o.lives, is) || slices.ContainsFunc(o.born, is)
}

// unanswered tells whether there is an incarnation that the peer's SYN with this
// number opened, and that has sent nothing.
func (o *set) unanswered(irs model.Seq) bool {
	return slices.ContainsFunc(o.lives, func(l life) bool { return l.irsKnown && l.irs == irs && !l.sndKnown })
}

// found ends the observation with a deviation: the ACK on trial, if there is
// one, since what it needs to be possible led here.
func (o *set) found(d *Deviation) {
	if o.trial.before {
		o.missed = true
	} else if o.trial.on {
		first := o.trial.found
		d = &first
	}
	o.deviation = d
	o.none, o.lives = shapeSet{}, nil
}

// empty tells whether no endpoint is left.
func (o *set) empty() bool { return o.size() == 0 }
