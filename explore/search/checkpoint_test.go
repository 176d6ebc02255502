package search_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// durable makes a model without tables one that can be kept.
type durable struct {
	search.Model
	name string
}

func (d durable) Identity() string     { return "model: " + d.name + "\n" }
func (durable) Save(io.Writer) error   { return nil }
func (durable) Load(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }

// Known asks a model that knows.
func (d durable) Known(s search.State) error {
	if m, ok := d.Model.(interface{ Known(search.State) error }); ok {
		return m.Known(s)
	}
	return nil
}

// resumed compares all but how a search came by its report.
func resumed(r *search.Result) search.Result {
	c := report(r)
	c.Resumed, c.Refused, c.Kept = 0, nil, 0
	return c
}

// However often a search is cut short and goes on, in memory or on disk, its
// report is the same.
func TestResumedAndSpilledIsTheSame(t *testing.T) {
	fewer(t)
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		g := durable{drawGraph(t), "graph"}
		stop := rapid.SampledFrom([]search.Marks{0, 0, 1, search.AllMarks}).Draw(t, "stop at")
		want, err := search.Run(context.Background(), g, search.Options{Store: search.StoreMap, StopAt: stop})
		if err != nil {
			t.Fatal(err)
		}
		n++
		o := search.Options{StopAt: stop, Checkpoint: mkdir(t, fmt.Sprintf("%s/%d", dir, n)), Resume: true}
		for at := 0; ; {
			o.Workers = rapid.SampledFrom([]int{1, 2, 8}).Draw(t, "workers")
			o.Memory, o.Spill = 0, ""
			if rapid.Bool().Draw(t, "spills") {
				o.Memory, o.Spill = 1, dir
			}
			at += rapid.IntRange(1, 4).Draw(t, "levels")
			if o.MaxDepth = at; rapid.IntRange(0, 3).Draw(t, "to the end") == 0 {
				o.MaxDepth = 0
			}
			got, err := search.Run(context.Background(), g, o)
			if err != nil || got.Refused != nil {
				t.Fatal(err, got)
			}
			if got.Stop == search.DepthLimit {
				continue
			}
			if diff := gocmp.Diff(resumed(want), resumed(got)); diff != "" {
				t.Fatalf("the search that was resumed differs from the plain one:\n%s", diff)
			}
			return
		}
	})
}

func TestLargeResumedIsTheSame(t *testing.T) {
	states, little, _ := many()
	c := durable{states, "counters"}
	want := run(t, c, search.Options{Workers: 2})
	for _, memory := range []uint64{0, little} {
		o := search.Options{Workers: 2, Checkpoint: t.TempDir(), Resume: true, Memory: memory}
		if memory > 0 {
			o.Spill = t.TempDir()
		}
		for _, o.MaxDepth = range []int{3, 15, 16, 0, 0} {
			got := run(t, c, o)
			if o.MaxDepth > 0 {
				if got.Stop != search.DepthLimit || got.Depth != o.MaxDepth {
					t.Errorf("depth %d: %+v", o.MaxDepth, got)
				}
				continue
			}
			if diff := gocmp.Diff(resumed(want), resumed(got)); diff != "" {
				t.Errorf("%d bytes, resumed at level %d: differs:\n%s", memory, got.Resumed, diff)
			}
		}
	}
}

// Where memory is too little to take a search up, no level counts as judged unless
// what was found there is told.
func TestResumedWithoutMemory(t *testing.T) {
	c := durable{models.Counters{N: 8, K: 4, Hit: func(s search.State) bool { return s.A == 0x0302 }}, "counters"}
	o := search.Options{Workers: 2, Checkpoint: t.TempDir(), Resume: true}
	want := run(t, c, o).Findings[0]
	untold := 0
	for o.Memory = 1; o.Memory < 1<<20; o.Memory *= 2 {
		got := run(t, c, o)
		switch {
		case got.Complete:
			continue
		case got.Stop != search.MemoryLimit || got.Refused != nil:
			t.Errorf("%d bytes: stop %q, %v, refused: %v", o.Memory, got.Stop, got.Err, got.Refused)
		case len(got.Findings) > 0:
			if diff := gocmp.Diff(want, got.Findings[0]); diff != "" {
				t.Errorf("%d bytes: the finding differs:\n%s", o.Memory, diff)
			}
		case got.Expanded > want.Depth:
			t.Errorf("%d bytes: %d levels judged, and nothing found at depth %d", o.Memory, got.Expanded, want.Depth)
		default:
			untold++
		}
	}
	if untold == 0 {
		t.Error("memory was always enough")
	}
}

// A search that asks for fewer levels than are kept leaves the files of the others
// alone.
func TestFewerLevels(t *testing.T) {
	c := durable{models.Counters{N: 4, K: 4}, "counters"}
	for _, o := range []search.Options{{}, {Memory: 1, Spill: t.TempDir()}} {
		o.Checkpoint, o.Resume = t.TempDir(), true
		whole := run(t, c, o)
		before := stat(t, o.Checkpoint)
		o.MaxDepth = 5
		if got := run(t, c, o); got.Resumed != 6 || got.Stop != search.DepthLimit {
			t.Errorf("levels 0 to 5: resumed with %d levels, stop %q", got.Resumed, got.Stop)
		}
		for name, info := range stat(t, o.Checkpoint) {
			if !os.SameFile(info, before[name]) {
				t.Errorf("%s is another file", name)
			}
		}
		o.MaxDepth = 0
		if got := run(t, c, o); got.Resumed != whole.Kept || got.Refused != nil {
			t.Errorf("went on from %d levels of %d; refused: %v", got.Resumed, whole.Kept, got.Refused)
		}
	}
}

// However many levels are missing, those behind them are not dropped without a word.
func TestMissingLevels(t *testing.T) {
	c := durable{models.Counters{N: 4, K: 4}, "counters"}
	for first := range 4 {
		o := search.Options{Checkpoint: t.TempDir(), Resume: true}
		run(t, c, o)
		for level := first; level < first+3; level++ {
			if err := os.Remove(filepath.Join(o.Checkpoint, fmt.Sprintf("%04d.json", level))); err != nil {
				t.Fatal(err)
			}
		}
		got, err := search.Run(t.Context(), c, o)
		if got != nil {
			err = got.Refused
		}
		missing := fmt.Sprintf("%04d.json is missing, but there is %04d.json", first, first+3)
		if err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("%v, want: %s", err, missing)
		}
	}
}

// stat describes the files of a directory.
func stat(t *testing.T, dir string) map[string]os.FileInfo {
	list := map[string]os.FileInfo{}
	for _, name := range files(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		list[name] = info
	}
	return list
}
