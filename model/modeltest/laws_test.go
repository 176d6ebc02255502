package modeltest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/modeltest"
	"pgregory.net/rapid"
)

// drawn is one step of the model from an arbitrary TCB.
type drawn struct {
	e             model.Endpoint
	before, after model.TCB
	ev            model.Event
	out           model.Output
}

func drawStep(t *rapid.T) *drawn {
	d := &drawn{e: modeltest.Endpoint().Draw(t, "endpoint")}
	d.before = modeltest.TCB(d.e).Draw(t, "TCB")
	d.ev = modeltest.EventFor(d.e, d.before).Draw(t, "event")
	d.after = d.before
	d.e.Step(&d.after, d.ev, &d.out)
	return d
}

func TestStepKeepsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawStep(t)
		if err := d.e.Validate(&d.after); err != nil {
			t.Fatalf("%v\nafter %v:\n%v", err, &d.out, cmp.Diff(d.before, d.after))
		}
	})
}

func TestStepIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawStep(t)
		again, out := d.before, model.Output{}
		out.Signal(model.OK) // Step must not keep what was there
		d.e.Step(&again, d.ev, &out)
		if again != d.after || out != d.out {
			t.Fatalf("another result: %v\n%v\n%v", cmp.Diff(d.after, again), &d.out, &out)
		}
	})
}

// Whatever Step sends, Allows allows, by the TCB before the step or after it.
// A reset that answers a segment of other security, or with RFC 793 a SYN in
// the window, takes its number from a segment whose ACK nobody has checked.
func TestStepSendsWhatAllowsAllows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawStep(t)
		if d.ev.Segment.BadSecurity || d.ev.Segment.Flags.Has(model.SYN) {
			return
		}
		for _, g := range d.out.Sent() {
			before, after := d.e.Allows(&d.before, g), d.e.Allows(&d.after, g)
			if !before.Empty() && !after.Empty() {
				t.Fatalf("%+v is forbidden before by %v, after by %v\n%v", g, before, after, &d.out)
			}
		}
	})
}

// SND.UNA moves only up, and no farther than SND.NXT, while the connection lives.
func TestSndUnaNeverGoesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawStep(t)
		if s := d.e.Space; d.lives() && !s.Within(d.before.SndUna, d.after.SndUna, d.before.SndNxt) {
			t.Fatalf("SND.UNA went from %d to %d, SND.NXT was %d: %v", d.before.SndUna, d.after.SndUna, d.before.SndNxt, &d.out)
		}
	})
}

// RCV.NXT advances by what was delivered, and by one for a FIN. After the
// peer's FIN the eighth check of 3.10.7.4 counts any other FIN too, wherever
// in the window, so the law speaks of the states before it.
func TestRcvNxtAdvancesByWhatWasAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawStep(t)
		switch d.before.State {
		case model.SynReceived, model.Established, model.FinWait1, model.FinWait2:
		default:
			return
		}
		if !d.lives() || d.after.State == model.SynSent { // a RST led back: RCV.NXT is forgotten
			return
		}
		n := uint32(0)
		for _, x := range d.out.Delivered() {
			n += x.N
		}
		moved := d.e.Space.Dist(d.before.RcvNxt, d.after.RcvNxt)
		fin := false
		for _, g := range append([]model.Segment{d.ev.Segment}, d.before.Held[:]...) {
			fin = fin || g.Flags.Has(model.FIN)
		}
		if moved != n && !(fin && moved == n+1) {
			t.Fatalf("RCV.NXT advanced by %d, and %d octets were delivered: %v", moved, n, &d.out)
		}
	})
}

// lives tells whether the step happened to one connection, from before to after.
func (d *drawn) lives() bool {
	if d.before.State <= model.Listen || d.after.State <= model.Listen || d.after.Reopened != d.before.Reopened {
		return false
	}
	for _, x := range d.out.Rules() { // the queues are flushed
		if x == model.ResetEntersTimeWait {
			return false
		}
	}
	return true
}
