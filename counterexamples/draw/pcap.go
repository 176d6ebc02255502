package draw

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// The two hosts of a capture, at addresses that are kept for documentation.
var (
	pcapAddress = [2]net.IP{{192, 0, 2, 1}, {198, 51, 100, 2}}
	pcapPort    = [2]layers.TCPPort{50001, 50002}
	// pcapBase is what a side's first ISS is called, in a small space.
	pcapBase = [2]uint32{1_000_000_000, 3_000_000_000}
)

// The clock of a capture: when it begins, how long a step takes, and how far
// apart the segments of one step are.
var (
	pcapStart = time.Date(2022, time.August, 1, 0, 0, 0, 0, time.UTC)
	pcapStep  = 10 * time.Millisecond
	pcapNext  = 100 * time.Microsecond
)

// pcapText is the most text that an IPv4 packet carries behind both headers.
const pcapText = 65535 - 20 - 20

// capture writes the format pcap: each segment where its sender sends it, also
// those that are lost later; what is in the network from the start before the
// first step; and an attacker's where it arrives.
type capture struct {
	w       *bytes.Buffer
	s       *story
	numbers [2]numbering
	count   uint16
}

func writePcap(w *bytes.Buffer, s *story, _ Options) error {
	c := capture{w: w, s: s}
	for side := trace.A; side <= trace.B; side++ {
		c.numbers[side] = newNumbering(s, side)
	}
	c.header()
	for i, f := range s.t.Setup.InFlight {
		if err := c.segment(f.To.Other(), f.Segment, time.Duration(i)*pcapNext); err != nil {
			return err
		}
	}
	for i, st := range s.t.Steps {
		at := time.Duration(i+1) * pcapStep
		if a := st.Action; a.Kind == trace.Attack {
			if err := c.segment(a.Side.Other(), st.Segment, at); err != nil {
				return fmt.Errorf("step %d: %w", i+1, err)
			}
		}
		for n, f := range st.Sent {
			if err := c.segment(f.To.Other(), f.Segment, at+time.Duration(n+1)*pcapNext); err != nil {
				return fmt.Errorf("step %d: %w", i+1, err)
			}
		}
		for side := range c.numbers {
			c.numbers[side].follow(&st.After[side])
		}
	}
	return nil
}

// segment writes a packet.
func (c *capture) segment(from trace.Side, g model.Segment, at time.Duration) error {
	if g.Len > pcapText {
		return fmt.Errorf("pcap: a segment with %d octets of text: want at most %d", g.Len, pcapText)
	}
	to := from.Other()
	c.count++
	ip := &layers.IPv4{
		Version: 4, TTL: 64, Id: c.count, Flags: layers.IPv4DontFragment, Protocol: layers.IPProtocolTCP,
		SrcIP: pcapAddress[from], DstIP: pcapAddress[to],
	}
	tcp := &layers.TCP{
		SrcPort: pcapPort[from], DstPort: pcapPort[to], Window: uint16(min(g.Wnd, 65535)), Urgent: g.Up,
		FIN: g.Flags.Has(model.FIN), SYN: g.Flags.Has(model.SYN), RST: g.Flags.Has(model.RST),
		PSH: g.Flags.Has(model.PSH), ACK: g.Flags.Has(model.ACK), URG: g.Flags.Has(model.URG),
	}
	if g.Flags.Has(model.SYN) {
		c.numbers[from].begin(g.Seq)
	}
	tcp.Seq = c.numbers[from].real(g.Seq)
	if g.Flags.Has(model.RST|model.ACK) && g.Seq == 0 {
		tcp.Seq = 0 // RFC 9293 §3.5.2: what answers a segment without ACK carries SEQ=0 itself
	}
	if g.Flags.Has(model.ACK) {
		tcp.Ack = c.numbers[to].real(g.Ack)
	}
	if err := tcp.SetNetworkLayerForChecksum(ip); err != nil {
		return err
	}
	b := gopacket.NewSerializeBuffer()
	o := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(b, o, ip, tcp, gopacket.Payload(pcapOctets(from, tcp.Seq, g))); err != nil {
		return err
	}
	c.packet(pcapStart.Add(at), b.Bytes())
	return nil
}

// header writes the head of the file, of the classic format in microseconds:
// the magic number, version 2.4, the time zone and its accuracy (unused), the
// longest packet, and that packets begin with their IP header.
func (c *capture) header() {
	for _, n := range []uint32{0xa1b2c3d4, 4<<16 | 2, 0, 0, 65535, uint32(layers.LinkTypeRaw)} {
		c.number(n)
	}
}

// packet writes a packet: when, how much of it is in the file, how long it is.
func (c *capture) packet(at time.Time, data []byte) {
	n := uint32(len(data))
	for _, n := range []uint32{uint32(at.Unix()), uint32(at.Nanosecond() / 1000), n, n} {
		c.number(n)
	}
	c.w.Write(data)
}

func (c *capture) number(n uint32) { c.w.Write(binary.LittleEndian.AppendUint32(nil, n)) }

// pcapOctets is the text of a segment: letters that depend on their numbers,
// small from A and capital from B, so that what is sent again is the same.
func pcapOctets(from trace.Side, seq uint32, g model.Segment) []byte {
	text := make([]byte, g.Len)
	if g.Flags.Has(model.SYN) {
		seq++
	}
	for i := range text {
		text[i] = "aA"[from] + byte((seq+uint32(i))%26)
	}
	return text
}

// numbering gives the sequence numbers of a side their names in 32 bits. In a
// space of 2^32 they keep their own. In a smaller one they stay as far apart
// as they are, and go on where the space begins anew.
type numbering struct {
	space model.Space
	small model.Seq // a number lately used,
	large uint32    // and what it is called
}

// newNumbering starts at the first ISS of a side, or at what its connection is
// at, if it is open at the start.
func newNumbering(s *story, side trace.Side) numbering {
	n := numbering{space: s.t.Setup.Endpoints[side].Space, large: pcapBase[side]}
	if t := s.t.Setup.Start[side]; t.State > model.Listen {
		n.small = t.SndUna
		n.large += 1 + n.space.Dist(t.ISS, t.SndUna)
		return n
	}
	for _, st := range s.t.Steps {
		if t := st.After[side]; t.State > model.Listen {
			n.small = t.ISS
			return n
		}
	}
	return n
}

// real is the name of a number: that of the lately used one, and the way from
// there, backwards if that is shorter.
func (n *numbering) real(x model.Seq) uint32 {
	if n.space == model.Space32 {
		return uint32(x)
	}
	d := n.space.Dist(n.small, x)
	if size := n.space.Size(); uint64(d) > size/2 {
		return n.large - uint32(size-uint64(d))
	}
	return n.large + d
}

// begin goes on at a SYN's number.
func (n *numbering) begin(iss model.Seq) { n.small, n.large = iss, n.real(iss) }

// follow goes on at what the side has sent.
func (n *numbering) follow(t *model.TCB) {
	if t.State > model.Listen {
		n.small, n.large = t.SndNxt, n.real(t.SndNxt)
	}
}
