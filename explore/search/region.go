package search

import (
	"sync/atomic"
	"unsafe"
)

// mapped is how many bytes all regions outside the Go heap have.
var mapped atomic.Int64

// region is an array outside the Go heap where the system has such memory:
// page by page as it is touched, in large pages where possible, and nothing
// for the garbage collector to look at. T must not contain pointers.
type region[T any] struct {
	raw []byte
	at  []T
}

func newRegion[T any](n int) (region[T], error) {
	raw, err := mapBytes(n * sizeOf[T]())
	if err != nil {
		return region[T]{}, err
	}
	return overlay[T](raw, n), nil
}

// resize keeps the contents; what is new is zero.
func (r *region[T]) resize(n int) error {
	raw, err := remapBytes(r.raw, n*sizeOf[T]())
	if err != nil {
		return err
	}
	*r = overlay[T](raw, n)
	return nil
}

// forget says that elements from (inclusive) to (exclusive) are not read again.
func (r *region[T]) forget(from, to int) {
	dropBytes(r.raw, from*sizeOf[T](), to*sizeOf[T]())
}

func (r *region[T]) free() {
	unmapBytes(r.raw)
	*r = region[T]{}
}

func (r *region[T]) bytes() uint64 { return uint64(len(r.raw)) }

func overlay[T any](raw []byte, n int) region[T] {
	return region[T]{raw, unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(raw))), n)}
}

func sizeOf[T any]() int {
	var t T
	return int(unsafe.Sizeof(t))
}
