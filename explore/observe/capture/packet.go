package capture

import (
	"net/netip"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// Packet is one TCP segment of a capture.
type Packet struct {
	N        int // its number in the file, from 1, counting every packet
	Time     time.Time
	Src, Dst netip.AddrPort
	// Segment is as in the header: the window is not scaled yet.
	Segment model.Segment
	// Scale is the window scale option of a SYN, from 0 to 14; -1 if it has none.
	Scale int8
	// FastOpen: the TCP Fast Open option is there (RFC 7413).
	FastOpen bool
	// Cut is how many octets of text the capture does not have.
	Cut uint32
	// BadChecksum: all of the segment is there, and its checksum is wrong.
	BadChecksum bool
	// Offloaded: the checksum is only begun; the network card would finish it.
	Offloaded bool
}

// Reason is why a packet of the file is no [Packet].
type Reason uint8

// The reasons.
const (
	None        Reason = iota
	NotIP              // ARP, LLDP, …
	NotTCP             // UDP, ICMP, …
	Fragment           // a fragment of an IP packet
	CutShort           // the snap length cut it before the end of the TCP header
	Malformed          // lengths in its headers contradict each other
	UnknownLink        // a link type that is not read here

	numReasons = int(UnknownLink) + 1
)

// String names the reason as reports write it.
func (r Reason) String() string {
	return [numReasons]string{"none", "not-ip", "not-tcp", "fragment", "cut-short", "malformed", "unknown-link"}[r]
}

// Skipped counts what is no TCP segment, by reason.
type Skipped [numReasons]int

// Total is the count over all reasons.
func (s Skipped) Total() int {
	n := 0
	for _, c := range s {
		n += c
	}
	return n
}

// ByName lists the counts that are not zero.
func (s Skipped) ByName() map[string]int {
	m := map[string]int{}
	for r, c := range s {
		if c > 0 {
			m[Reason(r).String()] = c
		}
	}
	return m
}
