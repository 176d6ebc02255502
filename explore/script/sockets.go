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

// returns judges the result of a call.
func (r *runner) returns(c *Call, judges func(*candidate) *objection) bool {
	r.result.Judged++
	if v := r.judge.each(judges); v != nil {
		return r.disagree(Pos{c.Pos.Line, 1}, r.line(c.Pos), v)
	}
	return true
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
