package search

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// What a search spills is in a directory of its own, with a lock that it holds
// until it has removed the directory. One whose lock nobody holds was left by a
// process that was killed.

const (
	spillPrefix = "tcpcheck-spill-"
	lockName    = "lock"
)

// makeSpillDir makes the directory of a search, and locks it.
func makeSpillDir(in string) (dir string, unlock func(), err error) {
	for {
		if dir, err = os.MkdirTemp(in, spillPrefix+"*"); err != nil {
			return "", nil, err
		}
		path := filepath.Join(dir, lockName)
		if unlock, err = lock(path); err == nil {
			if _, err = os.Lstat(path); err == nil {
				return dir, unlock, nil
			}
			unlock()
		}
		if !errors.Is(err, ErrInUse) && !errors.Is(err, fs.ErrNotExist) {
			os.Remove(path) // nothing can be locked here, so nobody may take it for one that was left
			return dir, func() {}, nil
		}
		os.RemoveAll(dir) // another search took it for one that was left
	}
}

// prepareSpill says why nothing can be spilled to a directory, and removes what
// killed searches left there.
func prepareSpill(in string) error {
	in = filepath.Clean(in)
	if err := checkWritable(in); err != nil {
		return fmt.Errorf("spilling: %w", err)
	}
	entries, err := os.ReadDir(in)
	if err != nil {
		return fmt.Errorf("spilling: directory %s: %w", in, underlying(err))
	}
	for _, e := range entries {
		if locks && e.IsDir() && strings.HasPrefix(e.Name(), spillPrefix) {
			removeLeft(filepath.Join(in, e.Name()))
		}
	}
	return nil
}

// removeLeft removes the files of a search from its directory, and then that,
// unless a process holds its lock. It was never locked if there is none. What can't
// be removed does no harm.
func removeLeft(dir string) {
	path := filepath.Join(dir, lockName)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return
	}
	unlock, err := lock(path)
	if err != nil {
		return
	}
	defer unlock()
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if name := strings.TrimSuffix(e.Name(), unfinished); strings.HasSuffix(name, ".run") {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	os.Remove(path)
	os.Remove(dir) // if nothing else is in it
}
