package search_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore/internal/forge"
	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// forging keeps a search, and gives what was kept to a test to change.
type forging struct {
	m    search.Model
	root string
	n    int
	kept []forge.Level
}

// last is a state of level 12, made of halves of level 6.
var last = search.State{A: 0x0303, B: 3, C: 3}

func newForging(t *testing.T) *forging {
	c := models.Counters{N: 4, K: 4}
	c.Hit = func(s search.State) bool {
		if s == last {
			panic("no search comes so far")
		}
		return s.A == 0x0302
	}
	f := &forging{root: t.TempDir(), m: durable{c, "counters"}}
	dir := mkdir(t, filepath.Join(f.root, "kept"))
	run(t, f.m, search.Options{Workers: 1, Checkpoint: dir, MaxDepth: 7})
	var err error
	if f.kept, err = forge.Read(dir); err != nil {
		t.Fatal(err)
	}
	return f
}

// resume goes on from the levels, which are a checkpoint whose sums are right.
func (f *forging) resume(t interface{ Fatal(...any) }, levels []forge.Level, spills bool) (*search.Result, error) {
	f.n++
	o := search.Options{Workers: 2, MaxDepth: 8, Checkpoint: mkdir(t, filepath.Join(f.root, fmt.Sprint(f.n))), Resume: true}
	if spills {
		o.Memory, o.Spill = 1, f.root
	}
	if err := forge.Write(o.Checkpoint, levels); err != nil {
		t.Fatal(err)
	}
	r, err := search.Run(context.Background(), f.m, o)
	if e := os.RemoveAll(o.Checkpoint); e != nil {
		t.Fatal(e)
	}
	return r, err
}

// Whatever a checkpoint says whose sums are right, it is refused by name, or the search
// ends with a report.
func TestForgedAnywhere(t *testing.T) {
	f := newForging(t)
	refused := 0
	rapid.Check(t, func(t *rapid.T) {
		levels := append([]forge.Level(nil), f.kept...)
		forge.Draw(t, levels)
		r, err := f.resume(t, levels, rapid.Bool().Draw(t, "spills"))
		var c *search.CheckpointError
		switch {
		case errors.As(err, &c):
			refused++
		case err != nil || r.Stop == search.DiskFailed:
			t.Fatal(err, r)
		}
	})
	if refused == 0 {
		t.Error("nothing was refused")
	}
}

