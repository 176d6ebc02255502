package explore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/internal/forge"
	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/invariants"
)

// Whatever a checkpoint says whose sums are right, it is refused by name, or the check
// ends with a report.
func TestForgedAnywhere(t *testing.T) {
	names := []string{"time-wait-life"}
	if os.Getenv("TCPCHECK_LARGE") != "" {
		names = append(names, "attack", "old-syn", "data", "syn-text")
	}
	for _, name := range names {
		for _, mutant := range []string{"", "forget-half-close"} {
			t.Run(name+mutant, func(t *testing.T) { forgedAnywhere(t, name, mutant) })
		}
	}
}

func forgedAnywhere(t *testing.T, name, mutant string) {
	sc, err := explore.Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := sc.SetMutant(mutant); err != nil {
		t.Fatal(err)
	}
	root, n := t.TempDir(), 0
	o := explore.Options{Workers: 2, MaxDepth: 7, Pairs: true, Resume: true, Checkpoint: filepath.Join(root, "kept")}
	if err := os.Mkdir(o.Checkpoint, 0o755); err != nil {
		t.Fatal(err)
	}
	props := invariants.Judged(sc)
	whole, err := explore.Check(t.Context(), sc, props, o)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := forge.Read(o.Checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	o.MaxDepth++
	t.Logf("%d states", whole.States)
	rapid.Check(t, func(t *rapid.T) {
		n++
		o := o
		o.Checkpoint = filepath.Join(root, strconv.Itoa(n))
		if err := os.Mkdir(o.Checkpoint, 0o755); err != nil {
			t.Fatal(err)
		}
		levels := append([]forge.Level(nil), kept...)
		forge.Draw(t, levels)
		if err := forge.Write(o.Checkpoint, levels); err != nil {
			t.Fatal(err)
		}
		_, err := explore.Check(context.Background(), sc, props, o)
		var c *search.CheckpointError
		if err != nil && !errors.As(err, &c) {
			t.Fatal(err)
		}
		if err := os.RemoveAll(o.Checkpoint); err != nil {
			t.Fatal(err)
		}
	})
}
