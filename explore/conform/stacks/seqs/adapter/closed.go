package main

import (
	"encoding/binary"

	"github.com/soypat/seqs/stacks"
	"github.com/tcpcheck/tcpcheck/model"
)

// Where there is no connection stacks.PortStack looks at what comes, and may
// answer it.

const (
	mtu      = 1500
	ethernet = 14
	ipHeader = 20
	headers  = ethernet + ipHeader + 20
)

// closed is a port without a connection.
type closed struct{ ports *stacks.PortStack }

func newClosed() *closed {
	return &closed{stacks.NewPortStack(stacks.PortStackConfig{MaxOpenPortsTCP: 1, MTU: mtu})}
}

// deliver hands over the segment as an Ethernet frame.
func (c *closed) deliver(g model.Segment) error {
	b := make([]byte, headers+g.Len)
	b[12], b[13] = 8, 0 // IPv4
	ip, t := b[ethernet:], b[ethernet+ipHeader:]
	ip[0], ip[8], ip[9] = 0x45, 64, 6
	binary.BigEndian.PutUint16(ip[2:], uint16(len(ip)))
	copy(ip[12:], []byte{10, 0, 0, 2, 10, 0, 0, 1})
	binary.BigEndian.PutUint16(t[0:], 7)
	binary.BigEndian.PutUint16(t[2:], 80)
	binary.BigEndian.PutUint32(t[4:], uint32(g.Seq))
	binary.BigEndian.PutUint32(t[8:], uint32(g.Ack))
	t[12], t[13] = 5<<4, byte(g.Flags)
	binary.BigEndian.PutUint16(t[14:], uint16(g.Wnd))
	binary.BigEndian.PutUint16(t[18:], g.Up)
	sum := 6 + uint32(len(t))
	for _, part := range [][]byte{ip[12:20], t} { // the text is zeros: its length does not matter
		for i := 0; i+1 < len(part); i += 2 {
			sum += uint32(binary.BigEndian.Uint16(part[i:]))
		}
	}
	for sum>>16 != 0 {
		sum = sum>>16 + sum&0xffff
	}
	binary.BigEndian.PutUint16(t[16:], ^uint16(sum))
	return c.ports.RecvEth(b)
}

// output is what is sent.
func (c *closed) output() (sent []model.Segment) {
	for {
		b := make([]byte, mtu)
		n, err := c.ports.HandleEth(b)
		if n < headers || err != nil {
			return sent
		}
		t := b[ethernet+ipHeader : n]
		sent = append(sent, model.Segment{
			Seq: model.Seq(binary.BigEndian.Uint32(t[4:])), Ack: model.Seq(binary.BigEndian.Uint32(t[8:])),
			Flags: model.Flags(t[13]) & model.AllFlags, Wnd: uint32(binary.BigEndian.Uint16(t[14:])), Len: uint32(len(t) - int(t[12]>>4)*4),
		})
	}
}
