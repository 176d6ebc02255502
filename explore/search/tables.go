package search

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
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

// readTables takes the sections apart.
func readTables(data []byte) (sections [numSections][]byte, err error) {
	rest, ok := bytes.CutPrefix(data, []byte(tablesMagic))
	if !ok {
		return sections, fmt.Errorf("%w: it begins with %q, tables with %q", errDamaged, data[:min(len(data), len(tablesMagic))], tablesMagic)
	}
	for i := range sections {
		if len(rest) < 8 || uint64(len(rest)-8) < binary.LittleEndian.Uint64(rest) {
			return sections, fmt.Errorf("%w: section %d is short", errDamaged, i)
		}
		n := binary.LittleEndian.Uint64(rest)
		if sections[i], err = decompressor().DecodeAll(rest[8:8+n], nil); err != nil {
			return sections, fmt.Errorf("%w: section %d: %w", errDamaged, i, err)
		}
		rest = rest[8+n:]
	}
	return sections, nil
}

// stretch is some numbers of a table.
type stretch struct{ From, To uint32 }

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

// halvesIn is how many numbers were encoded.
func halvesIn(data []byte) (uint64, error) {
	if len(data) < 8 {
		return 0, fmt.Errorf("%w: %d bytes of halves", errDamaged, len(data))
	}
	from, to := binary.LittleEndian.Uint32(data), binary.LittleEndian.Uint32(data[4:])
	if from > to {
		return 0, fmt.Errorf("%w: halves %d to %d", errDamaged, from, to)
	}
	return uint64(to - from), nil
}

// addHalves gives the halves that were encoded their numbers again.
func addHalves(t *interner[Half], data []byte) error {
	var head struct{ From, To, Holes uint32 }
	n, err := binary.Decode(data, binary.LittleEndian, &head)
	if err != nil || head.From > head.To || uint64(head.From) != t.issued.Load() {
		return fmt.Errorf("%w: halves %d to %d after %d", errDamaged, head.From, head.To, t.issued.Load())
	}
	data = data[n:]
	if uint64(len(data)) != 8*uint64(head.Holes)+16*uint64(head.To-head.From) {
		return fmt.Errorf("%w: %d bytes for halves %d to %d", errDamaged, len(data), head.From, head.To)
	}
	holes := make([]stretch, head.Holes)
	n, err = binary.Decode(data, binary.LittleEndian, holes)
	if err != nil {
		return err
	}
	data = data[n:]
	for id := head.From; id < head.To; id++ {
		h := Half{binary.LittleEndian.Uint64(data), binary.LittleEndian.Uint64(data[8:])}
		data = data[16:]
		if !slices.ContainsFunc(holes, func(s stretch) bool { return s.From <= id && id < s.To }) {
			t.put(id, h, tag(hash2(h.A, h.B)))
		}
	}
	t.issued.Store(uint64(head.To))
	return nil
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

// decode adds hits.
func (h *hits) decode(data []byte, told *[64]int) error {
	size := binary.Size(keptHit{})
	if len(data)%size != 0 {
		return fmt.Errorf("%w: %d bytes of hits", errDamaged, len(data))
	}
	list := make([]keptHit, len(data)/size)
	if _, err := binary.Decode(data, binary.LittleEndian, list); err != nil {
		return err
	}
	for _, k := range list {
		if k.Mark >= 64 || k.Depth > 1<<40 {
			return fmt.Errorf("%w: a hit of mark %d at level %d", errDamaged, k.Mark, k.Depth)
		}
		h.take(int(k.Mark), hit{
			depth: int(k.Depth), from: k.From, isStep: k.IsStep,
			step: Step{To: k.To, Action: k.Action, Cost: k.Cost, Marks: k.Marks},
		})
		told[k.Mark] = len(h.nearest[k.Mark])
	}
	return nil
}
