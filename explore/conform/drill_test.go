package conform

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
)

// What one segment at one place does not show is found, by the drills or at a
// window of zero, under its own name.
func TestDrillsFind(t *testing.T) {
	type bug func() model.StepFunc
	for _, x := range []struct {
		id  string
		bug bug
	}{
		{"repeated/CLOSED", func() model.StepFunc {
			rejected := 0
			return func(e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
				model.Step(e, t, ev, out)
				if rejected++; !fired(out, model.SequenceUnacceptable) {
					rejected = 0
				}
				if rejected == 9 {
					*t = model.TCB{}
				}
			}
		}},
		{"window=never-shrinks", func() model.StepFunc {
			return func(e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
				before := *t
				model.Step(e, t, ev, out)
				if t.State == model.Established && t.SndUna == before.SndUna && t.SndWnd < before.SndWnd && ev.Segment.SegLen() == 0 {
					t.SndWnd = before.SndWnd
				}
			}
		}},
		{"time-wait-fin-restarts/TIME-WAIT-CLOSED-not-TIME-WAIT", func() model.StepFunc {
			return func(e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
				timer := t.Timer
				model.Step(e, t, ev, out)
				if fired(out, model.TimeWaitFinRestarts) && ev.Segment.Len > 0 {
					t.Timer = timer
				}
			}
		}},
		{"sequence-zero-window/sends-forbids-ack-not-received", func() model.StepFunc {
			return func(e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
				if g := ev.Segment; t.State == model.Established && t.RcvWnd == 0 && g.Flags == model.FIN|model.ACK && g.SegLen() == 1 {
					t.RcvWnd = 1
				}
				model.Step(e, t, ev, out)
			}
		}},
		{"zero-window=drops", func() model.StepFunc {
			return func(e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
				if g := ev.Segment; t.State == model.Established && t.RcvWnd == 0 && g.Seq == t.RcvNxt && g.SegLen() > 0 {
					ev.Segment.Seq++
				}
				model.Step(e, t, ev, out)
			}
		}},
		{"peer-fin=closes", func() model.StepFunc {
			return func(e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
				before := t.State
				model.Step(e, t, ev, out)
				if before != model.CloseWait && t.State == model.CloseWait {
					model.Step(e, t, model.Event{Kind: model.Close}, out) // the ACK rides on the FIN
				}
			}
		}},
	} {
		s := Model(x.id, nil, lawful[0].behaviours)
		s.New = func() (Stack, error) {
			m := &modelStack{e: endpoint(lawful[0].behaviours), step: x.bug()}
			m.e.Window = 20
			return m, nil
		}
		if seen, ok := finds(s, x.id); !ok {
			t.Errorf("%s is not found: %v", x.id, seen)
		}
	}
}
