package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// writeWhole writes a file whole or not at all: what path named before is
// replaced when all is written. A link is followed; what is no file (a device,
// a FIFO) is written to, and stays what it is. Errors name the path given.
func writeWhole(path string, data []byte) error {
	target, whole, err := targetOf(path)
	switch {
	case err != nil:
		return err
	case !whole:
		return nameAs(path, writeInto(path, data))
	}
	return nameAs(path, replace(target, data))
}

// writable says why [writeWhole] could not write the file, before there is anything to
// write.
func writable(path string) error {
	target, whole, err := targetOf(path)
	if err != nil || !whole {
		return err
	}
	return nameAs(path, tryDir(filepath.Dir(target)))
}

// tryDir says why no file can be made in a directory.
func tryDir(dir string) error {
	tmp, err := os.CreateTemp(dir, ".tcpcheck-*")
	if err != nil {
		return err
	}
	tmp.Close()
	return os.Remove(tmp.Name())
}

// targetOf is the file that a path names, links followed; whole: it is replaced.
func targetOf(path string) (target string, whole bool, _ error) {
	switch info, err := os.Stat(path); {
	case err != nil: // nothing is there, or a link that leads nowhere
		return path, true, nil
	case info.IsDir():
		return "", false, fmt.Errorf("%s is a directory; name a file in it", path)
	case !info.Mode().IsRegular():
		return path, false, nil
	}
	target, err := filepath.EvalSymlinks(path)
	return target, true, nameAs(path, err)
}

// makeDir makes a directory, if there is none, in which files can be written.
func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nameAs(dir, err)
	}
	return nameAs(dir, tryDir(dir))
}

// replace writes beside the file, and puts what is written in its place.
func replace(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".tcpcheck-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(data); err != nil {
		tmp.Close()
		return err
	}
	if err = tmp.Chmod(0o644); err != nil {
		tmp.Close()
		return err
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

func writeInto(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// nameAs is err, said of the path that the user gave and not of the file that
// stands for it meanwhile.
func nameAs(path string, err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	case err == nil:
		return nil
	}
	return fmt.Errorf("%s: %w", path, err)
}
