package conform_test

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/conform"
	"github.com/tcpcheck/tcpcheck/model"
)

// A stack of one's own needs a [conform.Stack]; here it is the model itself,
// with a bug: it answers nothing when there is no connection.
func ExampleRun() {
	bug, err := model.FindMutant("closed-silent")
	if err != nil {
		fmt.Println(err)
		return
	}
	subject := conform.Model("my stack", bug.Decorate(model.Step), model.Behaviours{OutOfOrder: model.OutOfOrderTextHeld})
	report, err := conform.Run(subject, 100, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d of %d pairs\n", report.Pairs.Reached, report.Pairs.Exist)
	for _, d := range report.New() {
		fmt.Printf("%s (%s, §%s)\n%s", d.Title, d.Severity, d.Section, d.Trace)
	}
	// Output:
	// 46124 of 46124 pairs
	// Segment in CLOSED: the answer that is due is missing (RFC MUST broken, §3.10.7.1)
	// title: my stack: Segment in CLOSED: the answer that is due is missing
	// sequence-bits: 32
	// window: 65535
	// msl: 2
	// time-wait: 4
	// behaviours: out-of-order=text-held, out-of-order-answer=ack
	//
	//     TCP Peer A                                          TCP Peer B
	// 1.  CLOSED                                              CLOSED
	// 2.  (attack)     ... <SEQ=5000><WND=9><CTL=SYN>     --> CLOSED
	// 3.               ... <SEQ=0><ACK=5001><CTL=RST,ACK> <-- CLOSED
	// #   the stack sends nothing, not <SEQ=0><ACK=5001><CTL=RST,ACK>
	// #   RFC 9293 §3.10.7.1, Segment in CLOSED: Any segment but a RST is answered by a RST that its sender will believe.
}
