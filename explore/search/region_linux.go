//go:build linux && !race

package search

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// hugePage is the size of a large page, in bytes.
const hugePage = 2 << 20

func mapBytes(n int) ([]byte, error) {
	b, err := unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	if err != nil {
		return nil, fmt.Errorf("reserving %d bytes: %w", n, err)
	}
	mapped.Add(int64(n))
	adviseHuge(b)
	return b, nil
}

func remapBytes(b []byte, n int) ([]byte, error) {
	had := len(b)
	b, err := unix.Mremap(b, n, unix.MREMAP_MAYMOVE)
	if err != nil {
		return nil, fmt.Errorf("reserving %d bytes: %w", n, err)
	}
	mapped.Add(int64(n - had))
	adviseHuge(b)
	return b, nil
}

func unmapBytes(b []byte) {
	if b == nil {
		return
	}
	mapped.Add(-int64(len(b)))
	if err := unix.Munmap(b); err != nil {
		panic(fmt.Sprintf("search: returning %d bytes: %v", len(b), err))
	}
}

// dropBytes gives the large pages that lie wholly in b[from:to] back. Where
// the system does not, nothing is lost but memory.
func dropBytes(b []byte, from, to int) {
	from = (from + hugePage - 1) / hugePage * hugePage
	to = to / hugePage * hugePage
	if from < to {
		_ = unix.Madvise(b[from:to], unix.MADV_DONTNEED)
	}
}

// adviseHuge asks for large pages, which save most of the address translation
// of random access. Without them all works, more slowly.
func adviseHuge(b []byte) {
	if len(b) >= hugePage {
		_ = unix.Madvise(b, unix.MADV_HUGEPAGE)
	}
}
