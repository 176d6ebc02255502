package search

import (
	"math/bits"
	"slices"
)

// bits is how many bits the numbers have that may be in use before the next
// look at the room.
func (t *tree) bits() (left, right uint) {
	return uint(bits.Len64(t.left.issued.Load() + t.slack)), uint(bits.Len64(t.right.issued.Load() + t.slack))
}

// lacks says whether something may become too small before the next look.
func (t *tree) lacks() bool {
	return t.left.lacks(t.slack) || t.right.lacks(t.slack) || t.pairsLack()
}

func (t *tree) pairsLack() bool {
	return t.shelf == nil && (t.pairs.count()+t.slack > t.pairs.room() || !t.pairs.fits(t.bits()))
}

// grow makes room, unless another worker has made it. Who found no place for a
// pair in a set with room says how much room it saw: that set grows too.
func (t *tree) grow(crowded uint64) error {
	t.growing.Lock()
	defer t.growing.Unlock()
	err := t.makeRoom(crowded)
	if err != nil && t.shelf == nil && t.spillTo != "" {
		if err = t.spill(); err == nil {
			err = t.makeRoom(crowded)
		}
	}
	return err
}

func (t *tree) makeRoom(crowded uint64) error {
	if err := growInterner(t, t.left); err != nil {
		return err
	}
	if err := growInterner(t, t.right); err != nil {
		return err
	}
	var rest []pair
	for t.shelf == nil && (t.pairsLack() || t.pairs.room() == crowded || len(rest) > 0) {
		room := t.pairs.room()
		if room == crowded || t.pairs.count()+t.slack > room || len(rest) > 0 {
			// A quarter more at a time: pairs are moved five times on average, and
			// no more than three tenths of the set is ever empty.
			room = max(room+room/5, t.pairs.count()+2*t.slack)
		}
		var err error
		if rest, err = t.movePairs(room, rest); err != nil {
			return err
		}
	}
	return nil
}

func growInterner[V comparable](t *tree, n *interner[V]) error {
	if !n.lacks(t.slack) {
		return nil
	}
	_, _, bytes := n.grown(t.slack)
	if err := t.checkMemory(int64(bytes)); err != nil {
		return err
	}
	if err := n.grow(t.slack); err != nil {
		return err
	}
	return nil
}

// checkMemory compares what all takes, and so many bytes more,
// with the limit.
func (t *tree) checkMemory(more int64) error {
	return t.memory.check(uint64(int64(t.bytes())+more), more)
}

// bytes is what all takes.
func (t *tree) bytes() uint64 {
	return t.left.used() + t.right.used() + t.pairBytes() + t.levelBytesUsed.Load()
}

// movePairs moves all pairs, and more of them, to a new set. It returns those
// that found no place there.
func (t *tree) movePairs(room uint64, more []pair) (rest []pair, err error) {
	left, right := t.bits()
	next, err := newPairSet(room, left, right, t.pairs)
	if err != nil {
		return nil, err
	}
	gone := uint64(0) // while pairs are moved
	if t.pairs.inOrder(next) {
		gone = t.pairs.bytes()
	}
	if err := t.memory.check(t.bytes()+next.bytes()-gone, -int64(gone)); err != nil {
		next.free()
		return nil, err
	}
	rest = t.pairs.moveTo(next, t.size)
	for part := range slices.Chunk(more, batch) {
		_, late := next.insert(part, new(places), part[:0])
		rest = append(rest, late...)
	}
	t.pairs = next
	return rest, nil
}
