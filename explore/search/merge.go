package search

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"sync"
)

// room is what a goroutine needs to merge: its buffers, kept from one time to
// the next.
type room struct{ pairs, other, block []pair }

// merging finds the pairs that are in some runs and in none of others.
type merging struct {
	inputs, without []*run
	rooms           []*room // one for each goroutine
	size            int     // pairs that a goroutine works on at a time, about
	stop            func() error
}

// each calls emit with the pairs in ascending order, each once. The pairs are cut
// into ranges that fit the rooms, as many ranges at a time as there are rooms.
func (m *merging) each(emit func([]pair) error) error {
	cuts := m.cuts()
	for at := 0; at < len(cuts)-1; at += len(m.rooms) {
		if err := m.stop(); err != nil {
			return err
		}
		n := min(len(m.rooms), len(cuts)-1-at)
		failures := make([]error, n)
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() { failures[i] = m.between(m.rooms[i], cuts[at+i], cuts[at+i+1]) })
		}
		group.Wait()
		for i, err := range failures {
			if err != nil {
				return err
			}
			if err := emit(m.rooms[i].pairs); err != nil {
				return err
			}
		}
	}
	return nil
}

// lastPair is above every pair: numbers of halves end before it.
const lastPair = pair(math.MaxUint64)

// cuts are where ranges begin, and lastPair.
func (m *merging) cuts() []pair {
	var blocks []block
	for _, r := range m.inputs {
		blocks = append(blocks, r.blocks...)
	}
	slices.SortFunc(blocks, func(a, b block) int { return cmp.Compare(a.first, b.first) })
	cuts, sum := []pair{0}, 0
	for _, b := range blocks {
		if sum >= m.size && b.first > cuts[len(cuts)-1] {
			cuts, sum = append(cuts, b.first), 0
		}
		sum += int(b.pairs)
	}
	return append(cuts, lastPair)
}

// between leaves in the room what is to be found from one pair to another.
func (m *merging) between(b *room, from, to pair) error {
	b.pairs = b.pairs[:0]
	for _, r := range m.inputs {
		if err := b.collect(r, from, to); err != nil {
			return err
		}
	}
	b.sort()
	for _, r := range m.without {
		if len(b.pairs) == 0 {
			break
		}
		if err := b.subtract(r); err != nil {
			return err
		}
	}
	return nil
}

// sort sorts the pairs and drops repeats.
func (b *room) sort() {
	if cap(b.other) < len(b.pairs) { // no more than that: they change places each time
		b.other = make([]pair, 0, cap(b.pairs))
	}
	b.pairs, b.other = sortKeys(b.pairs, b.other, 64)
	b.pairs = slices.Compact(b.pairs)
}

// collect adds the pairs of a run from one pair to another.
func (b *room) collect(r *run, from, to pair) error {
	i := r.blockOf(from)
	if i == len(r.blocks) || r.blocks[i].first >= to {
		return nil
	}
	in, err := borrowReader(r)
	if err != nil {
		return err
	}
	defer in.done()
	for ; i < len(r.blocks) && r.blocks[i].first < to; i++ {
		n := len(b.pairs)
		if b.pairs, err = in.block(i, b.pairs); err != nil {
			return err
		}
		found := b.pairs[n:]
		low := sort.Search(len(found), func(i int) bool { return found[i] >= from })
		high := sort.Search(len(found), func(i int) bool { return found[i] >= to })
		b.pairs = b.pairs[:n+copy(found, found[low:high])]
	}
	return nil
}

// subtract drops the pairs that are in a run too. Blocks in whose range no pair
// lies are not read.
func (b *room) subtract(r *run) error {
	var in *reader
	pairs, rest := b.pairs, b.pairs[:0]
	for i := r.blockOf(pairs[0]); i < len(r.blocks) && len(pairs) > 0; i++ {
		n := 0
		for n < len(pairs) && pairs[n] < r.blocks[i].first {
			n++
		}
		rest, pairs = append(rest, pairs[:n]...), pairs[n:]
		if len(pairs) == 0 {
			break
		}
		if i+1 < len(r.blocks) && pairs[0] >= r.blocks[i+1].first {
			continue
		}
		var err error
		if in == nil {
			if in, err = borrowReader(r); err != nil {
				return err
			}
			defer in.done()
		}
		if b.block, err = in.block(i, b.block[:0]); err != nil {
			return err
		}
		for _, p := range b.block {
			for len(pairs) > 0 && pairs[0] < p {
				rest, pairs = append(rest, pairs[0]), pairs[1:]
			}
			if len(pairs) == 0 {
				break
			}
			if pairs[0] == p {
				pairs = pairs[1:]
			}
		}
	}
	b.pairs = append(rest, pairs...)
	return nil
}

// blockOf is the block that holds a pair, if one does.
func (r *run) blockOf(p pair) int {
	return max(sort.Search(len(r.blocks), func(i int) bool { return r.blocks[i].first > p })-1, 0)
}
