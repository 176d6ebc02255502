package modeltest_test

import "github.com/tcpcheck/tcpcheck/model"

// rareMutants are bugs for the properties that no mutant of package model
// breaks.
var rareMutants = []model.Mutant{
	{Name: "another-iss", Decorate: deciding(func(next model.StepFunc, e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
		if ev.Kind == model.OpenActive {
			ev.ISS = e.Space.Add(ev.ISS, 1)
		}
		next(e, t, ev, out)
	})},
	{Name: "new-iss-on-retransmission", Decorate: deciding(func(next model.StepFunc, e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
		if t.State == model.SynReceived && ev.Segment.Flags.Has(model.ACK) {
			ev.Segment.Ack = t.SndNxt // whatever it acknowledges
		}
		next(e, t, ev, out)
		edit(out, func(g *model.Segment) {
			if ev.Kind == model.RetransmissionTimeout && t.State == model.SynReceived {
				g.Seq = e.Space.Add(g.Seq, 1)
			}
		}, everySignal)
	})},
	{Name: "bare-ack-ignored-in-syn-received", Decorate: deciding(func(next model.StepFunc, e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
		if t.State == model.SynReceived && ev.Kind == model.SegmentArrives && ev.Segment.Flags == model.ACK && ev.Segment.Len == 0 {
			out.Reset()
			return
		}
		next(e, t, ev, out)
	})},
	{Name: "pushed-text-lost", Decorate: deciding(func(next model.StepFunc, e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
		if t.State == model.Established && ev.Segment.Flags.Has(model.PSH) {
			out.Reset()
			return
		}
		next(e, t, ev, out)
	})},
	{Name: "urgent-unreported", Decorate: deciding(func(next model.StepFunc, e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
		next(e, t, ev, out)
		edit(out, func(*model.Segment) {}, func(g model.Signal) bool { return g != model.UrgentData })
	})},
}

func everySignal(model.Signal) bool { return true }

// deciding is a decorator that decides whether to call the next.
func deciding(f func(next model.StepFunc, e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output)) func(model.StepFunc) model.StepFunc {
	return func(next model.StepFunc) model.StepFunc {
		return func(e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) { f(next, e, t, ev, out) }
	}
}

// edit writes an output anew, with other segments and fewer signals.
func edit(out *model.Output, change func(g *model.Segment), keep func(model.Signal) bool) {
	old := *out
	out.Reset()
	for _, g := range old.Sent() {
		change(&g)
		out.Send(g)
	}
	for _, d := range old.Delivered() {
		out.Deliver(d)
	}
	for _, g := range old.Signals() {
		if keep(g) {
			out.Signal(g)
		}
	}
	for _, s := range old.Path() {
		out.Enter(s)
	}
	for _, r := range old.Rules() {
		out.Rule(r)
	}
}
