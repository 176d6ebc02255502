package search_test

import (
	"os"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// A checkpoint that was written once in this version of the format is read for as
// long as the version stays. TCPCHECK_CHECKPOINT=anew writes it.
func TestCheckpointOfThisVersionIsRead(t *testing.T) {
	const kept = "testdata/checkpoint-v1"
	c := durable{models.Counters{N: 3, K: 3, Hit: func(s search.State) bool { return s.A+s.B == 3 }}, "counters 3^3"}
	if os.Getenv("TCPCHECK_CHECKPOINT") == "anew" {
		if err := os.RemoveAll(kept); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(kept, 0o755); err != nil {
			t.Fatal(err)
		}
		run(t, c, search.Options{Checkpoint: kept, MaxDepth: 4})
		if err := os.Remove(kept + "/lock"); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir() + "/kept"
	if err := os.CopyFS(dir, os.DirFS(kept)); err != nil {
		t.Fatal(err)
	}
	got := run(t, c, search.Options{Checkpoint: dir, Resume: true})
	if got.Resumed != 5 || got.Refused != nil {
		t.Errorf("%d levels, refused: %v; want 5", got.Resumed, got.Refused)
	}
	if diff := gocmp.Diff(resumed(run(t, c, search.Options{})), resumed(got)); diff != "" {
		t.Errorf("the report differs:\n%s", diff)
	}
}
