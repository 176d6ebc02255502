package search_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// The counts are those that the models' own projects publish, or closed forms.

func TestCounters(t *testing.T) {
	list := []models.Counters{{N: 1, K: 1}, {N: 1, K: 256}, {N: 3, K: 5}, {N: 6, K: 5}, {N: 24, K: 1}, {N: 12, K: 2}}
	if !testing.Short() && !raceEnabled {
		list = append(list, models.Counters{N: 6, K: 10})
	}
	for _, c := range list {
		counts(t, c.String(), c, want{c.States(), c.Transitions(), c.Depth()})
	}
}

func TestTwoPhaseCommit(t *testing.T) {
	counts(t, "3 managers", models.TwoPhase{Managers: 3}, want{288, 1145, 10})
	r := counts(t, "5 managers", models.TwoPhase{Managers: 5}, want{states: 8832, depth: 16})
	if r.Finding(0) != nil {
		t.Error("one manager has committed and another aborted")
	}
	if f := r.Finding(1); f == nil || f.Depth != 16 {
		t.Errorf("all committed: %+v, want after 16 steps", f)
	}
}

func TestDieHard(t *testing.T) {
	r := counts(t, "jugs", search.Of(models.Jugging{}), want{16, 96, 7})
	if f := r.Finding(0); f == nil || f.Depth != 6 {
		t.Errorf("4 gallons: %+v, want after 6 steps", f)
	}
}

func TestLinearEquation(t *testing.T) {
	r := counts(t, "2x + 4y = 7", models.Linear{P: 2, Q: 4, R: 7}, want{65_536, 131_072, 510})
	if f := r.Finding(0); f != nil {
		t.Errorf("an even number is odd: %+v", f)
	}
	r = counts(t, "2x + 10y = 14", models.Linear{P: 2, Q: 10, R: 14}, want{65_536, 131_072, 510})
	if f := r.Finding(0); f == nil || f.Depth != 3 {
		t.Errorf("2x + 10y = 14: %+v, want after 3 steps", f)
	}
}

func TestTCPFigure(t *testing.T) {
	list := []uint64{765, 10_932, 149_543}
	if testing.Short() || raceEnabled {
		list = list[:2]
	}
	for i, states := range list {
		m := models.TCPFigure{Queue: i + 1}
		counts(t, fmt.Sprintf("%+v", m), search.Of(m), want{states: states})
	}
	if os.Getenv("TCPCHECK_LARGE") != "" {
		r := run(t, search.Of(models.TCPFigure{Queue: 4}), search.Options{})
		if !r.Complete || r.States != 2_156_488 {
			t.Errorf("4 messages each way: %d states, want 2,156,488", r.States)
		}
	}
}

// want is what a complete search counts; 0 is not compared.
type want struct {
	states, transitions uint64
	depth               int
}

// counts searches in every way and returns the last report.
func counts(t *testing.T, name string, m search.Model, want want) (r *search.Result) {
	t.Helper()
	for _, e := range engines {
		r = run(t, m, e)
		if !r.Complete || r.States != want.states || want.transitions != 0 && r.Transitions != want.transitions ||
			want.depth != 0 && r.Depth != want.depth {
			t.Errorf("%s, store %d, %d workers: %d states, %d transitions, depth %d, complete %v; want %+v",
				name, e.Store, e.Workers, r.States, r.Transitions, r.Depth, r.Complete, want)
		}
	}
	return r
}

// run searches, and fails the test where that is an error.
func run(t testing.TB, m search.Model, o search.Options) *search.Result {
	t.Helper()
	r, err := search.Run(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
