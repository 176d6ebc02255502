package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// Replay plays the actions of t again, with other steps (nil is [model.Step])
// and, if behaviours is not nil, with other behaviours. It stops where the run
// is no longer the same: diverged is the index of that step, −1 if there is
// none, and reason says what differs or why the step can't happen. The trace
// returned includes the step that differs, and ends before one that can't
// happen; it is nil if the run can't even start so.
//
// Two steps are the same if all that can be seen of them is: what is sent,
// delivered and told, and both TCBs. Which rules decided may differ.
func Replay(t *Trace, step [2]model.StepFunc, behaviours *[2]model.Behaviours) (again *Trace, diverged int, reason string) {
	setup := t.Setup
	if behaviours != nil {
		for i := range setup.Endpoints {
			setup.Endpoints[i].Behaviours = behaviours[i]
		}
	}
	r, err := NewRunner(setup, step)
	if err != nil {
		return nil, 0, err.Error()
	}
	for i := range t.Steps {
		was := &t.Steps[i]
		is, err := r.Do(was.Action)
		if err != nil {
			return r.Trace(), i, whyNot(r, was, err)
		}
		if reason := difference(&setup, was, is); reason != "" {
			return r.Trace(), i, reason
		}
	}
	return r.Trace(), -1, ""
}

// whyNot says why a step can't happen: what differs, if it can't happen only
// because fewer segments are sent than were dropped, else the error.
func whyNot(r *Runner, was *Step, err error) string {
	a := was.Action
	a.Dropped = 0
	if is, _, err := r.try(a); err == nil {
		if reason := difference(&r.trace.Setup, was, &is); reason != "" {
			return reason
		}
	}
	return err.Error()
}

// difference says what is seen first to differ between two steps, "" if
// nothing is.
func difference(setup *Setup, was, is *Step) string {
	for s := A; s <= B; s++ {
		w, i := &was.Outputs[s], &is.Outputs[s]
		differs := func(what, before, now string) string {
			return fmt.Sprintf("%v %s %s, not %s", s, what, now, before)
		}
		switch {
		case !slices.Equal(w.Sent(), i.Sent()):
			window := setup.Endpoints[s].Window
			return differs("sends", segmentsText(w.Sent(), window), segmentsText(i.Sent(), window))
		case was.After[s].State != is.After[s].State && len(i.Path()) == 0:
			return fmt.Sprintf("%v stays in %v, and does not go to %v", s, is.After[s].State, was.After[s].State)
		case was.After[s].State != is.After[s].State:
			return differs("goes to", was.After[s].State.String(), is.After[s].State.String())
		case deliveriesText(w.Delivered()) != deliveriesText(i.Delivered()):
			return differs("gives its user", deliveriesText(w.Delivered()), deliveriesText(i.Delivered()))
		case !slices.Equal(w.Signals(), i.Signals()):
			return differs("tells its user", signalsText(w.Signals()), signalsText(i.Signals()))
		case !slices.Equal(w.Path(), i.Path()):
			return differs("passes through", listText(w.Path()), listText(i.Path()))
		}
		if was.After[s] != is.After[s] {
			for _, v := range variables {
				if before, now := v.get(&was.After[s]), v.get(&is.After[s]); before != now {
					return fmt.Sprintf("%v's %s is %s, not %s", s, v.name, now, before)
				}
			}
		}
	}
	if !slices.Equal(was.Expired, is.Expired) {
		return fmt.Sprintf("segments %v expire, not %v", is.Expired, was.Expired)
	}
	return ""
}

func segmentsText(list []model.Segment, window uint32) string {
	var texts []string
	for _, g := range list {
		texts = append(texts, FormatIn(g, window))
	}
	return joined(texts)
}

func deliveriesText(list []model.Delivery) string {
	var texts []string
	for _, d := range list {
		texts = append(texts, deliveryText(d))
	}
	return joined(texts)
}

func deliveryText(d model.Delivery) string {
	text := fmt.Sprintf("%d octets from %d", d.N, d.Seq)
	if d.N == 1 {
		text = fmt.Sprintf("1 octet from %d", d.Seq)
	}
	if d.Push {
		text += " with PUSH"
	}
	return text
}

func signalsText(list []model.Signal) string {
	var texts []string
	for _, g := range list {
		texts = append(texts, fmt.Sprintf("%q", g))
	}
	return joined(texts)
}

func listText[T fmt.Stringer](list []T) string {
	var texts []string
	for _, x := range list {
		texts = append(texts, x.String())
	}
	return joined(texts)
}

func joined(texts []string) string {
	if len(texts) == 0 {
		return "nothing"
	}
	return strings.Join(texts, " and ")
}
