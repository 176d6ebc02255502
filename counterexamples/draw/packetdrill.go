package draw

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/script"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// drill writes the format packetdrill: what one side lives through, as a script
// that a stack can be tested with. What reaches the side is injected, its
// user's calls are made, and what is expected is what the endpoint of RFC 9293
// sends then, also if the run was found with a deliberate bug.
type drill struct {
	s       *story
	side    trace.Side
	e       model.Endpoint
	t       model.TCB // of the right endpoint
	out     model.Output
	numbers [2]numbering
	windows windowsTold

	b                strings.Builder
	wait             string // how long before the next line
	lines            int    // events
	next             int    // descriptor
	listener, socket int    // descriptors; 0: none
}

// windowsTold is which windows the script tells. Stacks can't be made to offer
// a window of two octets, so the fewer the better.
type windowsTold uint8

const (
	windowsWide  windowsTold = iota // the peer's is wide where it is all of its buffer
	windowsPeer                     // the peer's are those of the run
	windowsBoth                     // ours are too
	windowsModes                    // how many there are
)

// writeDrill tries the windows in their order until the script is one that
// package script agrees with. A run that needs what a script can't say is an
// error.
func writeDrill(w *bytes.Buffer, s *story, o Options) error {
	side, err := s.drilled(o)
	if err != nil {
		return err
	}
	for told := range windowsModes {
		d := newDrill(s, side, told)
		if err = d.write(); err != nil {
			break
		}
		text := d.b.String()
		if err = d.check(text); err == nil {
			w.WriteString(text)
			return nil
		}
	}
	return fmt.Errorf("packetdrill: side %v of this run: %w", side, err)
}

func newDrill(s *story, side trace.Side, told windowsTold) *drill {
	d := &drill{
		s: s, side: side, e: s.t.Setup.Endpoints[side], t: s.t.Setup.Start[side], windows: told, next: 3,
	}
	for i := range d.numbers {
		d.numbers[i] = newNumbering(s, trace.Side(i))
	}
	return d
}

// drilled is the side that the options ask for: else the one at which the run
// breaks its property, or ends.
func (s *story) drilled(o Options) (trace.Side, error) {
	switch strings.ToLower(o.Endpoint) {
	case "a":
		return trace.A, nil
	case "b":
		return trace.B, nil
	case "":
	default:
		return 0, fmt.Errorf("packetdrill: endpoint %.40q: want a or b", o.Endpoint)
	}
	at := len(s.t.Steps) - 1
	if marked := s.t.Info.Marked; len(marked) > 0 {
		at = marked[0]
	}
	if at < 0 {
		return trace.A, nil
	}
	return s.t.Steps[at].Action.Side, nil
}

// check returns an error unless package script agrees with the script.
func (d *drill) check(text string) error {
	if d.lines == 0 {
		return nil // nothing happens to it: what is written are comments
	}
	parsed, err := script.Parse(text)
	if err != nil {
		return err
	}
	b := d.e.Behaviours
	if v := d.variant(); v == model.DefaultVariant {
		b = model.Behaviours{}
	}
	if r := script.Run(parsed, text, b); r.Outcome != script.Agrees {
		return fmt.Errorf("its numbers are too small for a script: %v", r)
	}
	return nil
}

// variant is the named variant that behaves as the side does; the default if
// none does.
func (d *drill) variant() string {
	for _, v := range model.Variants() {
		if v.Behaviours == d.e.Behaviours {
			return v.Name
		}
	}
	return model.DefaultVariant
}

// write writes the whole script.
func (d *drill) write() error {
	d.header()
	if err := d.start(); err != nil {
		return err
	}
	for i, st := range d.s.t.Steps {
		err := d.tell(&st)
		if err != nil {
			return fmt.Errorf("step %d, %v: %w", i+1, st.Action, err)
		}
		other := d.side.Other()
		d.numbers[other].follow(&st.After[other])
	}
	d.end()
	return nil
}

