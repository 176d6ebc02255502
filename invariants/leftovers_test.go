package invariants_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

// outliving checks the preset or, for "", a connection from its handshake to its
// close, with the settings, and names what is in the network when TIME-WAIT ends.
func outliving(t *testing.T, preset, settings string) (broken []string) {
	t.Helper()
	sc, err := explore.Preset("handshake")
	if preset != "" {
		sc, err = explore.Preset(preset)
	} else {
		settings = "duplication=0 msl=2 isn=clock bits=4 user-timeout=false life=2 a.octets=1 a.closes=1 b.closes=1 " + settings
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range strings.Fields(settings) {
		s, err := explore.ParseSetting(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := sc.Set(s); err != nil {
			t.Fatal(err)
		}
	}
	r, err := explore.Check(context.Background(), sc, invariants.Leftovers(), explore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Properties {
		switch v.Outcome {
		case explore.Violated:
			name := strings.TrimPrefix(strings.TrimSuffix(v.Property.ID, "-outlives-time-wait"), "no-")
			broken = append(broken, name)
		case explore.Unknown:
			t.Errorf("%s: %s", v.Property.ID, r.Stop)
		}
	}
	return broken
}

// From which length of TIME-WAIT on nothing of a kind is left, and what that
// needs: with two MSL, that nothing stays unacknowledged for longer than one.
// (MSL is 2 ticks, and so is life where it is one MSL.) Of itself the waiting
// side can always have sent an ACK: it answers whatever comes until the end.
func TestWhatOutlivesTimeWait(t *testing.T) {
	for _, c := range []struct {
		settings, want string
		short          bool
	}{
		{"life=2 time-wait=1", "own-ack peer-text peer-fin peer-ack peer-rst", false},
		{"life=2 time-wait=2", "own-ack peer-rst", true},
		{"life=2 time-wait=3", "own-ack", false},
		{"life=3 time-wait=2", "own-ack peer-fin peer-rst", true},
		{"life=3 time-wait=3", "own-ack", false},
		{"life=0 time-wait=3", "own-ack peer-text peer-fin", false},
	} {
		t.Run(c.settings, func(t *testing.T) {
			if testing.Short() && !c.short {
				t.Skip("run without -short")
			}
			if got := strings.Join(outliving(t, "time-wait-1337", c.settings), " "); got != c.want {
				t.Errorf("left are %s, want %s", got, c.want)
			}
		})
	}
}

// Each kind is left when TIME-WAIT is over at once, where with three MSL none is.
func TestLeftoversAreFound(t *testing.T) {
	var found []string
	for _, settings := range []string{"capacity=1 time-wait=3", "a.octets=0 time-wait=3", "after-reset=time-wait a.aborts=1 b.closes=0 capacity=1 time-wait=3"} {
		if broken := outliving(t, "", settings); len(broken) > 0 {
			t.Errorf("%s: left are %v, want nothing", settings, broken)
		}
		found = append(found, outliving(t, "", settings+" mutant=time-wait-one-tick")...)
	}
	for _, p := range invariants.Leftovers() {
		name := strings.TrimPrefix(strings.TrimSuffix(p.ID, "-outlives-time-wait"), "no-")
		if !slices.Contains(found, name) {
			t.Errorf("%s: never left over, also when TIME-WAIT is over at once", name)
		}
	}
}
