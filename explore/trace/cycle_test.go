package trace

import (
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
)

// A SYN that is lost and sent again, for ever, is a cycle; the SYN sent first
// and lost is none.
func TestCheckCycle(t *testing.T) {
	endpoint := model.Endpoint{Space: mustSpace(t), Window: 2, Retransmissions: model.Unlimited}
	setup := Setup{Endpoints: [2]model.Endpoint{endpoint, endpoint}}
	run, err := Run(setup, [2]model.StepFunc{}, []Action{
		{Kind: Call, Side: A, Event: model.Event{Kind: model.OpenActive, ISS: 1}},
		{Kind: Lose, Side: B, ID: 1},
		{Kind: Call, Side: A, Event: model.Event{Kind: model.RetransmissionTimeout}},
		{Kind: Lose, Side: B, ID: 2},
		{Kind: Call, Side: A, Event: model.Event{Kind: model.RetransmissionTimeout}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for from, want := range map[int]string{
		-1: "", 0: "A is another TCB", 1: "", 2: "other segments", 3: "", 4: "other segments", 5: "of 5", 9: "of 5",
	} {
		run.Info.CycleFrom = from
		err := CheckCycle(run, [2]model.StepFunc{})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("from %d: %v, want %q", from, err, want)
		}
	}
}

func mustSpace(t *testing.T) model.Space {
	s, err := model.NewSpace(3)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
