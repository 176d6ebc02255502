package modeltest_test

import (
	"fmt"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/modeltest"
	"pgregory.net/rapid"
)

// forgetful is a stack under test: it follows the RFC, but a SYN,ACK that was
// lost is not sent again.
func forgetful(e *model.Endpoint, t *model.TCB, ev model.Event, out *model.Output) {
	if ev.Kind == model.RetransmissionTimeout && t.State == model.SynReceived {
		out.Reset()
		return
	}
	e.Step(t, ev, out)
}

// A stack is tested in all scenarios, each a subtest.
func ExampleRun() {
	test := func(t *testing.T, step model.StepFunc) {
		for _, cfg := range modeltest.Scenarios() {
			cfg.Step = step
			t.Run(cfg.Name, rapid.MakeCheck(func(t *rapid.T) { modeltest.Run(t, cfg) }))
		}
	}
	_ = test // func TestMyStack(t *testing.T) { test(t, forgetful) }
}

// Without rapid's search for the shortest run, by seeds.
func ExampleFind() {
	cfg := modeltest.Config{Octets: 2, Losses: 3, Step: forgetful}
	find := rapid.Custom(func(t *rapid.T) *modeltest.Violation { return modeltest.Find(t, cfg) })
	for seed := range 1000 {
		if v := find.Example(seed + 1); v != nil {
			fmt.Println(v.Property.ID, "of RFC 9293", v.Property.Source)
			break
		}
	}
	// Output: retransmit-syn-ack of RFC 9293 3.8.1, 3.10.8
}