// What is wrong is told, and where.
func TestForged(t *testing.T) {
	f := newForging(t)
	section := func(n int, change func([]byte) []byte) func(*forge.Level) {
		return func(l *forge.Level) {
			sections := forge.Sections(l.Tables)
			sections[n] = change(sections[n])
			l.Tables = forge.Tables(sections)
		}
	}
	pairs := func(list ...uint64) func(*forge.Level) {
		return func(l *forge.Level) {
			l.Manifest.States, l.Run = uint64(len(list)), forge.Run([]forge.Block{forge.BlockOf(list...)})
		}
	}
	number := func(n int, words ...uint64) (id uint64) {
		for _, l := range f.kept {
			s := forge.Sections(l.Tables)[n]
			from, to, holes := binary.LittleEndian.Uint32(s), binary.LittleEndian.Uint32(s[4:]), binary.LittleEndian.Uint32(s[8:])
			half := slices.Grow([]byte(nil), 16)
			for _, w := range words {
				half = binary.LittleEndian.AppendUint64(half, w)
			}
			for id := from; id < to; id++ {
				if string(s[12+8*holes+16*(id-from):][:16]) == string(half) {
					return uint64(id)
				}
			}
		}
		t.Fatalf("half %x was given no number", words)
		return 0
	}
	field := func(at int, value byte) func([]byte) []byte {
		return func(s []byte) []byte {
			s = slices.Clone(s)
			s[at] = value
			return s
		}
	}
	list := []struct {
		level  int
		change func(*forge.Level)
		want   string
	}{
		{3, pairs(1 << 50), "0003.run: damaged: block 0: pair 0x4000000000000 after 0x4000000000000: they don't ascend, or a number was not given"},
		{0, pairs(0, 0), "0000.run: damaged: block 0: pair 0x0 after 0x0: they don't ascend"},
		{3, func(l *forge.Level) { l.Run = forge.Run([]forge.Block{{Content: []byte{0}, Pairs: 20, First: 1}}) }, "0003.run: damaged: block 0 is short"},
		{3, func(l *forge.Level) { l.Run = forge.Run([]forge.Block{{Content: make([]byte, 1<<20), Pairs: 20}}) }, "0003.run: damaged: block 0: decompressed size exceeds configured limit"},
		{3, func(l *forge.Level) {
			l.Run = forge.Run([]forge.Block{{Content: make([]byte, 20), Pairs: 20, Size: 1 << 40}})
		}, "0003.run: damaged: index: a block of 20 pairs in 1099511627776 bytes"},
		{3, func(l *forge.Level) { l.Manifest.States = 0 }, "0003.json: damaged: 0 states"},
		{3, func(l *forge.Level) { l.Manifest.States = 1 << 60 }, "0003.run: damaged: 20 states, want 1152921504606846976"},
		{3, func(l *forge.Level) { l.Manifest.Transitions = 1 }, "0003.json: damaged: 20 states, 1 transitions"},
		{3, func(l *forge.Level) { l.Tables = append(l.Tables, 0) }, "0003.tables: damaged: something follows the last section"},
		{3, func(l *forge.Level) { l.Tables = l.Tables[:30] }, "0003.tables: damaged: section 0 is short"},
		{3, section(0, func(s []byte) []byte { return append(s, 0) }), "0003.tables: section 0: damaged: it has more than it says"},
		{3, section(1, func(s []byte) []byte { return s[:len(s)-1] }), "0003.tables: section 1: damaged: it is short"},
		{0, section(0, field(7, 255)), "0000.tables: section 0: damaged: halves 0 to 4278190"},
		{0, section(0, field(11, 255)), "stretches not given"},
		{0, section(0, func(s []byte) []byte {
			return append(s[:12:12], append([]byte{9, 9, 9, 9, 10, 10, 10, 10}, s[20:]...)...)
		}), "were not given"},
		{1, section(0, field(12+8, 0)), "section 0: damaged: half 16 has another number too"},
		{1, section(0, field(12+8, 4)), "section 0: damaged: half 16: word 0 has a counter at 4"},
		{1, section(0, field(12+8+8, 1)), "section 0: damaged: half 16: [1 1] and [0 0] are not the halves of a state"},
		{3, section(3, func([]byte) []byte { return bytes.Repeat([]byte{255}, 64<<20) }), "0003.tables: section 3: damaged: a hit of mark 255"},
		{6, section(3, field(0, 6)), "0006.tables: section 3: damaged: a hit: it is of level 6"},
		{6, section(3, field(72, 64)), "0006.tables: section 3: damaged: a hit of mark 64"},
		{6, section(3, field(73, 1)), "0006.tables: section 3: damaged: a hit: a step that the state does not have"},
		{6, section(3, field(8, 9)), "0006.tables: section 3: damaged: a hit: word 0 has a counter at 9"},
		{6, section(3, field(10, 1)), "0006.tables: section 3: damaged: a hit: word 0 has more counters"},
		{6, section(3, field(0, 4)), "deriving a trace: no way on from level"},
		{7, pairs(number(0, last.A, 0)<<32 | number(1, last.B, last.C)), "damaged: it leads to a state that can't be expanded: no search comes so far"},
	}
	for _, c := range list {
		levels := slices.Clone(f.kept)
		c.change(&levels[c.level])
		for _, spills := range []bool{false, true} {
			r, err := f.resume(t, levels, spills)
			if r != nil && r.Refused != nil {
				err = &search.CheckpointError{Err: r.Refused}
			}
			var refused *search.CheckpointError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant: %s", err, c.want)
			}
		}
	}
}

// What a file is not makes nobody wait.
func TestCheckpointOfNoFiles(t *testing.T) {
	f := newForging(t)
	for _, name := range []string{"0000.json", "0003.json", "0003.run", "0003.tables"} {
		o := search.Options{Checkpoint: t.TempDir(), Resume: true}
		if err := forge.Write(o.Checkpoint, f.kept); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(o.Checkpoint, name)
		if err := errors.Join(os.Remove(path), os.Symlink(os.DevNull, path)); err != nil {
			t.Fatal(err)
		}
		if _, err := search.Run(t.Context(), f.m, o); err == nil || !strings.Contains(err.Error(), name+": it is no file") {
			t.Errorf("%s is a device: %v", name, err)
		}
	}
}
