package explore

import (
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// asides appends the calls that are only answered and change nothing at the
// side: questions, calls that come at the wrong time, and calls that are refused
// for reasons outside the connection. One of each kind that the state knows.
func asides(at trace.Side, t *model.TCB, dst []action) []action {
	add := func(k model.EventKind, r model.Refusal) {
		dst = append(dst, action{kind: actCall, side: at, event: k, form: form(r)})
	}
	add(model.Status, model.Granted)
	add(model.Status, model.NoAccess)
	switch t.State {
	case model.Closed:
		add(model.OpenActive, model.NoResources)
		add(model.OpenActive, model.RemoteUnspecified)
		add(model.OpenActive, model.BadDiffserv)
		add(model.OpenActive, model.SecurityDenied)
		add(model.OpenPassive, model.NoResources)
		add(model.Send, model.Granted)
		add(model.Receive, model.Granted)
		add(model.Close, model.Granted)
		add(model.Abort, model.Granted)
		return dst
	case model.Listen:
		add(model.Send, model.RemoteUnspecified)
	}
	add(model.OpenPassive, model.Granted)
	if t.State > model.Listen {
		add(model.OpenActive, model.Granted)
	}
	if t.Unread == 0 {
		add(model.Receive, model.Granted)
	}
	if !t.CloseQueued {
		add(model.Send, model.NoResources)
	}
	return dst
}

// isAside tells whether the event is a call of [asides].
func isAside(t *model.TCB, ev model.Event) bool {
	if ev.Refusal != model.Granted {
		return true
	}
	switch ev.Kind {
	case model.Status:
		return true
	case model.OpenPassive:
		return t.State != model.Closed
	case model.OpenActive:
		return t.State > model.Listen
	case model.Receive:
		return t.Unread == 0
	case model.Send, model.Close, model.Abort:
		return t.State == model.Closed
	}
	return false
}
