package script

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// failure is why a connection ended, as users hear of it.
type failure uint8

const (
	noFailure failure = iota
	refused
	reset
	timedOut
	unreachable
)

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

// aboutConnections are errors that tell of the state of a connection, beside
// those of errnos. Of others the model has no opinion.
var aboutConnections = []string{
	"EAGAIN", "EWOULDBLOCK", "EINPROGRESS", "EALREADY", "EISCONN", "ENOTCONN", "ESHUTDOWN", "EBADF",
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
