//go:build linux

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/conform"
	"github.com/tcpcheck/tcpcheck/model"
	"golang.org/x/sys/unix"
)

// stack is one connection of the kernel.
type stack struct {
	n        *namespace
	peer     uint32
	port     uint16
	listener int // −1: none
	conn     int // −1: none
	opened   bool

	paused    bool      // the user reads no more
	delivered uint32    // octets read
	failed    bool      // the user heard of a failure
	ack       model.Seq // the last number that the kernel acknowledged
	last      model.Seq // of its last SYN, or behind what it sent last
}

func (n *namespace) newStack() (conform.Stack, error) {
	n.next++
	return &stack{n: n, peer: firstPeer + n.next, port: uint16(1024 + n.next%60000), listener: -1, conn: -1}, nil
}

func (s *stack) Open(passive bool) error {
	if s.opened {
		return conform.ErrUnsupported
	}
	s.opened = true
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if passive {
		s.listener = fd
	} else {
		s.conn = fd
	}
	if err := options(fd); err != nil {
		return err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: int(s.port), Addr: ourAddr}); err != nil {
		return err
	}
	if passive {
		return unix.Listen(fd, 8)
	}
	to := &unix.SockaddrInet4{Port: peering}
	binary.BigEndian.PutUint32(to.Addr[:], s.peer)
	if err := unix.Connect(fd, to); !errors.Is(err, unix.EINPROGRESS) {
		return err
	}
	return nil
}

// receiveBuffer is small, so that text that is not read soon fills it.
const receiveBuffer = 1 << 14

// options: text leaves at once, and urgent text is text.
func options(fd int) error {
	return errors.Join(
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, receiveBuffer),
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_OOBINLINE, 1),
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
	)
}

func (s *stack) Send(octets uint32) error {
	if s.conn < 0 {
		return conform.ErrUnsupported
	}
	_, err := unix.SendmsgN(s.conn, make([]byte, octets), nil, nil, unix.MSG_NOSIGNAL)
	if errors.Is(err, unix.EAGAIN) {
		return conform.ErrUnsupported // not connected yet
	}
	return err
}

// Close is shutdown: the user still reads.
func (s *stack) Close() error {
	switch {
	case s.conn >= 0:
		return unix.Shutdown(s.conn, unix.SHUT_WR)
	case s.listener >= 0 && s.find() == model.Listen:
		return s.shut(&s.listener)
	}
	return conform.ErrUnsupported // nobody has accepted the connection yet
}

