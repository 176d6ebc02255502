package search

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// disk is how files are written: whole or not at all, and, if they are to
// outlive the process, also when the machine stops.
type disk struct {
	dir     string
	durable bool
	// wrap, if not nil, stands between a file and what is written to it: for
	// tests of disks that fail.
	wrap func(io.Writer) io.Writer
}

// diskFile is a file that is being written. It gets its name when it is finished.
type diskFile struct {
	disk  *disk
	path  string
	file  *os.File
	out   io.Writer
	hash  hash.Hash // nil unless durable
	bytes int64
}

const unfinished = ".unfinished"

// create begins a file in the directory.
func (d *disk) create(path string) (*diskFile, error) {
	f, err := os.Create(path + unfinished)
	if err != nil {
		return nil, err
	}
	file := &diskFile{disk: d, path: path, file: f, out: f}
	if d.wrap != nil {
		file.out = d.wrap(f)
	}
	if d.durable {
		file.hash = sha256.New()
		file.out = io.MultiWriter(file.hash, file.out)
	}
	return file, nil
}

// Write is part of [io.Writer].
func (f *diskFile) Write(b []byte) (int, error) {
	n, err := f.out.Write(b)
	f.bytes += int64(n)
	if err != nil {
		err = fmt.Errorf("%s: %w", f.path, underlying(err))
	}
	return n, err
}

// sum is the SHA-256 of what was written to a durable file.
func (f *diskFile) sum() string { return hex.EncodeToString(f.hash.Sum(nil)) }

// finish gives the file its name.
func (f *diskFile) finish() error {
	var err error
	if f.disk.durable {
		err = f.file.Sync()
	}
	if e := f.file.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.path+unfinished, f.path)
	}
	if err != nil {
		os.Remove(f.path + unfinished)
		return fmt.Errorf("%s: %w", f.path, underlying(err))
	}
	return nil
}

// abandon removes the file.
func (f *diskFile) abandon() {
	f.file.Close()
	os.Remove(f.path + unfinished)
}

// underlying leaves out that a path failed which is named anyway.
func underlying(err error) error {
	if p, ok := err.(*os.PathError); ok {
		return p.Err
	}
	return err
}

// settle makes names that were given outlive a stop of the machine.
func (d *disk) settle() error {
	if !d.durable {
		return nil
	}
	return syncDir(d.dir)
}

// syncDir makes the names in a directory outlive a stop of the machine, where the
// system does that for directories at all.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// MakeDir makes a directory, unless it is there, for a checkpoint: it too outlives
// a stop of the machine.
func MakeDir(dir string) error {
	err := os.Mkdir(dir, 0o755)
	switch {
	case err == nil:
		return syncDir(filepath.Dir(dir))
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is no directory", dir)
	}
	return err
}

// path is that of a file of the directory.
func (d *disk) path(name string) string { return filepath.Join(d.dir, name) }

// checkWritable says why no file can be made in a directory.
func checkWritable(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("directory %s: %w", dir, underlying(err))
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is no directory", dir)
	}
	f, err := os.CreateTemp(dir, "writable-*"+unfinished)
	if err != nil {
		return fmt.Errorf("directory %s can't be written to: %w", dir, underlying(err))
	}
	f.Close()
	return os.Remove(f.Name())
}