// end asserts the state that the right endpoint is in.
func (d *drill) end() {
	switch state := d.t.State; {
	case state == model.SynReceived && d.listener != 0:
		d.line("accept(%d, ..., ...) = -1 EAGAIN (Resource temporarily unavailable)", d.listener)
	case d.socket == 0 || d.t.CloseQueued:
	case state == model.TimeWait: // Linux keeps it apart from the socket
		d.line("%%{ assert tcpi_state in (TCP_TIME_WAIT, TCP_CLOSE) }%%")
	default:
		d.line("%%{ assert tcpi_state == %s }%%", script.StateWord(state))
	}
}

// header says what the script is, and sets what can be set.
func (d *drill) header() {
	info := d.s.t.Info
	fmt.Fprintf(&d.b, "// %s\n", plain(d.s.title()))
	if info.Mutant != "" {
		fmt.Fprintf(&d.b, "// Found with the bug %s; what is expected here is what RFC 9293 asks for.\n", plain(info.Mutant))
	}
	fmt.Fprintf(&d.b, "// Side %v is under test, in %v; the script plays the other.\n", d.side, d.t.State)
	if v := d.variant(); v != model.DefaultVariant {
		fmt.Fprintf(&d.b, "// It behaves as %s: tcpcheck script --variant %s\n", v, v)
	}
	d.b.WriteString("--tolerance_usecs=100000\n\n")
	for _, c := range []struct {
		on   bool
		name string
	}{
		{d.e.Behaviours.Reset == model.ResetInWindow, "net.inet.tcp.insecure_rst=1"},
		{d.e.Behaviours.Syn == model.SynResets, "net.inet.tcp.insecure_syn=1"},
		{d.e.Behaviours.AckRange == model.AckRange793, "net.inet.tcp.insecure_ack=1"},
		{d.e.Behaviours.RstInTimeWait == model.RstIgnored, "net.ipv4.tcp_rfc1337=1"},
	} {
		if c.on {
			d.line("`sysctl -w %s || true`", c.name)
		}
	}
}

// line writes a line with its time.
func (d *drill) line(format string, args ...any) {
	d.lines++
	at := "+0"
	if d.wait != "" {
		at, d.wait = d.wait, ""
	}
	fmt.Fprintf(&d.b, "%-4s %s\n", at, fmt.Sprintf(format, args...))
}

// open makes a descriptor.
func (d *drill) open() int {
	fd := d.next
	d.next++
	d.line("socket(..., SOCK_STREAM, IPPROTO_TCP) = %d", fd)
	d.line("fcntl(%d, F_SETFL, O_RDWR|O_NONBLOCK) = 0", fd)
	return fd
}

func (d *drill) listen() {
	d.listener = d.open()
	d.line("setsockopt(%d, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0", d.listener)
	d.line("bind(%d, ..., ...) = 0", d.listener)
	d.line("listen(%d, 1) = 0", d.listener)
}

// start leads to where the run begins.
func (d *drill) start() error {
	t := &d.t
	idle := d.e.Outstanding(t) == 0 && t.Queued == 0 && t.Unread == 0 && t.NHeld == 0
	switch {
	case t.State == model.Closed:
	case t.State == model.Listen:
		d.listen()
	case t.State == model.Established && idle:
		d.listen()
		s := d.e.Space
		irs, iss := s.Sub(t.RcvNxt, 1), s.Sub(t.SndUna, 1)
		d.wait = "+0.1"
		d.inject(model.Segment{Seq: irs, Wnd: t.SndWnd, Flags: model.SYN})
		d.expect(model.Segment{Seq: iss, Ack: t.RcvNxt, Wnd: t.RcvWnd, Flags: model.SYN | model.ACK}, "")
		d.wait = "+0.1"
		d.inject(model.Segment{Seq: t.RcvNxt, Ack: t.SndUna, Wnd: t.SndWnd, Flags: model.ACK})
		d.accept()
	default:
		return fmt.Errorf("it begins in %v: a script begins without a connection", t.State)
	}
	return nil
}

