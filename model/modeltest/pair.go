package modeltest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// pair is two ends and what is on its way between them.
type pair struct {
	cfg  Config
	ends [2]end
	wire [2][]model.Segment // wire[i]: sent by end i, the oldest first

	reading   bool // the users read at once
	endless   bool // segments answered each other without end
	run       []entry
	violation *Violation
	broken    map[string]bool // if not nil, judging goes on, and these were broken
}

// entry is a step of a run, or a note about the network.
type entry struct {
	step *step
	note string
}

func (x entry) String() string {
	if x.step != nil {
		return x.step.line()
	}
	return "   " + x.note
}

// end is one end: its memory, what was seen of it, what its user may still do.
type end struct {
	tcb  model.TCB
	seen seen

	opened bool
	octets uint32 // that the user may still SEND
}

// Violation is the first property that a run breaks.
type Violation struct {
	Property Property
	Detail   string   // what was wrong, with its numbers
	Run      []string // the steps up to there, one in a line
}

// String is the property, its source, what was wrong, and the run.
func (v *Violation) String() string {
	return fmt.Sprintf("property %s (RFC 9293 %s): %s\n%s\n%s", v.Property.ID, v.Property.Source, v.Property.Meaning,
		v.Detail, strings.Join(shorten(v.Run, 80, 10), "\n"))
}

// shorten leaves out the middle of a long run.
func shorten(run []string, head, tail int) []string {
	if len(run) <= head+tail+1 {
		return run
	}
	out := slices.Clone(run[:head])
	out = append(out, fmt.Sprintf("   ... %d steps ...", len(run)-head-tail))
	return append(out, run[len(run)-tail:]...)
}

func newPair(cfg Config) *pair {
	p := &pair{cfg: cfg}
	for i := range p.ends {
		p.ends[i].octets = cfg.Octets
	}
	return p
}

func (p *pair) endpoint(side int) *model.Endpoint { return &p.cfg.Endpoints[side] }
func (p *pair) tcb(side int) *model.TCB           { return &p.ends[side].tcb }
func (p *pair) state(side int) model.State        { return p.ends[side].tcb.State }

// failed tells whether either side knows of a failure.
func (p *pair) failed() bool { return p.ends[0].seen.failed || p.ends[1].seen.failed }

// over tells whether the run has come to its violation.
func (p *pair) over() bool { return p.violation != nil && p.broken == nil }

// do lets an event happen at a side, puts what it sends on the wire, and
// judges. When the run is over it does nothing.
func (p *pair) do(side int, ev model.Event) {
	if p.over() {
		return
	}
	x := &p.ends[side]
	s := &step{side: side, e: p.endpoint(side), before: x.tcb, ev: ev, was: x.seen}
	p.cfg.Step(s.e, &x.tcb, ev, &s.out)
	s.after = x.tcb
	s.look()
	x.seen = s.now
	p.wire[side] = append(p.wire[side], s.out.Sent()...)
	p.run = append(p.run, entry{step: s})
	p.judge(s)
}

func (p *pair) judge(s *step) {
	for _, x := range properties {
		if x.step != nil {
			p.blame(x, x.step(s))
		}
		if x.pair != nil && p.cfg.Strangers == 0 {
			p.blame(x, x.pair(p))
		}
	}
}

// judgeEnd judges what should have been reached when all faults have ended.
func (p *pair) judgeEnd() {
	for _, x := range properties {
		if x.end != nil && p.cfg.Strangers == 0 && !p.over() {
			p.blame(x, x.end(p))
		}
	}
}

func (p *pair) blame(x Property, wrong string) {
	if wrong == "" || p.over() || slices.Contains(p.cfg.Without, x.ID) || p.cfg.DelayedACK && x.ID == "text-acked" {
		return
	}
	if p.broken != nil {
		p.broken[x.ID] = true
		return
	}
	p.violation = &Violation{Property: x, Detail: wrong}
	for _, e := range p.run {
		p.violation.Run = append(p.violation.Run, e.String())
	}
}

// call lets a user call.
func (p *pair) call(side int, kind model.EventKind, n uint32, iss model.Seq) {
	x := &p.ends[side]
	switch kind {
	case model.OpenActive, model.OpenPassive:
		x.opened = true
	case model.Send:
		x.octets -= n
	}
	p.do(side, model.Event{Kind: kind, N: n, ISS: iss})
}

// arrive takes segment i off the wire of the side's peer and lets it arrive.
func (p *pair) arrive(side, i int, iss model.Seq) {
	w := &p.wire[1-side]
	g := (*w)[i]
	*w = slices.Delete(*w, i, i+1)
	p.do(side, model.Event{Kind: model.SegmentArrives, Segment: g, ISS: iss})
}

// sendable is how many octets the user may SEND now: no more than the other
// side's buffer and half the space bear.
func (p *pair) sendable(side int) uint32 {
	t := p.tcb(side)
	switch t.State {
	case model.Listen, model.SynSent, model.SynReceived, model.Established, model.CloseWait:
	case model.FinWait1, model.FinWait2: // it will be refused
	default:
		return 0
	}
	most := longest(p.endpoint(side).Space) - 1
	if used := t.Queued + p.endpoint(side).Outstanding(t); used < most {
		return min(p.ends[side].octets, most-used)
	}
	return 0
}
