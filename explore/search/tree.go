package search

import (
	"io"
	"slices"
	"sync"
	"sync/atomic"
)

// tree keeps a state as a pair of numbers, one for each half of it. Few distinct halves make many states, so the pair is short, and
// the set of pairs keeps only what the place of a pair doesn't say (see quotient):
// 4 bytes and a little room. Levels are sorted pairs, as differences.
type tree struct {
	growing sync.RWMutex // written by who grows, read by who inserts
	halver  Halver
	left    *interner[Half]
	right   *interner[Half]
	pairs   pairSet
	memory  *memory
	size    int    // workers
	slack   uint64 // numbers or states that all workers together may add between two looks at the room

	workers        []*treeInserter
	levels         [][]part
	levelBytesUsed atomic.Uint64

	// Where memory runs out and a directory is given, all goes there.
	spillTo string
	shelf   *shelf // nil until then
	stopped func() error
	wrap    func(io.Writer) io.Writer
	// Levels that a checkpoint keeps anyway, and where.
	kept     []*run
	keptIn   *disk
	told     [2]uint32 // halves of which it knows
	resuming bool
}

const (
	treeReserve = 16      // numbers that a worker takes at a time
	queueSize   = 1 << 16 // states that a worker sorts at a time
)

// firstWord cuts the states of a model that does not say how.
type firstWord struct{}

func (firstWord) Halves(s State) (left, right Half) { return Half{A: s.A}, Half{s.B, s.C} }

func (firstWord) Whole(left, right Half) State { return State{left.A, right.A, right.B} }

func newTree(m Model, workers int, memory *memory) (*tree, error) {
	halver, ok := m.(Halver)
	if !ok {
		halver = firstWord{}
	}
	t := &tree{halver: halver, memory: memory, size: workers, slack: uint64(workers) * (batch + treeReserve)}
	var err error
	if t.left, err = newInterner[Half](int(2 * t.slack)); err == nil {
		if t.right, err = newInterner[Half](int(2 * t.slack)); err == nil {
			left, right := t.bits()
			t.pairs, err = newPairSet(4*t.slack, left, right, nil)
		}
	}
	if err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *tree) inserter() inserter {
	w := &treeInserter{t: t, recent: newRecent(t.size), lefts: reserve{block: treeReserve}, rights: reserve{block: treeReserve}}
	t.workers = append(t.workers, w)
	return w
}

func (t *tree) endLevel() (n uint64, err error) {
	if t.shelf == nil && t.spillTo != "" && t.checkMemory(0) != nil {
		if err := t.spill(); err != nil || t.resuming {
			return 0, err
		}
	}
	if t.shelf != nil {
		n, err = t.shelf.endLevel()
		return n, onDisk(err)
	}
	total := uint64(0)
	for _, w := range t.workers {
		total += uint64(len(w.queue))
	}
	size := partSizeOf(total, len(t.workers))
	var level []part
	for _, w := range t.workers {
		w.flush(size)
		level = append(level, w.parts...)
		w.parts = w.parts[:0]
	}
	for _, p := range level {
		n += uint64(p.n)
	}
	// Neighbours next to each other, whoever found them.
	sortParts(level)
	t.levels = append(t.levels, level)
	return n, nil
}

func (t *tree) parts(level int) int {
	if t.inMemory(level) {
		return len(t.levels[level])
	}
	return len(t.shelf.byLevel[level].blocks)
}

// inMemory says where a level is read: the one during which memory ran out stays
// in memory until it ends, and all do if they found no room on disk.
func (t *tree) inMemory(level int) bool {
	return level < len(t.levels) && (t.shelf == nil || t.levels[level] != nil)
}

func (t *tree) read(level, part int, dst []State) ([]State, error) {
	t.growing.RLock()
	defer t.growing.RUnlock()
	whole := func(p pair) {
		dst = append(dst, t.halver.Whole(t.left.values.at[p.left()], t.right.values.at[p.right()]))
	}
	if t.inMemory(level) {
		t.levels[level][part].each(whole)
		return dst, nil
	}
	var buffer [blockPairs]pair
	pairs, err := t.shelf.read(level, part, buffer[:0])
	for _, p := range pairs {
		whole(p)
	}
	return dst, onDisk(err)
}

func (t *tree) visitedBytes() uint64 {
	t.growing.RLock()
	defer t.growing.RUnlock()
	return t.left.used() + t.right.used() + t.pairBytes()
}

// pairBytes is what pairs take, in whatever way they are kept.
func (t *tree) pairBytes() uint64 {
	if t.shelf != nil {
		return 16 * uint64(t.shelf.size*len(t.workers))
	}
	return t.pairs.bytes()
}

func (t *tree) diskBytes() uint64 {
	if t.shelf != nil && t.shelf.temp.dir != "" { // not levels of a checkpoint alone
		return t.shelf.bytes()
	}
	return 0
}

func (t *tree) levelBytes() uint64 { return t.levelBytesUsed.Load() }

