package script

import (
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// foreign are options that ask for what is no part of the model.
var foreign = []string{
	"TCP_FASTOPEN", "TCP_FASTOPEN_CONNECT", "TCP_FASTOPEN_KEY", "TCP_FASTOPEN_NO_COOKIE", "TCP_MD5SIG", "TCP_MD5SIG_EXT",
	"TCP_REPAIR", "TCP_ULP", "TCP_AO_ADD_KEY",
}

// callSetsockopt takes the options that choose what is sent.
func callSetsockopt(f *frame) (func(*candidate) *objection, string) {
	s := f.socket()
	if s == nil {
		return noSocket(f)
	}
	for _, name := range foreign {
		if f.has(2, name) {
			f.at = &f.call.Args[2].Pos
			return nil, "the socket option " + name
		}
	}
	if f.result.known && f.result.value < 0 {
		return nil, ""
	}
	value := f.arg(3)
	n := value.number()
	switch f.arg(2).Text {
	case "SO_LINGER":
		on, linger := value.linger()
		s.aborts = on && linger == 0
	case "TCP_CORK", "TCP_NOPUSH":
		s.corked = n != 0
		for _, c := range f.judge.list {
			c.corked, c.waiting = s.corked, f.when
		}
	case "SO_KEEPALIVE":
		f.idle = n != 0
	case "TCP_USER_TIMEOUT":
		f.judge.timers.userTimeout = time.Duration(min(max(n, 0), 1<<40)) * time.Millisecond
	}
	return nil, ""
}

// number is a value behind a pointer, "[1]".
func (x Expr) number() int64 {
	if x.Kind == List && len(x.Args) == 1 {
		x = x.Args[0]
	}
	return x.Number
}

// linger reads {onoff=1, linger=0} or {1, 0}.
func (x Expr) linger() (on bool, linger int64) {
	if x.Kind == List && len(x.Args) == 1 {
		x = x.Args[0]
	}
	first, ok := x.field("onoff")
	second, _ := x.field("linger")
	if !ok {
		first, ok = x.field("l_onoff")
		second, _ = x.field("l_linger")
	}
	if !ok && len(x.Args) == 2 {
		first, second = x.Args[0], x.Args[1]
	}
	return first.Number != 0, second.Number
}

// callGetsockopt judges SO_ERROR and the state in TCP_INFO.
func callGetsockopt(f *frame) (func(*candidate) *objection, string) {
	s := f.socket()
	if s == nil {
		return noSocket(f)
	}
	value := f.arg(3)
	if value.Kind == List && len(value.Args) == 1 {
		value = value.Args[0]
	}
	switch {
	case f.has(2, "TCP_INFO"):
		x, ok := value.field("tcpi_state")
		state, is := parseStateName(x.Text, false)
		if x.Kind == Number {
			return nil, "" // which numbers are meant is not said
		}
		if !ok || !is {
			return nil, ""
		}
		a := Assert{Pos: x.Pos, States: []StateName{{x.Text, state}}}
		return func(c *candidate) *objection {
			if s.listens {
				return nil
			}
			return c.asserted(a)
		}, ""
	case f.has(2, "SO_ERROR"):
		if value.Kind == Number && value.Number == 0 {
			return func(c *candidate) *objection {
				if c.of(s) && c.failed != noFailure {
					return object([]model.Rule{c.last}, "has told the user: %v", c.failed)
				}
				return nil
			}, ""
		}
		if value.Kind == Word {
			return func(c *candidate) *objection {
				if value.Text == "EPIPE" && !c.pipe {
					return c.isIn("getsockopt")
				}
				return c.otherwise("getsockopt", value.Text)
			}, ""
		}
	}
	return nil, ""
}
