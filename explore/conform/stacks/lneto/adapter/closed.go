package main

import (
	"encoding/binary"

	"github.com/soypat/lneto/internet"
	"github.com/soypat/lneto/tcp"
	"github.com/tcpcheck/tcpcheck/model"
)

// Where there is no connection internet.StackPorts answers: what comes to a
// port that nobody registered.

const (
	ipHeader = 20
	headers  = ipHeader + 20
	ourPort  = 80
	peerPort = 7
)

// closed is a port without a connection.
type closed struct{ ports internet.StackPorts }

// deliver hands over the segment as a packet.
func (c *closed) deliver(g model.Segment) error {
	b := make([]byte, headers+g.Len)
	b[0], b[9] = 0x45, 6
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	copy(b[12:], []byte{10, 0, 0, 2, 10, 0, 0, 1})
	t, err := tcp.NewFrame(b[ipHeader:])
	if err != nil {
		return err
	}
	t.SetSourcePort(peerPort)
	t.SetDestinationPort(ourPort)
	t.SetSegment(tcp.Segment{SEQ: tcp.Value(g.Seq), ACK: tcp.Value(g.Ack), WND: tcp.Size(g.Wnd), DATALEN: tcp.Size(g.Len), Flags: tcp.Flags(g.Flags)}, 5)
	return c.ports.Demux(b, ipHeader)
}

// output is what is sent.
func (c *closed) output() (sent []model.Segment) {
	for {
		b := make([]byte, headers)
		b[0] = 0x45
		n, err := c.ports.Encapsulate(b, 0, ipHeader)
		if n == 0 || err != nil {
			return sent
		}
		t, err := tcp.NewFrame(b[ipHeader:])
		if err != nil {
			return sent
		}
		sent = append(sent, segment(t.Segment(0)))
	}
}

// segment is one of theirs as the model writes it.
func segment(g tcp.Segment) model.Segment {
	return model.Segment{
		Seq: model.Seq(g.SEQ), Ack: model.Seq(g.ACK), Wnd: uint32(g.WND), Len: uint32(g.DATALEN), Flags: model.Flags(g.Flags) & model.AllFlags,
	}
}
