package search_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// files lists a directory.
func files(t interface{ Fatal(...any) }, dir string) (names []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// Wherever the disk becomes full, the search ends with that error, what was kept
// stays good, and with room again the search goes on to the same report.
func TestFullDisk(t *testing.T) {
	fewer(t)
	root, n := t.TempDir(), 0
	c := durable{models.Counters{N: 4, K: 3, Hit: func(s search.State) bool { return s.A == 0x0201 }}, "counters"}
	want := run(t, c, search.Options{Workers: 2})
	rapid.Check(t, func(t *rapid.T) {
		n++
		o := search.Options{Workers: 2, Checkpoint: mkdir(t, filepath.Join(root, fmt.Sprint("kept", n))), Resume: true}
		spill := ""
		if rapid.Bool().Draw(t, "spills") {
			spill = mkdir(t, filepath.Join(root, fmt.Sprint("spill", n)))
			o.Memory, o.Spill = 1, spill
		}
		o.FailAfter(rapid.Int64Range(0, 20_000).Draw(t, "room"))
		full, err := search.Run(context.Background(), c, o)
		if err != nil {
			t.Fatal(err)
		}
		if full.Stop != search.NotStopped && (full.Stop != search.DiskFailed || !errors.Is(full.Err, syscall.ENOSPC)) {
			t.Fatalf("stop %q, %v", full.Stop, full.Err)
		}
		if full.Complete != (full.Stop == search.NotStopped) {
			t.Fatalf("stop %q, complete %v", full.Stop, full.Complete)
		}
		if spill != "" && len(files(t, spill)) > 0 {
			t.Fatalf("left behind: %v", files(t, spill))
		}
		o.FailAfter(1 << 40)
		if got := goesOn(t, c, o, want); got.Resumed != full.Kept {
			t.Fatalf("resumed with %d levels of %d", got.Resumed, full.Kept)
		}
	})
}

// goesOn resumes a search, which must come to the report that is wanted with all that
// was kept.
func goesOn(t *rapid.T, m search.Model, o search.Options, want *search.Result) *search.Result {
	got, err := search.Run(context.Background(), m, o)
	if err != nil || got.Refused != nil {
		t.Fatal(err, got)
	}
	if diff := gocmp.Diff(resumed(want), resumed(got)); diff != "" {
		t.Fatalf("resumed at level %d: the report differs:\n%s", got.Resumed, diff)
	}
	return got
}

// An interruption at any state leaves a checkpoint that goes on.
func TestInterruptedAnywhere(t *testing.T) {
	fewer(t)
	root, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		c := models.Counters{N: 4, K: 3}
		var countdown atomic.Int64
		countdown.Store(1 << 40)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		c.Hit = func(s search.State) bool {
			if countdown.Add(-1) == 0 {
				cancel()
			}
			return s.A == 0x0201
		}
		m := durable{c, "counters"}
		want, err := search.Run(context.Background(), m, search.Options{Store: search.StoreMap})
		if err != nil {
			t.Fatal(err)
		}
		o := search.Options{Workers: rapid.SampledFrom([]int{1, 2, 8}).Draw(t, "workers"), Resume: true,
			Checkpoint: mkdir(t, filepath.Join(root, fmt.Sprint(n)))}
		if rapid.Bool().Draw(t, "spills") {
			o.Memory, o.Spill = 1, root
		}
		countdown.Store(rapid.Int64Range(1, int64(c.States())).Draw(t, "states"))
		if cut, err := search.Run(ctx, m, o); err != nil || cut.Complete || cut.Stop != search.Interrupted {
			t.Fatal(err, cut)
		}
		goesOn(t, m, o, want)
	})
}

// One byte of a checkpoint that is changed, or all that follow cut off, is found
// out, and the levels before are used.
func TestDamagedAnywhere(t *testing.T) {
	fewer(t)
	root, n := t.TempDir(), 0
	c := durable{models.Counters{N: 4, K: 4, Hit: func(s search.State) bool { return s.A == 0x0302 }}, "counters"}
	want := run(t, c, search.Options{})
	rapid.Check(t, func(t *rapid.T) {
		n++
		o := search.Options{Checkpoint: mkdir(t, filepath.Join(root, fmt.Sprint(n))), Resume: true}
		if _, err := search.Run(context.Background(), c, o); err != nil {
			t.Fatal(err)
		}
		list := slices.DeleteFunc(files(t, o.Checkpoint), func(name string) bool { return name == "lock" })
		name := rapid.SampledFrom(list).Draw(t, "file")
		path := filepath.Join(o.Checkpoint, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		at := rapid.IntRange(0, len(data)-1).Draw(t, "at")
		if rapid.Bool().Draw(t, "cut") {
			data = data[:at]
		} else {
			data[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "changed"))
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := search.Run(context.Background(), c, o)
		if strings.HasPrefix(name, "0000") {
			var refused *search.CheckpointError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), name) {
				t.Fatalf("%s is damaged: %v", name, err)
			}
			return
		}
		if err != nil || got.Refused == nil || !strings.Contains(got.Refused.Error(), name) {
			t.Fatalf("%s is damaged: %v, %+v", name, err, got)
		}
		if diff := gocmp.Diff(resumed(want), resumed(got)); diff != "" {
			t.Fatalf("resumed at level %d: the report differs:\n%s", got.Resumed, diff)
		}
	})
}

