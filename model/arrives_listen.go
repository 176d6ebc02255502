package model

// RFC 9293 §3.10.7.2, LISTEN. iss is the number to answer a SYN with.
func (r *run) arrivesListen(g Segment, iss Seq) {
	// First, check for a RST.
	if g.Flags.Has(RST) {
		r.rule(ListenIgnoresReset)
		return
	}
	// Second, check for an ACK.
	if g.Flags.Has(ACK) {
		r.rule(ListenBadAck)
		r.resetAnswer(g)
		return
	}
	// Third, check for a SYN.
	if g.Flags.Has(SYN) {
		if g.BadSecurity {
			r.rule(ListenSecurity)
			r.resetAnswer(g)
			return
		}
		r.rule(ListenSyn)
		r.acceptSyn(g, iss)
		r.t.Passive = true
		return
	}
	// Fourth, other data or control.
	r.rule(ListenDrops)
}

// acceptSyn answers a SYN that opens: to SYN-RECEIVED with a SYN,ACK.
func (r *run) acceptSyn(g Segment, iss Seq) {
	t := r.t
	t.RcvWnd = r.e.Window
	r.chooseISS(iss)
	r.takeIRS(g)
	r.holdControls(g)
	// 3.10.7.2 sets no send window. Its first value is what the SYN offers
	// (reading 8); the ACK that establishes replaces it.
	r.updateWindow(g.Wnd, g.Seq, iss)
	r.become(SynReceived)
	r.sendSynAck()
}

// takeIRS sets RCV.NXT to SEG.SEQ+1 and IRS to SEG.SEQ.
func (r *run) takeIRS(g Segment) {
	t := r.t
	t.IRS = g.Seq
	t.RcvNxt = r.e.Space.Add(g.Seq, 1)
	t.RcvUp = t.RcvNxt
}

// holdControls keeps the text and controls that came on a SYN, as far as they
// lie in the window, until ESTABLISHED is reached. SYN and ACK are not
// repeated, so neither is kept.
func (r *run) holdControls(g Segment) {
	g, _ = r.trim(g)
	g.Flags &= FIN | PSH | URG
	if g.Len == 0 && !g.Flags.Has(FIN) && !g.Flags.Has(URG) {
		return
	}
	r.rule(SynTextHeld)
	g.Ack, g.Wnd = 0, 0
	r.hold(g)
}
