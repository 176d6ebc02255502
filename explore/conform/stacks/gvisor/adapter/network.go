package main

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/checksum"
	"gvisor.dev/gvisor/pkg/tcpip/faketime"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

const (
	nic     = 1
	headers = header.IPv4MinimumSize + header.TCPMinimumSize
	peering = 7 // the peer's port
)

// The stack's address, and that of the first peer. Every sequence has a peer of
// its own, so none meets what another left behind.
var (
	ourAddr   = tcpip.AddrFrom4([4]byte{10, 0, 0, 1})
	firstPeer = uint32(10<<24 | 1<<16)
)

// network is one netstack with a clock that is turned by hand, and a link whose
// far end is the peer.
type network struct {
	stack *stack.Stack
	clock *faketime.ManualClock
	link  *channel.Endpoint
	next  uint32
}

func newNetwork() (*network, error) {
	clock := faketime.NewManualClock()
	n := &network{clock: clock, link: channel.New(512, 1500, "")}
	n.stack = stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
		Clock:              clock,
	})
	n.stack.SetOption(stack.TCPInvalidRateLimitOption(0))
	sack, recovery := tcpip.TCPSACKEnabled(false), tcpip.TCPRecovery(0)
	for _, o := range []tcpip.SettableTransportProtocolOption{&sack, &recovery} {
		if err := n.stack.SetTransportProtocolOption(tcp.ProtocolNumber, o); err != nil {
			return nil, fmt.Errorf("gvisor: option: %v", err)
		}
	}
	if err := n.stack.CreateNIC(nic, n.link); err != nil {
		return nil, fmt.Errorf("gvisor: interface: %v", err)
	}
	if err := n.stack.AddProtocolAddress(nic, tcpip.ProtocolAddress{
		Protocol:          ipv4.ProtocolNumber,
		AddressWithPrefix: tcpip.AddressWithPrefix{Address: ourAddr, PrefixLen: 8},
	}, stack.AddressProperties{}); err != nil {
		return nil, fmt.Errorf("gvisor: address: %v", err)
	}
	n.stack.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: nic}})
	return n, nil
}

// address is a peer's.
func address(peer uint32) tcpip.Address {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], peer)
	return tcpip.AddrFrom4(b)
}

// deliver hands the segment to the stack.
func (n *network) deliver(peer uint32, port uint16, g model.Segment) {
	b := make([]byte, headers+g.Len)
	ip := header.IPv4(b)
	ip.Encode(&header.IPv4Fields{
		TotalLength: uint16(len(b)), TTL: 64, Protocol: uint8(tcp.ProtocolNumber), SrcAddr: address(peer), DstAddr: ourAddr,
	})
	ip.SetChecksum(^ip.CalculateChecksum())
	t := header.TCP(b[header.IPv4MinimumSize:])
	t.Encode(&header.TCPFields{
		SrcPort: peering, DstPort: port, SeqNum: uint32(g.Seq), AckNum: uint32(g.Ack),
		DataOffset: header.TCPMinimumSize, Flags: header.TCPFlags(g.Flags), WindowSize: uint16(g.Wnd), UrgentPointer: g.Up,
	})
	sum := header.PseudoHeaderChecksum(tcp.ProtocolNumber, address(peer), ourAddr, uint16(len(t)))
	// The text is zeros, which add nothing.
	t.SetChecksum(^t.CalculateChecksum(sum))
	pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(b)})
	n.link.InjectInbound(ipv4.ProtocolNumber, pkt)
	pkt.DecRef()
}

// unreachable delivers an ICMP message about a segment that was sent to the
// peer: that its host, or its port, can't be reached.
func (n *network) unreachable(peer uint32, port uint16, hard bool) {
	const inner = header.IPv4MinimumSize + 8 // of the segment: its IP header and 8 octets
	b := make([]byte, header.IPv4MinimumSize+header.ICMPv4MinimumSize+inner)
	ip := func(b []byte, size int, protocol uint8, from, to tcpip.Address) {
		h := header.IPv4(b)
		h.Encode(&header.IPv4Fields{TotalLength: uint16(size), TTL: 64, Protocol: protocol, SrcAddr: from, DstAddr: to})
		h.SetChecksum(^h.CalculateChecksum())
	}
	ip(b, len(b), uint8(header.ICMPv4ProtocolNumber), address(peer), ourAddr)
	icmp := header.ICMPv4(b[header.IPv4MinimumSize:])
	icmp.SetType(header.ICMPv4DstUnreachable)
	icmp.SetCode(header.ICMPv4HostUnreachable)
	if hard {
		icmp.SetCode(header.ICMPv4PortUnreachable)
	}
	about := b[header.IPv4MinimumSize+header.ICMPv4MinimumSize:]
	ip(about, headers, uint8(tcp.ProtocolNumber), ourAddr, address(peer))
	binary.BigEndian.PutUint16(about[header.IPv4MinimumSize:], port)
	binary.BigEndian.PutUint16(about[header.IPv4MinimumSize+2:], peering)
	icmp.SetChecksum(^checksum.Checksum(icmp, 0))
	pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(b)})
	n.link.InjectInbound(ipv4.ProtocolNumber, pkt)
	pkt.DecRef()
}

// settle waits until the stack has processed all segments. They are processed by
// goroutines, each with a queue; a pause waits until the queues are empty. A
// segment may move once from one queue to another, so there are two.
func (n *network) settle() {
	for range 2 {
		n.clock.RunImmediatelyScheduledJobs()
		n.stack.Pause()
		n.stack.Resume()
	}
}

// advance turns the clock, a little at a time, so that what fires is processed
// before more time passes.
func (n *network) advance(d time.Duration) {
	n.settle()
	n.clock.Advance(d)
	n.settle()
}

// sent are the segments sent to the peer.
func (n *network) sent(peer uint32) (list []model.Segment) {
	for {
		pkt := n.link.Read()
		if pkt == nil {
			return list
		}
		view := pkt.ToView()
		pkt.DecRef()
		b := view.AsSlice()
		if ip := header.IPv4(b); ip.DestinationAddress() == address(peer) {
			t := header.TCP(ip.Payload())
			list = append(list, model.Segment{
				Seq: model.Seq(t.SequenceNumber()), Ack: model.Seq(t.AckNumber()), Flags: model.Flags(t.Flags()) & model.AllFlags,
				Wnd: uint32(t.WindowSize()), Len: uint32(len(t.Payload())), Up: t.UrgentPointer(),
			})
		}
		view.Release()
	}
}
