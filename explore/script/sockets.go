package script

import (
	"slices"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// socket is a descriptor of the script.
type socket struct {
	listens   bool
	connected bool // it has, or had, a connection: incarnation gen
	gen       int
	aborts    bool // SO_LINGER with a time of 0
	corked    bool
	deaf      bool // the user reads no more: SHUT_RD
	closed    bool
}

// result is what a call returns by the script.
type result struct {
	value int64
	errno string
	known bool // the value is a number
}

// waitingCall is a call that has not returned.
type waitingCall struct {
	call   *Call
	end    time.Duration
	judges func(c *candidate) *objection // its result
	ready  func(c *candidate) bool       // whether it returns; nil: not known
}

// call begins a call. One that blocks is judged when it returns.
func (r *runner) call(c *Call, blocks bool, end time.Duration) bool {
	run, ok := calls[c.Name]
	if !ok {
		return r.unsupported(c.Pos, "the call "+c.Name)
	}
	f := &frame{runner: r, call: c}
	f.result = result{value: c.Result.Number, errno: c.Errno, known: c.Result.Kind == Number}
	if f.result.errno == "" && f.result.value == -1 {
		f.result.known = false // which error is left open
	}
	s := f.socket()
	judges, unsupported := run(f)
	if judges != nil && s != nil && s.connected {
		judges = unlessEarlier(s, judges)
	}
	switch {
	case unsupported != "":
		return r.unsupported(f.place(), unsupported)
	case judges == nil || !f.result.known:
		r.result.NotJudged.Calls++
		return true
	case blocks:
		r.calls = append(r.calls, waitingCall{c, end, judges, f.ready})
		return true
	}
	return r.returns(c, judges)
}

// unlessEarlier judges nothing where another connection has begun since the
// socket's: what became of that is not known.
func unlessEarlier(s *socket, judges func(*candidate) *objection) func(*candidate) *objection {
	return func(c *candidate) *objection {
		if s.gen < c.gen {
			return nil
		}
		return judges(c)
	}
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

// returns judges the result of a call.
func (r *runner) returns(c *Call, judges func(*candidate) *objection) bool {
	r.result.Judged++
	if v := r.judge.each(judges); v != nil {
		return r.disagree(Pos{c.Pos.Line, 1}, r.line(c.Pos), v)
	}
	return true
}

// returnBefore judges the calls that return before a time.
func (r *runner) returnBefore(when time.Duration) bool {
	for len(r.calls) > 0 {
		w := r.calls[0]
		if w.end >= when && when != endOfTime {
			return true
		}
		r.calls = r.calls[1:]
		if v := r.judge.advance(w.end); v != nil {
			return r.disagree(Pos{w.call.Pos.Line, 1}, r.line(w.call.Pos), v)
		}
		if !r.returns(w.call, w.judges) {
			return false
		}
	}
	return true
}

// late objects to calls that had to return before: time passes, and what they
// wait for is there.
func (r *runner) late(when time.Duration) bool {
	now := r.judge.now
	for _, w := range r.calls {
		if w.ready == nil || min(when, w.end) <= now+r.judge.tolerance {
			continue
		}
		v := r.judge.each(func(c *candidate) *objection {
			if w.ready(c) {
				return object([]model.Rule{c.last}, "lets %s return at %v, in %v", w.call.Name, now, c.t.State)
			}
			return nil
		})
		if v != nil {
			return r.disagree(Pos{w.call.Pos.Line, 1}, r.line(w.call.Pos), v)
		}
	}
	return true
}

// frame is a call in progress.
type frame struct {
	*runner
	call   *Call
	result result
	at     *Pos                    // of what is not supported, if it is not the call
	ready  func(c *candidate) bool // see waitingCall
}

func (f *frame) place() Pos {
	if f.at != nil {
		return *f.at
	}
	return f.call.Pos
}

// arg is an argument; one that is missing is "...".
func (f *frame) arg(i int) Expr {
	if i < len(f.call.Args) {
		return f.call.Args[i]
	}
	return Expr{Pos: f.call.Pos}
}

// has tells whether an argument is that word, or a value with | that has it.
func (f *frame) has(i int, words ...string) bool {
	return slices.ContainsFunc(words, f.arg(i).has)
}

// socket is the one that the first argument names, if it is open.
func (f *frame) socket() *socket {
	if x := f.arg(0); x.Kind == Number {
		if s := f.sockets[x.Number]; s != nil && !s.closed {
			return s
		}
	}
	return nil
}

// handler begins a call and returns how its result is judged: nil if it is not.
type handler func(f *frame) (judges func(c *candidate) *objection, unsupported string)

// calls are the calls that are understood.
var calls map[string]handler

func init() {
	calls = map[string]handler{
		"socket": callSocket, "bind": ignored, "listen": callListen, "connect": callConnect,
		"accept": callAccept, "accept4": callAccept,
		"read": callRead, "recv": callRead, "recvfrom": callRead, "readv": callRead, "recvmsg": callRead,
		"write": callWrite, "send": callWrite, "sendto": callWrite, "writev": callWrite, "sendmsg": callWrite,
		"shutdown": callShutdown, "close": callClose,
		"setsockopt": callSetsockopt, "getsockopt": callGetsockopt, "poll": callPoll, "fcntl": ignored,
		"ioctl": callIoctl, "getsockname": ignored, "getpeername": ignored,
		"epoll_create": ignored, "epoll_create1": ignored, "epoll_ctl": callEpollCtl, "epoll_wait": callEpollWait,
		"open": ignored, "sendfile": callWrite,
	}
}

// ignored is a call that the model has no opinion of.
func ignored(*frame) (func(*candidate) *objection, string) { return nil, "" }

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

// noSocket is a call on a descriptor that is not open, for which there is an
// error of its own: "connection illegal for this process".
func noSocket(f *frame) (func(*candidate) *objection, string) {
	if f.result.errno == "EBADF" {
		return nil, ""
	}
	if x := f.arg(0); x.Kind != Number {
		f.at = &x.Pos
		return nil, "a descriptor that is no number"
	}
	if f.sockets[f.arg(0).Number] != nil {
		return func(*candidate) *objection {
			return object([]model.Rule{model.CallIllegal}, "knows no descriptor %d: it was closed", f.arg(0).Number)
		}, ""
	}
	f.at = &f.call.Args[0].Pos
	return nil, "a descriptor that the script has not opened"
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

// aboutConnections are errors that tell of the state of a connection, beside
// those of errnos. Of others the model has no opinion.
var aboutConnections = []string{
	"EAGAIN", "EWOULDBLOCK", "EINPROGRESS", "EALREADY", "EISCONN", "ENOTCONN", "ESHUTDOWN", "EBADF",
}

// otherwise judges an error that no state of the connection is a reason for,
// but a failure that the user has to hear of may be.
func (c *candidate) otherwise(call, errno string) *objection {
	if o, judged := c.fails(errno); judged {
		return o
	}
	if slices.Contains(aboutConnections, errno) {
		return c.isIn(call)
	}
	return nil
}

// isIn objects to the result of a call by the state that the model is in.
func (c *candidate) isIn(call string) *objection {
	if c.broken != noFailure && c.t.State <= model.Listen {
		return object([]model.Rule{c.last}, "has told the user: %v", c.broken)
	}
	return object([]model.Rule{c.last}, "is in %v when %s returns", c.t.State, call)
}

// String is the failure in the words of the RFC.
func (f failure) String() string {
	return [...]string{"ok", "connection refused", "connection reset", "connection aborted due to user timeout", "destination unreachable"}[f]
}

// errnos are the errors by which users hear of a failure.
var errnos = map[string][]failure{
	"ECONNREFUSED": {refused},
	"ECONNRESET":   {reset},
	"EPIPE":        {reset, timedOut, unreachable, refused},
	"ETIMEDOUT":    {timedOut},
	"EHOSTUNREACH": {unreachable, timedOut},
	"ENETUNREACH":  {unreachable, timedOut},
	"ENOPROTOOPT":  {unreachable},
	"ECONNABORTED": {reset, refused},
}

// fails judges an error that tells of a failure; judged is false if the errno
// tells of something else. The user is told once.
func (c *candidate) fails(errno string) (o *objection, judged bool) {
	why, ok := errnos[errno]
	if !ok {
		return nil, false
	}
	soft := c.soft && slices.Contains(why, unreachable)
	if soft || slices.Contains(why, c.broken) || errno == "ECONNREFUSED" && c.broken == unreachable {
		c.failed = noFailure
		return nil, true
	}
	o = object([]model.Rule{c.last}, "is in %v, and the user has heard of no such failure", c.t.State)
	return c.givesUp(o, slices.Contains(why, timedOut) && errno != "EPIPE"), true
}

// givesUp takes note in an objection that the script expects that what is
// outstanding has been given up.
func (c *candidate) givesUp(o *objection, expected bool) *objection {
	if expected && c.t.State > model.Listen && c.e.Outstanding(&c.t) > 0 {
		o.early = true
	}
	return o
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
