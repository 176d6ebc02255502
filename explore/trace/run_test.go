package trace

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tcpcheck/tcpcheck/model"
)

// handshake is a setup of two endpoints, B in LISTEN, in a space of 2^32.
func handshake() Setup {
	e := model.Endpoint{Space: model.Space32, Window: 100, Retransmissions: model.Unlimited, MSL: 2, TimeWait: 4}
	return Setup{
		Endpoints: [2]model.Endpoint{e, e},
		Start:     [2]model.TCB{{}, {State: model.Listen}},
	}
}

func open(iss model.Seq) Action {
	return Action{Kind: Call, Side: A, Event: model.Event{Kind: model.OpenActive, ISS: iss}}
}

func call(s Side, k model.EventKind) Action {
	return Action{Kind: Call, Side: s, Event: model.Event{Kind: k}}
}

func deliver(s Side, id int) Action { return Action{Kind: Deliver, Side: s, ID: id} }

func TestRunPrintsAsTheRFC(t *testing.T) {
	arrive := deliver(B, 2)
	arrive.Event.ISS = 300
	tr, err := Run(handshake(), [2]model.StepFunc{}, []Action{
		open(100),
		{Kind: Lose, Side: B, ID: 1},
		call(A, model.RetransmissionTimeout),
		arrive,
		call(B, model.RetransmissionTimeout),
		{Kind: Duplicate, Side: A, ID: 3},
		deliver(A, 4),
		deliver(B, 5),
		{Kind: Call, Side: A, Event: model.Event{Kind: model.Send, N: 5, Push: true}},
		call(A, model.Close),
		{Kind: Tick},
		deliver(B, 7),
		deliver(B, 8),
		{Kind: Tick},
		{Kind: Attack, Side: A, Event: model.Event{Segment: model.Segment{Seq: 301, Flags: model.RST}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/ladder.txt")
	if err != nil {
		t.Fatal(err)
	}
	got := Format(tr, Options{Changes: true, Told: true, Rules: true})
	if os.Getenv("REWRITE") != "" {
		os.WriteFile("testdata/ladder.txt", []byte(got), 0o644)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the ladder differs (-want +got):\n%s", diff)
	}
}

func TestImpossibleActions(t *testing.T) {
	deliverWrong := deliver(A, 1)
	for _, c := range []struct {
		action Action
		want   string
	}{
		{deliver(B, 7), "segment 7 was never sent"},
		{deliverWrong, "segment 1 is on its way to B"},
	} {
		_, err := Run(handshake(), [2]model.StepFunc{}, []Action{open(100), c.action})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "step 2") {
			t.Errorf("%v: error %v, want step 2 and %q", c.action, err, c.want)
		}
	}
}
