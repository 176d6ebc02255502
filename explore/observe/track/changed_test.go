package track_test

import (
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/explore/observe/track"
	"github.com/tcpcheck/tcpcheck/model"
)

// packetsOf reads a capture.
func packetsOf(t *testing.T, path string) (list []capture.Packet) {
	t.Helper()
	r := opened(t, path)
	for {
		p, err := r.Next()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// judged follows the packets and returns the connections.
func judged(o track.Options, packets []capture.Packet) (list []*track.Conn) {
	tr := track.New(o, func(c *track.Conn) { list = append(list, c) })
	for i := range packets {
		tr.Add(&packets[i])
	}
	tr.Finish()
	return list
}

func linuxCaptures(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../testdata/linux/*.pcap")
	if err != nil || len(paths) != 13 {
		t.Fatalf("%d captures, error %v: want 13", len(paths), err)
	}
	return paths
}

// changes make a packet of either side one that nobody sends in any state, or
// one that acknowledges what never came.
var changes = []struct {
	name    string
	applies model.Flags // flags that the packet must have
	change  func(*model.Segment)
}{
	{"ACK + 2", model.ACK, func(g *model.Segment) { g.Ack += 2 }},
	{"ACK + 1000", model.ACK, func(g *model.Segment) { g.Ack += 1000 }},
	{"ACK + 5000000", model.ACK, func(g *model.Segment) { g.Ack += 5_000_000 }},
	{"ACK + 2^31", model.ACK, func(g *model.Segment) { g.Ack += 1 << 31 }},
	{"no flags", 0, func(g *model.Segment) { g.Flags, g.Ack = 0, 0 }},
	{"SYN,FIN", 0, func(g *model.Segment) { g.Flags, g.Ack = model.SYN|model.FIN, 0 }},
	{"SYN,RST", 0, func(g *model.Segment) { g.Flags, g.Ack = model.SYN|model.RST, 0 }},
	{"SYN,FIN,ACK", model.ACK, func(g *model.Segment) { g.Flags = model.SYN | model.FIN | model.ACK }},
	{"FIN,RST,ACK", model.ACK, func(g *model.Segment) { g.Flags = model.FIN | model.RST | model.ACK }},
	{"all flags", model.ACK, func(g *model.Segment) { g.Flags = model.AllFlags }},
}

// A packet that is changed in its place is impossible, and nothing before it
// is, whether its checksum was made right or not, and whatever the packets that
// follow say of it.
func TestChangedPackets(t *testing.T) {
	for _, path := range linuxCaptures(t) {
		packets := packetsOf(t, path)
		for i := range packets {
			for k, c := range changes {
				if !packets[i].Segment.Flags.Has(c.applies) {
					continue
				}
				changed := append([]capture.Packet{}, packets...)
				c.change(&changed[i].Segment)
				changed[i].BadChecksum = (i+k)%2 == 0
				first := 0
				for _, conn := range judged(track.Options{Behaviours: behaviours(t, "linux")}, changed) {
					for _, d := range conn.Deviations {
						if first == 0 || d.N < first {
							first = d.N
						}
					}
				}
				if first != i+1 {
					t.Errorf("%s, packet %d, %s: packet %d is impossible", filepath.Base(path), i+1, c.name, first)
				}
			}
		}
	}
}

// The capture may miss any one packet, and nothing is impossible. But the ACK
// of the last FIN looks the same as a wrong one, if nobody goes on.
func TestMissedPackets(t *testing.T) {
	last := map[string]int{
		"linux-active-open-active-close": 6, "linux-fin-retransmission": 7, "linux-half-close-data-in-close-wait": 8,
		"linux-passive-close": 6, "linux-passive-open-active-close": 6, "linux-time-wait-dup-fin-old-syn": 5,
	}
	for _, path := range linuxCaptures(t) {
		name := filepath.Base(path[:len(path)-len(".pcap")])
		packets := packetsOf(t, path)
		for i := range packets {
			left := append(append([]capture.Packet{}, packets[:i]...), packets[i+1:]...)
			impossible := ""
			for _, conn := range judged(track.Options{}, left) {
				for _, d := range conn.Deviations {
					impossible += fmt.Sprintf(" packet %d: %v", d.N, &d.Deviation)
				}
			}
			if (impossible != "") != (last[name] == i+1) {
				t.Errorf("%s without packet %d: impossible:%s", name, i+1, impossible)
			}
		}
	}
}

// The capture may begin anywhere in a connection, and nothing is impossible:
// not a challenge ACK to the SYN that it begins with, and not an ACK of text that
// had come before, above a hole.
func TestOpenBefore(t *testing.T) {
	for _, path := range append(linuxCaptures(t), "../testdata/situations/linux-out-of-order.pcap") {
		packets := packetsOf(t, path)
		for i := range packets {
			for _, conn := range judged(track.Options{}, packets[i:]) {
				for _, d := range conn.Deviations {
					t.Errorf("%s from packet %d: packet %d: %v", filepath.Base(path), i+1, d.N, &d.Deviation)
				}
			}
		}
	}
}

// The reset that a capture begins with may come twice.
func TestResetsOfWhatCameBefore(t *testing.T) {
	for _, p := range packetsOf(t, "../testdata/linux/linux-rst-established.pcap") {
		if p.Segment.Flags.Has(model.RST) {
			for _, conn := range judged(track.Options{}, []capture.Packet{p, p}) {
				for _, d := range conn.Deviations {
					t.Errorf("packet %d: %v", d.N, &d.Deviation)
				}
			}
			return
		}
	}
	t.Fatal("no reset in the capture")
}
