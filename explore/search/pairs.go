package search

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// pair is two numbers, the left one in the upper 32 bits.
type pair uint64

func pairOf(left, right uint32) pair { return pair(left)<<32 | pair(right) }

func (p pair) left() uint32  { return uint32(p >> 32) }
func (p pair) right() uint32 { return uint32(p) }

// squeeze is the pair as a key with so many bits for the right half.
func (p pair) squeeze(shift uint) uint64 { return uint64(p>>32)<<shift | uint64(uint32(p)) }

// expand undoes squeeze.
func expand(key uint64, shift uint) pair {
	return pairOf(uint32(key>>shift), uint32(key&(1<<shift-1)))
}

// pairSet is an exact set of pairs.
type pairSet interface {
	// insert adds pairs. It appends to fresh those that were not there, and
	// returns also those that found no place: then the set must grow. Any number
	// of goroutines may insert at the same time.
	insert(pairs []pair, at *places, fresh []pair) (_, rest []pair)
	// moveTo moves all pairs to an empty set with several goroutines, and frees
	// this one. It returns those that found no place.
	moveTo(next pairSet, workers int) (rest []pair)
	// inOrder says whether moving to that set reads and writes memory in one
	// direction, so that hardly more than the larger of both is taken meanwhile.
	inOrder(next pairSet) bool
	// room is how many pairs the set takes, count how many it has.
	room() uint64
	count() uint64
	// fits says whether the halves of its pairs may have so many bits.
	fits(left, right uint) bool
	bytes() uint64
	free()
}

// slots is a pairSet that takes a slot of 4 or 8 bytes for each pair. A line of
// them is one cache line. A slot holds the fingerprint of a key (see quotient)
// and how many lines it stands behind its own; 0 is empty. Lines fill from the
// front and nothing is ever removed, so a key that is not met before the first
// empty slot is not there.
type slots[S uint32 | uint64] struct {
	quotient
	shift  uint // bits of the right half in a key
	slots  region[S]
	filled atomic.Uint64
}

const (
	lineBytes = 64
	// behindBits is the bits of a slot that say how many lines it stands behind
	// its own. All of them set is never used: slots hold one more than their value.
	behindBits = 6
	behindMost = 1<<behindBits - 2
	// fullNum / fullDen of the slots may be in use.
	fullNum, fullDen = 9, 10
)

// printBits is how many bits a fingerprint has in a slot of S.
func printBits[S uint32 | uint64]() uint { return uint(sizeOf[S]())*8 - behindBits }

func perLine[S uint32 | uint64]() uint64 { return uint64(lineBytes / sizeOf[S]()) }

// linesFor is how many lines hold so many pairs.
func linesFor[S uint32 | uint64](pairs uint64) uint64 {
	return pairs*fullDen/fullNum/perLine[S]() + 1
}

// newPairSet makes a set for so many pairs whose halves have at most so many
// bits: with slots of 4 bytes if fingerprints of 26 bits are enough. If it is to
// take the place of another that has the same slots and wide enough halves,
// it keeps their widths: then keys keep their order, and moving them reads and
// writes memory in one direction.
func newPairSet(pairs uint64, left, right uint, old pairSet) (pairSet, error) {
	lines := linesFor[uint32](pairs)
	if left+right <= widest(lines, printBits[uint32]()) {
		return newSlots[uint32](lines, left, right, old)
	}
	return newSlots[uint64](linesFor[uint64](pairs), left, right, old)
}

func newSlots[S uint32 | uint64](lines uint64, left, right uint, old pairSet) (*slots[S], error) {
	// The last keys may stand behind the last line.
	array, err := newRegion[S](int((lines + behindMost) * perLine[S]()))
	if err != nil {
		return nil, err
	}
	if o, ok := old.(*slots[S]); ok && o.fits(left, right) && o.keyBits <= widest(lines, printBits[S]()) {
		left, right = o.widths()
	} else {
		// Both halves share what is left, so that it serves for long.
		spare := widest(lines, printBits[S]()) - left - right
		left, right = min(left+spare/2, 32), min(right+spare-spare/2, 32)
	}
	return &slots[S]{
		quotient: quotient{keyBits: left + right, printBits: printBits[S](), lines: lines},
		shift:    right, slots: array,
	}, nil
}

func (t *slots[S]) room() uint64  { return t.lines * perLine[S]() * fullNum / fullDen }
func (t *slots[S]) count() uint64 { return t.filled.Load() }
func (t *slots[S]) bytes() uint64 { return t.slots.bytes() }
func (t *slots[S]) free()         { t.slots.free() }

func (t *slots[S]) widths() (left, right uint) { return t.keyBits - t.shift, t.shift }

func (t *slots[S]) fits(left, right uint) bool {
	mostLeft, mostRight := t.widths()
	return left <= mostLeft && right <= mostRight
}

func (t *slots[S]) line(n uint64) []S { return t.slots.at[n*perLine[S]():][:perLine[S]()] }

// places is where the keys of a batch go.
type places struct {
	at   [batch]struct{ line, print uint64 }
	sink uint64
}

