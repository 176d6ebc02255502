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

// stack is one connection of the kernel. All of it runs on the namespace's
// thread.
type stack struct {
	n        *namespace
	peer     uint32
	port     uint16
	listener int // −1: none
	conn     int // −1: none
	opened   bool

	written   bool      // to the device, and not settled
	delivered uint32    // octets read
	ack       model.Seq // the last number that the kernel acknowledged
}

func (n *namespace) newStack() (conform.Stack, error) {
	n.next++
	return &stack{n: n, peer: firstPeer + n.next, port: uint16(1024 + n.next%60000), listener: -1, conn: -1}, nil
}

func (s *stack) Open(passive bool) (err error) {
	if s.opened {
		return conform.ErrUnsupported
	}
	s.opened = true
	s.n.do(func() { err = s.open(passive) })
	return err
}

func (s *stack) open(passive bool) error {
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

// options: text leaves at once, and urgent text is text.
func options(fd int) error {
	return errors.Join(
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_OOBINLINE, 1),
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
	)
}

func (s *stack) Send(octets uint32) (err error) {
	if s.conn < 0 {
		return conform.ErrUnsupported
	}
	s.n.do(func() { _, err = unix.SendmsgN(s.conn, make([]byte, octets), nil, nil, unix.MSG_NOSIGNAL) })
	if errors.Is(err, unix.EAGAIN) {
		return conform.ErrUnsupported // not connected yet
	}
	return err
}

// Close is shutdown: the user still reads.
func (s *stack) Close() (err error) {
	s.n.do(func() {
		switch {
		case s.conn >= 0:
			err = unix.Shutdown(s.conn, unix.SHUT_WR)
		case s.listener >= 0 && s.find() == model.Listen:
			err = s.shut(&s.listener)
		default:
			err = conform.ErrUnsupported // nobody has accepted the connection yet
		}
	})
	return err
}

// Abort is close with a linger time of zero.
func (s *stack) Abort() (err error) {
	s.n.do(func() {
		switch {
		case s.conn >= 0:
			if info, e := unix.GetsockoptTCPInfo(s.conn, unix.IPPROTO_TCP, unix.TCP_INFO); e != nil || states[info.State] == model.Closed {
				err = conform.ErrUnsupported // TIME-WAIT is out of the user's hands
				return
			}
			_ = unix.SetsockoptLinger(s.conn, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
			err = s.shut(&s.conn)
		case s.listener >= 0 && s.find() == model.Listen:
			err = s.shut(&s.listener)
		default:
			err = conform.ErrUnsupported
		}
	})
	return err
}

func (s *stack) shut(fd *int) error {
	err := unix.Close(*fd)
	*fd = -1
	return err
}

func (s *stack) Deliver(g model.Segment) (err error) {
	s.written = true
	s.n.do(func() { _, err = unix.Write(s.n.tun, packet(s.peer, s.port, g)) })
	return err
}

// Advance: the kernel's clock can't be turned.
func (s *stack) Advance(time.Duration) error { return conform.ErrUnsupported }

func (s *stack) Output() (sent []model.Segment, err error) {
	s.n.do(func() {
		// What a call sends leaves before it returns; what is written to the
		// device may be processed later.
		if sent, err = s.n.collect(s.peer, s.written); err != nil || !s.accept() {
			return
		}
		// An ACK that is delayed is sent now: reading sends it where the
		// kernel does not take the user for one that answers soon.
		_ = unix.SetsockoptInt(s.conn, unix.IPPROTO_TCP, unix.TCP_QUICKACK, 1)
		s.read()
		var more []model.Segment
		more, err = s.n.collect(s.peer, false)
		sent = append(sent, more...)
	})
	s.written = false
	if err != nil {
		return nil, fmt.Errorf("%w: %v", conform.ErrUnsupported, err)
	}
	for _, g := range sent {
		if g.Flags.Has(model.ACK) {
			s.ack = g.Ack
		}
	}
	return sent, nil
}

// read takes what has come.
func (s *stack) read() {
	var b [4096]byte
	for {
		k, err := unix.Read(s.conn, b[:])
		if k <= 0 || err != nil {
			return
		}
		s.delivered += uint32(k)
	}
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
	s.n.do(func() {
		if s.conn >= 0 {
			if info, err := unix.GetsockoptTCPInfo(s.conn, unix.IPPROTO_TCP, unix.TCP_INFO); err == nil && states[info.State] != model.Closed {
				state = states[info.State]
				return
			}
		}
		state = s.find()
	})
	return state, true
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

// Discard ends the connection. A TIME-WAIT that is left behind ends by a RST,
// so that the kernel's tables stay small.
func (s *stack) Discard() {
	s.n.do(func() {
		if s.conn >= 0 {
			_ = unix.SetsockoptLinger(s.conn, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
			_ = s.shut(&s.conn)
		}
		if s.listener >= 0 {
			_ = s.shut(&s.listener)
		}
		_, _ = unix.Write(s.n.tun, packet(s.peer, s.port, model.Segment{Seq: s.ack, Flags: model.RST}))
	})
}
