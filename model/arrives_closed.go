package model

// RFC 9293 §3.10.7.1, CLOSED.
func (r *run) arrivesClosed(g Segment) {
	if g.Flags.Has(RST) {
		r.rule(ClosedDropsReset)
		return
	}
	r.rule(ClosedResets)
	r.resetAnswer(g)
}
