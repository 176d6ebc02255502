package script

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Run judges a script, whose text is given, by a TCP with the behaviours. The
// verdict does not depend on anything else.
func Run(s *Script, text string, b model.Behaviours) *Result {
	r := newRunner(s, text, b, model.Step)
	r.run()
	return r.result
}

func newRunner(s *Script, text string, b model.Behaviours, kernel model.StepFunc) *runner {
	r := &runner{
		script: s, lines: strings.Split(text, "\n"), judge: newJudge(b, kernel), result: &Result{},
		sockets: map[int64]*socket{}, epolls: map[int64]map[int64]*interest{}, scale: noScales,
	}
	r.options()
	return r
}

// run goes through the whole script, or to where it can't go on.
func (r *runner) run() {
	for i := range r.script.Events {
		if !r.event(i) {
			return
		}
	}
	if len(r.script.Events) == 0 || !r.late(endOfTime) || !r.returnBefore(endOfTime) {
		return
	}
	last := r.pos()
	if v := r.judge.finish(); v != nil {
		r.disagree(last, "the end of the script", v)
	} else if d, ok := r.judge.unsaid(); ok {
		r.note(last, "the script ends before it expects "+trace.FormatSegment(d.segment))
	}
}

// endOfTime comes after everything.
const endOfTime = time.Duration(1<<63 - 1)

// runner goes through a script.
type runner struct {
	script  *Script
	lines   []string
	judge   *judge
	result  *Result
	sockets map[int64]*socket
	epolls  map[int64]map[int64]*interest
	calls   []waitingCall
	at      int // index of the event
	when    time.Duration
	v6      bool // packets are IPv6
	calm    bool // hard errors of ICMP do not abort
	idle    bool // keep-alives were asked for
	noXmas  bool // a segment with SYN and FIN is dropped
	urgent  bool // urgent text has come: what is read is not counted
	scale   scales
	stamps  stamps
	windows windows
}

// options are what packetdrill is told, as far as it means something here.
func (r *runner) options() {
	for _, o := range r.script.Options {
		if o.Name == "ip_version" {
			r.v6 = o.Value == "ipv6"
		}
		if o.Name == "tolerance_usecs" {
			if d, err := time.ParseDuration(o.Value + "us"); err == nil && d >= 0 {
				r.judge.tolerance = d
			}
		}
	}
}

// event lets one event happen, and tells whether to go on.
func (r *runner) event(i int) bool {
	r.at = i
	e := &r.script.Events[i]
	start := r.when
	if e.Time.Kind != AnyTime {
		r.when = e.Time.at(start, e.Time.From)
	}
	if r.when+r.judge.tolerance < start {
		return r.unsupported(e.Pos, fmt.Sprintf("the time %v, which lies before that of the event before it, %v", r.when, start))
	}
	if e.moves() || r.when > start {
		r.judge.moves()
	}
	if !r.late(r.when) || !r.returnBefore(r.when) {
		return false
	}
	if v := r.judge.advance(r.when); v != nil {
		return r.disagree(e.Pos, r.line(e.Pos), v)
	}
	switch {
	case len(r.judge.list) > maxCandidates:
		return r.unsupported(e.Pos, "more possible endpoints than are remembered")
	case e.Unsupported != nil:
		return r.unsupported(e.Unsupported.Pos, e.Unsupported.Text)
	case e.Packet != nil && e.Packet.Inbound:
		return r.arrives(e.Packet)
	case e.Packet != nil:
		return r.expects(e.Packet)
	case e.ICMP != nil:
		return r.icmp(e.ICMP)
	case e.Command != nil:
		r.command(e.Command)
		return true
	case e.Code != nil:
		return r.code(e.Code)
	}
	end := r.when
	if e.Time.Blocks {
		end = e.Time.at(start, e.Time.End)
	}
	return r.call(e.Call, e.Time.Blocks, end)
}

// moves tells whether something comes with the event, or time may pass before
// it.
func (e *Event) moves() bool {
	comes := e.Packet != nil && e.Packet.Inbound || e.ICMP != nil || e.Command != nil
	return comes || e.Time.Kind == AnyTime || e.Time.From != e.Time.To
}

// at is a time of the event as a time since the script began, if the event
// before was at start.
func (t Time) at(start, d time.Duration) time.Duration {
	if t.Kind == Relative && d <= endOfTime-start {
		return start + d
	}
	return d
}

// pos is where the event is.
func (r *runner) pos() Pos { return r.script.Events[r.at].Pos }

// line is the text of a line, with single spaces.
func (r *runner) line(p Pos) string {
	if p.Line < 1 || p.Line > len(r.lines) {
		return ""
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(r.lines[p.Line-1], "?")), " ")
}

// note takes note of what means nothing here.
func (r *runner) note(p Pos, text string) {
	r.result.Notes = append(r.result.Notes, Note{p, text})
}

// unsupported ends the run.
func (r *runner) unsupported(p Pos, what string) bool {
	r.result.Outcome, r.result.Pos, r.result.What = Unsupported, p, what
	return false
}

// disagree ends the run.
func (r *runner) disagree(p Pos, expected string, v *verdict) bool {
	if v.overflows {
		return r.unsupported(p, "more gaps in the text than the model holds segments above")
	}
	x := r.result
	x.Outcome, x.Pos, x.Expected, x.Model, x.Rules = Disagrees, p, expected, v.text, v.rules
	for _, c := range r.judge.list {
		if s := c.state(); !slices.Contains(x.From, s) {
			x.From = append(x.From, s)
		}
	}
	x.Ladder = r.draw(p, v)
	return false
}

// code judges assertions on tcpi_state.
func (r *runner) code(c *Code) bool {
	r.result.NotJudged.Code += c.Others
	for _, a := range c.Asserts {
		r.result.Judged++
		if v := r.judge.each(func(c *candidate) *objection { return c.asserted(a) }); v != nil {
			return r.disagree(a.Pos, r.line(a.Pos), v)
		}
	}
	return true
}

// asserted objects unless the assertion is true of the candidate.
func (c *candidate) asserted(a Assert) *objection {
	is := slices.ContainsFunc(a.States, c.mayShow)
	if is != a.Not {
		return nil
	}
	state := c.t.State
	if state == model.Listen && c.accepted {
		state = model.Closed // the connection; its listener goes on
	}
	o := object([]model.Rule{c.last, model.StatusReturnsState}, "is in %v", state)
	closed := slices.ContainsFunc(a.States, func(n StateName) bool { return n.State == model.Closed })
	return c.givesUp(o, closed && !a.Not)
}

// mayShow tells whether the state may be that of the candidate's socket. A
// CLOSE whose FIN waits may count already, or not yet. In Linux the socket of a
// connection in TIME-WAIT is TCP_CLOSE, and a listener's child is of its own.
func (c *candidate) mayShow(n StateName) bool {
	t, s := &c.t, n.State
	switch {
	case t.State == model.Listen && c.accepted:
		return s == model.Closed
	case t.State == s:
		return true
	case t.State == model.Listen:
		return s == model.Closed && c.gen > 0
	case t.State == model.TimeWait:
		return s == model.Closed && n.Text != "TCPS_CLOSED"
	case !t.CloseQueued:
		return false
	}
	switch t.State {
	case model.CloseWait:
		return s == model.LastAck
	case model.SynReceived:
		return s == model.FinWait1
	}
	return false
}
