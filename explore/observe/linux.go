package observe

import "github.com/tcpcheck/tcpcheck/model"

// What Linux does beside RFC 9293, and no value of [model.Behaviours] says. It
// is looked for only if the behaviours are those of the variant linux; of every
// other endpoint it is a deviation.

// isLinux tells whether an endpoint of these behaviours may do it.
func isLinux(b model.Behaviours) bool {
	v, err := model.FindVariant("linux")
	return err == nil && v.Behaviours == b
}

// abortsWhenClosed: text that was not read, when the user closes after a
// half-close, draws a reset in CLOSING and LAST-ACK too, where ABORT sends
// nothing (§3.10.5).
func (o *set) abortsWhenClosed() bool { return o.linux }

// abortsInSynSent: a subflow of Multipath TCP that is aborted in SYN-SENT sends a
// reset, where ABORT sends nothing.
func (o *set) abortsInSynSent(g model.Segment) bool {
	return o.linux && g.Flags.Has(model.ACK) && g.Ack == 0
}

// outlivesReset: in SYN-RECEIVED, with Fast Open, a bad SYN draws a reset, and the
// connection stays.
func (o *set) outlivesReset(l *life, g model.Segment) bool {
	return o.linux && l.fastOpen && l.passive && o.answers.exact(g)
}

// outlivesSyn: that bad SYN, when it comes.
func (o *set) outlivesSyn(l *life, g model.Segment) bool {
	return o.linux && l.fastOpen && l.passive && g.Flags.Has(model.SYN)
}

// opensBy: where both SYNs crossed, an ACK of nothing is taken for one of the SYN
// (§3.10.7.4 fifth: SND.UNA < SEG.ACK).
func (o *set) opensBy(l *life, h shape, g model.Segment) bool {
	return o.linux && h.state() == model.SynReceived && h&passive == 0 && l.issKnown &&
		g.Flags&(model.ACK|model.SYN|model.RST) == model.ACK && g.Ack == l.iss
}

// closesAtOnce: a CLOSE in CLOSE-WAIT leads to LAST-ACK before the FIN leaves
// (§3.10.4: then).
func (o *set) closesAtOnce() bool { return o.linux }

// believesFin: in CLOSE-WAIT, CLOSING and LAST-ACK a reset with the number of
// the peer's FIN is believed, though RCV.NXT is one more (§3.10.7.4 second).
func (o *set) believesFin(l *life, h shape, g model.Segment) bool {
	return o.linux && g.Flags.Has(model.RST) && h.finReceived() && h.state() != model.TimeWait &&
		l.finInKnown && g.Seq == l.finIn
}

// maxCookie is how far the numbers of a SYN cookie may be from those of the
// SYN,ACK: it hides the MSS in two bits.
const maxCookie = 4

// opensByCookie: a listener with too many that wait keeps nothing of them and
// recognizes its own number in an ACK (RFC 4987 section 3.6). So a connection
// that it accepted and that has ended opens once more when an old segment comes;
// g is the first that it then sends. If fresh, g acknowledges what came after
// the end.
func (o *set) opensByCookie(g model.Segment, fresh bool) bool {
	if !o.linux || o.none.empty() || g.Flags&(model.SYN|model.RST|model.ACK) != model.ACK {
		return false
	}
	s := o.e.Space
	for i := len(o.past) - 1; i >= 0; i-- {
		l := &o.past[i]
		if !l.passive || !l.late || g.Seq != l.lateAck || !s.Above(l.iss, g.Seq, s.Add(l.iss, maxCookie)) {
			continue
		}
		low, top := l.ended, l.contig
		if l.finInKnown && l.finIn == l.contig {
			top = s.Add(top, 1)
		}
		if !s.Within(low, g.Ack, top) || fresh && g.Ack == low {
			continue
		}
		n := life{
			passive: true, synReceived: true, issKnown: true, irsKnown: true, sndKnown: true, rcvKnown: true,
			iss: s.Sub(g.Seq, 1), irs: l.irs, low: g.Seq, una: g.Seq, sndMax: g.Seq,
			contig: l.contig, above: l.above, finInKnown: l.finInKnown, finIn: l.finIn,
		}
		h := plain(model.Established)
		if l.finInKnown && g.Ack == o.e.Space.Add(l.finIn, 1) {
			h = plain(model.CloseWait)
		}
		if g.Flags.Has(model.FIN) {
			h = closedBy(h)
		}
		n.shapes.add(h)
		n.commit(s, g)
		o.past = append(o.past[:i], o.past[i+1:]...)
		o.none, o.lives = shapeSet{}, []life{n}
		return true
	}
	return false
}

// comesLate keeps what comes for connections that have ended, see opensByCookie.
func (o *set) comesLate(g model.Segment) {
	if !o.linux || g.Flags&(model.SYN|model.RST|model.ACK) != model.ACK {
		return
	}
	for i := range o.past {
		l := &o.past[i]
		if !l.passive || !l.rcvKnown {
			continue
		}
		l.late, l.lateAck = true, g.Ack
		l.widen(o.e.Space, o.e.Space.Add(g.Ack, g.Wnd))
		o.noteText(l, g)
		if g.Flags.Has(model.FIN) && !l.finInKnown {
			l.finIn, l.finInKnown = o.e.Space.Add(g.Seq, g.Len), true
		}
	}
}
