package models

import (
	"cmp"
	"slices"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// TCPFigure is two peers that follow the state diagram of RFC 9293 (Figure 5)
// over two reliable queues, without sequence numbers. It does what the TLA+
// specification "tcp" of the TLA+ examples does (github.com/tlaplus/Examples,
// MIT licence, by M. Kuppe), whose numbers of states are known. At most Queue
// messages wait on either side; steps beyond that are left out. Mark 0 is set
// where nothing is on its way, one peer is ESTABLISHED and the other is not.
type TCPFigure struct{ Queue int } // 1 to figureQueue

const figureQueue = 4

// FigureState is both peers. A queue is of the messages on their way to its
// peer, the first first.
type FigureState struct {
	Peers [2]struct {
		State FigurePeer
		TCB   bool
		Queue [figureQueue]FigureMessage
	}
}

// FigurePeer is a state of the diagram.
type FigurePeer uint8

// FigureMessage is what a peer sends; 0 is none.
type FigureMessage uint8

const (
	fClosed FigurePeer = iota
	fListen
	fSynSent
	fSynReceived
	fEstablished
	fFinWait1
	fFinWait2
	fClosing
	fCloseWait
	fLastAck
	fTimeWait
)

const (
	fNone FigureMessage = iota
	fSyn
	fSynAck
	fAck
	fRst
	fFin
	fAckOfFin
)

// figureArrow is what a message, or two together, does to a peer in a state.
type figureArrow struct {
	from     FigurePeer
	receives []FigureMessage
	sends    FigureMessage
	to       FigurePeer
}

var figureArrows = []figureArrow{
	{fSynSent, []FigureMessage{fSyn}, fSynAck, fSynReceived},
	{fSynSent, []FigureMessage{fSynAck}, fAck, fEstablished},
	{fSynReceived, []FigureMessage{fRst}, fNone, fListen},
	{fSynReceived, []FigureMessage{fAck}, fNone, fEstablished},
	{fListen, []FigureMessage{fSyn}, fSynAck, fSynReceived},
	{fEstablished, []FigureMessage{fFin}, fAckOfFin, fCloseWait},
	{fFinWait1, []FigureMessage{fFin}, fAckOfFin, fClosing},
	{fFinWait1, []FigureMessage{fAckOfFin}, fNone, fFinWait2},
	{fFinWait2, []FigureMessage{fFin}, fAckOfFin, fTimeWait},
	{fClosing, []FigureMessage{fAckOfFin}, fNone, fTimeWait},
	{fLastAck, []FigureMessage{fAckOfFin}, fNone, fClosed},
	{fFinWait1, []FigureMessage{fFin, fAckOfFin}, fAckOfFin, fTimeWait}, // note 2
}

// figureCall is what a user, or the 2 MSL timeout, does to a peer in a state.
type figureCall struct {
	from  FigurePeer
	sends FigureMessage
	to    FigurePeer
	tcb   int8 // 1: made, -1: deleted, 0: stays
}

var figureCalls = []figureCall{
	{fClosed, fNone, fListen, 1},
	{fClosed, fSyn, fSynSent, 1},
	{fSynSent, fNone, fClosed, -1},
	{fSynReceived, fFin, fFinWait1, 0},
	{fListen, fSyn, fSynSent, 0},
	{fListen, fNone, fClosed, -1},
	{fEstablished, fFin, fFinWait1, 0},
	{fCloseWait, fFin, fLastAck, 0},
}

// Init is both CLOSED.
func (m TCPFigure) Init() []FigureState { return []FigureState{{}} }

// Next is calls, arrivals and resets, of both peers.
func (m TCPFigure) Next(s FigureState, emit func(FigureState, search.Action, search.Marks)) {
	for p := range s.Peers {
		action := search.Action(p * 100)
		step := func(to FigurePeer, sends FigureMessage, change func(*FigureState)) {
			next := s
			next.Peers[p].State = to
			change(&next)
			action++
			if next.send(1-p, sends, m.Queue) {
				emit(next, action, 0)
			}
		}
		me := &s.Peers[p]
		for _, c := range figureCalls {
			if me.State == c.from {
				step(c.to, c.sends, func(n *FigureState) {
					if c.tcb != 0 {
						n.Peers[p].TCB = c.tcb > 0
					}
				})
			}
		}
		for _, a := range figureArrows {
			if me.State == a.from && slices.Equal(me.Queue[:len(a.receives)], a.receives) {
				step(a.to, a.sends, func(n *FigureState) { n.receive(p, len(a.receives)) })
			}
		}
		if me.State == fTimeWait && me.TCB {
			step(fClosed, fNone, func(n *FigureState) { n.Peers[p].TCB = false })
		}
		// Note 3.
		if me.TCB {
			step(fTimeWait, fRst, func(*FigureState) {})
		}
		if me.Queue[0] == fRst {
			step(fListen, fNone, func(n *FigureState) { n.receive(p, 1) })
			step(fClosed, fNone, func(n *FigureState) { n.receive(p, 1) })
		}
	}
}

func (s *FigureState) receive(p, n int) {
	q := &s.Peers[p].Queue
	copy(q[:], q[n:])
	clear(q[figureQueue-n:])
}

// send says whether there was room.
func (s *FigureState) send(p int, m FigureMessage, room int) bool {
	if m == fNone {
		return true
	}
	q := s.Peers[p].Queue[:room]
	i := slices.Index(q, fNone)
	if i < 0 {
		return false
	}
	q[i] = m
	return true
}

// Check looks for peers that disagree though nothing is on its way.
func (m TCPFigure) Check(s FigureState, _ bool) search.Marks {
	a, b := &s.Peers[0], &s.Peers[1]
	if a.Queue[0] == fNone && b.Queue[0] == fNone && (a.State == fEstablished) != (b.State == fEstablished) {
		return 1
	}
	return 0
}

// Compare orders by the first peer, then the second.
func (m TCPFigure) Compare(a, b FigureState) int {
	for p := range a.Peers {
		x, y := &a.Peers[p], &b.Peers[p]
		tcb := 0
		if x.TCB != y.TCB {
			tcb = -1
			if x.TCB {
				tcb = 1
			}
		}
		if c := cmp.Or(cmp.Compare(x.State, y.State), tcb, slices.Compare(x.Queue[:], y.Queue[:])); c != 0 {
			return c
		}
	}
	return 0
}
