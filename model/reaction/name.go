package reaction

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// namer writes numbers as the variables they come from.
type namer struct {
	e             *model.Endpoint
	seg           model.Segment
	before, after model.TCB
}

func (n *namer) reaction(out *model.Output) Reaction {
	r := Reaction{
		Next:  n.after.State,
		Path:  append([]model.State(nil), out.Path()...),
		Rules: append([]model.Rule(nil), out.Rules()...),
	}
	next := n.before.SndNxt // SND.NXT as it is when each segment leaves
	for _, g := range out.Sent() {
		r.Sent = append(r.Sent, n.segment(g, next))
		if !g.Flags.Has(model.RST) && g.Seq == next {
			next = n.e.Space.Add(next, g.SegLen())
		}
	}
	for _, d := range out.Delivered() {
		r.Delivered = append(r.Delivered, n.delivery(d))
	}
	for _, g := range out.Signals() {
		r.Signals = append(r.Signals, g.String())
	}
	r.Changes = n.changes()
	return r
}

// segment writes g as a ladder does. The window is RCV.WND; it is written where
// it is another.
func (n *namer) segment(g model.Segment, sndNxt model.Seq) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<SEQ=%s>", n.seq(g, sndNxt))
	if g.Flags.Has(model.ACK) {
		fmt.Fprintf(&b, "<ACK=%s>", n.ackOf(g))
	}
	if g.Len > 0 {
		fmt.Fprintf(&b, "<DATA=%d>", g.Len)
	}
	if g.Flags.Has(model.URG) {
		fmt.Fprintf(&b, "<UP=%d>", g.Up)
	}
	if want := n.after.RcvWnd; g.Wnd != want && !g.Flags.Has(model.RST) && n.after.State != model.Closed {
		fmt.Fprintf(&b, "<WND=%d>", g.Wnd)
	}
	fmt.Fprintf(&b, "<CTL=%v>", g.Flags)
	return b.String()
}

// seq names SEG.SEQ of a segment that is sent. A reset that answers an ACK
// takes its number; what else leaves has ISS on a SYN, or SND.NXT.
func (n *namer) seq(g model.Segment, sndNxt model.Seq) string {
	rst := g.Flags.Has(model.RST)
	switch {
	case rst && n.seg.Flags.Has(model.ACK) && g.Seq == n.seg.Ack:
		return "SEG.ACK"
	case rst && g.Flags.Has(model.ACK) && g.Seq == 0:
		return "0"
	case g.Flags.Has(model.SYN) && g.Seq == n.after.ISS:
		return "ISS"
	case g.Seq == sndNxt:
		return "SND.NXT"
	}
	return n.relative(g.Seq, named{"SND.NXT", n.after.SndNxt}, named{"SND.NXT", n.before.SndNxt}, named{"SEG.ACK", n.seg.Ack})
}

func (n *namer) ackOf(g model.Segment) string {
	if g.Flags.Has(model.RST) && g.Ack == n.e.Space.Add(n.seg.Seq, n.seg.SegLen()) {
		return "SEG.SEQ+SEG.LEN"
	}
	rcvNxt := n.after.RcvNxt
	if n.after.State == model.Closed {
		rcvNxt = n.before.RcvNxt
	}
	return n.relative(g.Ack, named{"RCV.NXT", rcvNxt}, named{"SEG.SEQ", n.seg.Seq})
}

// named is a variable and its value.
type named struct {
	name  string
	value model.Seq
}

// near is how far from a variable a number may lie and still be named after it.
const near = 64

// relative names x after the first of the variables that it lies near to.
func (n *namer) relative(x model.Seq, variables ...named) string {
	for _, v := range variables {
		if x == v.value {
			return v.name
		}
	}
	for _, v := range variables {
		if d := n.e.Space.Dist(v.value, x); d <= near {
			return fmt.Sprintf("%s+%d", v.name, d)
		}
		if d := n.e.Space.Dist(x, v.value); d <= near {
			return fmt.Sprintf("%s-%d", v.name, d)
		}
	}
	return fmt.Sprint(uint32(x))
}

// delivery says which octets of the text were delivered.
func (n *namer) delivery(d model.Delivery) string {
	of := "the text"
	if d.Held >= 0 {
		of = "text held"
	} else if d.Offset == 0 && d.N == n.seg.Len {
		return of
	}
	return fmt.Sprintf("octets %d to %d of %s", d.Offset+1, d.Offset+d.N, of)
}
