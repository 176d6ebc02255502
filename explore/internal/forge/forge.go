// Package forge reads and writes checkpoints as docs/checkpoint-format.md describes
// them, and shares nothing with the search: tests change what is in one, and its
// sums are right all the same.
package forge

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

// Level is the files of a level.
type Level struct {
	Manifest    Manifest
	Run, Tables []byte
}

// Manifest is what a manifest says.
type Manifest struct {
	Format      string   `json:"format"`
	Version     int      `json:"version"`
	Identity    []string `json:"identity"`
	Level       int      `json:"level"`
	States      uint64   `json:"states"`
	Transitions uint64   `json:"transitions"`
	Files       [2]File  `json:"files"`
	Previous    string   `json:"previous"`
	SHA256      string   `json:"sha256"`
}

// File is a file that a manifest names.
type File struct {
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Read reads all levels.
func Read(dir string) (levels []Level, err error) {
	for {
		var l Level
		name := filepath.Join(dir, fmt.Sprintf("%04d", len(levels)))
		data, err := os.ReadFile(name + ".json")
		if os.IsNotExist(err) && len(levels) > 0 {
			return levels, nil
		}
		if err == nil {
			err = json.Unmarshal(data, &l.Manifest)
		}
		if err == nil {
			l.Run, err = os.ReadFile(name + ".run")
		}
		if err == nil {
			l.Tables, err = os.ReadFile(name + ".tables")
		}
		if err != nil {
			return nil, err
		}
		levels = append(levels, l)
	}
}

// Write writes all levels, with their sums.
func Write(dir string, levels []Level) error {
	previous := ""
	for _, l := range levels {
		m := l.Manifest
		for i, data := range [][]byte{l.Run, l.Tables} {
			m.Files[i].Bytes, m.Files[i].SHA256 = len(data), sum(data)
			if err := os.WriteFile(filepath.Join(dir, m.Files[i].Name), data, 0o644); err != nil {
				return err
			}
		}
		m.Previous, m.SHA256 = previous, ""
		m.SHA256 = sum(m.text())
		previous = sum(m.text())
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.json", m.Level)), m.text(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (m Manifest) text() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		panic(err) // strings and numbers
	}
	return b.Bytes()
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// Sections takes a file of tables apart.
func Sections(tables []byte) (list [4][]byte) {
	rest := tables[len("tcpcheck tables 1\n"):]
	for i := range list {
		n := binary.LittleEndian.Uint64(rest)
		list[i], rest = unpack(rest[8:8+n]), rest[8+n:]
	}
	return list
}

// Tables makes a file of sections.
func Tables(list [4][]byte) []byte {
	data := []byte("tcpcheck tables 1\n")
	for _, s := range list {
		frame := pack(s)
		data = append(binary.LittleEndian.AppendUint64(data, uint64(len(frame))), frame...)
	}
	return data
}

// Block is a block of a run, and what the index says of it.
type Block struct {
	Content            []byte
	First, Pairs, Size uint64 // Size 0: what it is
}

// Blocks takes a run apart.
func Blocks(run []byte) (list []Block) {
	end := run[len(run)-24:]
	index := unpack(run[binary.LittleEndian.Uint64(end):][:binary.LittleEndian.Uint64(end[8:])])
	frames := run[len("tcpcheck run 1\n"):]
	first := uint64(0)
	for len(index) > 0 {
		var v [3]uint64
		for i := range v {
			n := 0
			v[i], n = binary.Uvarint(index)
			index = index[n:]
		}
		first += v[0]
		list = append(list, Block{Content: unpack(frames[:v[2]]), First: first, Pairs: v[1]})
		frames = frames[v[2]:]
	}
	return list
}

// Run makes a run of blocks.
func Run(list []Block) []byte {
	run := []byte("tcpcheck run 1\n")
	var index []byte
	last, pairs := uint64(0), uint64(0)
	for _, b := range list {
		frame := pack(b.Content)
		size := b.Size
		if size == 0 {
			size = uint64(len(frame))
		}
		index = binary.AppendUvarint(index, b.First-last)
		index = binary.AppendUvarint(index, b.Pairs)
		index = binary.AppendUvarint(index, size)
		run = append(run, frame...)
		last = b.First
		pairs += b.Pairs
	}
	at := uint64(len(run))
	frame := pack(index)
	run = binary.LittleEndian.AppendUint64(append(run, frame...), at)
	run = binary.LittleEndian.AppendUint64(run, uint64(len(frame)))
	return binary.LittleEndian.AppendUint64(run, pairs)
}

// BlockOf makes a block of pairs, in whatever order.
func BlockOf(pairs ...uint64) Block {
	b := Block{First: pairs[0], Pairs: uint64(len(pairs))}
	last := uint64(0)
	for _, p := range pairs {
		b.Content = binary.AppendUvarint(b.Content, p-last)
		last = p
	}
	return b
}

// Decoded are the pairs of a block.
func (b Block) Decoded() (list []uint64) {
	at, rest := uint64(0), b.Content
	for len(rest) > 0 {
		difference, n := binary.Uvarint(rest)
		at, rest = at+difference, rest[n:]
		list = append(list, at)
	}
	return list
}

func pack(data []byte) []byte {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(true))
	if err != nil {
		panic(err)
	}
	return w.EncodeAll(data, nil)
}

func unpack(data []byte) []byte {
	r, err := zstd.NewReader(nil)
	if err != nil {
		panic(err)
	}
	defer r.Close()
	out, err := r.DecodeAll(data, nil)
	if err != nil {
		panic(err)
	}
	return out
}

// Draw changes something somewhere.
func Draw(t *rapid.T, levels []Level) {
	l := &levels[rapid.IntRange(0, len(levels)-1).Draw(t, "level")]
	part := rapid.IntRange(0, 6).Draw(t, "part")
	switch {
	case part < 4:
		sections := Sections(l.Tables)
		sections[part] = changed(t, sections[part])
		l.Tables = Tables(sections)
	case part == 4:
		blocks := Blocks(l.Run)
		b := &blocks[rapid.IntRange(0, len(blocks)-1).Draw(t, "block")]
		if rapid.Bool().Draw(t, "by pairs") {
			pairs := b.Decoded()
			pairs[rapid.IntRange(0, len(pairs)-1).Draw(t, "pair")] = word(t)
			*b = BlockOf(pairs...)
		} else {
			b.Content = changed(t, b.Content)
		}
		l.Run = Run(blocks)
	case part == 5:
		blocks := Blocks(l.Run)
		b := &blocks[rapid.IntRange(0, len(blocks)-1).Draw(t, "block")]
		*rapid.SampledFrom([]*uint64{&b.First, &b.Pairs, &b.Size}).Draw(t, "of the index") = word(t)
		l.Run = Run(blocks)
	default:
		m := &l.Manifest
		*rapid.SampledFrom([]*uint64{&m.States, &m.Transitions}).Draw(t, "of the manifest") = word(t)
	}
}

// word is a number, often small or close to where something ends.
func word(t *rapid.T) uint64 {
	return rapid.OneOf(rapid.Uint64Range(0, 40), rapid.Uint64(), rapid.SampledFrom([]uint64{
		1<<16 - 1, 1 << 24, 1<<32 - 2, 1<<32 - 1, 1 << 32, 1<<63 - 1, 1 << 63, 1<<64 - 1,
	})).Draw(t, "word")
}

// changed is data with bytes that are others, more, or less.
func changed(t *rapid.T, data []byte) []byte {
	data = bytes.Clone(data)
	at := rapid.IntRange(0, len(data)).Draw(t, "at")
	switch rapid.IntRange(0, 4).Draw(t, "change") {
	case 0:
		return data[:at]
	case 1:
		return append(data[:at:at], append(make([]byte, rapid.IntRange(1, 200).Draw(t, "zeros")), data[at:]...)...)
	case 2: // a field, from its beginning
		at -= at % 4
		new := binary.LittleEndian.AppendUint64(nil, word(t))
		copy(data[at:], new[:rapid.SampledFrom([]int{4, 8}).Draw(t, "bytes")])
	default:
		if at < len(data) {
			data[at] = byte(rapid.IntRange(0, 255).Draw(t, "byte"))
		}
	}
	return data
}
