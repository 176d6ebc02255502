package modeltest

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
	"pgregory.net/rapid"
)

// What can happen at a side, and how the details are drawn.

// crowd is how many segments of a side may be on their way before its timers
// hold back, so that a run does not fill with repetitions.
const crowd = 4

func always(int) bool { return true }

func (m *machine) canOpen(side int) bool { return !m.ends[side].opened }

func (m *machine) drawOpen(_ *rapid.T, side int) { m.callOpen(side, m.iss[side]) }

func (m *machine) canSend(side int) bool { return m.sendable(side) > 0 }

func (m *machine) drawSend(t *rapid.T, side int) {
	n := rapid.Uint32Range(1, min(m.sendable(side), m.endpoint(side).Window+1)).Draw(t, "octets")
	m.ends[side].octets -= n
	m.do(side, model.Event{
		Kind: model.Send, N: n, ISS: m.iss[side],
		Push: rapid.Bool().Draw(t, "push"), Urgent: rapid.IntRange(0, 3).Draw(t, "urgent") == 3,
	})
}

func (m *machine) canReceive(side int) bool {
	t := m.tcb(side)
	return t.Unread > 0 && t.State.Synchronized()
}

func (m *machine) drawReceive(t *rapid.T, side int) {
	m.call(side, model.Receive, rapid.Uint32Range(1, m.tcb(side).Unread).Draw(t, "octets"), 0)
}

// canClose: a CLOSE before the connection was tried leads nowhere.
func (m *machine) canClose(side int) bool {
	return m.state(side) > model.SynSent && !m.ends[side].seen.closed
}

func (m *machine) canCloseAgain(side int) bool {
	return m.state(side) > model.SynSent && m.ends[side].seen.closed
}

func (m *machine) drawClose(t *rapid.T, side int) { m.call(side, model.Close, 0, 0) }

func (m *machine) canAbort(side int) bool { return m.cfg.Aborts && m.state(side) > model.Closed }

func (m *machine) drawAbort(t *rapid.T, side int) {
	kind := rapid.SampledFrom([]model.EventKind{model.Status, model.Abort, model.UnreachableHard}).Draw(t, "which")
	m.do(side, model.Event{Kind: kind})
}

func (m *machine) canArrive(side int) bool { return len(m.wire[1-side]) > 0 }

// which draws a place on the wire to a side: the oldest, unless segments may
// overtake each other.
func (m *machine) which(t *rapid.T, side int) int {
	last := len(m.wire[1-side]) - 1
	if last == 0 || !m.cfg.Reorders {
		return 0
	}
	return rapid.IntRange(0, last).Draw(t, "place on the wire")
}

// issFor is the ISS for the answer to a SYN: another one if there was one.
func (m *machine) issFor(t *rapid.T, side int) model.Seq {
	if m.state(side) != model.Listen || !m.ends[side].seen.failed && len(m.run) < 4 {
		return m.iss[side]
	}
	return number(m.endpoint(side).Space).Draw(t, "ISS")
}

func (m *machine) drawArrive(t *rapid.T, side int) {
	m.arrive(side, m.which(t, side), m.issFor(t, side))
}

func (m *machine) canDuplicate(side int) bool { return m.duplicates > 0 && m.canArrive(side) }

func (m *machine) drawDuplicate(t *rapid.T, side int) {
	m.duplicates--
	i := m.which(t, side)
	w := &m.wire[1-side]
	*w = slices.Insert(*w, i, (*w)[i])
	m.arrive(side, i, m.issFor(t, side))
}

func (m *machine) canLose(side int) bool { return m.losses > 0 && m.canArrive(side) }

func (m *machine) drawLose(t *rapid.T, side int) {
	m.losses--
	i := m.which(t, side)
	w := &m.wire[1-side]
	m.run = append(m.run, entry{note: "lost: " + show((*w)[i])})
	*w = slices.Delete(*w, i, i+1)
}

func (m *machine) canMeet(int) bool { return m.strangers > 0 }

func (m *machine) drawStranger(t *rapid.T, side int) {
	m.strangers--
	g := SegmentFor(*m.endpoint(side), *m.tcb(side)).Draw(t, "stranger")
	g.Flags &^= model.FIN // two FINs at different numbers would both count
	m.do(side, model.Event{Kind: model.SegmentArrives, Segment: g, ISS: m.issFor(t, side)})
}

func (m *machine) crowded(side int) bool { return len(m.wire[side]) >= crowd }

func (m *machine) canRetransmit(side int) bool {
	return !m.crowded(side) && m.endpoint(side).CanRetransmit(m.tcb(side))
}

func (m *machine) canGiveUp(side int) bool { return m.endpoint(side).CanGiveUp(m.tcb(side)) }

func (m *machine) canProbe(side int) bool {
	return !m.crowded(side) && m.endpoint(side).CanProbe(m.tcb(side))
}

func (m *machine) canKeepAlive(side int) bool {
	return !m.crowded(side) && m.endpoint(side).CanKeepAlive(m.tcb(side))
}

func (m *machine) canTick(side int) bool { return m.tcb(side).CanTick() }
