package search

import (
	"sync"
)

// flat keeps states as they are, in the order in which they are found, with an
// index beside them. A level is then some ranges of numbers. It is simple and
// fast and takes about 36 bytes per state.
type flat struct {
	growing sync.RWMutex // written by who grows, read by who inserts
	states  *interner[State]
	memory  *memory
	size    int    // workers
	slack   uint64 // states that all workers together may add between two looks at the room

	workers []*flatInserter
	levels  [][]extent
}

// extent is the states from a number on.
type extent struct{ first, n uint32 }

const flatReserve = partSize

func newFlat(workers int, memory *memory) (*flat, error) {
	f := &flat{memory: memory, size: workers, slack: uint64(workers) * (batch + flatReserve)}
	var err error
	if f.states, err = newInterner[State](int(2*f.slack) + 1<<10); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *flat) inserter() inserter {
	w := &flatInserter{f: f, reserve: reserve{block: flatReserve}, recent: newRecent(f.size)}
	f.workers = append(f.workers, w)
	return w
}

func (f *flat) endLevel() (n uint64, err error) {
	var found []extent
	for _, w := range f.workers {
		found = append(found, w.found...)
		w.found = w.found[:0]
	}
	for _, e := range found {
		n += uint64(e.n)
	}
	size := uint32(partSizeOf(n, len(f.workers)))
	var level []extent
	for _, e := range found {
		for ; e.n > size; e.first, e.n = e.first+size, e.n-size {
			level = append(level, extent{e.first, size})
		}
		level = append(level, e)
	}
	f.levels = append(f.levels, level)
	return n, nil
}

func (f *flat) parts(level int) int { return len(f.levels[level]) }

func (f *flat) read(level, part int, dst []State) ([]State, error) {
	e := f.levels[level][part]
	f.growing.RLock()
	defer f.growing.RUnlock()
	return append(dst, f.states.values.at[e.first:][:e.n]...), nil
}

func (f *flat) diskBytes() uint64 { return 0 }

func (f *flat) visitedBytes() uint64 {
	f.growing.RLock()
	defer f.growing.RUnlock()
	return f.states.used()
}

func (f *flat) levelBytes() uint64 {
	n := 0
	for _, l := range f.levels {
		n += len(l)
	}
	return 8 * uint64(n)
}

func (f *flat) forget() { f.states.index.free() }

func (f *flat) close() { f.states.free() }

// grow makes room, unless another worker has made it.
func (f *flat) grow() error {
	f.growing.Lock()
	defer f.growing.Unlock()
	if !f.states.lacks(f.slack) {
		return nil
	}
	_, _, bytes := f.states.grown(f.slack)
	if err := f.memory.check(bytes, int64(bytes)); err != nil {
		return err
	}
	if err := f.states.grow(f.slack); err != nil {
		return err
	}
	return nil
}

// flatInserter is the view of one goroutine.
type flatInserter struct {
	f       *flat
	reserve reserve
	found   []extent
	recent  recent
	tags    [batch]uint32
	sink    uint64
}

func (w *flatInserter) insert(steps []Step) error {
	for len(steps) > 0 {
		n := min(len(steps), batch)
		if err := w.insertBatch(steps[:n]); err != nil {
			return err
		}
		steps = steps[n:]
	}
	return nil
}

func (w *flatInserter) insertBatch(steps []Step) error {
	f := w.f
	f.growing.RLock()
	for f.states.lacks(f.slack) {
		f.growing.RUnlock()
		if err := f.grow(); err != nil {
			return err
		}
		f.growing.RLock()
	}
	defer f.growing.RUnlock()

	// The lines of all are asked for before the first is used.
	states := w.recent.leaveOut(steps)
	sink := uint64(0)
	for i, s := range states {
		w.tags[i] = tag(hash3(s.A, s.B, s.C))
		sink += f.states.touch(w.tags[i])
	}
	w.sink = sink
	for i, s := range states {
		if id, fresh := f.states.number(s, w.tags[i], &w.reserve); fresh {
			w.add(id)
		}
	}
	return nil
}

// add notes a new state for the next level.
func (w *flatInserter) add(id uint32) {
	if n := len(w.found); n > 0 {
		last := &w.found[n-1]
		if last.first+last.n == id {
			last.n++
			return
		}
	}
	w.found = append(w.found, extent{id, 1})
}
