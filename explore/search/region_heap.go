//go:build !linux || race

package search

import "unsafe"

// Where memory is not asked of the system, the Go heap serves. The race
// detector looks at nothing else, so it gets the heap too.

func mapBytes(n int) ([]byte, error) {
	words := make([]uint64, (n+7)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), n), nil
}

func remapBytes(b []byte, n int) ([]byte, error) {
	grown, err := mapBytes(n)
	if err == nil {
		copy(grown, b)
	}
	return grown, err
}

func unmapBytes([]byte) {}

func dropBytes([]byte, int, int) {}
