package search_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// The same on a file system that is really full.
func TestFullFileSystem(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=128k"); err != nil {
		t.Skipf("mounting a small file system: %v", err)
	}
	defer unix.Unmount(dir, unix.MNT_DETACH)
	c := durable{models.Counters{N: 6, K: 4, Hit: func(s search.State) bool { return s.A == 0x0302 }}, "counters"}
	want := run(t, c, search.Options{Workers: 2})
	kept, spill := filepath.Join(dir, "kept"), filepath.Join(dir, "spill")
	if err := errors.Join(os.Mkdir(kept, 0o755), os.Mkdir(spill, 0o755)); err != nil {
		t.Fatal(err)
	}
	o := search.Options{Workers: 2, Checkpoint: kept, Resume: true, Memory: 1 << 17, Spill: spill}
	full := run(t, c, o)
	if full.Complete || full.Stop != search.DiskFailed || !errors.Is(full.Err, unix.ENOSPC) || full.Expanded == 0 {
		t.Fatalf("128 KiB were enough: stop %q, %v, %d levels expanded", full.Stop, full.Err, full.Expanded)
	}
	if list := files(t, spill); len(list) > 0 {
		t.Errorf("left behind: %v", list)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	got := run(t, c, o)
	if got.Resumed == 0 || got.Refused != nil {
		t.Errorf("resumed at %d, refused: %v", got.Resumed, got.Refused)
	}
	if diff := gocmp.Diff(resumed(want), resumed(got)); diff != "" {
		t.Errorf("resumed at level %d: the report differs:\n%s", got.Resumed, diff)
	}
}
