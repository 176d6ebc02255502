package script

import (
	"github.com/tcpcheck/tcpcheck/model"
)

// noteOverflow takes note of a segment above RCV.NXT that the model does not
// hold for want of room.
func (c *candidate) noteOverflow(ev model.Event) {
	above := ev.Kind == model.SegmentArrives && ev.Segment.SegLen() > 0 && ev.Segment.Seq != c.t.RcvNxt
	if above && int(c.t.NHeld) == model.MaxHeld && c.e.Behaviours.OutOfOrder != model.OutOfOrderDropped {
		c.overflows = true
	}
}

// joinHeld joins segments that are held and touch, so that there is room for
// as many gaps as the model holds segments.
func (c *candidate) joinHeld() {
	t := &c.t
	for i := 0; i+1 < int(t.NHeld); {
		a, b := &t.Held[i], t.Held[i+1]
		same := a.Ack == b.Ack && a.Wnd == b.Wnd && (a.Flags^b.Flags)&model.ACK == 0
		end := space.Add(a.Seq, a.Len)
		if !same || a.Flags.Has(model.FIN) || a.Flags.Has(model.URG) || b.Flags.Has(model.URG) || !space.Within(a.Seq, b.Seq, end) {
			i++
			continue
		}
		if last := space.Add(b.Seq, b.Len); space.Dist(a.Seq, last) >= a.Len {
			a.Len = space.Dist(a.Seq, last)
			a.Flags |= b.Flags
		}
		copy(t.Held[i+1:], t.Held[i+2:])
		t.NHeld--
		t.Held[t.NHeld] = model.Segment{}
	}
}
