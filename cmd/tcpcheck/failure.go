package main

import (
	"errors"
	"fmt"
	"strings"
)

// The exit statuses. A command that found what it looked for returns nil.
const (
	statusOK           = 0 // everything holds and was seen completely
	statusViolated     = 1 // a property is violated
	statusUsage        = 2 // bad usage or bad input
	statusInternal     = 3 // an internal error
	statusInconclusive = 4 // a limit was reached, it was interrupted, or a witness is missing
)

// failure is how a command ends other than well. Its methods return it, so
// that hints can be added where it is made. An empty message prints nothing:
// the result has said it already.
type failure struct {
	status  int
	message string
	hints   []string
}

func (f *failure) Error() string { return f.message }

// usagef is bad usage or bad input.
func usagef(format string, args ...any) *failure {
	return &failure{status: statusUsage, message: fmt.Sprintf(format, args...)}
}

// internalError is a bug of tcpcheck, or a system that fails it.
func internalError(err error) *failure {
	return &failure{status: statusInternal, message: "internal error: " + err.Error()}
}

// hint adds a next step.
func (f *failure) hint(text string) *failure {
	f.hints = append(f.hints, text)
	return f
}

// nearest adds the names that name may have been meant for, if any are near.
func (f *failure) nearest(name string, names []string) *failure {
	if near := nearestNames(name, names); len(near) > 0 {
		f.hint("did you mean " + orList(near) + "?")
	}
	return f
}

// unknownName is the error for a name that none of names is.
func unknownName(what, name string, names []string) *failure {
	return usagef("unknown %s %q", what, name).nearest(name, names)
}

// asFailure is err as a failure; what no command has classified is bad usage
// that cobra found.
func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return usagef("%v", err)
}

// orList joins names as a sentence does: a, b or c.
func orList(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
