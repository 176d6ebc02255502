package draw

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// variable is a variable of a TCB, its state aside: its name in the RFC, where
// it has one, and its value: a bool, an integer, or a []model.Segment.
type variable struct {
	name string
	get  func(*model.TCB) any
}

// variables is the memory of an endpoint, in the order in which it is told.
var variables = []variable{
	{"ISS", func(t *model.TCB) any { return uint64(t.ISS) }},
	{"SND.UNA", func(t *model.TCB) any { return uint64(t.SndUna) }},
	{"SND.NXT", func(t *model.TCB) any { return uint64(t.SndNxt) }},
	{"SND.WND", func(t *model.TCB) any { return uint64(t.SndWnd) }},
	{"MAX.SND.WND", func(t *model.TCB) any { return uint64(t.MaxSndWnd) }},
	{"SND.WL1", func(t *model.TCB) any { return uint64(t.SndWl1) }},
	{"SND.WL2", func(t *model.TCB) any { return uint64(t.SndWl2) }},
	{"SND.UP", func(t *model.TCB) any { return uint64(t.SndUp) }},
	{"IRS", func(t *model.TCB) any { return uint64(t.IRS) }},
	{"RCV.NXT", func(t *model.TCB) any { return uint64(t.RcvNxt) }},
	{"RCV.WND", func(t *model.TCB) any { return uint64(t.RcvWnd) }},
	{"RCV.UP", func(t *model.TCB) any { return uint64(t.RcvUp) }},
	{"QUEUED", func(t *model.TCB) any { return uint64(t.Queued) }},
	{"PUSH-QUEUED", func(t *model.TCB) any { return t.PushQueued }},
	{"CLOSE-QUEUED", func(t *model.TCB) any { return t.CloseQueued }},
	{"UNREAD", func(t *model.TCB) any { return uint64(t.Unread) }},
	{"RETRIES", func(t *model.TCB) any { return uint64(t.Retries) }},
	{"TIMER", func(t *model.TCB) any { return uint64(t.Timer) }},
	{"PASSIVE", func(t *model.TCB) any { return t.Passive }},
	{"SYN-PENDING", func(t *model.TCB) any { return t.SynPending }},
	{"REOPENED", func(t *model.TCB) any { return t.Reopened }},
	{"OLD.SND.NXT", func(t *model.TCB) any { return uint64(t.OldSndNxt) }},
	{"OLD.RCV.NXT", func(t *model.TCB) any { return uint64(t.OldRcvNxt) }},
	{"HELD", func(t *model.TCB) any { return t.Held[:min(int(t.NHeld), model.MaxHeld)] }},
}

// noValue stands where a variable has none.
const noValue = "–"

// text is the variable's value as text. Without a connection only a running
// timer has one.
func (v variable) text(t *model.TCB) string {
	if t.State <= model.Listen && (v.name != "TIMER" || t.Timer == 0) {
		return noValue
	}
	switch x := v.get(t).(type) {
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case []model.Segment:
		var list []string
		for _, g := range x {
			list = append(list, trace.FormatSegment(g))
		}
		if list == nil {
			return "none"
		}
		return strings.Join(list, " ")
	case uint64:
		if v.name == "RETRIES" && x == model.Unlimited {
			return "unlimited"
		}
		return fmt.Sprint(x)
	default:
		panic("draw: variable " + v.name + " has no text")
	}
}
