package trace_test

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// The beginning of figure 6 of RFC 9293, with the SYN lost once.
const handshake = `
window: 8

     TCP Peer A                                     TCP Peer B
1.  CLOSED                                          LISTEN
2.  (OPEN active)
    SYN-SENT    --> <SEQ=100><CTL=SYN>              --> (lost)
3.  (RETRANSMISSION TIMEOUT)
    SYN-SENT    --> <SEQ=100><CTL=SYN>              --> SYN-RECEIVED
4.  ESTABLISHED <-- <SEQ=300><ACK=101><CTL=SYN,ACK> <-- SYN-RECEIVED
5.  ESTABLISHED --> <SEQ=101><ACK=301><CTL=ACK>     --> ESTABLISHED
`

// A ladder is read, run, and compared line by line with what happens.
func ExampleParse() {
	script, err := trace.Parse(handshake)
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err := script.Run([2]model.StepFunc{})
	if err != nil {
		fmt.Println(err)
		return
	}
	last := t.Steps[len(t.Steps)-1]
	fmt.Println("A acknowledges:", trace.FormatSegment(last.Segment))
	for _, c := range trace.Changed(t.Before(len(t.Steps) - 1)[trace.B], last.After[trace.B]) {
		fmt.Println("B's", c.Field, "was", c.Before, "and is", c.After)
	}
	// Output:
	// A acknowledges: <SEQ=101><ACK=301><WND=8><CTL=ACK>
	// B's state was SYN-RECEIVED and is ESTABLISHED
	// B's SND.UNA was 300 and is 301
	// B's SND.WL1 was 100 and is 101
	// B's SND.WL2 was 300 and is 301
	// B's SND.UP was 300 and is 301
	// B's PASSIVE was yes and is no
	// B's SYN-PENDING was yes and is no
}

// A wrong line is told with its place.
func ExampleScript_Run() {
	script, err := trace.Parse(`
1.  CLOSED                                          CLOSED
2.  (OPEN active)
    SYN-SENT    --> <SEQ=100><CTL=SYN>              --> SYN-RECEIVED
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = script.Run([2]model.StepFunc{})
	fmt.Println(err)
	// Output:
	// line 4, column 57: B is in CLOSED, not in SYN-RECEIVED
}

// Actions are played, and print as a ladder.
func ExampleRun() {
	e := model.Endpoint{Space: model.Space32, Window: 100, Retransmissions: model.Unlimited}
	setup := trace.Setup{Endpoints: [2]model.Endpoint{e, e}}
	setup.Start[trace.B] = model.TCB{State: model.Listen}

	answer := model.Event{ISS: 300}
	t, err := trace.Run(setup, [2]model.StepFunc{}, []trace.Action{
		{Kind: trace.Call, Side: trace.A, Event: model.Event{Kind: model.OpenActive, ISS: 100}},
		{Kind: trace.Duplicate, Side: trace.B, ID: 1, Event: answer},
		{Kind: trace.Deliver, Side: trace.A, ID: 2},
		{Kind: trace.Deliver, Side: trace.B, ID: 3},
		{Kind: trace.Deliver, Side: trace.B, ID: 1},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(trace.Format(t, trace.Options{Rules: true}))
	// Output:
	// sequence-bits: 32
	// window: 100
	//
	//     TCP Peer A                                           TCP Peer B
	// 1.  CLOSED                                               LISTEN
	// 2.  (OPEN active)
	// #   A by: open-active-sends-syn
	//     SYN-SENT     --> <SEQ=100><CTL=SYN>              --> SYN-RECEIVED  (copy stays)
	// #   B by: listen-syn
	// 3.  ESTABLISHED  <-- <SEQ=300><ACK=101><CTL=SYN,ACK> <-- SYN-RECEIVED
	// #   A by: syn-sent-syn-ack
	// 4.  ESTABLISHED  --> <SEQ=101><ACK=301><CTL=ACK>     --> ESTABLISHED
	// #   B by: syn-received-establishes, ack-advances, window-from-segment
	// 5.  (duplicate)  ... <SEQ=100><CTL=SYN>              --> ESTABLISHED
	// #   B by: sequence-unacceptable
	// 6.               ... <SEQ=301><ACK=101><CTL=ACK>     <-- ESTABLISHED
}

// A run is played again with a deliberate bug.
func ExampleReplay() {
	script, err := trace.Parse(handshake)
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err := script.Run([2]model.StepFunc{})
	if err != nil {
		fmt.Println(err)
		return
	}
	step, err := trace.Info{Mutant: "two-way-handshake"}.StepFuncs()
	if err != nil {
		fmt.Println(err)
		return
	}
	_, diverged, reason := trace.Replay(t, step, nil)
	fmt.Printf("%v: %s\n", t.Steps[diverged].Action, reason)
	// Output:
	// deliver segment 2 to B: B goes to ESTABLISHED, not SYN-RECEIVED
}
