package track_test

import (
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/explore/observe/track"
	"github.com/tcpcheck/tcpcheck/model"
)

// The size of the generated capture.
const (
	benchConns   = 10_000
	benchPackets = 100 // of each connection
)

// generated gives the packets of the generated capture in turn: each round, the
// next packet of every connection, up to a million.
func generated(yield func(*capture.Packet)) {
	server := netip.MustParseAddr("192.0.2.1")
	start := time.Unix(1_700_000_000, 0)
	n := 0
	var p capture.Packet
	for round := range benchPackets {
		for c := range benchConns {
			n++
			client := netip.AddrFrom4([4]byte{10, 0, byte(c >> 8), byte(c)})
			p = capture.Packet{N: n, Time: start.Add(time.Duration(n) * 20 * time.Microsecond), Scale: -1}
			g, fromClient := exchange(round)
			g.Seq, g.Ack = g.Seq+model.Seq(c*7919), g.Ack+model.Seq(c*7919)
			if !g.Flags.Has(model.ACK) {
				g.Ack = 0
			}
			g.Wnd = 65535
			p.Segment = g
			p.Src, p.Dst = netip.AddrPortFrom(client, 40000), netip.AddrPortFrom(server, 80)
			if !fromClient {
				p.Src, p.Dst = p.Dst, p.Src
			}
			yield(&p)
		}
	}
}

// exchange is the packet of a round: a handshake, requests of 100 octets with
// responses of 1000, ACKs, and both FINs.
func exchange(round int) (g model.Segment, fromClient bool) {
	const iss, irs = 1000, 500_000
	ack := model.ACK
	turns := (round - 3) / 4
	snd, rcv := model.Seq(iss+1+100*turns), model.Seq(irs+1+1000*turns)
	switch {
	case round == 0:
		return model.Segment{Seq: iss, Flags: model.SYN}, true
	case round == 1:
		return model.Segment{Seq: irs, Ack: iss + 1, Flags: model.SYN | ack}, false
	case round == 2:
		return model.Segment{Seq: iss + 1, Ack: irs + 1, Flags: ack}, true
	case round == benchPackets-5:
		return model.Segment{Seq: iss + 1 + 2300, Ack: irs + 1 + 23000, Flags: ack}, true
	case round == benchPackets-4:
		return model.Segment{Seq: iss + 1 + 2300, Ack: irs + 1 + 23000, Flags: ack | model.FIN}, true
	case round == benchPackets-3:
		return model.Segment{Seq: irs + 1 + 23000, Ack: iss + 2 + 2300, Flags: ack}, false
	case round == benchPackets-2:
		return model.Segment{Seq: irs + 1 + 23000, Ack: iss + 2 + 2300, Flags: ack | model.FIN}, false
	case round == benchPackets-1:
		return model.Segment{Seq: iss + 2 + 2300, Ack: irs + 2 + 23000, Flags: ack}, true
	}
	switch (round - 3) % 4 {
	case 0:
		return model.Segment{Seq: snd, Ack: rcv, Len: 100, Flags: ack | model.PSH}, true
	case 1:
		return model.Segment{Seq: rcv, Ack: snd + 100, Flags: ack}, false
	case 2:
		return model.Segment{Seq: rcv, Ack: snd + 100, Len: 1000, Flags: ack | model.PSH}, false
	}
	return model.Segment{Seq: snd + 100, Ack: rcv + 1000, Flags: ack}, true
}

// The generated capture is in order: nothing is impossible, and every
// connection ends.
func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("a million packets")
	}
	conns := 0
	tr := track.New(track.Options{}, func(c *track.Conn) {
		conns++
		if len(c.Deviations) > 0 || c.Closed != "4-way, a first" || c.ConnState != "SF" {
			t.Fatalf("%v: %s, %s, %v", c.Addr, c.Closed, c.ConnState, c.Deviations)
		}
	})
	generated(tr.Add)
	tr.Finish()
	if conns != benchConns {
		t.Errorf("%d connections: want %d", conns, benchConns)
	}
}

// BenchmarkTracker follows a million packets of 10,000 connections on one core.
func BenchmarkTracker(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for b.Loop() {
		open := 0
		tr := track.New(track.Options{}, func(*track.Conn) {})
		began := time.Now()
		generated(func(p *capture.Packet) {
			tr.Add(p)
			open = max(open, tr.Open())
		})
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(benchConns*benchPackets/time.Since(began).Seconds(), "packets/s")
		b.ReportMetric(float64(m.HeapAlloc)/float64(open), "B/connection")
		tr.Finish()
	}
}
