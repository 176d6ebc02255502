package search

import (
	"math/bits"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestQuotientsAreInvertible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := quotient{lines: rapid.Uint64Range(1, 1<<40).Draw(t, "lines"), printBits: uint(rapid.SampledFrom([]int{26, 58}).Draw(t, "print bits"))}
		q.keyBits = uint(rapid.IntRange(1, int(widest(q.lines, q.printBits))).Draw(t, "key bits"))
		key := rapid.Uint64().Draw(t, "key") >> (64 - q.keyBits)
		if got := q.unmix(q.mix(key)); got != key {
			t.Fatalf("%+v: unmix(mix(%#x)) = %#x", q, key, got)
		}
		line, print := q.place(key)
		if line >= q.lines || print>>q.printBits != 0 {
			t.Fatalf("%+v: key %#x at line %d, print %#x", q, key, line, print)
		}
		if got := q.key(line, print); got != key {
			t.Fatalf("%+v: key %#x at line %d, print %#x, which is the place of %#x", q, key, line, print, got)
		}
	})
}

func TestNoTwoKeysHaveOnePlace(t *testing.T) {
	for _, lines := range []uint64{1, 3, 16, 1000, 1024, 4097} {
		q := quotient{lines: lines, printBits: 6}
		q.keyBits = widest(lines, q.printBits)
		seen := map[[2]uint64]bool{}
		for key := range uint64(1) << q.keyBits {
			line, print := q.place(key)
			if seen[[2]uint64{line, print}] {
				t.Fatalf("%+v: key %d has the place of another", q, key)
			}
			seen[[2]uint64{line, print}] = true
		}
	}
}

// TestRegularKeysSpread checks the mixer on the keys that models have: few
// numbers in either half.
func TestRegularKeysSpread(t *testing.T) {
	for _, leftBits := range []uint{4, 9, 14} {
		q := quotient{lines: 1 << 12, printBits: 26, keyBits: 38}
		perLine := make([]int, q.lines)
		for key := range uint64(1) << 16 {
			left, right := key>>(16-leftBits), key&(1<<(16-leftBits)-1)
			line, _ := q.place(left<<19 | right)
			perLine[line]++
		}
		// 16 on average; a fair throw puts more than 45 in a line once in 10^8.
		if most := slices.Max(perLine); most > 45 {
			t.Errorf("%d left bits: %d of 65536 keys in one of 4096 lines", leftBits, most)
		}
	}
}

func TestPairSetsGrow(t *testing.T) {
	t.Run("4 bytes", func(t *testing.T) { testPairSet(t, 12, 12) })
	t.Run("8 bytes", func(t *testing.T) { testPairSet(t, 32, 32) })
}

