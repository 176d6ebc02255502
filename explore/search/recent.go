package search

// recent is the states that a worker inserted lately. Neighbours in a level
// lead to the same states, so most targets of steps are found here, and need
// not be sought in memory. It is exact: what it finds was inserted, and what
// it doesn't find is sought.
type recent struct {
	at   []State // by hash; the zero state is never found
	next [batch]State
}

// recentSize is how many states it holds: with their 24 bytes a large part of
// the second cache of a core, and less where there are many more workers
// than cores.
func newRecent(workers int) recent {
	n := 1 << 15
	for ; workers > 64; workers /= 2 {
		n /= 2
	}
	return recent{at: make([]State, max(n, 1<<8))}
}

// leaveOut returns the targets of at most a batch of steps that are not recent.
func (r *recent) leaveOut(steps []Step) []State {
	n := 0
	mask := uint64(len(r.at) - 1)
	for i := range steps {
		s := steps[i].To
		at := &r.at[hash3(s.A, s.B, s.C)&mask]
		if s == *at && s != (State{}) {
			continue
		}
		*at = s
		r.next[n] = s
		n++
	}
	return r.next[:n]
}
