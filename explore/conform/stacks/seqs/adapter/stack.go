package main

import (
	"time"

	"github.com/soypat/seqs"
	"github.com/tcpcheck/tcpcheck/explore/conform"
	"github.com/tcpcheck/tcpcheck/model"
)

// window is the room for text that has come. iss makes the numbers wrap round.
const (
	window seqs.Size  = 1000
	iss    seqs.Value = 1<<32 - 3
)

// stack is a seqs.ControlBlock, used as stacks.TCPConn uses one: it alone
// decides what is sent; here are only the octets that wait, and a CLOSE that
// waits for them.
type stack struct {
	tcb       seqs.ControlBlock
	opening   bool   // an active OPEN whose SYN has not left
	unsent    uint32 // octets that wait
	closing   bool   // CLOSE was called, and waits for what is unsent
	delivered uint32
	paused    bool      // the user reads no more
	unread    seqs.Size // octets
	closed    *closed   // what answers where there is no connection; nil before it was asked
}

func newStack() (conform.Stack, error) { return &stack{}, nil }

func (s *stack) Open(passive bool) error {
	if s.tcb.State() != seqs.StateClosed {
		return conform.ErrUnsupported
	}
	if passive {
		return s.tcb.Open(iss, window, seqs.StateListen)
	}
	s.opening = true
	return s.tcb.Open(iss, window, seqs.StateSynSent)
}

// Send: a ControlBlock sends nothing before ESTABLISHED.
func (s *stack) Send(octets uint32) error {
	if s.tcb.State().IsPreestablished() || s.tcb.State() == seqs.StateClosed {
		return conform.ErrUnsupported
	}
	if s.closing || s.tcb.State().IsClosing() {
		return errClosing
	}
	s.unsent += octets
	return nil
}

func (s *stack) Close() error {
	if s.closing {
		return errClosing
	}
	s.closing = s.unsent > 0
	if s.closing {
		return nil
	}
	return s.tcb.Close()
}

// Abort: there is no such call.
func (s *stack) Abort() error { return conform.ErrUnsupported }

func (s *stack) Deliver(g model.Segment) error {
	if s.tcb.State() == seqs.StateClosed && !s.opening {
		if s.closed == nil {
			s.closed = newClosed()
		}
		return s.closed.deliver(g)
	}
	in := seqs.Segment{
		SEQ: seqs.Value(g.Seq), ACK: seqs.Value(g.Ack), WND: seqs.Size(g.Wnd), DATALEN: seqs.Size(g.Len), Flags: seqs.Flags(g.Flags),
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
		s.unsent -= min(uint32(g.DATALEN), s.unsent)
		sent = append(sent, model.Segment{
			Seq: model.Seq(g.SEQ), Ack: model.Seq(g.ACK), Wnd: uint32(g.WND), Len: uint32(g.DATALEN), Flags: model.Flags(g.Flags) & model.AllFlags,
		})
	}
	if s.closing && s.unsent == 0 {
		s.closing = false
		_ = s.tcb.Close()
		more, err := s.Output()
		return append(sent, more...), err
	}
	return sent, nil
}

// pending is the next segment to send.
func (s *stack) pending() (seqs.Segment, bool) {
	if s.opening {
		s.opening = false
		return seqs.Segment{SEQ: iss, WND: window, Flags: seqs.FlagSYN}, true
	}
	s.tcb.SetRecvWindow(window - s.unread)
	return s.tcb.PendingSegment(int(s.unsent))
}

func (s *stack) State() (model.State, bool) { return states[s.tcb.State()], true }

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

var states = map[seqs.State]model.State{
	seqs.StateClosed: model.Closed, seqs.StateListen: model.Listen, seqs.StateSynSent: model.SynSent,
	seqs.StateSynRcvd: model.SynReceived, seqs.StateEstablished: model.Established,
	seqs.StateFinWait1: model.FinWait1, seqs.StateFinWait2: model.FinWait2, seqs.StateCloseWait: model.CloseWait,
	seqs.StateClosing: model.Closing, seqs.StateLastAck: model.LastAck, seqs.StateTimeWait: model.TimeWait,
}
