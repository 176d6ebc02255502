package search

import (
	"cmp"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
)

// shelf is the visited set and the levels of a tree on disk, once memory has run
// out: a level is a run, all levels together are the visited set. What a level
// leads to is gathered first, in runs of candidates, repeats and all; at its end
// those are merged, and what no run of visited pairs has is the next level. So
// each level costs one reading of all that was visited, and states one to two
// bytes of disk.
type shelf struct {
	t       *tree // its last level stays in memory while it is being expanded
	temp    disk  // of what only this process needs
	unlock  func()
	levels  disk // of levels
	byLevel []*run
	visited []*run // of all levels together
	merged  map[*run]bool
	size    int // pairs that a worker gathers in memory

	names      atomic.Int64
	mu         sync.Mutex // of candidates
	candidates []*run
}

const (
	// mostRuns is how many runs of visited pairs there may be before the small
	// ones become one: each is looked into for each range of candidates.
	mostRuns = 64
	// A worker gathers so many pairs, at 16 bytes, as the limit allows.
	leastGathered, mostGathered = 4 * batch, 1 << 22
	// leastMerged is how many runs are merged at a time where memory is least.
	leastMerged = 8
)

// spill moves all that was visited to disk. Nobody else may use the tree
// meanwhile.
func (t *tree) spill() error {
	dir, unlock, err := makeSpillDir(t.spillTo)
	if err != nil {
		return onDisk(err)
	}
	s := &shelf{t: t, temp: disk{dir: dir, wrap: t.wrap}, unlock: unlock, merged: map[*run]bool{}}
	s.levels = s.temp
	if t.keptIn != nil {
		s.levels = *t.keptIn
	}
	t.shelf = s
	t.pairs.free() // the levels have them all
	size := s.gathered()
	s.byLevel = slices.Clone(t.kept)
	for i := len(t.kept); i < len(t.levels); i++ {
		r, err := s.write(&s.levels, levelName(i), t.levels[i], size)
		if err != nil {
			return onDisk(err)
		}
		s.byLevel = append(s.byLevel, r)
	}
	s.visited = slices.Clone(s.byLevel)
	if err := s.takeFound(size); err != nil {
		return onDisk(err)
	}
	if t.resuming {
		t.levels = nil
	} else {
		clear(t.levels[:max(len(t.levels)-1, 0)])
	}
	t.levelBytesUsed.Store(0)
	debug.FreeOSMemory()
	s.size = s.gathered()
	if err := s.compact(); err != nil {
		return onDisk(err)
	}
	for _, w := range t.workers {
		w.gathered.pairs = append(make([]pair, 0, max(s.size, len(w.queue))), w.queue...)
		w.queue, w.keys, w.room, w.bytes = nil, nil, nil, nil
	}
	return nil
}

// takeFound takes what was found of the next level. When a search is taken up,
// that is of levels that are there already.
func (s *shelf) takeFound(size int) error {
	var found []part
	for _, w := range s.t.workers {
		found = append(found, w.parts...)
		w.parts = nil
	}
	if s.t.resuming || len(found) == 0 {
		return nil
	}
	sortParts(found)
	r, err := s.write(&s.temp, s.name("candidates"), found, size)
	if err == nil {
		s.candidates = append(s.candidates, r)
	}
	return err
}

// gathered is how many pairs a worker may have in memory: a quarter of what is
// left of the limit goes to them, and a quarter to sorting them.
func (s *shelf) gathered() int {
	left := s.t.memory.left(s.t.left.used() + s.t.right.used())
	return int(min(max(left/2/16/uint64(len(s.t.workers)), leastGathered), mostGathered))
}

// name is a new name for a file.
func (s *shelf) name(what string) string { return fmt.Sprintf("%s-%d.run", what, s.names.Add(1)) }

// levelName is the name of the file of a level.
func levelName(level int) string { return fmt.Sprintf("%04d.run", level) }

// write makes a run of sorted parts that begin one after the other, at least
// size pairs at a time.
func (s *shelf) write(d *disk, name string, parts []part, size int) (*run, error) {
	w, err := createRun(d, d.path(name))
	if err != nil {
		return nil, err
	}
	if err := eachOf(parts, size, w.add); err != nil {
		return nil, w.abandon(err)
	}
	return w.end()
}

// eachOf calls emit with the pairs of parts in ascending order.
func eachOf(parts []part, size int, emit func([]pair) error) error {
	var b room
	for i := range parts {
		parts[i].each(func(p pair) { b.pairs = append(b.pairs, p) })
		if len(b.pairs) < size && i+1 < len(parts) {
			continue
		}
		b.sort()
		done := len(b.pairs)
		if i+1 < len(parts) { // nothing that follows is less
			done, _ = slices.BinarySearch(b.pairs, parts[i+1].first())
		}
		if err := emit(b.pairs[:done]); err != nil {
			return err
		}
		b.pairs = b.pairs[:copy(b.pairs, b.pairs[done:])]
	}
	return nil
}

