package search

import "encoding/binary"

// part is some states of a level, sorted, as the differences from one to the
// next: one to four bytes for each.
type part struct {
	data  []byte
	n     uint16
	shift uint8 // bits of the right half
}

// encodeParts appends parts of at most size states for sorted keys. The
// scratch buffer is returned for the next call.
func encodeParts(parts []part, keys []uint64, shift uint, size int, scratch []byte) ([]part, []byte) {
	scratch = scratch[:0]
	var ends []int
	for i, key := range keys {
		last := uint64(0)
		if i%size != 0 {
			last = keys[i-1]
		} else if i > 0 {
			ends = append(ends, len(scratch))
		}
		scratch = binary.AppendUvarint(scratch, key-last)
	}
	data := append([]byte(nil), scratch...)
	begin := 0
	for i := 0; i < len(keys); i += size {
		end := len(data)
		if len(ends) > 0 {
			end, ends = ends[0], ends[1:]
		}
		parts = append(parts, part{data: data[begin:end:end], n: uint16(min(size, len(keys)-i)), shift: uint8(shift)})
		begin = end
	}
	return parts, scratch
}

// first is the least pair of the part.
func (p part) first() pair {
	key, _ := binary.Uvarint(p.data)
	return expand(key, uint(p.shift))
}

// each calls do with the pairs of the part.
func (p part) each(do func(pair)) {
	key, data := uint64(0), p.data
	for range p.n {
		difference, n := binary.Uvarint(data)
		data = data[n:]
		key += difference
		do(expand(key, uint(p.shift)))
	}
}

// sortKeys sorts keys below 2^bits, with room of the same length for another
// copy, digit by digit from the last. It returns the sorted one and the other.
func sortKeys[K ~uint64](keys, room []K, bits uint) (sorted, other []K) {
	room = room[:len(keys)]
	for shift := uint(0); shift < bits; shift += 8 {
		var starts [256]int
		for _, k := range keys {
			starts[uint8(k>>shift)]++
		}
		if len(keys) > 0 && starts[uint8(keys[0]>>shift)] == len(keys) {
			continue // all have this digit
		}
		sum := 0
		for i, n := range starts {
			starts[i] = sum
			sum += n
		}
		for _, k := range keys {
			at := &starts[uint8(k>>shift)]
			room[*at] = k
			*at++
		}
		keys, room = room, keys
	}
	return keys, room
}
