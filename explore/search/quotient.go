package search

import "math/bits"

// quotient says how a set of keys lies in lines, and inverts it: from a line
// and a fingerprint it knows the key, so a fingerprint stands for a whole key.
//
// A key of so many bits is first mixed by a bijection x of that many bits. Its
// line is the integer part of x·lines/2^bits, and the fingerprint is the first
// bits of the fraction. Two keys of one line differ by at least lines/2^bits
// there, so if lines·2^printBits >= 2^bits their fingerprints differ.
type quotient struct {
	keyBits, printBits uint
	lines              uint64
}

// widest is how many bits a key may have, given lines and fingerprints.
func widest(lines uint64, printBits uint) uint {
	return min(uint(bits.Len64(lines))-1+printBits, 64)
}

// place is the line and the fingerprint of a key.
func (q quotient) place(key uint64) (line, print uint64) { return q.placeMixed(q.mix(key)) }

func (q quotient) placeMixed(x uint64) (line, print uint64) {
	line, fraction := bits.Mul64(x<<(64-q.keyBits), q.lines)
	return line, fraction >> (64 - q.printBits)
}

// mixed is the mixed key at a place: the least x that is not before it.
func (q quotient) mixed(line, print uint64) uint64 {
	// x = ceil((line + print/2^printBits) · 2^keyBits / lines), all shifted left
	// so far that the dividend has 128 bits.
	x, rest := bits.Div64(line, print<<(64-q.printBits), q.lines)
	shift := 64 - q.keyBits
	if rest != 0 || x&(1<<shift-1) != 0 {
		return x>>shift + 1
	}
	return x >> shift
}

// key is the key at a place.
func (q quotient) key(line, print uint64) uint64 { return q.unmix(q.mixed(line, print)) }

// mix is a bijection of numbers of keyBits bits: shifts by half of them and
// multiplications by odd numbers, each of which can be undone.
func (q quotient) mix(x uint64) uint64 {
	half, mask := (q.keyBits+1)/2, ^uint64(0)>>(64-q.keyBits)
	x ^= x >> half
	x = x * mix2 & mask
	x ^= x >> half
	x = x * mix3 & mask
	return x ^ x>>half
}

func (q quotient) unmix(x uint64) uint64 {
	half, mask := (q.keyBits+1)/2, ^uint64(0)>>(64-q.keyBits)
	x ^= x >> half
	x = x * unmix3 & mask
	x ^= x >> half
	x = x * unmix2 & mask
	return x ^ x>>half
}

// What undoes the multiplications modulo 2^64, and so modulo any smaller power.
var (
	unmix2 = inverse(mix2)
	unmix3 = inverse(mix3)
)

// inverse is the y with x·y = 1 modulo 2^64, by Newton's method: each round
// doubles the bits that are right, and an odd x has three to begin with.
func inverse(x uint64) uint64 {
	y := x
	for range 5 {
		y *= 2 - x*y
	}
	return y
}
