package trace

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/model"
)

func mutant(t *testing.T, name string) [2]model.StepFunc {
	t.Helper()
	step, err := Info{Mutant: name}.StepFuncs()
	if err != nil {
		t.Fatal(err)
	}
	return step
}

func TestReplayTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, step := drawRun(t, 30)
		got, diverged, reason := Replay(want, step, nil)
		if diverged != -1 || reason != "" {
			t.Fatalf("diverged at step %d: %s", diverged, reason)
		}
		if got.Info = want.Info; !reflect.DeepEqual(want, got) {
			t.Fatalf("replayed it differs (-want +got):\n%s", cmp.Diff(want, got, exactly))
		}
	})
}

func TestReplayDiverges(t *testing.T) {
	none := [2]model.StepFunc{}
	letter := [2]model.Behaviours{}
	for _, c := range []struct {
		figure     string
		step       [2]model.StepFunc
		behaviours *[2]model.Behaviours
		diverged   int
		reason     string
		steps      int // that the replay has
	}{
		{"figure7_simultaneous_open", none, &letter, 4, "A sends <SEQ=101><ACK=301><CTL=ACK>, not nothing", 5},
		{"figure6_basic_three_way_handshake", mutant(t, "two-way-handshake"), nil, 1, "B goes to ESTABLISHED, not SYN-RECEIVED", 2},
		{"figure12_normal_close", mutant(t, "no-time-wait"), nil, 4, "A goes to CLOSED, not TIME-WAIT", 5},
		{"figure10_active_side_discovers_half_open", mutant(t, "closed-silent"), nil, 2, "A sends nothing, not <SEQ=100><CTL=RST>", 3},
	} {
		again, diverged, reason := Replay(figure(t, c.figure), c.step, c.behaviours)
		if diverged != c.diverged || reason != c.reason || len(again.Steps) != c.steps {
			t.Errorf("%s: diverged at %d with %d steps: %s\nwant %d with %d: %s",
				c.figure, diverged, len(again.Steps), reason, c.diverged, c.steps, c.reason)
		}
	}
}

func TestReplayCannotStart(t *testing.T) {
	tr := figure(t, "figure12_normal_close")
	tr.Setup.Endpoints[A].Window = 0
	if again, diverged, reason := Replay(tr, [2]model.StepFunc{}, nil); again != nil || diverged != 0 || !strings.Contains(reason, "window of 0") {
		t.Errorf("replay %v diverged at %d: %s; want none at 0, for the window", again, diverged, reason)
	}
}
