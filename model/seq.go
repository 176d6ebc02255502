package model

import "fmt"

// Seq is a sequence number: an integer modulo the size of its [Space]. Only
// the methods of Space compute with it.
type Seq uint32

// Space is the set of sequence numbers 0 … 2^b−1 with arithmetic modulo 2^b
// (RFC 9293 §3.4, where b is 32). The zero value is not a space; see
// [NewSpace].
type Space struct{ mask Seq }

// MinBits and MaxBits bound the size of a [Space].
const (
	MinBits = 3
	MaxBits = 32
)

// Space32 is the space of real TCP.
var Space32 = Space{mask: 1<<32 - 1}

// NewSpace returns the space of 2^bits numbers; bits is from 3 to 32.
func NewSpace(bits int) (Space, error) {
	if bits < MinBits || bits > MaxBits {
		return Space{}, fmt.Errorf("sequence space of 2^%d numbers: want 2^%d to 2^%d", bits, MinBits, MaxBits)
	}
	return Space{mask: Seq(1<<uint(bits) - 1)}, nil
}

// Size is the count of numbers in the space, a power of two from 8 to 2^32;
// 0 for the zero Space.
func (s Space) Size() uint64 {
	if s.mask == 0 {
		return 0
	}
	return uint64(s.mask) + 1
}

// Contains tells whether a is a number of the space.
func (s Space) Contains(a Seq) bool { return a&^s.mask == 0 }

// Add is a+n modulo the size.
func (s Space) Add(a Seq, n uint32) Seq { return (a + Seq(n)) & s.mask }

// Sub is a−n modulo the size.
func (s Space) Sub(a Seq, n uint32) Seq { return (a - Seq(n)) & s.mask }

// Dist is the number of steps from a up to b, (b−a) modulo the size.
func (s Space) Dist(a, b Seq) uint32 { return uint32((b - a) & s.mask) }

// Within is "a =< x =< b": walking up from a, x comes no later than b. It is
// one interval test, not two comparisons, so it is right for intervals of any
// length, also of more than half the space.
func (s Space) Within(a, x, b Seq) bool { return s.Dist(a, x) <= s.Dist(a, b) }

// Above is "a < x =< b", the RFC's test for an ACK of something new.
func (s Space) Above(a, x, b Seq) bool { return x != a && s.Within(a, x, b) }

// InWindow is "a =< x < a+n", the RFC's test for a number inside a window of
// n. It is false when n is 0.
func (s Space) InWindow(a, x Seq, n uint32) bool { return s.Dist(a, x) < n }

// Before is "a < b" for two numbers that both lie in the last lap up to edge:
// the one farther behind edge comes first. It serves where the RFC compares
// two remembered numbers, of which edge is known to be ahead.
func (s Space) Before(a, b, edge Seq) bool { return s.Dist(a, edge) > s.Dist(b, edge) }
