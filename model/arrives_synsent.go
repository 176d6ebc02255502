package model

// RFC 9293 §3.10.7.3, SYN-SENT.
func (r *run) arrivesSynSent(g Segment) {
	t, s := r.t, r.e.Space

	// First, check the ACK bit.
	if g.Flags.Has(ACK) && !s.Above(t.SndUna, g.Ack, t.SndNxt) {
		if g.Flags.Has(RST) {
			r.rule(SynSentBadAckReset)
			return
		}
		r.rule(SynSentBadAck)
		r.resetAnswer(g)
		return
	}

	// Second, check the RST bit. RFC 5961's test against RCV.NXT can't apply:
	// there is no RCV.NXT yet (reading 1, erratum 8167).
	if g.Flags.Has(RST) {
		if !g.Flags.Has(ACK) {
			r.rule(SynSentResetNoAck)
			return
		}
		r.rule(SynSentReset)
		r.signal(ConnectionReset)
		r.deleteTCB()
		return
	}

	// Third, check the security.
	if g.BadSecurity {
		r.rule(SynSentSecurity)
		r.resetAnswer(g)
		return
	}

	// Fifth (the text has it last): neither SYN nor RST.
	if !g.Flags.Has(SYN) {
		r.rule(SynSentDrops)
		return
	}

	// Fourth, check the SYN bit.
	r.takeIRS(g)
	if !g.Flags.Has(ACK) {
		r.rule(SynSentSyn)
		r.becomeSynReceived(g)
		return
	}
	r.rule(SynSentSynAck)
	r.acknowledge(g.Ack)
	// The text sets the send window only beside SYN-RECEIVED; without it an
	// ESTABLISHED connection could send nothing (reading 8).
	r.updateWindow(g.Wnd, g.Seq, g.Ack)
	r.become(Established)
	r.oweAck()
	// Other controls or text: continue at the sixth step of 3.10.7.4.
	r.textFrom = g.text(s)
	g, _ = r.trim(g)
	r.controlsAndText(g)
	r.complete()
}

// becomeSynReceived is the arrival of a SYN without ACK in SYN-SENT:
// simultaneous open (figure 7, MUST-10).
func (r *run) becomeSynReceived(g Segment) {
	r.updateWindow(g.Wnd, g.Seq, g.Ack)
	r.t.Passive = false
	r.holdControls(g)
	r.become(SynReceived)
	r.sendSynAck()
}