func (t *slots[S]) insert(pairs []pair, at *places, fresh []pair) (_, rest []pair) {
	// The lines of all are asked for before the first is used.
	sink := uint64(0)
	for i, p := range pairs {
		line, print := t.place(p.squeeze(t.shift))
		at.at[i].line, at.at[i].print = line, print
		sink += uint64(load(&t.slots.at[line*perLine[S]()]))
	}
	at.sink = sink
	inserts := uint64(0)
	for i, p := range pairs {
		switch t.insertAt(at.at[i].line, at.at[i].print) {
		case inserted:
			inserts++
			fresh = append(fresh, p)
		case crowded:
			rest = append(rest, p)
		}
	}
	if inserts > 0 {
		t.filled.Add(inserts)
	}
	return fresh, rest
}

// outcome is what came of an insertion.
type outcome uint8

const (
	present outcome = iota
	inserted
	crowded // no slot within reach
)

func (t *slots[S]) insertAt(line, print uint64) outcome {
	want := S(print<<behindBits) + 1
	for range behindMost + 1 {
		slots := t.line(line)
		for i := range slots {
			slot := load(&slots[i])
			if slot == 0 {
				if swap(&slots[i], want) {
					return inserted
				}
				slot = load(&slots[i]) // another worker was faster
			}
			if slot == want {
				return present
			}
		}
		line++
		want++
	}
	return crowded
}

// position is where the last key of a line was added: the line, and the first
// slot after it.
type position struct{ line, next uint64 }

// append adds a mixed key that is not there. It skips what is known to be full.
func (t *slots[S]) append(x uint64, after *position) bool {
	line, print := t.placeMixed(x)
	from := line * perLine[S]()
	if line == after.line {
		from = max(from, after.next)
	}
	for slot := from; slot < (line+behindMost+1)*perLine[S](); slot++ {
		behind := slot/perLine[S]() - line
		if load(&t.slots.at[slot]) == 0 && swap(&t.slots.at[slot], S(print<<behindBits|behind)+1) {
			*after = position{line, slot + 1}
			return true
		}
	}
	return false
}

// load reads a slot that others may be writing.
func load[S uint32 | uint64](p *S) S {
	if unsafe.Sizeof(*p) == 4 {
		return S(atomic.LoadUint32((*uint32)(unsafe.Pointer(p))))
	}
	return S(atomic.LoadUint64((*uint64)(unsafe.Pointer(p))))
}

// swap fills an empty slot, unless another worker does.
func swap[S uint32 | uint64](p *S, v S) bool {
	if unsafe.Sizeof(*p) == 4 {
		return atomic.CompareAndSwapUint32((*uint32)(unsafe.Pointer(p)), 0, uint32(v))
	}
	return atomic.CompareAndSwapUint64((*uint64)(unsafe.Pointer(p)), 0, uint64(v))
}

// mostMoveLines is how many lines a goroutine moves at a time in a large set:
// more than a large page, so that what was read can be given back.
const (
	mostMoveLines  = 1 << 16
	leastMoveLines = 1 << 10
)

// Keys of the same widths keep their order.
func (t *slots[S]) inOrder(next pairSet) bool {
	same, ok := next.(*slots[S])
	return ok && same.keyBits == t.keyBits && same.shift == t.shift
}

func (t *slots[S]) moveTo(next pairSet, workers int) (rest []pair) {
	// Keys of the same widths keep their order: then lines are written one after
	// the other, and waiting for several at a time gains nothing.
	same, _ := next.(*slots[S])
	ordered := t.inOrder(next)

	var taken atomic.Uint64
	var mu sync.Mutex // of rest
	lines := t.lines + behindMost
	step := min(max(lines/uint64(4*workers), leastMoveLines), mostMoveLines)
	work := func() {
		var at places
		var crowd []pair
		list := make([]pair, 0, batch)
		var after position
		moved := uint64(0)
		flush := func() {
			_, late := next.insert(list, &at, list[:0])
			crowd = append(crowd, late...)
			list = list[:0]
		}
		for from := taken.Add(step) - step; from < lines; from = taken.Add(step) - step {
			to := min(from+step, lines)
			for line := from; line < to; line++ {
				for _, slot := range t.line(line) {
					if slot == 0 {
						break
					}
					slot--
					x := t.mixed(line-uint64(slot&(1<<behindBits-1)), uint64(slot>>behindBits))
					if !ordered {
						if list = append(list, expand(t.unmix(x), t.shift)); len(list) == batch {
							flush()
						}
					} else if same.append(x, &after) {
						moved++
					} else {
						crowd = append(crowd, expand(t.unmix(x), t.shift))
					}
				}
			}
			t.slots.forget(int(from*perLine[S]()), int(to*perLine[S]()))
		}
		flush()
		if ordered {
			same.filled.Add(moved)
		}
		mu.Lock()
		rest = append(rest, crowd...)
		mu.Unlock()
	}
	var group sync.WaitGroup
	for range min(uint64(workers), lines/step+1) {
		group.Go(work)
	}
	group.Wait()
	t.slots.free()
	return rest
}
