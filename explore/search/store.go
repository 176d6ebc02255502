package search

// store keeps the visited states and the levels they belong to.
type store interface {
	// inserter returns the view of one goroutine.
	inserter() inserter
	// endLevel makes what was inserted since the last call the next level and
	// returns its number of states. No insert runs meanwhile.
	endLevel() (uint64, error)
	// parts is how many parts a level has.
	parts(level int) int
	// read appends the states of a part. Any number of goroutines may read, also
	// while others insert.
	read(level, part int, dst []State) ([]State, error)
	// diskBytes is what is kept on disk.
	diskBytes() uint64
	// visitedBytes is the size of the visited set, levelBytes of the levels.
	visitedBytes() uint64
	levelBytes() uint64
	// forget gives back what only inserting needs: from here on levels are read.
	forget()
	close()
}

// inserter adds the targets of steps to the visited set, and those that are
// new to the level that comes next.
type inserter interface {
	insert(steps []Step) error
}

// batch is how many steps a store works on at a time: enough to overlap what
// memory makes it wait for, and little enough to stay in the first cache.
const batch = 256

// A part of a level has at most partSize states, and fewer in small levels, so
// that all workers have something to do, but hardly ever under leastPart.
const (
	partSize  = 256
	leastPart = 16
)

// partSizeOf is the size of the parts of a level of n states.
func partSizeOf(n uint64, workers int) int {
	return int(min(max(n/uint64(8*workers), leastPart), partSize))
}

// newStore makes the store that the options ask for.
func newStore(m Model, o Options, stopped func() error) (store, error) {
	limit := &memory{store: o.Memory, process: o.ProcessMemory}
	if o.Store == StoreFlat {
		return newFlat(o.Workers, limit)
	}
	t, err := newTree(m, o.Workers, limit)
	if err == nil {
		t.spillTo, t.wrap, t.stopped = o.Spill, o.wrap, stopped
	}
	return t, err
}
