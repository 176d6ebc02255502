package search

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// memory is how much a search may take.
type memory struct {
	store   uint64 // bytes of the visited set and the levels; 0: no limit
	process uint64 // bytes of the whole process; 0: no limit

	mu sync.Mutex // of collecting garbage
}

// check says whether the store may take so many bytes, and the process more
// than it has now.
func (m *memory) check(store uint64, more int64) error {
	if m.store != 0 && store > m.store {
		return &MemoryError{store, m.store}
	}
	if m.process == 0 || int64(ProcessBytes())+more <= int64(m.process) {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return ProcessMayTake(more, m.process)
}

// ProcessMayTake returns an error if the process would have more than a limit if it took so
// many bytes more than it has now. Where it would, garbage is collected first.
func ProcessMayTake(more int64, limit uint64) error {
	if int64(ProcessBytes())+more <= int64(limit) {
		return nil
	}
	debug.FreeOSMemory()
	// Some room is left, so that garbage need not be collected again at once.
	if needed := int64(ProcessBytes()+limit/32) + more; needed > int64(limit) {
		return &MemoryError{uint64(needed), limit}
	}
	return nil
}

// left is how many bytes may still be taken where the store has so many: many, if
// there is no limit.
func (m *memory) left(store uint64) uint64 {
	left := uint64(1) << 40
	if m.store != 0 {
		left = m.store - min(store, m.store)
	}
	if m.process != 0 {
		left = min(left, m.process-min(ProcessBytes(), m.process))
	}
	return left
}

// MemoryError is a limit of memory that is not enough.
type MemoryError struct{ Needed, Allowed uint64 } // bytes

func (e *MemoryError) Error() string {
	const mib = 1 << 20
	return fmt.Sprintf("%.1f MiB needed, %.1f MiB allowed", float64(e.Needed)/mib, float64(e.Allowed)/mib)
}

// ProcessBytes is how many bytes this process has of the system, about: the Go
// runtime's, without what it has given back, and those of stores; or what is
// resident, if the system tells that it is more.
func ProcessBytes() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return max(samples[0].Value.Uint64()-samples[1].Value.Uint64()+uint64(mapped.Load()), resident())
}
