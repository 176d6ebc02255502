package observe_test

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

// A client opens and closes. What it sends shows its state; what comes to it
// leaves open whether it was processed.
func ExampleObserver() {
	client := observe.New(&model.Endpoint{Space: model.Space32})
	show := func(what string) { fmt.Printf("%-22s %v\n", what, client.States()) }

	client.Sent(1, model.Segment{Seq: 100, Flags: model.SYN, Wnd: 1000})
	show("sent SYN")
	client.Received(2, model.Segment{Seq: 300, Ack: 101, Flags: model.SYN | model.ACK, Wnd: 1000})
	show("SYN,ACK on its way")
	client.Sent(3, model.Segment{Seq: 101, Ack: 301, Flags: model.ACK, Wnd: 1000})
	show("sent ACK")
	client.Sent(4, model.Segment{Seq: 101, Ack: 301, Flags: model.FIN | model.ACK, Wnd: 1000})
	show("sent FIN")
	client.Received(5, model.Segment{Seq: 301, Ack: 101, Flags: model.FIN | model.ACK, Wnd: 1000})
	show("the peer's FIN")
	client.Sent(6, model.Segment{Seq: 102, Ack: 302, Flags: model.ACK, Wnd: 1000})
	show("sent ACK of it")

	verdict := client.Sent(7, model.Segment{Seq: 102, Ack: 302, Len: 5, Flags: model.ACK, Wnd: 1000})
	fmt.Println(verdict, client.Deviation().Rules)
	// Output:
	// sent SYN               [SYN-SENT]
	// SYN,ACK on its way     [SYN-SENT ESTABLISHED]
	// sent ACK               [ESTABLISHED]
	// sent FIN               [FIN-WAIT-1]
	// the peer's FIN         [FIN-WAIT-1 CLOSING]
	// sent ACK of it         [CLOSING]
	// impossible [forbids-text-after-fin]
}
