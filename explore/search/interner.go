package search

import (
	"errors"
	"sync/atomic"
)

// interner is an exact table from values to numbers, dense from 0 but for a few
// that workers hold in reserve. Any number of goroutines may look values up at
// the same time; growing takes all of it.
//
// A slot of the index holds the upper half of the value's hash and its number.
// Where the halves agree the values themselves are compared, so nothing is
// decided by a hash. The half alone says where a slot belongs, so the index
// grows without reading the values.
type interner[V comparable] struct {
	index  region[uint64] // tag in the upper 32 bits, number + 1 in the lower; 0: empty
	values region[V]
	issued atomic.Uint64 // numbers given to workers
	limit  uint64        // numbers that may be issued before the index must grow
}

// maxNumbers is how many numbers an interner has.
const maxNumbers = 1<<32 - 2

// forgetEvery is after how many slots the memory read while growing is given
// back, so that growing takes little more than the larger table.
const forgetEvery = 1 << 20

// errNumbers is the end of the numbers of an interner.
var errNumbers = errors.New("more than 2^32 - 2 distinct sub-states")

// reserve is the numbers that a worker may give to new values.
type reserve struct {
	next, end uint32
	block     uint32 // how many to take at a time
}

// newInterner makes a table with room for n values.
func newInterner[V comparable](n int) (*interner[V], error) {
	t := &interner[V]{}
	if err := t.grow(uint64(n)); err != nil {
		return nil, err
	}
	return t, nil
}

// home is the slot where a tag is looked for first. It keeps the order of tags,
// so growing reads and writes in one direction.
func (t *interner[V]) home(tag uint32) uint64 {
	return uint64(tag) * uint64(len(t.index.at)) >> 32
}

// touch brings the line of a tag into the cache.
func (t *interner[V]) touch(tag uint32) uint64 { return load(&t.index.at[t.home(tag)]) }

// number returns the number of v, whose hash has the upper half tag, and
// whether it is new. There must be room.
func (t *interner[V]) number(v V, tag uint32, r *reserve) (id uint32, fresh bool) {
	slots := t.index.at
	for i := t.home(tag); ; i++ {
		if i >= uint64(len(slots)) {
			i = 0
		}
		slot := atomic.LoadUint64(&slots[i])
		if slot == 0 {
			id = t.draft(v, r)
			if atomic.CompareAndSwapUint64(&slots[i], 0, uint64(tag)<<32|uint64(id)+1) {
				r.next++
				return id, true
			}
			slot = atomic.LoadUint64(&slots[i]) // another worker was faster
		}
		if uint32(slot>>32) == tag {
			if id = uint32(slot) - 1; t.values.at[id] == v {
				return id, false
			}
		}
	}
}

// draft writes v under the next number in reserve; nobody sees it until the
// index says so.
func (t *interner[V]) draft(v V, r *reserve) uint32 {
	if r.next == r.end {
		r.end = uint32(t.issued.Add(uint64(r.block)))
		r.next = r.end - r.block
	}
	t.values.at[r.next] = v
	return r.next
}

// put adds a value under its number, and says whether it was not there. There must
// be room, and nobody else may use the table meanwhile.
func (t *interner[V]) put(id uint32, v V, tag uint32) bool {
	slots := t.index.at
	for i := t.home(tag); ; i++ {
		if i == uint64(len(slots)) {
			i = 0
		}
		switch slot := slots[i]; {
		case slot == 0:
			t.values.at[id] = v
			slots[i] = uint64(tag)<<32 | uint64(id) + 1
			return true
		case uint32(slot>>32) == tag && t.values.at[uint32(slot)-1] == v:
			return false
		}
	}
}

// lacks says whether n more numbers need a larger table.
func (t *interner[V]) lacks(n uint64) bool { return t.issued.Load()+n > t.limit }

// grown is how large the table becomes if n more numbers must fit: slots of the
// index, numbers, and bytes of both.
func (t *interner[V]) grown(n uint64) (slots, limit, bytes uint64) {
	limit = max(t.issued.Load()+n, t.limit+t.limit/2)
	slots = limit + limit/4
	return slots, limit, 8*slots + limit*uint64(sizeOf[V]())
}

// grow makes room for n more numbers. Nobody else may use the table meanwhile.
func (t *interner[V]) grow(n uint64) error {
	if t.issued.Load()+n > maxNumbers {
		return errNumbers
	}
	slots, limit, _ := t.grown(n)
	limit = min(limit, maxNumbers)
	index, err := newRegion[uint64](int(slots))
	if err != nil {
		return err
	}
	if t.values.raw == nil {
		t.values, err = newRegion[V](int(limit))
	} else {
		err = t.values.resize(int(limit))
	}
	if err != nil {
		index.free()
		return err
	}
	old := t.index
	t.index, t.limit = index, limit
	for i, slot := range old.at {
		if i%forgetEvery == 0 && i > 0 {
			old.forget(i-forgetEvery, i)
		}
		if slot == 0 {
			continue
		}
		j := t.home(uint32(slot >> 32))
		for index.at[j] != 0 {
			if j++; j == slots {
				j = 0
			}
		}
		index.at[j] = slot
	}
	old.free()
	return nil
}

// used is how many bytes the table takes: the index, and the values so far.
func (t *interner[V]) used() uint64 {
	return t.index.bytes() + t.issued.Load()*uint64(sizeOf[V]())
}

func (t *interner[V]) free() {
	t.index.free()
	t.values.free()
}
