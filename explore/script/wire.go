package script

import (
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// scales are the shifts of windows, as both SYNs give them; −1: not given.
type scales struct {
	in, out int
	any     bool // the script does not say what out is
}

// noScales is before any SYN.
var noScales = scales{in: -1, out: -1}

// maxScale is the largest shift (RFC 7323 §2.3).
const maxScale = 14

// on tells whether both sides scale.
func (s scales) on() bool { return s.in >= 0 && s.out >= 0 }

// note takes the shift of a SYN. Options that are not given may have one.
func (s *scales) note(p *Packet) {
	shift := -1
	if o, ok := p.option("wscale"); ok {
		shift = min(int(o.Args[0]), maxScale)
	}
	if p.Inbound {
		s.in = shift
		return
	}
	s.any = p.AnyOptions && s.in >= 0
	if s.any {
		shift = 0
	}
	s.out = shift
}

// largest is the largest window that the TCP under test can offer.
func (s scales) largest() uint32 {
	switch {
	case !s.on():
		return defaultWindow
	case s.any:
		return defaultWindow << maxScale
	}
	return defaultWindow << s.out
}

// stamps is what was seen of timestamps.
type stamps struct {
	in, out bool   // both SYNs had one
	last    uint32 // the last that came
}

// goesBack tells whether the timestamp of a segment that comes is older than
// one before, so that PAWS would drop it (RFC 7323 §5).
func (s *stamps) goesBack(p *Packet) bool {
	o, ok := p.option("TS")
	if p.Flags.Has(model.SYN) {
		s.in, s.last = ok, 0
		if ok {
			s.last = o.Args[0]
		}
		return false
	}
	if !ok || !s.in || !s.out || p.Flags.Has(model.RST) {
		return false
	}
	old := int32(o.Args[0]-s.last) < 0
	s.last = o.Args[0]
	return old
}

// windows is what was seen of the windows that the TCP under test offers.
type windows struct {
	last  uint32 // the last in a packet
	known bool   // the last packet gave one
}

// segment is the packet as the model sees it, with the window scaled.
func (r *runner) segment(p *Packet) model.Segment {
	g := model.Segment{
		Seq: model.Seq(p.Seq), Ack: model.Seq(p.Ack), Len: p.Len, Wnd: p.Win, Up: p.Up, Flags: p.Flags,
	}
	if r.scale.on() && !p.Flags.Has(model.SYN) {
		shift := r.scale.out
		if p.Inbound {
			shift = r.scale.in
		}
		g.Wnd <<= shift
	}
	return g
}

// arrives is a packet that is injected.
func (r *runner) arrives(p *Packet) bool {
	if p.Flags.Has(model.SYN|model.FIN) && r.noXmas {
		r.note(p.Pos, "a SYN with FIN is dropped, as net.inet.tcp.drop_synfin asks")
		return true
	}
	if r.stamps.goesBack(p) {
		return r.unsupported(p.Pos, "a timestamp that goes back: PAWS is no part of the model")
	}
	if p.Flags.Has(model.SYN) {
		r.scale.note(p)
	}
	r.urgent = r.urgent || p.Flags.Has(model.URG)
	g := r.segment(p)
	r.judge.fork(func(c *candidate) *candidate { return c.unmentioned(g) })
	r.judge.fork(func(c *candidate) *candidate { return c.figure7(g) })
	var whole []*candidate // which drop it as it is
	for _, c := range r.judge.list {
		if n := c.dropsWhole(g, r.when, p.Pos.Line); n != nil {
			whole = append(whole, n)
		}
	}
	iss, wnd := r.nextSyn()
	r.judge.each(func(c *candidate) *objection {
		if c.t.State <= model.Listen {
			c.e.Window = wnd
		} else if !r.windows.known {
			wnd := uint32(defaultWindow)
			if c.wide {
				wnd = r.scale.largest()
			}
			c.setWindow(max(c.t.RcvWnd, wnd))
		}
		c.step(model.Event{Kind: model.SegmentArrives, Segment: g, ISS: iss}, r.when, p.Pos.Line)
		return nil
	})
	r.judge.list = append(r.judge.list, whole...)
	return true
}

// figure7 is the candidate if it reads figure 7 where the letter of §3.10.7.4
// says otherwise: a SYN,ACK establishes it in SYN-RECEIVED. It is nil for
// another segment.
func (c *candidate) figure7(g model.Segment) *candidate {
	if c.t.State != model.SynReceived || !g.Flags.Has(model.SYN|model.ACK) {
		return nil
	}
	n := c.clone()
	n.e.Behaviours.SynAckInSynRcvd = 1 - n.e.Behaviours.SynAckInSynRcvd
	return n
}

// dropsWhole is the candidate if it drops text that reaches beyond its window
// instead of trimming it, which the RFC says that one could do (§3.10.7.4 first).
// It answers, or not. It is nil where nothing reaches beyond.
func (c *candidate) dropsWhole(g model.Segment, now time.Duration, line int) *candidate {
	t := &c.t
	end := space.Dist(t.RcvNxt, space.Add(g.Seq, g.SegLen()))
	if g.Len == 0 || g.Flags&(model.RST|model.SYN) != 0 || !t.State.Synchronized() || end <= t.RcvWnd || end >= 1<<31 {
		return nil
	}
	n := c.clone()
	n.last = model.SequenceUnacceptable
	n.steps = &played{
		before: c.steps, line: line, event: model.Event{Kind: model.SegmentArrives, Segment: g}, after: *t, state: t.State, rules: []model.Rule{n.last},
	}
	if len(n.due) < maxDue {
		answer := model.Segment{Seq: t.SndNxt, Ack: t.RcvNxt, Flags: model.ACK}
		n.due = append(n.due, due{segment: answer, kind: dueAnswer, optional: true, since: now, rule: n.last})
	}
	return n
}

// nextSyn is the number and the window of the next SYN that the script
// expects: as a kernel is free in its ISS, it is what the script calls it.
func (r *runner) nextSyn() (model.Seq, uint32) {
	for _, e := range r.script.Events[r.at:] {
		if p := e.Packet; p != nil && !p.Inbound && p.Flags.Has(model.SYN) {
			if p.WinGiven && p.Win > 0 {
				return model.Seq(p.Seq), p.Win
			}
			return model.Seq(p.Seq), defaultWindow
		}
	}
	return 0, defaultWindow
}

// expects is a packet that the TCP under test is to send.
func (r *runner) expects(p *Packet) bool {
	n := &r.result.NotJudged
	if len(p.Options) > 0 {
		n.Options++
	}
	if p.WinGiven {
		n.Windows++
	}
	if p.Flags&(model.PSH|model.URG) != 0 || p.ECN != "" {
		n.Flags++
	}
	r.result.Judged++
	if p.Flags.Has(model.SYN) {
		r.scale.note(p)
		_, ok := p.option("TS")
		r.stamps.out = ok || p.AnyOptions
	}
	x := expected{segment: r.segment(p), idle: r.idle, window: p.WinGiven && r.windows.known && p.Win != r.windows.last}
	v := r.judge.each(func(c *candidate) *objection {
		if p.AnySeq {
			x.segment.Seq = c.numberOf(x.segment)
		}
		if o := c.send(x, r.when, p.Pos.Line); o != nil {
			return o
		}
		if p.WinGiven && !p.Flags.Has(model.RST) {
			c.offers(x.segment, r.slackOf(p))
		}
		return nil
	})
	if v != nil {
		return r.disagree(r.pos(), r.line(p.Pos), v)
	}
	r.judge.fork((*candidate).keepsEdge)
	if !p.Flags.Has(model.RST) {
		r.windows = windows{known: p.WinGiven, last: p.Win}
	}
	return true
}

// numberOf is the first number that a segment like g has that it sends next.
func (c *candidate) numberOf(g model.Segment) model.Seq {
	for _, d := range c.due {
		if d.segment.Flags&(model.SYN|model.RST) == g.Flags&(model.SYN|model.RST) {
			return d.segment.Seq
		}
	}
	if g.Flags.Has(model.SYN) {
		return c.t.ISS
	}
	return c.t.SndNxt
}

// slackOf is how much wider than a window that is given RCV.WND may be. What is
// more than 16 bits can say is not told, and a buffer is rounded up to whole
// segments.
func (r *runner) slackOf(p *Packet) (slack uint32) {
	if r.scale.on() && !p.Flags.Has(model.SYN) {
		slack = 1<<r.scale.out - 1
	}
	if p.Win == 1<<16-1 {
		slack += 1 << 14
	}
	return slack
}

// offers takes the window of a segment that the script has it send.
func (c *candidate) offers(g model.Segment, slack uint32) {
	if c.t.State <= model.Listen {
		return
	}
	wnd := g.Wnd
	if c.wide {
		wnd += slack
	}
	room := wnd
	if g.Flags.Has(model.ACK) {
		room = space.Dist(c.t.RcvNxt, space.Add(g.Ack, wnd))
	}
	if room > 1<<30 {
		room = 0 // text has come that reaches beyond it
	}
	if room < c.t.RcvWnd {
		c.kept = c.t.RcvWnd
	}
	c.setWindow(room)
}

// keepsEdge is the candidate if it accepts what a window that it has just taken
// back had room for: a receiver should not take one back (SHLD-14). It is nil if
// it has not.
func (c *candidate) keepsEdge() *candidate {
	if c.kept == 0 {
		return nil
	}
	n := c.clone()
	n.setWindow(c.kept)
	c.kept, n.kept = 0, 0
	return n
}

// setWindow sets RCV.WND, and the buffer with it. What is held lies in the
// window, also if that is shrunk behind it.
func (c *candidate) setWindow(n uint32) {
	for _, g := range c.t.Held[:c.t.NHeld] {
		n = max(n, space.Dist(c.t.RcvNxt, space.Add(g.Seq, g.SegLen())))
	}
	c.t.RcvWnd = n
	c.e.Window = n + c.t.Unread
}
