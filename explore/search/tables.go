package search

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// What a checkpoint keeps of a level besides its pairs: the numbers given to
// halves since the level before, what the model says, and the hits so far.
// docs/checkpoint-format.md describes the file.

const tablesMagic = "tcpcheck tables 1\n"

// The sections of the file, in their order.
const (
	leftSection = iota
	rightSection
	modelSection
	hitSection
	numSections
)

// writeTables writes the sections, each compressed.
func writeTables(d *disk, path string, sections [numSections][]byte) (*diskFile, error) {
	f, err := d.create(path)
	if err != nil {
		return nil, err
	}
	data := []byte(tablesMagic)
	for _, s := range sections {
		packed := compressor().EncodeAll(s, nil)
		data = binary.LittleEndian.AppendUint64(data, uint64(len(packed)))
		data = append(data, packed...)
	}
	if _, err := f.Write(data); err != nil {
		f.abandon()
		return nil, err
	}
	return f, f.finish()
}

// readSection calls read with what is in a section of a file, all of which it must
// read.
func readSection(path string, section int, m *memory, read func(*unpacked) error) error {
	f, err := openFile(path)
	if err != nil {
		return underlying(err)
	}
	defer f.Close()
	offset, length, err := findSection(f, section)
	if err != nil {
		return err
	}
	in, err := unpack(f, offset, length, m)
	if err == nil {
		defer in.close()
		err = read(in)
	}
	if err == nil {
		err = in.end()
	}
	if err != nil {
		return fmt.Errorf("section %d: %w", section, err)
	}
	return nil
}

// findSection is where a section lies. All of them must fill the file.
func findSection(f *os.File, section int) (offset, length int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	magic := make([]byte, len(tablesMagic))
	if err := readAt(f, magic, 0); err != nil {
		return 0, 0, err
	}
	if string(magic) != tablesMagic {
		return 0, 0, fmt.Errorf("%w: it begins with %q, tables with %q", errDamaged, magic, tablesMagic)
	}
	at := int64(len(magic))
	for i := range numSections {
		var data [8]byte
		if err := readAt(f, data[:], at); err != nil {
			return 0, 0, err
		}
		at += 8
		n := binary.LittleEndian.Uint64(data[:])
		if n > uint64(info.Size()-at) {
			return 0, 0, fmt.Errorf("%w: section %d is short", errDamaged, i)
		}
		if i == section {
			offset, length = at, int64(n)
		}
		at += int64(n)
	}
	if at != info.Size() {
		return 0, 0, fmt.Errorf("%w: something follows the last section", errDamaged)
	}
	return offset, length, nil
}

// readAt fills b from a place in a file.
func readAt(f *os.File, b []byte, at int64) error {
	_, err := f.ReadAt(b, at)
	if err == io.EOF {
		return fmt.Errorf("%w: it is short", errDamaged)
	}
	return underlying(err)
}

// stretch is some numbers of a table.
type stretch struct{ From, To uint32 }

// mostHoles is how many numbers of a level may never have been given: what all
// workers together have in reserve.
const mostHoles = MaxWorkers * treeReserve

// halvesHead is what the halves of a level begin with: the first number, the one
// after the last, and how many stretches of them were never given.
type halvesHead struct{ From, To, Holes uint32 }

// halvesOf encodes the halves with numbers from one on, and ends the reserves:
// what workers had in reserve is not used any more, and listed as holes.
func halvesOf(t *interner[Half], from uint32, reserves []*reserve) []byte {
	to := uint32(t.issued.Load())
	var holes []stretch
	for _, r := range reserves {
		if r.next < r.end {
			holes = append(holes, stretch{r.next, r.end})
			clear(t.values.at[r.next:r.end])
		}
		r.next = r.end
	}
	data := binary.LittleEndian.AppendUint32(nil, from)
	data = binary.LittleEndian.AppendUint32(data, to)
	data = binary.LittleEndian.AppendUint32(data, uint32(len(holes)))
	for _, h := range holes {
		data = binary.LittleEndian.AppendUint32(data, h.From)
		data = binary.LittleEndian.AppendUint32(data, h.To)
	}
	for _, h := range t.values.at[from:to] {
		data = binary.LittleEndian.AppendUint64(data, h.A)
		data = binary.LittleEndian.AppendUint64(data, h.B)
	}
	return data
}