func sortParts(parts []part) {
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.first(), b.first()) })
}

// flush makes a run of candidates of what a worker has gathered.
func (s *shelf) flush(b *room) error {
	if len(b.pairs) == 0 {
		return nil
	}
	b.sort()
	w, err := createRun(&s.temp, s.temp.path(s.name("candidates")))
	if err != nil {
		return err
	}
	if err := w.add(b.pairs); err != nil {
		return w.abandon(err)
	}
	r, err := w.end()
	if err != nil {
		return err
	}
	b.pairs = b.pairs[:0]
	s.mu.Lock()
	s.candidates = append(s.candidates, r)
	s.mu.Unlock()
	return nil
}

// endLevel makes the next level of the candidates.
func (s *shelf) endLevel() (uint64, error) {
	s.t.levels = nil
	var group sync.WaitGroup
	failures := make([]error, len(s.t.workers))
	for i, w := range s.t.workers {
		if len(w.gathered.pairs) > 0 {
			group.Go(func() { failures[i] = s.flush(&w.gathered) })
		}
	}
	group.Wait()
	for _, err := range failures {
		if err != nil {
			return 0, err
		}
	}
	if err := s.mergeSome(); err != nil {
		return 0, err
	}
	// The latest levels have most of what was met again.
	slices.SortFunc(s.visited, func(a, b *run) int { return cmp.Compare(b.pairs, a.pairs) })
	r, err := s.merge(&s.levels, levelName(len(s.byLevel)), s.candidates, s.visited)
	if err != nil {
		return 0, err
	}
	for _, c := range s.candidates {
		os.Remove(c.path)
	}
	s.candidates = s.candidates[:0]
	s.byLevel = append(s.byLevel, r)
	if r.pairs > 0 {
		s.visited = append(s.visited, r)
	}
	return r.pairs, s.compact()
}

// mergeSome merges candidates until so few runs of them are left that a room
// holds a block of each: any range of pairs may take that much.
func (s *shelf) mergeSome() error {
	most := max(s.size/2/blockPairs, leastMerged)
	for len(s.candidates) > most {
		slices.SortFunc(s.candidates, func(a, b *run) int { return cmp.Compare(b.pairs, a.pairs) })
		rest := len(s.candidates) - min(most, len(s.candidates)-most+1)
		small := s.candidates[rest:]
		r, err := s.merge(&s.temp, s.name("candidates"), small, nil)
		if err != nil {
			return err
		}
		for _, old := range small {
			os.Remove(old.path)
		}
		s.candidates = append(s.candidates[:rest], r)
	}
	return nil
}

// merge makes a run of what some runs have and others don't.
func (s *shelf) merge(d *disk, name string, inputs, without []*run) (*run, error) {
	w, err := createRun(d, d.path(name))
	if err != nil {
		return nil, err
	}
	m := merging{inputs: inputs, without: without, size: s.size / 2, stop: s.t.stopped}
	for _, w := range s.t.workers {
		m.rooms = append(m.rooms, &w.gathered)
	}
	if err := m.each(w.add); err != nil {
		return nil, w.abandon(err)
	}
	for _, room := range m.rooms {
		room.pairs = room.pairs[:0]
	}
	return w.end()
}

// compact makes one run of the smaller half of many.
func (s *shelf) compact() error {
	for len(s.visited) > mostRuns {
		slices.SortFunc(s.visited, func(a, b *run) int { return cmp.Compare(b.pairs, a.pairs) })
		small := s.visited[len(s.visited)/2:]
		r, err := s.merge(&s.temp, s.name("visited"), small, nil)
		if err != nil {
			return err
		}
		for _, old := range small {
			if s.merged[old] {
				delete(s.merged, old)
				os.Remove(old.path)
			}
		}
		s.merged[r] = true
		s.visited = append(s.visited[:len(s.visited)/2], r)
	}
	return nil
}

// read appends the pairs of a block of a level.
func (s *shelf) read(level, part int, dst []pair) ([]pair, error) {
	in, err := borrowReader(s.byLevel[level])
	if err != nil {
		return dst, err
	}
	defer in.done()
	return in.block(part, dst)
}

// bytes is what the runs take on disk.
func (s *shelf) bytes() (n uint64) {
	for _, r := range s.byLevel {
		n += uint64(r.bytes)
	}
	for r := range s.merged {
		n += uint64(r.bytes)
	}
	return n
}

// close removes what only this process needs.
func (s *shelf) close() {
	if s.temp.dir != "" {
		os.RemoveAll(s.temp.dir)
		s.unlock()
	}
}

// diskError is what ends a search as [DiskFailed].
type diskError struct{ err error }

func (e *diskError) Error() string { return e.err.Error() }
func (e *diskError) Unwrap() error { return e.err }

// onDisk says that the error is one of the disk.
func onDisk(err error) error {
	if err == nil {
		return nil
	}
	return &diskError{err}
}
