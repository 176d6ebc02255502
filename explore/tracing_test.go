package explore

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// lostText breaks where B has got the octet and A has given up; it needs no
// fault but the end of A's patience.
var lostText = &Property{
	ID: "lost", Name: "nobody gives up what arrived", Kind: StateProperty,
	State: func(v *View) bool {
		return v.Sides[0].TCB.State == model.Closed && v.Sides[0].Ghost.Flags.Has(Failed) && v.Sides[1].Ghost.Delivered > 0
	},
}

// A trace is the same for any number of workers and in the plain engine.
func TestTracesAreTheSame(t *testing.T) {
	engines := []Options{{Plain: true}, {Workers: 1}, {Workers: 2}, {Workers: 8}}
	if testing.Short() {
		engines = engines[2:] // what is concurrent, for the race detector
	}
	for _, name := range []string{"data", "simultaneous-close", "abort"} {
		var want string
		for _, o := range engines {
			sc, err := Preset(name)
			if err != nil {
				t.Fatal(err)
			}
			witness := &Property{ID: "reset", Name: "reset", Kind: Reachable, Step: func(st *Step) bool {
				return st.Packet != nil && st.Packet.Segment.Flags.Has(model.RST) && st.Before.TCB.State.Synchronized()
			}}
			r, err := Check(context.Background(), sc, []*Property{lostText, witness}, o)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			for _, v := range r.Properties {
				if v.Trace == nil {
					continue
				}
				if err := trace.WriteJSON(&b, v.Trace); err != nil {
					t.Fatal(err)
				}
			}
			if want == "" {
				want = b.String()
			}
			if b.Len() == 0 || b.String() != want {
				t.Errorf("%s: %+v gives another trace", name, o)
			}
		}
	}
}

// Of the shortest traces one with the fewest faults is shown, and no segment is
// dropped or lost that need not be.
func TestTracesHaveFewFaults(t *testing.T) {
	sc, err := Preset("data")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Check(context.Background(), sc, []*Property{lostText}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	faults := 0
	for _, st := range r.Properties[0].Trace.Steps {
		a := action{event: st.Action.Event.Kind}
		switch st.Action.Kind {
		case trace.Lose:
			a.kind = actLose
		case trace.Duplicate:
			a.kind = actDuplicate
		case trace.Deliver:
			a.kind = actDeliver
		}
		faults += int(a.cost(len(st.Dropped)).First)
	}
	if faults != 2 { // the retransmission that is used up, and the user's timeout
		t.Errorf("%d faults: want 2\n%s", faults, trace.Print(r.Properties[0].Trace))
	}
}

// A violation in the initial state has a trace of no steps, with a title.
func TestViolationInTheInitialState(t *testing.T) {
	for _, plain := range []bool{false, true} {
		sc, err := Preset("handshake")
		if err != nil {
			t.Fatal(err)
		}
		never := &Property{ID: "never", Name: "nothing is ever so", Kind: StateProperty, State: func(*View) bool { return true }}
		r, err := Check(context.Background(), sc, []*Property{never}, Options{Plain: plain})
		if err != nil {
			t.Fatal(err)
		}
		v := r.Properties[0]
		if v.Outcome != Violated || v.Depth != 0 || v.Trace == nil || len(v.Trace.Steps) != 0 {
			t.Fatalf("verdict %+v: want a violation at depth 0", v)
		}
		if want := "A is in CLOSED and B in CLOSED, though nothing is ever so"; v.Trace.Info.Title != want {
			t.Errorf("title %q: want %q", v.Trace.Info.Title, want)
		}
		var b strings.Builder
		if err := trace.WriteJSON(&b, v.Trace); err != nil {
			t.Fatal(err)
		}
		if _, err := trace.ReadJSON(strings.NewReader(b.String())); err != nil {
			t.Error(err)
		}
	}
}

// A step's title says what it did, with its values.
func TestSentence(t *testing.T) {
	sc, err := Preset("handshake")
	if err != nil {
		t.Fatal(err)
	}
	p := &Property{ID: "none", Name: "nobody answers", Kind: StepProperty, Step: func(st *Step) bool { return len(st.Sent) > 0 && st.Packet != nil }}
	r, err := Check(context.Background(), sc, []*Property{p}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := "B, in CLOSED, got <SEQ=1><CTL=SYN> and sent <SEQ=0><ACK=2><CTL=RST,ACK>, though nobody answers"
	if got := r.Properties[0].Trace.Info.Title; got != want {
		t.Errorf("title %q: want %q", got, want)
	}
}