// accept gives the connection to the user. The listener is closed: an OPEN is
// for one connection.
func (d *drill) accept() {
	d.socket = d.next
	d.next++
	d.line("accept(%d, ..., ...) = %d", d.listener, d.socket)
	d.line("close(%d) = 0", d.listener)
	d.listener = 0
}

// tell tells a step, if it is one of the side's.
func (d *drill) tell(st *trace.Step) error {
	a := st.Action
	switch {
	case a.Kind == trace.Tick:
		return d.happens(model.Event{Kind: model.Tick})
	case a.Side != d.side || a.Kind == trace.Lose:
		return nil
	case a.Kind == trace.Call:
		return d.call(a.Event)
	}
	if st.Segment.BadSecurity {
		return fmt.Errorf("a script can't give a segment another security")
	}
	d.wait = later(d.wait, "+0.1")
	if st.Segment.Flags.Has(model.SYN) {
		d.numbers[d.side.Other()].begin(st.Segment.Seq)
	}
	d.inject(st.Segment)
	return d.happens(a.Event)
}

// later is how long to wait: what was to be waited for anyway, or else d.
func later(wait, d string) string {
	if wait != "" {
		return wait
	}
	return d
}

// happens lets the right endpoint react, and tells what it sends and gives.
func (d *drill) happens(ev model.Event) error {
	before := d.t.State
	d.e.Step(&d.t, ev, &d.out)
	when := ""
	switch ev.Kind {
	case model.RetransmissionTimeout, model.ZeroWindowProbe, model.KeepAliveTimeout:
		when = "*"
	}
	for _, g := range d.out.Sent() {
		d.expect(g, when)
	}
	d.numbers[d.side].follow(&d.t)
	if before == model.TimeWait && d.t.State == model.Closed && ev.Kind != model.SegmentArrives {
		d.wait = "+241" // TIME-WAIT is over after 2 MSL of 2 minutes
	}
	if d.socket == 0 && d.listener != 0 && d.t.State.Synchronized() {
		d.accept()
	}
	octets := uint32(0)
	for _, g := range d.out.Delivered() {
		octets += g.N
	}
	if octets > 0 && !d.e.SlowReader && d.socket != 0 {
		d.line("read(%d, ..., 65536) = %d", d.socket, octets)
	}
	if d.t.State <= model.Listen && before > model.Listen && ev.Kind != model.Close && ev.Kind != model.Abort {
		d.socket = 0
	}
	return nil
}

// call tells a call of the side's user, or a timeout.
func (d *drill) call(ev model.Event) error {
	if ev.Refusal != model.Granted {
		return fmt.Errorf("a script can't make a call fail for that reason")
	}
	state := d.t.State
	switch ev.Kind {
	case model.OpenActive:
		if state > model.Listen {
			return nil // "connection already exists", and nothing happens
		}
		d.socket = d.open()
		d.line("connect(%d, ..., ...) = -1 EINPROGRESS (Operation now in progress)", d.socket)
	case model.OpenPassive:
		if state != model.Closed {
			return nil
		}
		d.listen()
	case model.Send:
		if state < model.Established || d.socket == 0 {
			return fmt.Errorf("a SEND in %v: no call queues it", state)
		}
		if state == model.Established && !d.t.CloseQueued || state == model.CloseWait && !d.t.CloseQueued {
			d.line("write(%d, ..., %d) = %d", d.socket, ev.N, ev.N)
		} else {
			d.line("write(%d, ..., %d) = -1 EPIPE (Broken pipe)", d.socket, ev.N)
		}
	case model.Receive:
		if n := min(ev.N, d.t.Unread); n > 0 && d.socket != 0 {
			d.line("read(%d, ..., %d) = %d", d.socket, ev.N, n)
		}
	case model.Close, model.Abort:
		if err := d.close(ev.Kind == model.Abort); err != nil {
			return err
		}
	case model.Status, model.RetransmissionTimeout, model.ZeroWindowProbe, model.TimeWaitTimeout, model.Tick:
	case model.KeepAliveTimeout:
		if d.socket == 0 {
			return fmt.Errorf("a keep-alive of a connection that no descriptor names")
		}
		d.line("setsockopt(%d, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0", d.socket)
	case model.UnreachableSoft:
		d.wait = later(d.wait, "+0.1")
		d.line("< icmp unreachable host_unreachable [%d:%d(0)]", d.real(d.t.SndUna), d.real(d.t.SndUna))
	case model.UnreachableHard:
		d.wait = later(d.wait, "+0.1")
		d.line("< icmp unreachable port_unreachable [%d:%d(0)]", d.real(d.t.SndUna), d.real(d.t.SndUna))
	default:
		return fmt.Errorf("a script can't make that happen")
	}
	return d.happens(ev)
}