// readHead reads what the halves of a level of so many states begin with: each number
// was given to a half of one of them, or never.
func readHead(in *unpacked, issued, states uint64) (head halvesHead, err error) {
	var data [12]byte
	if err := in.fill(data[:]); err != nil {
		return head, err
	}
	if _, err := binary.Decode(data[:], binary.LittleEndian, &head); err != nil {
		return head, err
	}
	n := uint64(head.To) - uint64(head.From)
	if uint64(head.From) != issued || head.From > head.To || n > states+mostHoles || uint64(head.Holes) > min(n, mostHoles) {
		return head, fmt.Errorf("%w: halves %d to %d in a level of %d states after %d halves, %d stretches not given",
			errDamaged, head.From, head.To, states, issued, head.Holes)
	}
	return head, nil
}

// addHalves gives halves their numbers again, each of which check must let pass. There
// must be room. It adds to given the numbers that were given.
func addHalves(t *interner[Half], in *unpacked, head halvesHead, given *numbers, check func(Half) error) error {
	given.add(head.From, head.To)
	for range head.Holes {
		var data [8]byte
		if err := in.fill(data[:]); err != nil {
			return err
		}
		hole := stretch{binary.LittleEndian.Uint32(data[:]), binary.LittleEndian.Uint32(data[4:])}
		if hole.From < head.From || hole.From > hole.To || hole.To > head.To {
			return fmt.Errorf("%w: numbers %d to %d of %d to %d were not given", errDamaged, hole.From, hole.To, head.From, head.To)
		}
		given.remove(hole.From, hole.To)
	}
	for id := head.From; id < head.To; id++ {
		var data [16]byte
		if err := in.fill(data[:]); err != nil {
			return err
		}
		h := Half{binary.LittleEndian.Uint64(data[:]), binary.LittleEndian.Uint64(data[8:])}
		if !given.has(id) {
			continue
		}
		if err := check(h); err != nil {
			return fmt.Errorf("%w: half %d: %w", errDamaged, id, err)
		}
		if !t.put(id, h, tag(hash2(h.A, h.B))) {
			return fmt.Errorf("%w: half %d has another number too", errDamaged, id)
		}
	}
	t.issued.Store(uint64(head.To))
	return nil
}

// numbers is a set of numbers from 0 on.
type numbers struct{ words []uint64 }

func (n *numbers) add(from, to uint32) {
	for ; from < to; from++ {
		if int(from/64) == len(n.words) {
			n.words = append(n.words, 0)
		}
		n.words[from/64] |= 1 << (from % 64)
	}
}

func (n *numbers) remove(from, to uint32) {
	for ; from < to; from++ {
		n.words[from/64] &^= 1 << (from % 64)
	}
}

func (n *numbers) has(id uint32) bool {
	return int(id/64) < len(n.words) && n.words[id/64]>>(id%64)&1 == 1
}

// keptHit is a hit as it is written.
type keptHit struct {
	Depth  uint64
	From   State
	To     State
	Marks  Marks // of the step
	Action Action
	Cost   Cost
	Mark   uint8
	IsStep bool
}

// encode writes the hits that were not told yet. Once a level has ended, those
// of a mark are only added to.
func (h *hits) encode(told *[64]int) ([]byte, error) {
	var list []keptHit
	for mark := range eachMark(h.marks) {
		for _, n := range h.nearest[mark][told[mark]:] {
			list = append(list, keptHit{
				Depth: uint64(n.depth), From: n.from, To: n.step.To, Marks: n.step.Marks, Action: n.step.Action,
				Cost: n.step.Cost, Mark: uint8(mark), IsStep: n.isStep,
			})
		}
		told[mark] = len(h.nearest[mark])
	}
	return binary.Append(nil, binary.LittleEndian, list)
}

// decode adds hits, each of which check must let pass.
func (h *hits) decode(in *unpacked, told *[64]int, check func(keptHit) error) error {
	data := make([]byte, binary.Size(keptHit{}))
	for {
		if _, err := in.Peek(1); err == io.EOF {
			return nil
		}
		if err := in.fill(data); err != nil {
			return err
		}
		var k keptHit
		if _, err := binary.Decode(data, binary.LittleEndian, &k); err != nil {
			return err
		}
		if k.Mark >= 64 {
			return fmt.Errorf("%w: a hit of mark %d", errDamaged, k.Mark)
		}
		if err := check(k); err != nil {
			return fmt.Errorf("%w: a hit: %w", errDamaged, err)
		}
		h.take(int(k.Mark), hit{
			depth: int(k.Depth), from: k.From, isStep: k.IsStep,
			step: Step{To: k.To, Action: k.Action, Cost: k.Cost, Marks: k.Marks},
		})
		told[k.Mark] = len(h.nearest[k.Mark])
	}
}
