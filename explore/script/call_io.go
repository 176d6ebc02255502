package script

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// of tells whether the socket's connection is the one that the candidate is.
func (c *candidate) of(s *socket) bool { return s.connected && s.gen == c.gen }

// asked is how many octets a call that receives asks for: its third argument, or
// what its vector adds up to; −1 if the script does not say.
func (f *frame) asked() int64 {
	switch f.call.Name {
	case "recvmsg":
		vector, _ := f.arg(1).field("msg_iov")
		return vector.vectorSize()
	case "readv":
		return f.arg(1).vectorSize()
	}
	if x := f.arg(2); x.Kind == Number {
		return x.Number
	}
	return -1
}

// vectorSize is how many octets [{..., 10}, {..., 20}] holds.
func (x Expr) vectorSize() (n int64) {
	for _, part := range x.Args {
		if len(part.Args) != 2 || part.Args[1].Kind != Number {
			return -1
		}
		n += part.Args[1].Number
	}
	if len(x.Args) == 0 {
		return -1
	}
	return n
}

// callWrite is SEND.
func callWrite(f *frame) (func(*candidate) *objection, string) {
	s := f.socket()
	if s == nil {
		return noSocket(f)
	}
	flags := f.arg(3)
	if f.call.Name == "sendmsg" {
		flags = f.arg(2)
	}
	if flags.has("MSG_FASTOPEN") {
		f.at = &flags.Pos
		return nil, "Fast Open"
	}
	return func(c *candidate) *objection {
		c.corked = s.corked || flags.has("MSG_MORE")
		return c.writes(f, s, flags.has("MSG_OOB"))
	}, ""
}

// writes judges the result of a call that sends.
func (c *candidate) writes(f *frame, s *socket, urgent bool) *objection {
	t, x := &c.t, f.result
	sendClosed := t.State > model.CloseWait || t.State == model.FinWait1 || t.State == model.FinWait2 || t.CloseQueued
	gone := !c.of(s) || t.State <= model.Listen
	opening := t.State == model.SynSent || t.State == model.SynReceived
	asked := f.offered()
	switch {
	case x.value == 0 && asked > 0, asked >= 0 && x.value > asked:
	case x.value == 0:
		return nil
	case x.value > 0:
		if gone || sendClosed {
			return c.isIn(f.call.Name)
		}
		out := c.step(model.Event{Kind: model.Send, N: uint32(min(x.value, 1<<30)), Push: true, Urgent: urgent}, f.when, f.call.Pos.Line)
		if slices.Contains(out.Signals(), model.ErrNoResources) {
			return object([]model.Rule{c.last}, "has no room for so much text")
		}
		return nil
	case x.errno == "EAGAIN", x.errno == "EWOULDBLOCK":
		if !gone && !sendClosed && (opening || t.Queued > 0 || c.e.Outstanding(t) > 0) {
			return nil
		}
	case x.errno == "EPIPE" && (sendClosed || gone), x.errno == "ENOTCONN" && (opening || gone && c.failed == noFailure):
		return nil
	default:
		return c.otherwise(f.call.Name, x.errno)
	}
	return c.isIn(f.call.Name)
}

// offered is how many octets a call that sends offers; −1 if the script does
// not say.
func (f *frame) offered() int64 {
	switch f.call.Name {
	case "sendmsg":
		vector, _ := f.arg(1).field("msg_iov")
		return vector.vectorSize()
	case "writev":
		return f.arg(1).vectorSize()
	case "sendfile":
		if x := f.arg(3); x.Kind == Number {
			return x.Number
		}
		return -1
	}
	if x := f.arg(2); x.Kind == Number {
		return x.Number
	}
	return -1
}

// callRead is RECEIVE.
func callRead(f *frame) (func(*candidate) *objection, string) {
	s := f.socket()
	if s == nil {
		return noSocket(f)
	}
	flags := f.arg(3)
	if f.call.Name == "recvmsg" {
		flags = f.arg(2)
	}
	if flags.has("MSG_OOB") || flags.has("MSG_ERRQUEUE") {
		return nil, ""
	}
	if !flags.has("MSG_WAITALL") {
		f.ready = func(c *candidate) bool { return c.readable(s) }
	}
	return func(c *candidate) *objection { return c.reads(f, s, flags.has("MSG_PEEK")) }, ""
}

// readable tells whether a call that receives returns at once.
func (c *candidate) readable(s *socket) bool {
	return !c.of(s) || s.deaf || c.inbox > 0 || c.eof || c.broken != noFailure || c.t.State <= model.Listen
}

// reads judges the result of a call that receives.
func (c *candidate) reads(f *frame, s *socket, peek bool) *objection {
	t, x := &c.t, f.result
	mine := c.of(s)
	gone := !mine || t.State <= model.Listen
	asked := f.asked()
	switch {
	case x.value > 0:
		have := int64(c.inbox)
		if asked >= 0 {
			have = min(have, asked)
		}
		vague := asked < 0 || f.urgent
		if !mine || x.value > have || x.value < have && !vague {
			return object([]model.Rule{c.last}, "has %d octets for the user", c.inbox)
		}
		if !peek {
			c.taken(uint32(x.value), f)
		}
		return nil
	case x.value == 0:
		if asked == 0 || mine && (s.deaf || c.inbox == 0 && (c.eof || gone && c.failed == noFailure)) {
			return nil
		}
	case x.errno == "EAGAIN", x.errno == "EWOULDBLOCK":
		if mine && c.inbox == 0 && !c.eof && !gone && !s.deaf {
			return nil
		}
	case x.errno == "ENOTCONN":
		if (gone || t.State <= model.SynReceived) && c.failed == noFailure {
			return nil
		}
	case x.errno == "EPIPE" && !c.pipe:
	default:
		return c.otherwise(f.call.Name, x.errno)
	}
	if c.inbox > 0 {
		return object([]model.Rule{c.last, model.ReceiveReturnsText}, "has %d octets for the user", c.inbox)
	}
	return c.isIn(f.call.Name)
}

