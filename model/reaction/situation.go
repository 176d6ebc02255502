package reaction

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// Situation is a state with its variables set, and the axes that can be told
// apart in it.
type Situation struct {
	Name  string // the state, and what tells it from others of that state
	State model.State
	Seqs  []SeqPlace
	Acks  []AckPlace // for segments with ACK

	shut bool // the receive window is shut by text that waits to be read
	set  func(e *model.Endpoint, t *model.TCB, at origin)
}

// Situations lists the situations in the order of the table. The slice is the
// caller's; the situations are not to be changed.
func Situations() []*Situation {
	list := make([]*Situation, len(situations))
	for i := range situations {
		list[i] = &situations[i]
	}
	return list
}

// TCB is the control block of the situation, for e as [Rows] takes it.
func (s *Situation) TCB(e model.Endpoint) model.TCB {
	e.SlowReader = s.shut
	return s.tcb(&e, defaultOrigin)
}

// SlowReader tells whether the situation needs an endpoint whose user does not
// read at once.
func (s *Situation) SlowReader() bool { return s.shut }

// maxSndWnd is MAX.SND.WND, sndWnd is SND.WND.
const (
	maxSndWnd = 10
	sndWnd    = 8
	newISS    = 512 // the ISS for an answer to a SYN lies so far above the first
)

// origin is where the numbers of a table begin.
type origin struct{ ours, peers model.Seq }

var defaultOrigin = origin{ours: 1000, peers: 5000}

// iss is a number of ours, n above the ISS; irs is the peer's first number.
func (o origin) iss(e *model.Endpoint, n uint32) model.Seq {
	return e.Space.Add(e.Space.Add(0, uint32(o.ours)), n)
}
func (o origin) irs(e *model.Endpoint) model.Seq { return e.Space.Add(0, uint32(o.peers)) }

func (s *Situation) tcb(e *model.Endpoint, at origin) model.TCB {
	t := model.TCB{State: s.State}
	if s.set != nil {
		s.set(e, &t, at)
	}
	return t
}

var (
	noSeq     = []SeqPlace{SeqAny}
	allSeqs   = []SeqPlace{SeqBefore, SeqOneBefore, SeqLeft, SeqInside, SeqRight, SeqBeyond}
	shutSeqs  = []SeqPlace{SeqBefore, SeqOneBefore, SeqLeft, SeqBeyond}
	noAcks    = []AckPlace{AckAny}
	synAcks   = []AckPlace{AckTooOld, AckOld, AckUna, AckAll, AckBeyond}
	allAcks   = []AckPlace{AckTooOld, AckOld, AckUna, AckPart, AckAll, AckBeyond}
	ackedAcks = []AckPlace{AckTooOld, AckOld, AckUna, AckBeyond}
)

var situations = []Situation{
	{Name: "CLOSED", State: model.Closed, Seqs: noSeq, Acks: noAcks},
	{Name: "LISTEN", State: model.Listen, Seqs: noSeq, Acks: noAcks},
	{Name: "SYN-SENT", State: model.SynSent, Seqs: noSeq, Acks: synAcks, set: synSent},
	{Name: "SYN-RECEIVED, passive", State: model.SynReceived, Seqs: allSeqs, Acks: synAcks,
		set: func(e *model.Endpoint, t *model.TCB, at origin) {
			synReceived(e, t, at)
			t.Passive = true
		}},
	{Name: "SYN-RECEIVED, passive, text held, SEND and CLOSE queued", State: model.SynReceived, Seqs: allSeqs, Acks: synAcks, set: synReceivedQueues},
	{Name: "SYN-RECEIVED, active", State: model.SynReceived, Seqs: allSeqs, Acks: synAcks, set: synReceived},
	{Name: "ESTABLISHED", State: model.Established, Seqs: allSeqs, Acks: allAcks, set: textOutstanding},
	{Name: "ESTABLISHED, RCV.WND=0", State: model.Established, Seqs: shutSeqs, Acks: allAcks, shut: true,
		set: func(e *model.Endpoint, t *model.TCB, at origin) {
			textOutstanding(e, t, at)
			t.RcvWnd, t.Unread = 0, window
		}},
	{Name: "FIN-WAIT-1, SYN not acknowledged", State: model.FinWait1, Seqs: allSeqs, Acks: allAcks, set: closedInSynReceived},
	{Name: "FIN-WAIT-1, FIN not sent", State: model.FinWait1, Seqs: allSeqs, Acks: allAcks, set: finWaits},
	{Name: "FIN-WAIT-1, FIN sent", State: model.FinWait1, Seqs: allSeqs, Acks: allAcks, set: finOutstanding},
	{Name: "FIN-WAIT-2", State: model.FinWait2, Seqs: allSeqs, Acks: ackedAcks,
		set: func(e *model.Endpoint, t *model.TCB, at origin) {
			allAcked(e, t, at)
			if e.Behaviours.FinWait2 == model.FinWait2Timeout {
				t.Timer = 1
			}
		}},
	{Name: "CLOSE-WAIT", State: model.CloseWait, Seqs: allSeqs, Acks: allAcks, set: textOutstanding},
	{Name: "CLOSING, FIN not sent", State: model.Closing, Seqs: allSeqs, Acks: allAcks, set: finWaits},
	{Name: "CLOSING, FIN sent", State: model.Closing, Seqs: allSeqs, Acks: allAcks, set: finOutstanding},
	{Name: "LAST-ACK", State: model.LastAck, Seqs: allSeqs, Acks: allAcks, set: finOutstanding},
	{Name: "TIME-WAIT", State: model.TimeWait, Seqs: allSeqs, Acks: ackedAcks,
		set: func(e *model.Endpoint, t *model.TCB, at origin) {
			allAcked(e, t, at)
			t.Timer = 1
		}},
}

