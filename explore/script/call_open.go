package script

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// callSocket opens a descriptor.
func callSocket(f *frame) (func(*candidate) *objection, string) {
	for _, t := range f.arg(1).words() {
		switch t {
		case "SOCK_STREAM", "SOCK_NONBLOCK", "SOCK_CLOEXEC":
		default:
			f.at = &f.call.Args[1].Pos
			return nil, "a socket of " + t
		}
	}
	if p := f.arg(2); p.Kind == Word && p.Text != "IPPROTO_TCP" && p.Text != "IPPROTO_IP" {
		f.at = &p.Pos
		return nil, "a socket of " + p.Text
	}
	if f.result.known && f.result.value >= 0 {
		f.sockets[f.result.value] = &socket{}
	}
	return nil, ""
}

// callListen is a passive OPEN.
func callListen(f *frame) (func(*candidate) *objection, string) {
	s := f.socket()
	if s == nil {
		return noSocket(f)
	}
	if !f.result.known || f.result.value != 0 {
		return nil, ""
	}
	if !s.listens {
		f.leave()
	}
	s.listens = true
	for _, c := range f.judge.list {
		c.listening = true
		if c.t.State == model.Closed {
			c.step(model.Event{Kind: model.OpenPassive}, f.when, f.call.Pos.Line)
		}
	}
	return nil, ""
}

// callConnect is an active OPEN, or asks what became of one.
func callConnect(f *frame) (func(*candidate) *objection, string) {
	s := f.socket()
	if s == nil {
		return noSocket(f)
	}
	if f.failedAgain(s) {
		s.connected = false
	}
	again := s.connected
	if !s.connected {
		iss, wnd := f.nextSyn()
		f.leave()
		for _, c := range f.judge.list {
			c.t, c.due = model.TCB{}, nil
			c.e.Window = wnd
			c.step(model.Event{Kind: model.OpenActive, ISS: iss}, f.when, f.call.Pos.Line)
			c.accepted = true
			s.gen = c.gen
		}
		s.connected = true
	}
	f.ready = func(c *candidate) bool { return c.t.State != model.SynSent && c.t.State != model.SynReceived }
	return func(c *candidate) *objection { return c.connects(s, f.result, again) }, ""
}

// failedAgain tells whether the socket's connection was refused and the user
// knows it: another connect begins anew.
func (f *frame) failedAgain(s *socket) bool {
	return s.connected && !slices.ContainsFunc(f.judge.list, func(c *candidate) bool {
		return c.t.State > model.Listen || c.gen != s.gen || c.failed != noFailure || c.established
	})
}

// connects judges the result of connect, which may have been called again.
func (c *candidate) connects(s *socket, x result, again bool) *objection {
	opening := c.t.State == model.SynSent || c.t.State == model.SynReceived
	switch {
	case x.value >= 0:
		if c.established && c.gen == s.gen && c.failed == noFailure {
			return nil
		}
	case x.errno == "EINPROGRESS" && !again, x.errno == "EALREADY" && again:
		if opening {
			return nil
		}
	case x.errno == "EISCONN":
		if c.established {
			return nil
		}
	case x.errno == "EPIPE":
	default:
		return c.otherwise("connect", x.errno)
	}
	return c.isIn("connect")
}

// callAccept gives the connection to the user.
func callAccept(f *frame) (func(*candidate) *objection, string) {
	s := f.socket()
	if s == nil {
		return noSocket(f)
	}
	if !f.result.known {
		return nil, ""
	}
	var child *socket
	if f.result.value >= 0 {
		child = &socket{connected: true}
		f.sockets[f.result.value] = child
	}
	f.ready = func(c *candidate) bool { return c.established && !c.accepted && s.listens }
	return func(c *candidate) *objection {
		ready := f.ready(c)
		switch {
		case child != nil && ready:
			c.accepted = true
			child.gen = c.gen
			return nil
		case child == nil && !ready && (f.result.errno == "EAGAIN" || f.result.errno == "EWOULDBLOCK"):
			return nil
		case child == nil && f.result.errno == "EINVAL" && !s.listens:
			return nil
		case child == nil && f.result.errno == "ECONNABORTED" && c.broken != noFailure:
			return nil
		case child == nil && errnos[f.result.errno] == nil && !slices.Contains(aboutConnections, f.result.errno) && f.result.errno != "EINVAL":
			return nil // of which the model has no opinion
		}
		return c.isIn("accept")
	}, ""
}

// leave is that the script turns to another connection. Packets are those of the
// last socket that connects or listens, with ports of its own: one that was open
// before goes on, and nothing more is seen of it.
func (r *runner) leave() {
	for _, c := range r.judge.list {
		if c.t.State > model.Listen {
			c.t, c.due, c.spare, c.instant, c.moment = model.TCB{}, nil, nil, nil, nil
			c.gen++
		}
	}
	r.windows, r.scale, r.stamps = windows{}, noScales, stamps{}
}
