package main

import (
	"time"

	"github.com/soypat/lneto/tcp"
	"github.com/tcpcheck/tcpcheck/explore/conform"
	"github.com/tcpcheck/tcpcheck/model"
)

// window is the room for text that has come. iss makes the numbers wrap round.
const (
	window tcp.Size  = 1000
	iss    tcp.Value = 1<<32 - 3
)

// stack is a tcp.ControlBlock, used as tcp.Handler uses one: it alone decides
// what is sent; here are only the octets that wait or are outstanding, and a
// CLOSE that waits for them.
type stack struct {
	tcb       tcp.ControlBlock
	opening   bool   // an active OPEN whose SYN has not left
	unsent    uint32 // octets that wait
	closing   bool   // CLOSE was called, and waits for what is unsent
	una, next tcp.Value
	delivered uint32
	paused    bool     // the user reads no more
	unread    tcp.Size // octets
	closed    *closed  // what answers where there is no connection; nil before it was asked
}

func newStack() (conform.Stack, error) { return &stack{}, nil }

func (s *stack) Open(passive bool) error {
	if passive {
		return s.tcb.Open(iss, window)
	}
	if s.tcb.State() != tcp.StateClosed {
		return conform.ErrUnsupported
	}
	s.opening = true
	return nil
}

// Send is Handler.Write, which takes nothing before ESTABLISHED.
func (s *stack) Send(octets uint32) error {
	if s.tcb.State().IsPreestablished() || s.tcb.State() == tcp.StateClosed {
		return conform.ErrUnsupported
	}
	if s.closing || !s.tcb.State().TxDataOpen() {
		return errClosing
	}
	s.unsent += octets
	return nil
}

func (s *stack) Close() error {
	if s.closing || s.tcb.State() == tcp.StateClosed {
		return errClosing
	}
	s.closing = true
	return nil
}

func (s *stack) Abort() error {
	s.tcb.Abort()
	*s = stack{tcb: s.tcb, delivered: s.delivered, closed: s.closed}
	return nil
}

func (s *stack) Deliver(g model.Segment) error {
	if s.tcb.State() == tcp.StateClosed && !s.opening {
		if s.closed == nil {
			s.closed = &closed{}
			if err := s.closed.ports.ResetTCP(1); err != nil {
				return err
			}
		}
		return s.closed.deliver(g)
	}
	in := tcp.Segment{
		SEQ: tcp.Value(g.Seq), ACK: tcp.Value(g.Ack), WND: tcp.Size(g.Wnd), DATALEN: tcp.Size(g.Len), Flags: tcp.Flags(g.Flags),
	}
	if s.tcb.IncomingIsKeepalive(in) {
		return nil // "Segments which are keepalives should not be passed into Recv"
	}
	if err := s.tcb.Recv(in); err != nil {
		return err
	}
	s.delivered += g.Len
	if s.paused {
		s.unread = min(s.unread+in.DATALEN, window)
	}
	if g.Flags.Has(model.ACK) && tcp.Sizeof(s.una, in.ACK) <= tcp.Sizeof(s.una, s.next) {
		s.una = in.ACK
	}
	return nil
}

// Advance: a ControlBlock has no timers.
func (s *stack) Advance(time.Duration) error { return nil }

// Output sends until nothing is pending.
func (s *stack) Output() (sent []model.Segment, err error) {
	if s.closed != nil {
		sent = s.closed.output()
	}
	for len(sent) < 100 {
		g, ok := s.pending()
		if !ok {
			break
		}
		if err := s.tcb.Send(g); err != nil {
			break // it is not sent
		}
		s.count(g)
		sent = append(sent, segment(g))
	}
	return sent, nil
}

// pending is the next segment to send.
func (s *stack) pending() (tcp.Segment, bool) {
	if s.opening {
		s.opening = false
		return tcp.ClientSynSegment(iss, window), true
	}
	if s.unsent == 0 && s.closing && (s.tcb.State() != tcp.StateCloseWait || !s.tcb.HasPending()) {
		s.closing = false
		_ = s.tcb.Close()
	}
	if s.unsent == 0 && !s.tcb.HasPending() {
		return tcp.Segment{}, false
	}
	octets := s.unsent
	if s.tcb.HasPendingRetransmit() {
		octets = uint32(tcp.Sizeof(s.una, s.next))
	}
	g, ok := s.tcb.PendingSegment(int(octets))
	g.WND = window - s.unread
	return g, ok
}

// count takes what was sent out of the queue.
func (s *stack) count(g tcp.Segment) {
	end := tcp.Add(g.SEQ, g.LEN())
	if g.Flags.HasAny(tcp.FlagSYN) {
		s.una, s.next = g.SEQ, end
		return
	}
	if n := tcp.Sizeof(s.next, end); g.SEQ == s.next && n > 0 && !g.Flags.HasAny(tcp.FlagRST) {
		s.unsent -= min(uint32(g.DATALEN), s.unsent)
		s.next = end
	}
}

func (s *stack) State() (model.State, bool) { return states[s.tcb.State()], !s.opening }

func (s *stack) Delivered() uint32 {
	n := s.delivered
	s.delivered = 0
	return n
}

func (s *stack) Pause() error {
	s.paused = true
	return nil
}

// Urgent: the urgent pointer is not read, and the user can't be told.
func (s *stack) Urgent() bool { return false }

var states = map[tcp.State]model.State{
	tcp.StateClosed: model.Closed, tcp.StateListen: model.Listen, tcp.StateSynSent: model.SynSent,
	tcp.StateSynRcvd: model.SynReceived, tcp.StateEstablished: model.Established,
	tcp.StateFinWait1: model.FinWait1, tcp.StateFinWait2: model.FinWait2, tcp.StateCloseWait: model.CloseWait,
	tcp.StateClosing: model.Closing, tcp.StateLastAck: model.LastAck, tcp.StateTimeWait: model.TimeWait,
}
