package main

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/conform"
	"github.com/tcpcheck/tcpcheck/model"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

// endpoint is one connection of netstack.
type endpoint struct {
	n         *network
	peer      uint32
	port      uint16
	listener  tcpip.Endpoint
	conn      tcpip.Endpoint
	opened    bool
	pending   bool // the listener has begun a handshake
	paused    bool // the user reads no more
	delivered uint32
	failed    bool // the user heard of a failure
}

func (n *network) newEndpoint() (conform.Stack, error) {
	n.next++
	return &endpoint{n: n, peer: firstPeer + n.next, port: uint16(1024 + n.next%60000)}, nil
}

func (e *endpoint) Open(passive bool) error {
	if e.opened {
		return conform.ErrUnsupported
	}
	e.opened = true
	ep, err := e.n.stack.NewEndpoint(tcp.ProtocolNumber, ipv4.ProtocolNumber, &waiter.Queue{})
	if err != nil {
		return failed(err)
	}
	ep.SocketOptions().SetReuseAddress(true)
	options(ep)
	if err := ep.Bind(tcpip.FullAddress{Addr: ourAddr, Port: e.port}); err != nil {
		return failed(err)
	}
	if passive {
		e.listener = ep
		return failed(ep.Listen(8))
	}
	e.conn = ep
	if err := ep.Connect(tcpip.FullAddress{Addr: address(e.peer), Port: peering}); err != nil {
		if _, started := err.(*tcpip.ErrConnectStarted); !started {
			return failed(err)
		}
	}
	return nil
}

// receiveBuffer is small, so that text that is not read soon fills it.
const receiveBuffer = 1 << 14

// options: text leaves at once, and so do ACKs.
func options(ep tcpip.Endpoint) {
	ep.SocketOptions().SetReceiveBufferSize(receiveBuffer, true)
	ep.SocketOptions().SetDelayOption(false)
	ep.SocketOptions().SetQuickAck(true)
}

// failed makes an error of the stack's own kind.
func failed(err tcpip.Error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("gvisor: %v", err)
}

func (e *endpoint) Send(octets uint32) error {
	if e.conn == nil || tcp.EndpointState(e.conn.State()) == tcp.StateSynSent || tcp.EndpointState(e.conn.State()) == tcp.StateSynRecv {
		return conform.ErrUnsupported
	}
	_, err := e.conn.Write(bytes.NewReader(make([]byte, octets)), tcpip.WriteOptions{})
	return failed(err)
}

// Close is Shutdown: the user still reads.
func (e *endpoint) Close() error {
	switch s, _ := e.State(); {
	case e.conn != nil && (s == model.SynSent || s == model.SynReceived):
		e.conn.Close() // a connection that is being opened can't be shut down
		return nil
	case e.conn != nil:
		return failed(e.conn.Shutdown(tcpip.ShutdownWrite))
	case e.listener != nil && !e.pending:
		e.listener.Close()
		e.listener = nil
		return nil
	}
	return conform.ErrUnsupported // nobody has accepted the connection yet
}

func (e *endpoint) Abort() error {
	switch {
	case e.conn != nil:
		e.conn.Abort()
	case e.listener != nil && !e.pending:
		e.listener.Close()
		e.listener = nil
	default:
		return conform.ErrUnsupported
	}
	return nil
}

func (e *endpoint) Deliver(g model.Segment) error {
	e.n.deliver(e.peer, e.port, g)
	return nil
}

func (e *endpoint) Advance(d time.Duration) error {
	e.n.advance(d)
	return nil
}

func (e *endpoint) Output() ([]model.Segment, error) {
	e.n.settle()
	e.accept()
	e.read()
	e.n.settle()
	sent := e.n.sent(e.peer)
	for _, g := range sent {
		e.pending = e.pending || g.Flags.Has(model.SYN|model.ACK)
	}
	return sent, nil
}

// accept takes the connection from its listener, which then goes, so that there
// is one connection.
func (e *endpoint) accept() {
	if e.conn != nil || e.listener == nil {
		return
	}
	ep, _, err := e.listener.Accept(nil)
	if err != nil {
		return
	}
	e.conn = ep
	options(ep)
	e.listener.Close()
	e.listener = nil
}

// read takes what has come.
func (e *endpoint) read() {
	for e.conn != nil && !e.paused {
		r, err := e.conn.Read(io.Discard, tcpip.ReadOptions{})
		switch err.(type) {
		case nil, *tcpip.ErrWouldBlock, *tcpip.ErrClosedForReceive, *tcpip.ErrNotConnected, *tcpip.ErrInvalidEndpointState:
		default:
			e.failed = true
		}
		if err != nil || r.Count == 0 {
			return
		}
		e.delivered += uint32(r.Count)
	}
}

func (e *endpoint) Pause() error {
	e.paused = true
	return nil
}

// State is that of the endpoint; of a handshake that a listener has begun it is
// not known.
func (e *endpoint) State() (model.State, bool) {
	switch {
	case e.conn != nil:
		s, ok := states[tcp.EndpointState(e.conn.State())]
		return s, ok
	case e.listener == nil:
		return model.Closed, true
	}
	return model.Listen, false
}

var states = map[tcp.EndpointState]model.State{
	tcp.StateEstablished: model.Established, tcp.StateSynSent: model.SynSent, tcp.StateSynRecv: model.SynReceived,
	tcp.StateFinWait1: model.FinWait1, tcp.StateFinWait2: model.FinWait2, tcp.StateTimeWait: model.TimeWait,
	tcp.StateClose: model.Closed, tcp.StateError: model.Closed, tcp.StateCloseWait: model.CloseWait,
	tcp.StateLastAck: model.LastAck, tcp.StateListen: model.Listen, tcp.StateClosing: model.Closing,
}

func (e *endpoint) Delivered() uint32 {
	n := e.delivered
	e.delivered = 0
	return n
}

// Failed tells of what reading returned, or the socket option for errors.
func (e *endpoint) Failed() bool {
	failed := e.failed || e.conn != nil && e.conn.LastError() != nil
	e.failed = false
	return failed
}

// Urgent: the urgent pointer is not read, and the user can't be told.
func (e *endpoint) Urgent() bool { return false }

// Unreachable delivers an ICMP message: host unreachable, or port unreachable.
func (e *endpoint) Unreachable(hard bool) error {
	if e.conn == nil && !e.pending {
		return conform.ErrUnsupported
	}
	e.n.unreachable(e.peer, e.port, hard)
	return nil
}

// Discard ends the connection.
func (e *endpoint) Discard() {
	for _, ep := range []tcpip.Endpoint{e.conn, e.listener} {
		if ep != nil {
			ep.Abort()
			ep.Close()
		}
	}
	e.n.settle()
	e.n.sent(e.peer)
}
