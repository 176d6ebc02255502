package search

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// A run is a file of pairs in ascending order, each once; docs/checkpoint-format.md
// describes it. It is written from its beginning to its end and never changed, and
// read in blocks, from anywhere and by any number of goroutines.

const (
	runMagic   = "tcpcheck run 1\n"
	blockPairs = 1 << 12                            // most pairs of a block
	mostBlock  = blockPairs * binary.MaxVarintLen64 // bytes of its content
	leastFrame = 10                                 // bytes of one that is not empty
	endBytes   = 24                                 // of what a run ends with: place and length of its index, and number of pairs
)

// errDamaged is a file that does not say what it was written to say.
var errDamaged = errors.New("damaged")

// block is some pairs of a run that follow each other.
type block struct {
	first  pair
	pairs  uint32
	bytes  uint32 // compressed
	offset int64
}

// run is a run that was written.
type run struct {
	path   string
	pairs  uint64
	bytes  int64
	sum    string // SHA-256, of a durable one
	blocks []block
}

// compressor makes blocks; decompressor reads them, into what has room. Frames carry
// checksums of their content.
var (
	compressor   = sync.OnceValue(func() *zstd.Encoder { return newEncoder() })
	decompressor = sync.OnceValue(func() *zstd.Decoder { return newDecoder() })
)

func newEncoder() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(true),
		zstd.WithWindowSize(1<<16), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(err) // the options are constants
	}
	return e
}

func newDecoder() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderLowmem(true), zstd.WithDecoderConcurrency(0), zstd.WithDecodeAllCapLimit(true))
	if err != nil {
		panic(err)
	}
	return d
}

// runWriter writes a run.
type runWriter struct {
	run
	file   *diskFile
	out    *bufio.Writer
	raw    []byte
	packed []byte
	open   int  // pairs of the block that is being made
	last   pair // written
}

// createRun begins a run.
func createRun(d *disk, path string) (*runWriter, error) {
	file, err := d.create(path)
	if err != nil {
		return nil, err
	}
	w := &runWriter{run: run{path: path}, file: file, out: bufio.NewWriterSize(file, 1<<16)}
	return w, w.write([]byte(runMagic))
}

func (w *runWriter) write(b []byte) error {
	_, err := w.out.Write(b)
	w.bytes += int64(len(b))
	return err
}

