package explore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sync"
	"sync/atomic"
)

// table numbers distinct values from 1, exactly. Looking a number up takes no
// lock. Numbers depend on timing when several goroutines add values, so
// nothing that a user sees may come from their order: [table.compare] orders
// by content.
type table[T comparable] struct {
	what  string
	limit uint32

	mu      sync.Mutex
	numbers map[T]uint32
	n       uint32
	blocks  []atomic.Pointer[[tableBlock]T]

	keys sync.Map // number → encoded content, made when first compared
}

const tableBlock = 1 << 12

// newTable makes a table for numbers of so many bits.
func newTable[T comparable](what string, bits int) *table[T] {
	limit := uint32(1)<<bits - 1
	return &table[T]{
		what: what, limit: limit, numbers: map[T]uint32{},
		blocks: make([]atomic.Pointer[[tableBlock]T], limit/tableBlock+1),
	}
}

// exhausted is the error of a table that has no more numbers.
type exhausted struct {
	what  string
	limit uint32
}

func (e exhausted) Error() string {
	return fmt.Sprintf("more than %d distinct %s: the number range of this scenario is exhausted", e.limit, e.what)
}

// number returns the number of v, a new one if it has none yet.
func (t *table[T]) number(v T) (uint32, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if id, ok := t.numbers[v]; ok {
		return id, nil
	}
	if t.n == t.limit {
		return 0, exhausted{t.what, t.limit}
	}
	t.n++
	id := t.n
	block := &t.blocks[id/tableBlock]
	if block.Load() == nil {
		block.Store(new([tableBlock]T))
	}
	block.Load()[id%tableBlock] = v
	t.numbers[v] = id
	return id, nil
}

// since is the values with numbers above n, in their order.
func (t *table[T]) since(n uint64) []T {
	var list []T
	for id := uint32(n) + 1; id <= t.n; id++ {
		list = append(list, *t.at(id))
	}
	return list
}

// at returns the value with that number.
func (t *table[T]) at(id uint32) *T { return &t.blocks[id/tableBlock].Load()[id%tableBlock] }

// compare orders numbers by the content they stand for.
func (t *table[T]) compare(a, b uint32) int {
	if a == b {
		return 0
	}
	return bytes.Compare(t.key(a), t.key(b))
}

func (t *table[T]) key(id uint32) []byte {
	if id == 0 {
		return nil
	}
	if k, ok := t.keys.Load(id); ok {
		return k.([]byte)
	}
	k, err := binary.Append(nil, binary.BigEndian, *t.at(id))
	if err != nil {
		panic(fmt.Sprintf("explore: %T has no fixed encoding: %v", *t.at(id), err))
	}
	t.keys.Store(id, k)
	return k
}