func (t *tree) forget() {
	if t.shelf == nil {
		t.pairs.free()
	}
	t.left.index.free()
	t.right.index.free()
}

func (t *tree) close() {
	if t.left != nil {
		t.left.free()
	}
	if t.right != nil {
		t.right.free()
	}
	if t.shelf != nil {
		t.shelf.close()
	} else if t.pairs != nil {
		t.pairs.free()
	}
}

// halves are those of a state, with the upper halves of their hashes.
type halves struct {
	left     Half
	leftTag  uint32
	right    Half
	rightTag uint32
}

// treeInserter is the view of one goroutine.
type treeInserter struct {
	t             *tree
	lefts, rights reserve
	queue         []pair // new states that are not yet in parts
	parts         []part

	recent   recent
	gathered room // candidates, once all is on disk

	// Buffers.
	halves     [batch]halves
	pairs      [batch]pair
	at         places
	sink       uint64
	keys, room []uint64
	bytes      []byte
}

func (w *treeInserter) insert(steps []Step) error {
	for len(steps) > 0 {
		n := min(len(steps), batch)
		if err := w.insertBatch(steps[:n]); err != nil {
			return err
		}
		steps = steps[n:]
	}
	return nil
}

func (w *treeInserter) insertBatch(steps []Step) error {
	t := w.t
	t.growing.RLock()
	for t.lacks() {
		t.growing.RUnlock()
		if err := t.grow(0); err != nil {
			return err
		}
		t.growing.RLock()
	}
	pairs := w.number(w.recent.leaveOut(steps))
	t.growing.RUnlock()
	return w.addAll(pairs)
}

// addAll adds at most a batch of pairs of halves that have numbers.
func (w *treeInserter) addAll(pairs []pair) error {
	if err := w.place(pairs); err != nil {
		return err
	}
	return w.putBy()
}

// putBy makes parts, or a run, of what a worker has gathered, if it is enough.
func (w *treeInserter) putBy() error {
	t := w.t
	t.growing.RLock()
	if t.shelf != nil {
		defer t.growing.RUnlock()
		if len(w.gathered.pairs) > t.shelf.size-batch {
			return onDisk(t.shelf.flush(&w.gathered))
		}
		return nil
	}
	if len(w.queue) <= queueSize-batch {
		t.growing.RUnlock()
		return nil
	}
	w.flush(partSize)
	err := t.checkMemory(0)
	t.growing.RUnlock()
	if err == nil || t.spillTo == "" {
		return err
	}
	t.growing.Lock()
	defer t.growing.Unlock()
	if t.shelf == nil {
		return t.spill()
	}
	return nil
}

// place puts pairs into the set, and those that are new into the queue.
func (w *treeInserter) place(pairs []pair) error {
	t := w.t
	t.growing.RLock()
	defer t.growing.RUnlock()
	for t.lacks() {
		t.growing.RUnlock()
		err := t.grow(0)
		t.growing.RLock()
		if err != nil {
			return err
		}
	}
	for {
		if t.shelf != nil {
			w.gathered.pairs = append(w.gathered.pairs, pairs...)
			return nil
		}
		w.queue, pairs = t.pairs.insert(pairs, &w.at, w.queue)
		if len(pairs) == 0 {
			return nil
		}
		room := t.pairs.room()
		t.growing.RUnlock()
		err := t.grow(room)
		t.growing.RLock()
		if err != nil {
			return err
		}
	}
}

// number makes pairs of states. The lines of all are asked for before the first
// is used.
func (w *treeInserter) number(states []State) []pair {
	t := w.t
	sink := uint64(0)
	for i, s := range states {
		left, right := t.halver.Halves(s)
		h := halves{left, tag(hash2(left.A, left.B)), right, tag(hash2(right.A, right.B))}
		w.halves[i] = h
		sink += t.left.touch(h.leftTag) + t.right.touch(h.rightTag)
	}
	w.sink = sink
	for i := range states {
		h := &w.halves[i]
		left, _ := t.left.number(h.left, h.leftTag, &w.lefts)
		right, _ := t.right.number(h.right, h.rightTag, &w.rights)
		w.pairs[i] = pairOf(left, right)
	}
	return w.pairs[:len(states)]
}

// flush makes parts of the queue.
func (w *treeInserter) flush(size int) {
	if len(w.queue) == 0 {
		return
	}
	left, right := w.t.bits()
	w.keys = slices.Grow(w.keys[:0], len(w.queue))
	w.room = slices.Grow(w.room[:0], len(w.queue))
	for _, p := range w.queue {
		w.keys = append(w.keys, p.squeeze(right))
	}
	w.keys, w.room = sortKeys(w.keys, w.room, left+right)
	w.parts, w.bytes = encodeParts(w.parts, w.keys, right, size, w.bytes)
	w.t.levelBytesUsed.Add(uint64(len(w.bytes) + len(w.keys)/size*sizeOf[part]()))
	w.queue = w.queue[:0]
}