// add writes pairs, which must ascend from those before.
func (w *runWriter) add(pairs []pair) error {
	for _, p := range pairs {
		if w.open == 0 {
			w.blocks = append(w.blocks, block{first: p, offset: w.bytes})
			w.raw = binary.AppendUvarint(w.raw[:0], uint64(p))
		} else {
			w.raw = binary.AppendUvarint(w.raw, uint64(p-w.last))
		}
		w.last = p
		if w.open++; w.open == blockPairs {
			if err := w.endBlock(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *runWriter) endBlock() error {
	if w.open == 0 {
		return nil
	}
	w.packed = compressor().EncodeAll(w.raw, w.packed[:0])
	b := &w.blocks[len(w.blocks)-1]
	b.pairs, b.bytes = uint32(w.open), uint32(len(w.packed))
	w.pairs += uint64(w.open)
	w.open = 0
	return w.write(w.packed)
}

// end writes the index and closes the file.
func (w *runWriter) end() (*run, error) {
	if err := w.endBlock(); err != nil {
		return nil, w.abandon(err)
	}
	var index []byte
	last := pair(0)
	for _, b := range w.blocks {
		index = binary.AppendUvarint(index, uint64(b.first-last))
		index = binary.AppendUvarint(index, uint64(b.pairs))
		index = binary.AppendUvarint(index, uint64(b.bytes))
		last = b.first
	}
	at := w.bytes
	packed := compressor().EncodeAll(index, nil)
	end := binary.LittleEndian.AppendUint64(packed, uint64(at))
	end = binary.LittleEndian.AppendUint64(end, uint64(len(packed)))
	end = binary.LittleEndian.AppendUint64(end, w.pairs)
	if err := errors.Join(w.write(end), w.out.Flush()); err != nil {
		return nil, w.abandon(err)
	}
	if err := w.file.finish(); err != nil {
		return nil, err
	}
	r := w.run
	if w.file.disk.durable {
		r.sum = w.file.sum()
	}
	r.blocks = slices.Clip(r.blocks)
	return &r, nil
}

// abandon removes what was written and returns err.
func (w *runWriter) abandon(err error) error {
	w.file.abandon()
	return err
}

// openRun reads the index of a run.
func openRun(path string, m *memory) (*run, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &run{path: path}
	if err := r.readIndex(f, m); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

func (r *run) readIndex(f *os.File, m *memory) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	r.bytes = info.Size()
	if r.bytes < int64(len(runMagic)+endBytes) {
		return fmt.Errorf("%w: %d bytes are no run", errDamaged, r.bytes)
	}
	magic := make([]byte, len(runMagic))
	end := make([]byte, endBytes)
	if err := errors.Join(readAt(f, magic, 0), readAt(f, end, r.bytes-endBytes)); err != nil {
		return err
	}
	if string(magic) != runMagic {
		return fmt.Errorf("%w: it begins with %q, a run with %q", errDamaged, magic, runMagic)
	}
	at, length := binary.LittleEndian.Uint64(end), binary.LittleEndian.Uint64(end[8:])
	r.pairs = binary.LittleEndian.Uint64(end[16:])
	if most := uint64(r.bytes - endBytes); at < uint64(len(magic)) || at > most || length != most-at {
		return fmt.Errorf("%w: its index of %d bytes is not at %d", errDamaged, length, at)
	}
	index, err := unpack(f, int64(at), int64(length), m)
	if err != nil {
		return err
	}
	defer index.close()
	return r.readBlocks(index, int64(at))
}

// readBlocks reads an index, of blocks that lie before it.
func (r *run) readBlocks(index *unpacked, at int64) error {
	sum, first, offset := uint64(0), uint64(0), int64(len(runMagic))
	for {
		if _, err := index.Peek(1); err == io.EOF {
			break
		}
		var v [3]uint64
		for i := range v {
			var err error
			if v[i], err = binary.ReadUvarint(index); err != nil {
				return fmt.Errorf("%w: index: %w", errDamaged, err)
			}
		}
		first += v[0]
		if v[1] == 0 || v[1] > blockPairs || v[2] < leastFrame || v[2] > uint64(at-offset) || v[2] > math.MaxUint32 {
			return fmt.Errorf("%w: index: a block of %d pairs in %d bytes", errDamaged, v[1], v[2])
		}
		r.blocks = append(r.blocks, block{pair(first), uint32(v[1]), uint32(v[2]), offset})
		offset += int64(v[2])
		sum += v[1]
	}
	if sum != r.pairs || offset != at {
		return fmt.Errorf("%w: the index has %d pairs, the run %d", errDamaged, sum, r.pairs)
	}
	return nil
}

// reader reads blocks of one run after the other; one serves one goroutine.
type reader struct {
	file        *os.File
	of          *run
	packed, raw []byte
}

var readers = sync.Pool{New: func() any { return &reader{raw: make([]byte, 0, mostBlock)} }}

// borrowReader returns a reader of a run, to be given back by done.
func borrowReader(r *run) (*reader, error) {
	f, err := os.Open(r.path)
	if err != nil {
		return nil, err
	}
	d := readers.Get().(*reader)
	d.file, d.of = f, r
	return d, nil
}

func (d *reader) done() {
	d.file.Close()
	d.file, d.of = nil, nil
	readers.Put(d)
}

// block appends the pairs of a block.
func (d *reader) block(i int, dst []pair) ([]pair, error) {
	b := &d.of.blocks[i]
	d.packed = slices.Grow(d.packed[:0], int(b.bytes))[:b.bytes]
	if _, err := d.file.ReadAt(d.packed, b.offset); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return dst, fmt.Errorf("%s: %w", d.of.path, err)
	}
	var err error
	if d.raw, err = decompressor().DecodeAll(d.packed, d.raw[:0]); err != nil {
		return dst, fmt.Errorf("%s: %w: block %d: %w", d.of.path, errDamaged, i, err)
	}
	at, raw := pair(0), d.raw
	for range b.pairs {
		difference, n := binary.Uvarint(raw)
		if n <= 0 {
			return dst, fmt.Errorf("%s: %w: block %d is short", d.of.path, errDamaged, i)
		}
		raw = raw[n:]
		at += pair(difference)
		dst = append(dst, at)
	}
	if len(raw) > 0 {
		return dst, fmt.Errorf("%s: %w: block %d is long", d.of.path, errDamaged, i)
	}
	return dst, nil
}