// A file that can't be read may be good: nothing is removed then.
func TestUnreadable(t *testing.T) {
	o := search.Options{Checkpoint: t.TempDir(), Resume: true}
	c := durable{models.Counters{N: 4, K: 4}, "counters"}
	want := run(t, c, o)
	before := files(t, o.Checkpoint)
	path, aside := filepath.Join(o.Checkpoint, "0002.tables"), filepath.Join(t.TempDir(), "aside")
	if err := errors.Join(os.Rename(path, aside), os.Mkdir(path, 0o755)); err != nil {
		t.Fatal(err)
	}
	var refused *search.CheckpointError
	if _, err := search.Run(t.Context(), c, o); !errors.As(err, &refused) || !strings.Contains(err.Error(), "0002.tables") {
		t.Errorf("a directory in place of a file: %v", err)
	}
	if err := errors.Join(os.Remove(path), os.Rename(aside, path)); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(before, files(t, o.Checkpoint)); diff != "" {
		t.Errorf("what was kept is no longer there:\n%s", diff)
	}
	if got := run(t, c, o); got.Resumed != want.Kept || got.Refused != nil {
		t.Errorf("went on from %d levels of %d; refused: %v", got.Resumed, want.Kept, got.Refused)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	var inner error
	c := models.Counters{N: 1, K: 3}
	c.Hit = func(s search.State) bool {
		if s.A == 1 {
			_, inner = search.Run(t.Context(), durable{models.Counters{N: 1, K: 3}, "inner"}, search.Options{Checkpoint: dir, Resume: true})
		}
		return false
	}
	run(t, durable{c, "outer"}, search.Options{Checkpoint: dir, Workers: 1})
	if !errors.Is(inner, search.ErrInUse) {
		t.Errorf("a second search in the same directory: %v", inner)
	}
}

func TestWrongDirectories(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	c := durable{models.Counters{N: 1, K: 2}, "counters"}
	for _, o := range []search.Options{
		{Spill: filepath.Join(file, "nowhere")}, {Spill: file}, {Checkpoint: file}, {Checkpoint: "nowhere"},
		{Resume: true}, {Store: search.StoreFlat, Spill: t.TempDir()}, {Store: search.StoreMap, Checkpoint: t.TempDir()},
	} {
		if _, err := search.Run(t.Context(), c, o); err == nil {
			t.Errorf("%+v is no error", o)
		}
	}
	if _, err := search.Run(t.Context(), models.Counters{N: 1, K: 2}, search.Options{Checkpoint: t.TempDir()}); err == nil {
		t.Error("a model that is not Durable is kept")
	}
}

func FuzzRun(f *testing.F) {
	dir := f.TempDir()
	for _, pairs := range [][]uint64{nil, {0}, {1, 2, 1 << 40}} {
		if err := search.WriteRun(dir, "seed.run", pairs); err != nil {
			f.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, "seed.run"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "fuzzed.run")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		_, _ = search.ReadRun(path) // nothing but an error may come of it
	})
}

func FuzzTables(f *testing.F) {
	o := search.Options{Checkpoint: f.TempDir()}
	c := durable{models.Counters{N: 2, K: 3, Hit: func(s search.State) bool { return s.A == 1 }}, "counters"}
	run(f, c, o)
	for _, name := range []string{"0000.tables", "0002.tables"} {
		data, err := os.ReadFile(filepath.Join(o.Checkpoint, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "fuzzed.tables")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		_ = search.ReadTables(path)
	})
}

func TestRunsRoundTrip(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		pairs := rapid.SliceOfNDistinct(rapid.Uint64(), 0, 300, rapid.ID).Draw(t, "pairs")
		for range rapid.IntRange(0, 2).Draw(t, "blocks") {
			for range 4096 {
				pairs = append(pairs, uint64(len(pairs))*7)
			}
		}
		slices.Sort(pairs)
		pairs = slices.Compact(pairs)
		if err := search.WriteRun(dir, "drawn.run", pairs); err != nil {
			t.Fatal(err)
		}
		got, err := search.ReadRun(filepath.Join(dir, "drawn.run"))
		if err != nil || !slices.Equal(got, pairs) {
			t.Fatalf("%v: wrote %d pairs, read %d", err, len(pairs), len(got))
		}
	})
}
