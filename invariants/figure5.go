package invariants

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/model"
)

// Figure5Arrow is an arrow that figure 5 of RFC 9293 draws, or names in a note.
type Figure5Arrow struct {
	From, To model.State
	Cause    string // as the figure has it: "rcv SYN", "CLOSE"
	Does     string // under the line: "snd SYN,ACK"; empty if nothing is sent
	Note     int    // of the figure; 0: none

	events  []model.EventKind
	has     model.Flags // of the segment that arrives
	without model.Flags
}

// Takes tells whether a step with the event, on which a segment with the flags
// may arrive, is this arrow's.
func (f *Figure5Arrow) Takes(event model.EventKind, flags model.Flags) bool {
	for _, e := range f.events {
		if e == event {
			return flags.Has(f.has) && flags&f.without == 0
		}
	}
	return false
}

// Arrow is its name: "closed-to-listen".
func (f *Figure5Arrow) Arrow() string {
	return strings.ToLower(f.From.String() + "-to-" + f.To.String())
}

// call is an arrow that a user or a timer takes, arrives one for a segment.
func call(from, to model.State, cause, does string, events ...model.EventKind) Figure5Arrow {
	return Figure5Arrow{From: from, To: to, Cause: cause, Does: does, events: events}
}

func arrives(from, to model.State, cause, does string, has, without model.Flags) Figure5Arrow {
	return Figure5Arrow{
		From: from, To: to, Cause: cause, Does: does,
		events: []model.EventKind{model.SegmentArrives}, has: has, without: without | model.RST,
	}
}

func (f Figure5Arrow) note(n int) Figure5Arrow {
	f.Note = n
	return f
}

// figure5 is the figure, from its top to its bottom.
var figure5 = []Figure5Arrow{
	call(model.Closed, model.Listen, "passive OPEN", "", model.OpenPassive),
	call(model.Closed, model.SynSent, "active OPEN", "snd SYN", model.OpenActive),
	call(model.Listen, model.Closed, "CLOSE", "", model.Close),
	call(model.Listen, model.SynSent, "SEND", "snd SYN", model.Send),
	arrives(model.Listen, model.SynReceived, "rcv SYN", "snd SYN,ACK", model.SYN, model.ACK),
	call(model.SynSent, model.Closed, "CLOSE", "", model.Close),
	arrives(model.SynSent, model.SynReceived, "rcv SYN", "snd SYN,ACK", model.SYN, model.ACK),
	arrives(model.SynSent, model.Established, "rcv SYN,ACK", "snd ACK", model.SYN|model.ACK, 0),
	{
		From: model.SynReceived, To: model.Listen, Cause: "rcv RST", Note: 1,
		events: []model.EventKind{model.SegmentArrives}, has: model.RST,
	},
	arrives(model.SynReceived, model.Established, "rcv ACK of SYN", "", model.ACK, model.SYN),
	call(model.SynReceived, model.FinWait1, "CLOSE", "snd FIN", model.Close),
	call(model.Established, model.FinWait1, "CLOSE", "snd FIN", model.Close),
	arrives(model.Established, model.CloseWait, "rcv FIN", "snd ACK", model.FIN, 0),
	arrives(model.FinWait1, model.FinWait2, "rcv ACK of FIN", "", model.ACK, 0),
	arrives(model.FinWait1, model.Closing, "rcv FIN", "snd ACK", model.FIN, 0),
	arrives(model.FinWait1, model.TimeWait, "rcv FIN and ACK of FIN", "snd ACK", model.FIN|model.ACK, 0).note(2),
	arrives(model.FinWait2, model.TimeWait, "rcv FIN", "snd ACK", model.FIN, 0),
	call(model.CloseWait, model.LastAck, "CLOSE", "snd FIN", model.Close),
	arrives(model.Closing, model.TimeWait, "rcv ACK of FIN", "", model.ACK, 0),
	arrives(model.LastAck, model.Closed, "rcv ACK of FIN", "", model.ACK, 0),
	call(model.TimeWait, model.Closed, "Timeout=2MSL", "", model.TimeWaitTimeout, model.Tick),
}

// Figure5 lists the arrows of figure 5 and of its note 2, from the top to the
// bottom. The slice is the caller's.
func Figure5() []Figure5Arrow { return append([]Figure5Arrow(nil), figure5...) }

// ArrowWitnesses has a witness for each arrow of figure 5. They are not among
// [All]: [Find] finds them.
func ArrowWitnesses() []*explore.Property { return arrowWitnesses }

var arrowWitnesses = func() []*explore.Property {
	var list []*explore.Property
	for i := range figure5 {
		f := &figure5[i]
		source := "§3.3.2 figure 5"
		if f.Note > 0 {
			source += fmt.Sprintf(", note %d", f.Note)
		}
		list = append(list, &explore.Property{
			ID: "witness-" + f.Arrow(), Name: fmt.Sprintf("%v goes to %v", f.From, f.To), Kind: explore.Reachable,
			Source: source, Meaning: fmt.Sprintf("An arrow of figure 5 is taken: %s.", f.Cause),
			Step: func(st *explore.Step) bool {
				from := st.Before.TCB.State
				for _, move := range st.Path() {
					if from == f.From && move == f.To && f.Takes(st.Event.Kind, st.Event.Segment.Flags) {
						return true
					}
					from = move
				}
				return false
			},
		})
	}
	return list
}()

// allowed says which paragraph of the RFC allows a move that figure 5 does not
// draw, with the endpoint's behaviours; "" if none does.
func allowed(b *model.Behaviours, from, to model.State, reopened bool) string {
	switch {
	case from == model.Listen && to == model.SynSent:
		return "§3.10.1: active OPEN in LISTEN"
	case from == model.SynReceived && to == model.Listen:
		return "§3.10.7.4 fourth: SYN; §3.9.2.2: a hard error"
	case from == model.SynReceived && to == model.SynSent && b.ActiveReset == model.ActiveResetReturns:
		return "active-reset: returns, as a RST takes a passive open back"
	case from == model.Established && to == model.FinWait1:
		return "§3.10.4: a CLOSE that waited"
	case from == model.CloseWait && to == model.LastAck:
		return "§3.10.4: a FIN that waited for the window"
	case to == model.Closed:
		return "note 3, §3.10.5, §3.10.8, §3.9.2.2, §3.5.1: RST, ABORT, USER TIMEOUT, a hard error, a crash"
	case from == model.TimeWait && to == model.SynReceived && b.SynInTimeWait == model.SynReopens:
		return "RFC 1122 §4.2.2.13, MAY-2: a SYN reopens"
	case from == model.SynReceived && to == model.TimeWait && reopened:
		return "MAY-2 (B): back to TIME-WAIT"
	case to == model.TimeWait && b.AfterReset == model.ResetTimeWaits:
		return "note 3: who sends a RST waits"
	}
	return ""
}

// Allowed says which paragraph of the RFC allows a move from one state to
// another that figure 5 does not draw, or draws for another reason; "" if none
// does.
func Allowed(b *model.Behaviours, from, to model.State) string { return allowed(b, from, to, true) }
