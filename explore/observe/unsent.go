package observe

import "github.com/tcpcheck/tcpcheck/model"

// TakeBack puts text and FIN that [model.Endpoint.Step] sent just now, from
// the number base on, back into the queue: Step sends at once what may leave,
// a real TCP may be slower, and what it sends is counted when it is seen; see
// [CountSent]. A FIN that is taken back leads from LAST-ACK back to CLOSE-WAIT.
func TakeBack(e *model.Endpoint, t *model.TCB, base model.Seq) {
	n := e.Space.Dist(base, t.SndNxt)
	if t.State <= model.SynReceived || n == 0 || n > 1<<30 {
		return
	}
	t.SndNxt = base
	switch t.State {
	case model.FinWait1, model.Closing, model.LastAck:
		if !t.CloseQueued {
			t.CloseQueued = true
			n--
			if t.State == model.LastAck {
				t.State = model.CloseWait
			}
		}
	}
	t.Queued += n
}

// CountSent counts what was seen to leave, up to the number end: text, and
// behind it the FIN. What was sent before is not counted again.
func CountSent(e *model.Endpoint, t *model.TCB, end model.Seq) {
	n := e.Space.Dist(t.SndNxt, end)
	if n == 0 || n > t.Queued+1 {
		return
	}
	text := min(n, t.Queued)
	t.Queued -= text
	t.SndNxt = end
	if n > text {
		t.CloseQueued = false
		if t.State == model.CloseWait {
			t.State = model.LastAck
		}
	}
}
