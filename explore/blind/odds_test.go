package blind_test

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/blind"
	"github.com/tcpcheck/tcpcheck/model"
)

// byForce counts all pairs of numbers that work, and those of either kind that
// work with some number of the other.
func byForce(s *blind.Situation, a *blind.Attack) (seqs, acks, pairs uint64) {
	n := model.Seq(s.Endpoint.Space.Size())
	ackWorks := make([]bool, n)
	for seq := range n {
		some := false
		for ack := range n {
			if s.Works(a, seq, ack) {
				pairs++
				some, ackWorks[ack] = true, true
			}
		}
		if some {
			seqs++
		}
	}
	for _, works := range ackWorks {
		if works {
			acks++
		}
	}
	return seqs, acks, pairs
}

// Every number of two spaces, in every state, under every variant: as counted.
// The numbers that work are all pairs of a SEQ and an ACK that work.
func TestOddsAreAllNumbers(t *testing.T) {
	for _, bits := range []int{5, 6} {
		for _, window := range []uint32{1, 4} {
			for _, v := range variants() {
				for _, state := range blind.States() {
					s, err := blind.At(state, bits, window, v.Behaviours)
					if err != nil {
						t.Fatal(err)
					}
					for _, a := range blind.Attacks() {
						seqs, acks, pairs := byForce(&s, &a)
						if pairs != seqs*acks {
							t.Errorf("%s, %v, %s, window %d of 2^%d: %d pairs of %d SEQ and %d ACK", v.Name, state, a.Name, window, bits, pairs, seqs, acks)
						}
						if got := s.Odds(&a); got.Seqs*got.Acks != pairs || pairs > 0 && (got.Seqs != seqs || got.Acks != acks) {
							t.Errorf("%s, %v, %s, window %d of 2^%d: %+v, all numbers give %d SEQ and %d ACK", v.Name, state, a.Name, window, bits, got, seqs, acks)
						}
					}
				}
			}
		}
	}
}

// variants are the named ones, and each choice that bears on an attack alone.
func variants() []model.Variant {
	list := model.Variants()
	for _, b := range []model.Behaviours{
		{Reset: model.ResetInWindow}, {Reset: model.ResetAny}, {Syn: model.SynResets}, {AckRange: model.AckRange793},
		{OutOfOrder: model.OutOfOrderHeld}, {AfterReset: model.ResetTimeWaits, Syn: model.SynResets},
	} {
		list = append(list, model.Variant{Name: "a choice", Behaviours: b})
	}
	return list
}

// In ESTABLISHED with all acknowledged the numbers that work follow from the
// RFC's comparisons: N numbers, a window of W, and M the largest window offered.
func TestClosedForm(t *testing.T) {
	for _, size := range []struct {
		bits   int
		window uint32
	}{{8, 4}, {16, 1000}, {32, 65_535}, {32, 1 << 20}} {
		n, w := uint64(1)<<size.bits, uint64(size.window)
		m := w
		for _, c := range []struct {
			variant, attack string
			seqs, acks      uint64
		}{
			// §3.10.7.4 second: RFC 5961 asks for RCV.NXT, RFC 793 for the window.
			{"rfc9293", "reset", 1, n},
			{"rfc793", "reset", w, n},
			// Fourth: a challenge ACK, or a RST for a SYN in the window.
			{"rfc9293", "syn", 0, n},
			{"rfc793", "syn", w, n},
			// Fifth: SND.UNA−M to SND.NXT; or all that is not above SND.NXT. Text
			// above RCV.NXT is dropped (SHLD-31 off), or kept.
			{"rfc9293", "text", 1, m + 1},
			{"rfc793", "text", 1, n/2 + 1},
			{"linux", "text", w, m + 1},
		} {
			v, err := model.FindVariant(c.variant)
			if err != nil {
				t.Fatal(err)
			}
			s, err := blind.At(model.Established, size.bits, size.window, v.Behaviours)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range blind.Attacks() {
				if a.Name != c.attack {
					continue
				}
				got := s.Odds(&a)
				if c.seqs == 0 && got.Seqs == 0 {
					continue
				}
				if got.Seqs != c.seqs || got.Acks != c.acks {
					t.Errorf("%s, %s in 2^%d with a window of %d: %d SEQ and %d ACK, want %d and %d", c.variant, c.attack, size.bits, w, got.Seqs, got.Acks, c.seqs, c.acks)
				}
			}
		}
	}
}

// A situation that can't be is refused.
func TestImpossible(t *testing.T) {
	for _, c := range []struct {
		state  model.State
		bits   int
		window uint32
	}{{model.Closed, 32, 1}, {model.Established, 2, 1}, {model.Established, 33, 1}, {model.Established, 4, 8}} {
		if s, err := blind.At(c.state, c.bits, c.window, model.Behaviours{}); err == nil {
			t.Errorf("%v in 2^%d with a window of %d: %+v, want an error", c.state, c.bits, c.window, s)
		}
	}
}