// close tells CLOSE, which leaves the other direction open, or ABORT.
func (d *drill) close(abort bool) error {
	state := d.t.State
	switch {
	case state == model.Closed:
	case state == model.Listen && d.listener != 0:
		d.line("close(%d) = 0", d.listener)
		d.listener = 0
	case d.socket == 0:
		return fmt.Errorf("the user has no descriptor of a connection in %v", state)
	case abort:
		d.line("setsockopt(%d, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0", d.socket)
		d.line("close(%d) = 0", d.socket)
		d.socket = 0
	case state == model.SynSent:
		d.line("close(%d) = 0", d.socket)
		d.socket = 0
	case state == model.SynReceived, state == model.Established, state == model.CloseWait:
		if !d.t.CloseQueued {
			d.line("shutdown(%d, SHUT_WR) = 0", d.socket)
		}
	}
	return nil
}

func (d *drill) real(n model.Seq) uint32 { return d.numbers[d.side].real(n) }

// inject writes a segment that reaches the side.
func (d *drill) inject(g model.Segment) {
	wnd := g.Wnd
	if d.windows == windowsWide && wnd >= d.s.t.Setup.Endpoints[d.side.Other()].Window {
		wnd = 65535
	}
	d.line("< %s win %d", d.segment(g, d.side.Other()), min(wnd, 65535))
}

// expect writes a segment that the side sends.
func (d *drill) expect(g model.Segment, when string) {
	if when != "" {
		d.wait = when
	}
	if g.Flags.Has(model.SYN) {
		d.numbers[d.side].begin(g.Seq)
	}
	text := d.segment(g, d.side)
	if d.windows == windowsBoth && !g.Flags.Has(model.RST) {
		text += fmt.Sprintf(" win %d", min(g.Wnd, 65535))
	}
	if g.Flags.Has(model.SYN) {
		text += " <...>"
	}
	d.line("> %s", text)
}

// segment is flags, numbers and ACK as packetdrill writes them.
func (d *drill) segment(g model.Segment, from trace.Side) string {
	flags := ""
	for _, f := range []struct {
		bit  model.Flags
		name string
	}{{model.FIN, "F"}, {model.SYN, "S"}, {model.RST, "R"}, {model.PSH, "P"}, {model.URG, "U"}, {model.ACK, "."}} {
		if g.Flags.Has(f.bit) {
			flags += f.name
		}
	}
	if flags == "" {
		flags = "-"
	}
	seq := d.numbers[from].real(g.Seq)
	if g.Flags.Has(model.RST|model.ACK) && g.Seq == 0 {
		seq = 0 // §3.5.2: zero itself, as in a capture
	}
	text := fmt.Sprintf("%s %d:%d(%d)", flags, seq, seq+g.Len, g.Len)
	if g.Flags.Has(model.ACK) {
		text += fmt.Sprintf(" ack %d", d.numbers[from.Other()].real(g.Ack))
	}
	return text
}
