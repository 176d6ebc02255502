package observe

import (
	"math/bits"

	"github.com/tcpcheck/tcpcheck/model"
)

// shape is what is uncertain about an endpoint when its numbers are known: a
// state in the low four bits, and three bits of [model.TCB].
type shape uint8

const (
	passive     shape = 1 << (4 + iota) // SYN-RECEIVED was reached from LISTEN
	synPending                          // our SYN is not acknowledged
	closeQueued                         // CLOSE was called, and our FIN has not left
)

func (h shape) state() model.State { return model.State(h & 15) }

// plain is a state without more.
func plain(s model.State) shape { return shape(s) }

// shapeOf is the shape of a TCB.
func shapeOf(t *model.TCB) shape {
	h := plain(t.State)
	if t.Passive {
		h |= passive
	}
	if t.SynPending {
		h |= synPending
	}
	if t.CloseQueued {
		h |= closeQueued
	}
	return h
}

// finOut tells whether our FIN is sent and not acknowledged.
func (h shape) finOut() bool {
	switch h.state() {
	case model.FinWait1, model.Closing, model.LastAck:
		return h&closeQueued == 0
	}
	return false
}

// finSent tells whether our FIN is sent.
func (h shape) finSent() bool {
	return h.finOut() || h.state() == model.FinWait2 || h.state() == model.TimeWait
}

// finReceived tells whether the peer's FIN was processed.
func (h shape) finReceived() bool {
	switch h.state() {
	case model.CloseWait, model.Closing, model.LastAck, model.TimeWait:
		return true
	}
	return false
}

// shapeSet is a set of shapes, a bit each.
type shapeSet [2]uint64

func (s *shapeSet) add(h shape)     { s[h>>6] |= 1 << (h & 63) }
func (s *shapeSet) remove(h shape)  { s[h>>6] &^= 1 << (h & 63) }
func (s shapeSet) has(h shape) bool { return s[h>>6]>>(h&63)&1 == 1 }
func (s shapeSet) empty() bool      { return s == shapeSet{} }
func (s shapeSet) size() int        { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

// all visits the shapes in order. The set may change meanwhile.
func (s shapeSet) all(yield func(shape) bool) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			if !yield(shape(i<<6 + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}

// any tells whether one of the shapes has the property.
func (s shapeSet) any(property func(shape) bool) bool {
	for h := range s.all {
		if property(h) {
			return true
		}
	}
	return false
}