// sent is what every situation with a TCB shares: the SYN is sent, and one
// retransmission is used up.
func sent(e *model.Endpoint, t *model.TCB, at origin) {
	t.ISS = at.iss(e, 0)
	t.SndUna, t.SndUp = t.ISS, t.ISS
	t.SndNxt = at.iss(e, 1)
	t.RcvWnd = window
	t.Retries = 2
}

func synSent(e *model.Endpoint, t *model.TCB, at origin) {
	sent(e, t, at)
	t.SynPending = true
}

// received: the peer's SYN has come, and offered a window.
func received(e *model.Endpoint, t *model.TCB, at origin) {
	t.IRS = at.irs(e)
	t.RcvNxt = e.Space.Add(t.IRS, 1)
	t.RcvUp = t.RcvNxt
	t.SndWl1, t.SndWl2 = t.IRS, t.SndUna
	t.SndWnd, t.MaxSndWnd = sndWnd, maxSndWnd
}

func synReceived(e *model.Endpoint, t *model.TCB, at origin) {
	synSent(e, t, at)
	received(e, t, at)
}

// synReceivedQueues: the peer's SYN carried two octets; our user has called
// SEND with two, and CLOSE.
func synReceivedQueues(e *model.Endpoint, t *model.TCB, at origin) {
	synReceived(e, t, at)
	t.Passive = true
	t.Held[0], t.NHeld = model.Segment{Seq: t.RcvNxt, Len: 2}, 1
	t.Queued, t.CloseQueued = 2, true
}

// closedInSynReceived: CLOSE was called in SYN-RECEIVED, so the SYN and the FIN
// are outstanding.
func closedInSynReceived(e *model.Endpoint, t *model.TCB, at origin) {
	synReceived(e, t, at)
	t.SndNxt = e.Space.Add(t.SndNxt, 1)
}

// connected: both SYNs are acknowledged, and 100 octets have gone each way.
func connected(e *model.Endpoint, t *model.TCB, at origin) {
	sent(e, t, at)
	received(e, t, at)
	t.SndUna = at.iss(e, 101)
	t.SndNxt, t.SndUp = t.SndUna, t.SndUna
	t.RcvNxt = e.Space.Add(t.RcvNxt, 100)
	t.RcvUp = t.RcvNxt
	t.SndWl1, t.SndWl2 = e.Space.Sub(t.RcvNxt, 20), e.Space.Sub(t.SndUna, 20)
}

// textOutstanding: four octets are sent and not acknowledged.
func textOutstanding(e *model.Endpoint, t *model.TCB, at origin) {
	connected(e, t, at)
	t.SndNxt = e.Space.Add(t.SndNxt, 4)
}

// finWaits: four octets are outstanding and fill the send window; two more and
// the FIN wait behind it.
func finWaits(e *model.Endpoint, t *model.TCB, at origin) {
	textOutstanding(e, t, at)
	t.SndWnd = 4
	t.Queued, t.CloseQueued = 2, true
}

// finOutstanding: four octets and the FIN are outstanding.
func finOutstanding(e *model.Endpoint, t *model.TCB, at origin) {
	connected(e, t, at)
	t.SndNxt = e.Space.Add(t.SndNxt, 5)
}

// allAcked: nothing is outstanding.
func allAcked(e *model.Endpoint, t *model.TCB, at origin) {
	connected(e, t, at)
	t.Retries = e.Retransmissions
}

// Variables is the situation's TCB in one line, numbers relative to SND.UNA and
// RCV.NXT.
func (s *Situation) Variables(e model.Endpoint) string {
	t := s.TCB(e)
	switch s.State {
	case model.Closed, model.Listen:
		return "nothing is remembered"
	case model.SynSent:
		return "SND.UNA=ISS, SND.NXT=ISS+1"
	}
	text := "SND.NXT=SND.UNA"
	if n := e.Outstanding(&t); n > 0 {
		text += fmt.Sprintf("+%d", n)
	}
	text += fmt.Sprintf(", SND.WND=%d, MAX.SND.WND=%d, RCV.WND=%d", t.SndWnd, t.MaxSndWnd, t.RcvWnd)
	if t.Queued > 0 {
		text += fmt.Sprintf(", %d octets and the FIN wait", t.Queued)
	}
	return text
}
