package modeltest_test

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/modeltest"
	"pgregory.net/rapid"
)

func TestTCBsAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := modeltest.Endpoint().Draw(t, "endpoint")
		for s := range model.State(model.NumStates) {
			tcb := modeltest.TCBIn(e, s).Draw(t, s.String())
			if err := e.Validate(&tcb); err != nil {
				t.Fatalf("%+v: %v", tcb, err)
			}
		}
	})
}

// The corners are drawn, each within some thousands of TCBs.
func TestTCBsReachTheCorners(t *testing.T) {
	corners := map[string]func(e model.Endpoint, t model.TCB) bool{
		"SYN unacknowledged in FIN-WAIT-1": func(_ model.Endpoint, t model.TCB) bool { return t.State == model.FinWait1 && t.SynPending },
		"SYN unacknowledged in CLOSING":    func(_ model.Endpoint, t model.TCB) bool { return t.State == model.Closing && t.SynPending },
		"CLOSE queued in CLOSE-WAIT":       func(_ model.Endpoint, t model.TCB) bool { return t.State == model.CloseWait && t.CloseQueued },
		"CLOSE queued in SYN-RECEIVED":     func(_ model.Endpoint, t model.TCB) bool { return t.State == model.SynReceived && t.CloseQueued },
		"passive SYN-RECEIVED":             func(_ model.Endpoint, t model.TCB) bool { return t.Passive },
		"reopened":                         func(_ model.Endpoint, t model.TCB) bool { return t.Reopened },
		"two segments held":                func(_ model.Endpoint, t model.TCB) bool { return t.NHeld > 1 },
		"text held from a SYN":             func(_ model.Endpoint, t model.TCB) bool { return t.NHeld > 0 && t.SynPending },
		"unread text":                      func(_ model.Endpoint, t model.TCB) bool { return t.Unread > 0 },
		"our window shut":                  func(_ model.Endpoint, t model.TCB) bool { return t.State > model.SynSent && t.RcvWnd == 0 },
		"the peer's window shut": func(_ model.Endpoint, t model.TCB) bool {
			return t.State > model.SynSent && t.SndWnd == 0 && t.Queued > 0
		},
		"urgent text both ways": func(_ model.Endpoint, t model.TCB) bool {
			return t.SndUp != t.SndUna && t.RcvUp != t.RcvNxt
		},
		"as much outstanding as can be": func(e model.Endpoint, t model.TCB) bool { return uint64(e.Outstanding(&t)) == e.Space.Size()/2 },
		"quiet time":                    func(_ model.Endpoint, t model.TCB) bool { return t.State == model.Listen && t.Timer > 0 },
		"no retransmission left":        func(e model.Endpoint, t model.TCB) bool { return e.CanGiveUp(&t) },
	}
	type drawn struct {
		e model.Endpoint
		t model.TCB
	}
	any := rapid.Custom(func(t *rapid.T) drawn {
		e := modeltest.Endpoint().Draw(t, "endpoint")
		return drawn{e, modeltest.TCB(e).Draw(t, "TCB")}
	})
	for seed := 1; seed < 20000 && len(corners) > 0; seed++ {
		d := any.Example(seed)
		for name, is := range corners {
			if is(d.e, d.t) {
				delete(corners, name)
			}
		}
	}
	for name := range corners {
		t.Errorf("never drawn: %s", name)
	}
}
