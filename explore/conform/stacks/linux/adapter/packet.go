//go:build linux

package main

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
	"golang.org/x/sys/unix"
)

const (
	headers = 40 // of IP and TCP, without options
	peering = 7  // the peer's port
)

// checksum is the Internet checksum of the parts' sum so far and b.
func checksum(sum uint32, b []byte) uint32 {
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	if len(b)%2 == 1 {
		sum += uint32(b[len(b)-1]) << 8
	}
	return sum
}

func fold(sum uint32) uint16 {
	for sum>>16 != 0 {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// ipHeader writes an IP header of a packet from the peer to us.
func ipHeader(b []byte, peer uint32, protocol byte) {
	b[0], b[8], b[9] = 0x45, 64, protocol
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	binary.BigEndian.PutUint32(b[12:], peer)
	copy(b[16:20], ourAddr[:])
	binary.BigEndian.PutUint16(b[10:], fold(checksum(0, b[:20])))
}

// packet is the segment as the peer sends it to our port.
func packet(peer uint32, port uint16, g model.Segment) []byte {
	b := make([]byte, headers+g.Len)
	t := b[20:]
	binary.BigEndian.PutUint16(t[0:], peering)
	binary.BigEndian.PutUint16(t[2:], port)
	binary.BigEndian.PutUint32(t[4:], uint32(g.Seq))
	binary.BigEndian.PutUint32(t[8:], uint32(g.Ack))
	t[12], t[13] = 5<<4, byte(g.Flags)
	binary.BigEndian.PutUint16(t[14:], uint16(g.Wnd))
	binary.BigEndian.PutUint16(t[18:], g.Up)
	ipHeader(b, peer, unix.IPPROTO_TCP)
	sum := checksum(checksum(0, b[12:20]), t) + unix.IPPROTO_TCP + uint32(len(t))
	binary.BigEndian.PutUint16(t[16:], fold(sum))
	return b
}

// echo is an ICMP echo request. The kernel answers it when it has processed all
// that was written before.
func echo(peer uint32) []byte {
	b := make([]byte, 28)
	b[20] = 8
	ipHeader(b, peer, unix.IPPROTO_ICMP)
	binary.BigEndian.PutUint16(b[22:], fold(checksum(0, b[20:])))
	return b
}

// unreachable is an ICMP message about the segment with this number that was
// sent to the peer: that its host, or its port, can't be reached.
func unreachable(peer uint32, port uint16, seq model.Seq, hard bool) []byte {
	b := make([]byte, 56)
	b[20], b[21] = 3, 1
	if hard {
		b[21] = 3
	}
	about := b[28:]
	about[0], about[8], about[9] = 0x45, 64, unix.IPPROTO_TCP
	binary.BigEndian.PutUint16(about[2:], headers)
	copy(about[12:16], ourAddr[:])
	binary.BigEndian.PutUint32(about[16:], peer)
	binary.BigEndian.PutUint16(about[20:], port)
	binary.BigEndian.PutUint16(about[22:], peering)
	binary.BigEndian.PutUint32(about[24:], uint32(seq))
	binary.BigEndian.PutUint16(b[22:], fold(checksum(0, b[20:])))
	ipHeader(b, peer, unix.IPPROTO_ICMP)
	return b
}

var errStuck = errors.New("the kernel does not answer an echo request")

// collect returns the segments that the kernel sent to the peer, once it has
// processed all that was written. What it sends may make room for more: it is
// asked until it has sent nothing.
func (n *namespace) collect(peer uint32) (sent []model.Segment, err error) {
	for {
		more, err := n.untilEcho(peer)
		if sent = append(sent, more...); len(more) == 0 || err != nil {
			return sent, err
		}
	}
}

// untilEcho returns what the kernel sends before it answers an echo request.
func (n *namespace) untilEcho(peer uint32) (sent []model.Segment, err error) {
	if _, err := unix.Write(n.tun, echo(peer)); err != nil {
		return nil, err
	}
	for {
		size, err := unix.Read(n.tun, n.buf[:])
		if errors.Is(err, unix.EAGAIN) {
			poll := []unix.PollFd{{Fd: int32(n.tun), Events: unix.POLLIN}}
			if ready, err := unix.Poll(poll, int(10*time.Second/time.Millisecond)); ready == 0 && err == nil {
				return sent, errStuck
			}
			continue
		}
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return sent, err
		}
		b := n.buf[:size]
		if size < 28 || b[0]>>4 != 4 || binary.BigEndian.Uint32(b[16:]) != peer {
			continue
		}
		ip := int(b[0]&15) * 4
		switch b[9] {
		case unix.IPPROTO_ICMP:
			if b[ip] == 0 {
				return sent, nil
			}
		case unix.IPPROTO_TCP:
			sent = append(sent, segment(b[ip:binary.BigEndian.Uint16(b[2:])]))
		}
	}
}

// segment reads what the kernel sent.
func segment(t []byte) model.Segment {
	return model.Segment{
		Seq: model.Seq(binary.BigEndian.Uint32(t[4:])), Ack: model.Seq(binary.BigEndian.Uint32(t[8:])),
		Flags: model.Flags(t[13]) & model.AllFlags, Wnd: uint32(binary.BigEndian.Uint16(t[14:])),
		Len: uint32(len(t) - int(t[12]>>4)*4), Up: binary.BigEndian.Uint16(t[18:]),
	}
}