// Abort is close with a linger time of zero.
func (s *stack) Abort() error {
	switch {
	case s.conn >= 0:
		if info, err := unix.GetsockoptTCPInfo(s.conn, unix.IPPROTO_TCP, unix.TCP_INFO); err != nil || states[info.State] == model.Closed {
			return conform.ErrUnsupported // TIME-WAIT is out of the user's hands
		}
		_ = unix.SetsockoptLinger(s.conn, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		return s.shut(&s.conn)
	case s.listener >= 0 && s.find() == model.Listen:
		return s.shut(&s.listener)
	}
	return conform.ErrUnsupported
}

func (s *stack) shut(fd *int) error {
	err := unix.Close(*fd)
	*fd = -1
	return err
}

func (s *stack) Deliver(g model.Segment) error {
	_, err := unix.Write(s.n.tun, packet(s.peer, s.port, g))
	return err
}

// Advance: the kernel's clock can't be turned.
func (s *stack) Advance(time.Duration) error { return conform.ErrUnsupported }

func (s *stack) Output() ([]model.Segment, error) {
	sent, err := s.n.collect(s.peer)
	if err == nil && s.accept() {
		before := s.delivered
		if s.read(); s.delivered > before {
			var more []model.Segment
			more, err = s.n.collect(s.peer) // of a window that has opened
			sent = append(sent, more...)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %v", conform.ErrUnsupported, err)
	}
	for _, g := range sent {
		if g.Flags.Has(model.ACK) {
			s.ack = g.Ack
		}
		switch {
		case g.Flags.Has(model.RST):
		case g.Flags.Has(model.SYN):
			s.last = g.Seq
		default:
			s.last = model.Space32.Add(g.Seq, g.SegLen())
		}
	}
	return sent, nil
}

// read takes what has come.
func (s *stack) read() {
	var b [4096]byte
	for !s.paused {
		k, err := unix.Read(s.conn, b[:])
		if err != nil && !errors.Is(err, unix.EAGAIN) {
			s.failed = true
		}
		if k <= 0 || err != nil {
			return
		}
		s.delivered += uint32(k)
	}
}

func (s *stack) Pause() error {
	s.paused = true
	return nil
}

// accept takes the connection from its listener, which then goes, so that there
// is one connection. It tells whether there is one.
func (s *stack) accept() bool {
	if s.conn < 0 && s.listener >= 0 {
		fd, _, err := unix.Accept4(s.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if err != nil {
			return false
		}
		s.conn = fd
		_ = options(fd)
		_ = s.shut(&s.listener)
	}
	return s.conn >= 0
}

// State is that of the socket; where there is none, or it is closed, /proc/net/tcp
// tells of handshakes and of TIME-WAIT.
func (s *stack) State() (state model.State, ok bool) {
	if s.conn >= 0 {
		if info, err := unix.GetsockoptTCPInfo(s.conn, unix.IPPROTO_TCP, unix.TCP_INFO); err == nil && states[info.State] != model.Closed {
			return states[info.State], true
		}
	}
	return s.find(), true
}

// states are the kernel's numbers, TCP_ESTABLISHED to TCP_NEW_SYN_RECV.
var states = [...]model.State{
	1: model.Established, 2: model.SynSent, 3: model.SynReceived, 4: model.FinWait1, 5: model.FinWait2, 6: model.TimeWait,
	7: model.Closed, 8: model.CloseWait, 9: model.LastAck, 10: model.Listen, 11: model.Closing, 12: model.SynReceived,
}

// find looks for the connection in /proc/net/tcp.
func (s *stack) find() model.State {
	state := model.Closed
	if s.listener >= 0 {
		state = model.Listen
	}
	size := 0
	for size < len(s.n.buf) {
		k, err := unix.Pread(s.n.proc, s.n.buf[size:], int64(size))
		if k <= 0 || err != nil {
			break
		}
		size += k
	}
	var peer [4]byte
	binary.BigEndian.PutUint32(peer[:], s.peer)
	want := fmt.Sprintf("%08X:%04X", binary.NativeEndian.Uint32(peer[:]), peering)
	local := fmt.Sprintf(":%04X", s.port)
	for _, line := range strings.Split(string(s.n.buf[:size]), "\n") {
		f := strings.Fields(line)
		var number int
		if len(f) < 4 || f[2] != want || !strings.HasSuffix(f[1], local) {
			continue
		}
		if _, err := fmt.Sscanf(f[3], "%X", &number); err == nil && number < len(states) {
			state = states[number]
		}
	}
	return state
}

func (s *stack) Delivered() uint32 {
	n := s.delivered
	s.delivered = 0
	return n
}

// Failed tells of what reading returned, or the socket option for errors.
func (s *stack) Failed() (failed bool) {
	failed = s.failed
	s.failed = false
	if s.conn >= 0 {
		pending, err := unix.GetsockoptInt(s.conn, unix.SOL_SOCKET, unix.SO_ERROR)
		failed = failed || err == nil && pending != 0
	}
	return failed
}

// Unreachable delivers an ICMP message about the segment sent last: host
// unreachable, or port unreachable.
func (s *stack) Unreachable(hard bool) error {
	_, err := unix.Write(s.n.tun, unreachable(s.peer, s.port, s.last, hard))
	return err
}

// Discard ends the connection. A TIME-WAIT that is left behind ends by a RST,
// so that the kernel's tables stay small.
func (s *stack) Discard() {
	if s.conn >= 0 {
		_ = unix.SetsockoptLinger(s.conn, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		_ = s.shut(&s.conn)
	}
	if s.listener >= 0 {
		_ = s.shut(&s.listener)
	}
	_, _ = unix.Write(s.n.tun, packet(s.peer, s.port, model.Segment{Seq: s.ack, Flags: model.RST}))
}
