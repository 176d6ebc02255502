package search

import "math/bits"

// The constants of the mixers: odd, with about half of their bits set.
const (
	mix1 = 0x9e3779b97f4a7c15
	mix2 = 0xbf58476d1ce4e5b9
	mix3 = 0x94d049bb133111eb
	mix4 = 0xd6e8feb86659fd93
)

// States are small and regular, so a weak hash would put most of them into a
// few places. Every bit of these depends on every bit of the words.

func hash2(a, b uint64) uint64 { return fold(fold(a^mix1, b^mix2)^mix3, mix1) }

func hash3(a, b, c uint64) uint64 {
	return fold(fold(a^mix1, b^mix2)^fold(c^mix3, mix4)^mix3, mix1)
}

// fold multiplies to 128 bits and folds them.
func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// tag is the part of a hash that interners keep.
func tag(hash uint64) uint32 { return uint32(hash >> 32) }