// taken is what the user has read. Where the RFC's RECEIVE still returns text
// it widens the window; it may send an ACK that tells of it.
func (c *candidate) taken(n uint32, f *frame) {
	c.inbox -= n
	c.mayAck()
	if c.t.Unread == 0 {
		return
	}
	c.step(model.Event{Kind: model.Receive, N: n}, f.when, f.call.Pos.Line)
}

// callIoctl judges how much there is to read. Where the peer's FIN has come some
// kernels count one more.
func callIoctl(f *frame) (func(*candidate) *objection, string) {
	s, value := f.socket(), f.arg(2)
	if value.Kind == List && len(value.Args) == 1 {
		value = value.Args[0]
	}
	if s == nil || s.listens || !f.has(1, "SIOCINQ", "FIONREAD") || value.Kind != Number || f.result.value != 0 {
		return nil, ""
	}
	return func(c *candidate) *objection {
		n := int64(c.inbox)
		if f.urgent || value.Number == n || c.eof && value.Number == n+1 {
			return nil
		}
		return object([]model.Rule{c.last}, "has %d octets for the user", n)
	}, ""
}

// callShutdown is CLOSE for SHUT_WR and SHUT_RDWR.
func callShutdown(f *frame) (func(*candidate) *objection, string) {
	s := f.socket()
	if s == nil {
		return noSocket(f)
	}
	how := f.arg(1)
	reads := how.Text == "SHUT_RD" || how.Kind == Number && how.Number == 0
	s.deaf = s.deaf || f.result.value == 0 && (reads || how.Text == "SHUT_RDWR" || how.Kind == Number && how.Number == 2)
	return func(c *candidate) *objection {
		gone := !c.of(s) || c.t.State <= model.Listen
		switch {
		case f.result.value < 0:
			if f.result.errno != "ENOTCONN" {
				return c.otherwise("shutdown", f.result.errno)
			}
			if !gone && c.t.State > model.SynReceived && c.t.State != model.TimeWait {
				return c.isIn("shutdown")
			}
			return nil
		case reads || s.listens:
			return nil
		case gone && c.eof && c.broken == noFailure:
			return nil // it has ended by itself
		case gone:
			return object([]model.Rule{model.CallNoConnection}, "has no connection to shut down")
		}
		c.closes(f)
		return nil
	}, ""
}

// closes is CLOSE, unless it was called before.
func (c *candidate) closes(f *frame) {
	switch c.t.State {
	case model.SynSent, model.SynReceived, model.Established, model.CloseWait:
		if !c.t.CloseQueued {
			c.step(model.Event{Kind: model.Close}, f.when, f.call.Pos.Line)
		}
	}
}

// callClose is CLOSE, or ABORT with SO_LINGER and a time of 0; of a listener it
// is CLOSE in LISTEN.
func callClose(f *frame) (func(*candidate) *objection, string) {
	s := f.socket()
	if s == nil {
		return noSocket(f)
	}
	if f.result.known && f.result.value < 0 {
		return func(c *candidate) *objection { return c.otherwise("close", f.result.errno) }, ""
	}
	s.closed = true
	if s.listens {
		f.closeListener()
		return nil, ""
	}
	for _, c := range f.judge.list {
		if c.of(s) {
			c.closed = true
			c.ends(f, s)
		}
	}
	return nil, ""
}

// ends is the end of the user's interest in the connection.
func (c *candidate) ends(f *frame, s *socket) {
	abort := model.Event{Kind: model.Abort}
	switch {
	case c.t.State <= model.Listen:
		return
	case s.aborts:
		c.step(abort, f.when, f.call.Pos.Line)
		return
	}
	c.e.Behaviours.CloseUnread = c.closeUnread
	late := c.t.State == model.FinWait1 || c.t.State == model.FinWait2
	if late && c.t.Unread > 0 && c.closeUnread == model.CloseResets {
		c.step(abort, f.when, f.call.Pos.Line) // half closed before, and now unread text is thrown away
		c.last = model.CloseUnreadResets
		return
	}
	c.closes(f)
}

// closeListener is the end of LISTEN. What becomes of a connection that nobody
// has accepted the RFC does not say: it may stay, be aborted, or be forgotten.
func (f *frame) closeListener() {
	for _, s := range f.sockets {
		if s.listens && !s.closed {
			return
		}
	}
	for _, c := range f.judge.list {
		c.listening = false
		if c.t.State == model.Listen {
			c.step(model.Event{Kind: model.Close}, f.when, f.call.Pos.Line)
		}
	}
	for _, sends := range []bool{true, false} {
		f.judge.fork(func(c *candidate) *candidate {
			if c.accepted || c.closed || c.t.State <= model.Listen {
				return nil
			}
			n := c.clone()
			n.step(model.Event{Kind: model.Abort}, f.when, f.call.Pos.Line)
			n.closed = true
			if !sends {
				n.due = nil
			}
			return n
		})
	}
}
