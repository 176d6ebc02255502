// Command gvisor compares gVisor's netstack with the model.
package main

import (
	_ "embed"
	"fmt"
	"os"

	"github.com/tcpcheck/tcpcheck/explore/conform"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

//go:embed known.yaml
var known []byte

// walks at random, besides every pair.
const walks = 6000

// peerWindow is large enough that the sender does not wait for more.
const peerWindow = 4096

func (n *network) subject() *conform.Subject {
	return &conform.Subject{
		Name: "gVisor netstack v0.0.0-20260905035102", New: n.newEndpoint, Timers: true, TimeWait: tcp.DefaultTCPTimeWaitTimeout, PeerWindow: peerWindow, Congestion: true,
	}
}

func main() {
	n, err := newNetwork()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tcpcheck: error:", err)
		os.Exit(3)
	}
	conform.Main(n.subject(), walks, known)
}
