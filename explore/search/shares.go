package search

import (
	"sync"
	"sync/atomic"
)

// shares deals out the parts of a level: to each worker a stretch of
// neighbours, which lead to the same states more often than others do, and, when
// that is done, what others have left.
type shares []share

type share struct {
	next atomic.Int64
	end  int64
	_    [48]byte // keeps shares of two workers in lines apart
}

func newShares(parts, workers int) shares {
	s := make(shares, workers)
	for i := range s {
		s[i].next.Store(int64(parts * i / workers))
		s[i].end = int64(parts * (i + 1) / workers)
	}
	return s
}

// take returns a part for a worker, or -1 if none is left.
func (s shares) take(worker int) int {
	for i := range s {
		share := &s[(worker+i)%len(s)]
		if share.next.Load() >= share.end {
			continue
		}
		if part := share.next.Add(1) - 1; part < share.end {
			return int(part)
		}
	}
	return -1
}

// deal calls do for each of so many workers, in goroutines, with what gives it
// one part after the other and then -1. Nobody is called for whom there is no
// part.
func deal(parts, workers int, group *sync.WaitGroup, do func(worker int, take func() int)) {
	workers = min(workers, parts)
	s := newShares(parts, workers)
	for w := range workers {
		group.Go(func() { do(w, func() int { return s.take(w) }) })
	}
}