func testPairSet(t *testing.T, left, right uint) {
	rapid.Check(t, func(t *rapid.T) {
		half := func(bits uint, name string) uint32 {
			return uint32(rapid.Uint64().Draw(t, name) >> (64 - bits))
		}
		set, err := newPairSet(1<<12, left, right, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { set.free() }()
		model := map[pair]bool{}
		at := new(places)
		for range rapid.IntRange(0, 8).Draw(t, "batches") {
			list := make([]pair, rapid.IntRange(0, batch).Draw(t, "size"))
			l, r := half(left, "left"), half(right, "right")
			for i := range list {
				list[i] = pairOf((l+uint32(i)&3)&uint32(1<<left-1), (r+uint32(i)>>3)&uint32(1<<right-1))
			}
			fresh, rest := set.insert(list, at, nil)
			if len(rest) > 0 {
				t.Fatalf("%d of %d pairs found no place", len(rest), len(list))
			}
			for _, p := range list {
				if model[p] {
					continue
				}
				model[p] = true
				if !slices.Contains(fresh, p) {
					t.Fatalf("pair %#x was new, the set says not", p)
				}
			}
			if len(model) != int(set.count()) {
				t.Fatalf("%d pairs, want %d", set.count(), len(model))
			}
		}
		// The same widths, and others.
		for _, wider := range []uint{0, 3} {
			next, err := newPairSet(uint64(rapid.IntRange(1<<12, 1<<14).Draw(t, "room")), min(left+wider, 32), min(right+wider, 32), set)
			if err != nil {
				t.Fatal(err)
			}
			rest := set.moveTo(next, 3)
			set = next
			if len(rest) > 0 || len(model) != int(set.count()) {
				t.Fatalf("%d pairs of %d were moved, %d found no place", set.count(), len(model), len(rest))
			}
		}
		var list []pair
		for p := range model {
			list = append(list, p)
		}
		for part := range slices.Chunk(list, batch) {
			if fresh, _ := set.insert(part, at, nil); len(fresh) > 0 {
				t.Fatalf("pairs %#x were lost", fresh)
			}
		}
	})
}

// TestCrowdedLinesMakeASetGrow fills one line far beyond what lines behind it
// can take. Growing spreads the keys.
func TestCrowdedLinesMakeASetGrow(t *testing.T) {
	tr, err := newTree(nil, 1, &memory{})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.close()
	w := tr.inserter().(*treeInserter)
	// Numbers that the interners never gave out serve too, within their widths.
	s := tr.pairs.(*slots[uint32])
	seen := map[pair]bool{}
	for print := uint64(0); len(seen) < 16*(behindMost+1)+100; print += 1 << 10 {
		if x := s.mixed(5, print); x>>s.keyBits == 0 {
			seen[expand(s.unmix(x), s.shift)] = true
		}
	}
	for p := range seen {
		if err := w.place([]pair{p}); err != nil {
			t.Fatal(err)
		}
	}
	if tr.pairs.count() != uint64(len(seen)) || tr.pairs.(*slots[uint32]).lines == s.lines {
		t.Errorf("%d pairs in %d lines, want %d in more than %d", tr.pairs.count(), tr.pairs.(*slots[uint32]).lines, len(seen), s.lines)
	}
}

func TestPartsKeepPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.Uint64Range(0, 1<<40-1), 1, 300, rapid.ID).Draw(t, "keys")
		shift := uint(rapid.IntRange(8, 32).Draw(t, "shift"))
		sorted, _ := sortKeys(slices.Clone(keys), make([]uint64, len(keys)), uint(bits.Len64(slices.Max(keys))))
		slices.Sort(keys)
		if !slices.Equal(keys, sorted) {
			t.Fatalf("%v is not sorted", sorted)
		}
		parts, _ := encodeParts(nil, sorted, shift, rapid.IntRange(1, partSize).Draw(t, "size"), nil)
		var got []uint64
		for _, p := range parts {
			p.each(func(p pair) { got = append(got, p.squeeze(shift)) })
		}
		if !slices.Equal(keys, got) {
			t.Fatalf("%v, want %v", got, keys)
		}
	})
}

func TestInternersNumberExactly(t *testing.T) {
	for range 20 {
		in, err := newInterner[uint64](20_000)
		if err != nil {
			t.Fatal(err)
		}
		var numbers [4][10_000]uint32
		var group sync.WaitGroup
		for w := range numbers {
			group.Go(func() {
				r := reserve{block: 16}
				for i := range numbers[w] {
					v := uint64(i*(w+1)) % 5003 << 40
					numbers[w][i], _ = in.number(v, tag(hash2(v, 0)), &r)
				}
			})
		}
		group.Wait()
		if err := in.grow(50_000); err != nil {
			t.Fatal(err)
		}
		r, of := reserve{block: 16}, map[uint64]uint32{}
		for w := range numbers {
			for i, id := range numbers[w] {
				v := uint64(i*(w+1)) % 5003 << 40
				if old, ok := of[v]; ok && old != id {
					t.Fatalf("%#x has numbers %d and %d", v, old, id)
				}
				of[v] = id
				if again, fresh := in.number(v, tag(hash2(v, 0)), &r); fresh || again != id || in.values.at[id] != v {
					t.Fatalf("%#x has number %d, then %d, new %v", v, id, again, fresh)
				}
			}
		}
		if in.issued.Load() > 5003+4*16 {
			t.Errorf("%d numbers for %d values", in.issued.Load(), len(of))
		}
		in.free()
	}
}
