//go:build linux

// Command linux compares the kernel's TCP with the model, in a network
// namespace of its own, over a TUN device. It takes root.
package main

import (
	_ "embed"
	"fmt"
	"os"

	"github.com/tcpcheck/tcpcheck/explore/conform"
)

//go:embed known.yaml
var known []byte

// walks at random, besides every pair.
const walks = 5000

// peerWindow is large enough that the kernel's sender does not wait for more.
const peerWindow = 4096

func (n *namespace) subject() *conform.Subject {
	return &conform.Subject{Name: kernel(), New: n.newStack, PeerWindow: peerWindow, Congestion: true}
}

func main() {
	n, err := newNamespace()
	if err != nil {
		fmt.Fprintf(os.Stderr, "tcpcheck: error: linux: skipped: %v\n", err)
		os.Exit(4)
	}
	conform.Main(n.subject(), walks, known)
}
