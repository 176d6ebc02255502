package search

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"

	"github.com/klauspost/compress/zstd"
)

// unpacked is what is in the Zstandard frames of a part of a file, read as it is
// asked for: whatever the file says, no more memory is taken than what was read makes
// necessary.
type unpacked struct {
	*bufio.Reader
	frames *zstd.Decoder // nil if there are none
}

// mostWindow is the largest window of a frame, as RFC 8878 recommends.
const mostWindow = 8 << 20

var unpackers = sync.Pool{New: func() any {
	d, err := zstd.NewReader(nil, zstd.WithDecoderLowmem(true), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(mostWindow))
	if err != nil {
		panic(err) // the options are constants
	}
	return d
}}

// unpack begins to read length bytes of a file from an offset. It fails where the
// process takes more than it may.
func unpack(f *os.File, offset, length int64, m *memory) (*unpacked, error) {
	part := io.NewSectionReader(f, offset, length)
	if length == 0 {
		return &unpacked{Reader: bufio.NewReader(part)}, nil
	}
	frames := unpackers.Get().(*zstd.Decoder)
	u := &unpacked{bufio.NewReaderSize(&bounded{frames, m}, 1<<16), frames}
	if err := frames.Reset(part); err != nil {
		u.close()
		return nil, notGood(err)
	}
	return u, nil
}

// end says whether all was read.
func (u *unpacked) end() error {
	switch _, err := u.ReadByte(); err {
	case io.EOF:
		return nil
	case nil:
		return fmt.Errorf("%w: it has more than it says", errDamaged)
	default:
		return err
	}
}

// fill reads all of b.
func (u *unpacked) fill(b []byte) error {
	_, err := io.ReadFull(u, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%w: it is short", errDamaged)
	}
	return err
}

func (u *unpacked) close() {
	if u.frames != nil && u.frames.Reset(nil) == nil {
		unpackers.Put(u.frames)
	}
}

// bounded fails where the process takes more than it may.
type bounded struct {
	frames io.Reader
	memory *memory
}

func (b *bounded) Read(p []byte) (int, error) {
	if err := b.memory.check(0, 0); err != nil {
		return 0, err
	}
	n, err := b.frames.Read(p)
	if err != nil && err != io.EOF {
		err = notGood(err)
	}
	return n, err
}

// notGood says that a file is damaged, unless it could not be read.
func notGood(err error) error {
	if Unreadable(err) {
		return err
	}
	return fmt.Errorf("%w: %w", errDamaged, err)
}

// openFile opens a file to be read, and refuses what would make a reader wait or
// never end.
func openFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !info.IsDir() { // reading a directory fails at once
		return nil, &os.PathError{Op: "open", Path: path, Err: fmt.Errorf("it is no file: %w", syscall.EINVAL)}
	}
	return os.Open(path)
}

// readSmall reads a file of at most so many bytes.
func readSmall(path string, most int64) ([]byte, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%w: it has more than %d bytes", errDamaged, most)
	}
	return data, err
}

// isMemory tells the end of memory from other errors.
func isMemory(err error) bool {
	var m *MemoryError
	return errors.As(err, &m)
}
