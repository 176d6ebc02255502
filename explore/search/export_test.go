package search

import (
	"errors"
	"io"
	"sync/atomic"
	"syscall"
)

// FailAfter makes the disk full once so many bytes are written.
func (o *Options) FailAfter(bytes int64) {
	left := &atomic.Int64{}
	left.Store(bytes)
	o.wrap = func(w io.Writer) io.Writer { return fullWriter{w, left} }
}

type fullWriter struct {
	io.Writer
	left *atomic.Int64
}

func (f fullWriter) Write(b []byte) (int, error) {
	if left := f.left.Add(-int64(len(b))); left < 0 {
		n := max(int(left)+len(b), 0)
		n, err := f.Writer.Write(b[:n])
		return n, errors.Join(err, syscall.ENOSPC)
	}
	return f.Writer.Write(b)
}

// ReadRun reads a run whole.
func ReadRun(path string) (pairs []uint64, err error) {
	r, err := openRun(path, &memory{})
	if err != nil {
		return nil, err
	}
	in, err := borrowReader(r)
	if err != nil {
		return nil, err
	}
	defer in.done()
	var block []pair
	for i := range r.blocks {
		if block, err = in.block(i, block[:0]); err != nil {
			return nil, err
		}
		for _, p := range block {
			pairs = append(pairs, uint64(p))
		}
	}
	return pairs, nil
}

// WriteRun writes a run.
func WriteRun(dir, name string, pairs []uint64) error {
	d := &disk{dir: dir}
	w, err := createRun(d, d.path(name))
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if err := w.add([]pair{pair(p)}); err != nil {
			return w.abandon(err)
		}
	}
	_, err = w.end()
	return err
}

// ReadTables reads the halves and the hits of a file of tables.
func ReadTables(path string) error {
	for _, section := range []int{leftSection, rightSection} {
		err := readSection(path, section, &memory{}, func(in *unpacked) error {
			head, err := readHead(in, 0, 1<<12)
			if err != nil {
				return err
			}
			t, err := newInterner[Half](int(head.To) + 1)
			if err != nil {
				return err
			}
			defer t.free()
			return addHalves(t, in, head, &numbers{}, func(Half) error { return nil })
		})
		if err != nil {
			return err
		}
	}
	return readSection(path, hitSection, &memory{}, func(in *unpacked) error {
		return new(hits).decode(in, &[64]int{}, func(keptHit) error { return nil })
	})
}

// IsDamaged tells errors of files from those of the system.
func IsDamaged(err error) bool { return errors.Is(err, errDamaged) }

// SortedRoom is how many pairs a room holds that has sorted so many, so often.
func SortedRoom(pairs, times int) int {
	b := room{pairs: make([]pair, 0, pairs)}
	for i := range times {
		b.pairs = b.pairs[:0]
		for k := range pairs {
			b.pairs = append(b.pairs, pair((k*16411+i)&(1<<24-1))) // three digits: an odd number of passes
		}
		b.sort()
	}
	return max(cap(b.pairs), cap(b.other))
}
