package search_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// many are states, and how little memory is enough for their tables and how much
// is not for all: fewer for the race detector, which takes ten times as long.
func many() (c models.Counters, little, much uint64) {
	c = models.Counters{N: 6, K: 7, Hit: func(s search.State) bool { return s.A == 0x0302 && s.C == 0x0202 }}
	if raceEnabled {
		c.K = 6
		return c, 3 << 16, 1 << 18
	}
	return c, 1 << 18, 1 << 19
}

func TestSpilledIsTheSame(t *testing.T) {
	c, little, much := many()
	want := run(t, c, search.Options{Workers: 2})
	for workers, limits := range map[int][]uint64{1: {little}, 2: {little, much}, 8: {much}} {
		for _, memory := range limits {
			dir := t.TempDir()
			got := run(t, c, search.Options{Workers: workers, Memory: memory, Spill: dir})
			if got.Disk == 0 {
				t.Errorf("%d workers, %d bytes: nothing was spilled", workers, memory)
			}
			if diff := gocmp.Diff(report(want), report(got)); diff != "" {
				t.Errorf("%d workers, %d bytes: spilled differs from in memory:\n%s", workers, memory, diff)
			}
		}
	}
}

// Where there is no room for what was visited, it stays in memory, and what was
// found is told.
func TestNoRoomToSpill(t *testing.T) {
	c, _, much := many()
	want := run(t, c, search.Options{Workers: 2})
	rooms := []int64{0, 1000, 10_000}
	if raceEnabled {
		rooms = rooms[:2]
	}
	for _, room := range rooms {
		o := search.Options{Workers: 2, Memory: much, Spill: t.TempDir()}
		o.FailAfter(room)
		got := run(t, c, o)
		if got.Stop != search.DiskFailed || !errors.Is(got.Err, syscall.ENOSPC) || got.Expanded <= want.Findings[0].Depth {
			t.Errorf("room for %d bytes: stop %q, %v, %d levels", room, got.Stop, got.Err, got.Expanded)
		}
		if diff := gocmp.Diff(want.Findings, got.Findings); diff != "" {
			t.Errorf("room for %d bytes: the findings differ:\n%s", room, diff)
		}
	}
}

// Levels that are gone when they are to be read make no report.
func TestSpilledIsGone(t *testing.T) {
	dir := t.TempDir()
	c := models.Counters{N: 4, K: 4}
	c.Hit = func(s search.State) bool {
		last := s.A == 0x0303
		if last {
			for _, name := range files(t, dir) {
				if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
					t.Error(err)
				}
			}
		}
		return last
	}
	if _, err := search.Run(t.Context(), c, search.Options{Memory: 1, Spill: dir}); !errors.Is(err, search.ErrTrace) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("its trace is derived without levels: %v", err)
	}
}

// A search removes what one that was killed left where both spill, and nothing else.
func TestLeftBySpilling(t *testing.T) {
	dir := t.TempDir()
	made := func(names ...string) {
		for _, name := range names {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
	}
	made("tcpcheck-spill-left/lock", "tcpcheck-spill-left/0001.run", "tcpcheck-spill-left/candidates-2.run.unfinished")
	made("tcpcheck-spill-mine/lock", "tcpcheck-spill-mine/notes", "tcpcheck-spill-new/0001.run", "other/lock", "tcpcheck-spill-file")
	if err := os.Symlink("other", filepath.Join(dir, "tcpcheck-spill-link")); err != nil {
		t.Fatal(err)
	}
	want := []string{"other", "tcpcheck-spill-file", "tcpcheck-spill-link", "tcpcheck-spill-mine", "tcpcheck-spill-new"}
	inner := func() { run(t, models.Counters{N: 4, K: 3}, search.Options{Memory: 1, Spill: dir}) }
	c := models.Counters{N: 4, K: 4}
	c.Hit = func(s search.State) bool {
		last := s.A == 0x0303
		if last { // another is spilling
			inner()
			if n := len(files(t, dir)); n != len(want)+1 {
				t.Errorf("%d files and directories, want %d", n, len(want)+1)
			}
		}
		return last
	}
	run(t, c, search.Options{Memory: 1, Spill: dir})
	if diff := gocmp.Diff(want, files(t, dir)); diff != "" {
		t.Errorf("what is left differs:\n%s", diff)
	}
	for name, n := range map[string]int{"other": 1, "tcpcheck-spill-mine": 1, "tcpcheck-spill-new": 1} {
		if list := files(t, filepath.Join(dir, name)); len(list) != n {
			t.Errorf("%s has %v, want %d files", name, list, n)
		}
	}
}

// What a search sorts again and again takes no more each time.
func TestRoomsDoNotGrow(t *testing.T) {
	if once, often := search.SortedRoom(1000, 1), search.SortedRoom(1000, 100); often > once {
		t.Errorf("room for %d pairs once, for %d in the end", once, often)
	}
}

// fewer lets rapid draw less often than it does by default: each of these draws
// searches several times, and writes files.
func fewer(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	if checks.Value.String() != checks.DefValue {
		return // asked for
	}
	if err := checks.Value.Set("25"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { checks.Value.Set(checks.DefValue) })
}

// mkdir makes a directory.
func mkdir(t interface{ Fatal(...any) }, dir string) string {
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
