package reaction

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// changes lists the variables that the event changed, each with its new value.
// A deleted TCB has none, so the state alone tells.
func (n *namer) changes() []string {
	b, a := &n.before, &n.after
	var list []string
	add := func(changed bool, name, value string) {
		if changed {
			list = append(list, name+"="+value)
		}
	}
	number := func(name string, before, after model.Seq, variables ...named) {
		add(before != after, name, n.relative(after, variables...))
	}
	count := func(name string, before, after uint32) {
		add(before != after, name, fmt.Sprint(after))
	}
	flag := func(name string, before, after bool) {
		add(before != after, name, map[bool]string{true: "yes", false: "no"}[after])
	}
	if (*a == model.TCB{State: a.State}) {
		return nil
	}
	segAck := named{"SEG.ACK", n.seg.Ack}
	segSeq := named{"SEG.SEQ", n.seg.Seq}
	if !n.seg.Flags.Has(model.ACK) {
		segAck = named{"ISS", a.ISS}
	}
	add(b.ISS != a.ISS, "ISS", "new")
	number("IRS", b.IRS, a.IRS, segSeq)
	number("SND.UNA", b.SndUna, a.SndUna, segAck, named{"ISS", a.ISS}, named{"SND.UNA", b.SndUna})
	number("SND.NXT", b.SndNxt, a.SndNxt, named{"ISS", a.ISS}, named{"SND.NXT", b.SndNxt})
	switch {
	case b.SndWnd == a.SndWnd:
	case a.SndWnd == n.seg.Wnd:
		add(true, "SND.WND", "SEG.WND")
	default:
		count("SND.WND", b.SndWnd, a.SndWnd)
	}
	number("SND.WL1", b.SndWl1, a.SndWl1, named{"RCV.NXT", b.RcvNxt}, segSeq)
	number("SND.WL2", b.SndWl2, a.SndWl2, segAck, named{"ISS", a.ISS})
	count("MAX.SND.WND", b.MaxSndWnd, a.MaxSndWnd)
	add(n.behind(b.SndUp, b.SndUna) != n.behind(a.SndUp, a.SndUna), "SND.UP", fmt.Sprintf("SND.UNA+%d", n.behind(a.SndUp, a.SndUna)))
	if end := n.segEnd(); a.RcvNxt == end.value {
		number("RCV.NXT", b.RcvNxt, a.RcvNxt, end)
	} else {
		number("RCV.NXT", b.RcvNxt, a.RcvNxt, segSeq, named{"RCV.NXT", b.RcvNxt})
	}
	count("RCV.WND", b.RcvWnd, a.RcvWnd)
	add(n.behind(b.RcvUp, b.RcvNxt) != n.behind(a.RcvUp, a.RcvNxt), "RCV.UP", fmt.Sprintf("RCV.NXT+%d", n.behind(a.RcvUp, a.RcvNxt)))
	count("queued", b.Queued, a.Queued)
	count("unread", b.Unread, a.Unread)
	flag("CLOSE queued", b.CloseQueued, a.CloseQueued)
	flag("PUSH queued", b.PushQueued, a.PushQueued)
	flag("SYN unacknowledged", b.SynPending, a.SynPending)
	flag("passive", b.Passive, a.Passive)
	count("timer", uint32(b.Timer), uint32(a.Timer))
	count("retransmissions", uint32(b.Retries), uint32(a.Retries))
	flag("reopened", b.Reopened, a.Reopened)
	number("old SND.NXT", b.OldSndNxt, a.OldSndNxt, named{"SND.NXT", b.SndNxt})
	number("old RCV.NXT", b.OldRcvNxt, a.OldRcvNxt, named{"RCV.NXT", b.RcvNxt})
	for i := range a.Held {
		if a.Held[i] != b.Held[i] {
			add(true, fmt.Sprintf("held[%d]", i), n.held(a.Held[i]))
		}
	}
	return list
}

// segEnd is the number behind the segment, under the name that tells most: for
// a SYN alone the RFC writes SEG.SEQ+1.
func (n *namer) segEnd() named {
	end := n.e.Space.Add(n.seg.Seq, n.seg.SegLen())
	if n.seg.SegLen() == 1 {
		return named{"SEG.SEQ+1", end}
	}
	return named{"SEG.SEQ+SEG.LEN", end}
}

// behind is how far an urgent pointer lies behind the edge it is counted from.
func (n *namer) behind(up, edge model.Seq) uint32 { return n.e.Space.Dist(edge, up) }

func (n *namer) held(g model.Segment) string {
	if (g == model.Segment{}) {
		return "none"
	}
	text := fmt.Sprintf("<SEQ=%s>", n.relative(g.Seq, named{"RCV.NXT", n.after.RcvNxt}))
	if g.Flags.Has(model.ACK) {
		text += fmt.Sprintf("<ACK=%s>", n.relative(g.Ack, named{"SEG.ACK", n.seg.Ack}))
	}
	if g.Len > 0 {
		text += fmt.Sprintf("<DATA=%d>", g.Len)
	}
	if g.Flags.Has(model.URG) {
		text += fmt.Sprintf("<UP=%d>", g.Up)
	}
	if g.Wnd != 0 {
		text += fmt.Sprintf("<WND=%d>", g.Wnd)
	}
	return text + fmt.Sprintf("<CTL=%v>", g.Flags)
}
