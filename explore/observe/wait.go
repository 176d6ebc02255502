package observe

import "github.com/tcpcheck/tcpcheck/model"

// initialWindow is how many octets congestion control lets leave at first (RFC
// 3390): with less outstanding, it is taken to hold nothing back.
const initialWindow = 4380

// held tells whether the endpoint may have text, or a FIN, that can't leave:
// the peer's window has no room, or had none when it last sent, or congestion
// control does not let more be outstanding.
func (l *life) held(s model.Space) bool {
	n := s.Dist(l.una, l.sndMax)
	return l.sndKnown && (l.filled || l.full(s) || n >= initialWindow && n < far)
}

// mayWait adds a CLOSE whose FIN waits behind what is held back: FIN-WAIT-1 is
// entered at once (§3.10.4).
func (o *set) mayWait(l *life) {
	est, wait := l.shapes.has(plain(model.Established)), l.shapes.has(plain(model.CloseWait)) && o.closesAtOnce()
	if !est && !wait || !l.held(o.e.Space) {
		return
	}
	l.free = false
	if est {
		l.shapes.add(plain(model.FinWait1) | closeQueued)
	}
	if wait {
		l.shapes.add(plain(model.LastAck) | closeQueued)
	}
}

// goesOn takes back what mayWait added: the endpoint has just sent something for
// the second time since nothing holds back a FIN. The first may be the ACK of
// what let it go.
func (o *set) goesOn(l *life) {
	if l.una != l.sndMax || l.full(o.e.Space) {
		l.free = false
		return
	}
	if !l.free {
		l.free = true
		return
	}
	l.filled = false
	left := l.shapes
	for h := range l.shapes.all {
		if h&closeQueued != 0 {
			left.remove(h)
		}
	}
	if !left.empty() {
		l.shapes = left
	}
}
