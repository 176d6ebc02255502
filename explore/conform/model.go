package conform

import (
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// Model is a subject that is the model itself, with these behaviours and this
// step function; a nil step is [model.Step]. It shows what a run reaches, and
// with a [model.Mutant] what it finds.
func Model(name string, step model.StepFunc, b model.Behaviours) *Subject {
	if step == nil {
		step = model.Step
	}
	e := endpoint(b)
	e.Window = 20
	return &Subject{Name: name, Timers: true, TimeWait: time.Duration(e.TimeWait) * tick, New: func() (Stack, error) {
		return &modelStack{e: e, step: step}, nil
	}}
}

// modelISS makes the numbers wrap round.
const modelISS model.Seq = 1<<32 - 3

// modelStack is the model as a stack under test.
type modelStack struct {
	e         model.Endpoint
	t         model.TCB
	step      model.StepFunc
	out       model.Output
	sent      []model.Segment
	delivered uint32
	failed    bool
	urgent    bool
}

// Pause lets text wait, and narrow the window.
func (m *modelStack) Pause() error {
	m.e.SlowReader = true
	return nil
}

func (m *modelStack) do(ev model.Event) error {
	ev.ISS = modelISS
	m.step(&m.e, &m.t, ev, &m.out)
	m.sent = append(m.sent, m.out.Sent()...)
	for _, d := range m.out.Delivered() {
		m.delivered += d.N
	}
	for _, s := range m.out.Signals() {
		m.failed = m.failed || s.ReportsFailure()
		m.urgent = m.urgent || s == model.UrgentData
	}
	return nil
}

func (m *modelStack) Open(passive bool) error {
	if passive {
		return m.do(model.Event{Kind: model.OpenPassive})
	}
	return m.do(model.Event{Kind: model.OpenActive})
}

func (m *modelStack) Send(n uint32) error { return m.do(model.Event{Kind: model.Send, N: n}) }
func (m *modelStack) Close() error        { return m.do(model.Event{Kind: model.Close}) }
func (m *modelStack) Abort() error        { return m.do(model.Event{Kind: model.Abort}) }

func (m *modelStack) Deliver(g model.Segment) error {
	return m.do(model.Event{Kind: model.SegmentArrives, Segment: g})
}

// Unreachable reports what an ICMP message says.
func (m *modelStack) Unreachable(hard bool) error {
	if hard {
		return m.do(model.Event{Kind: model.UnreachableHard})
	}
	return m.do(model.Event{Kind: model.UnreachableSoft})
}

// tick is one of the model's.
const tick = 30 * time.Second

// Advance lets TIME-WAIT pass, or fires each other timer once.
func (m *modelStack) Advance(d time.Duration) error {
	if counts := m.t.State; counts == model.TimeWait || counts == model.FinWait2 {
		for ; d >= tick && m.t.State == counts; d -= tick {
			_ = m.do(model.Event{Kind: model.Tick})
		}
		if counts == model.TimeWait {
			return nil
		}
	}
	_ = m.do(model.Event{Kind: model.RetransmissionTimeout})
	return m.do(model.Event{Kind: model.ZeroWindowProbe})
}

func (m *modelStack) Output() ([]model.Segment, error) {
	sent := m.sent
	m.sent = nil
	return sent, nil
}

func (m *modelStack) State() (model.State, bool) { return m.t.State, true }

func (m *modelStack) Delivered() uint32 {
	n := m.delivered
	m.delivered = 0
	return n
}

func (m *modelStack) Failed() bool {
	failed := m.failed
	m.failed = false
	return failed
}

func (m *modelStack) Urgent() bool {
	urgent := m.urgent
	m.urgent = false
	return urgent
}
