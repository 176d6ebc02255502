package draw

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/script"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Both sides of a run are told, and what one sends reaches the other: the
// script of each side agrees with the RFC.
func TestPacketdrillBothSides(t *testing.T) {
	for name, run := range runs(t) {
		for _, side := range []string{"a", "B"} {
			text := drawn(t, "packetdrill", run, Options{Endpoint: side})
			s, err := script.Parse(text)
			if err != nil {
				t.Fatalf("%s %s: %v", name, side, err)
			}
			if r := script.Run(s, text, model.Behaviours{}); r.Outcome != script.Agrees {
				t.Errorf("%s %s: %v", name, side, r)
			}
		}
	}
}

// A script says what RFC 9293 asks for, also if the run has a bug: the bug then
// disagrees with it.
func TestPacketdrillTellsTheRFC(t *testing.T) {
	run := runs(t)["two_way_handshake"]
	text := drawn(t, "packetdrill", run, Options{Endpoint: "b"})
	if !strings.Contains(text, "Found with the bug two-way-handshake") {
		t.Error("the bug is not named")
	}
	for _, want := range []string{"> S. ", "accept(3, ..., ...) = -1 EAGAIN"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}

// What a script can't say is refused with the step.
func TestPacketdrillRefuses(t *testing.T) {
	space := model.Space32
	e := model.Endpoint{Space: space, Window: 100, Retransmissions: model.Unlimited}
	for _, c := range []struct {
		want  string
		calls []model.EventKind
	}{
		{"step 2, CRASH at A: a script can't make that happen", []model.EventKind{model.OpenActive, model.Crash}},
		{"step 2, SEND 1 at A: a SEND in SYN-SENT: no call queues it", []model.EventKind{model.OpenActive, model.Send}},
	} {
		r, err := trace.NewRunner(trace.Setup{Endpoints: [2]model.Endpoint{e, e}}, [2]model.StepFunc{})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range c.calls {
			ev := model.Event{Kind: k}
			if k == model.Send {
				ev.N = 1
			}
			if _, err := r.Do(trace.Action{Kind: trace.Call, Side: trace.A, Event: ev}); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		err = Write(&b, "packetdrill", r.Trace(), Options{Endpoint: "a"})
		if err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("%v and %d bytes: want %s", err, b.Len(), c.want)
		}
	}
	var b bytes.Buffer
	if err := Write(&b, "packetdrill", runs(t)["two_way_handshake"], Options{Endpoint: "c"}); err == nil {
		t.Error("there is no endpoint c")
	}
}

// What random runs become is never refused for the numbers: those of a small
// space have names in a large one under which the same happens.
func TestPacketdrillRandom(t *testing.T) {
	told := 0
	for seed := range uint64(300) {
		run := randomRun(t, seed, 10)
		for _, side := range []string{"a", "b"} {
			var b bytes.Buffer
			err := Write(&b, "packetdrill", run, Options{Endpoint: side})
			if err == nil {
				told++
			} else if strings.Contains(err.Error(), "too small") {
				t.Errorf("seed %d, side %s: %v", seed, side, err)
			}
		}
	}
	t.Logf("%d of 600 are told", told)
}
