package search

import (
	"sync"
	"time"
)

// reporter calls Options.Progress, always from the goroutine that runs the
// search.
type reporter struct {
	e      *engine
	begin  time.Time
	ticker *time.Ticker
	ticks  <-chan time.Time // nil without a progress function
}

func newReporter(e *engine) *reporter {
	r := &reporter{e: e, begin: time.Now()}
	if e.o.Progress != nil {
		every := e.o.ProgressEvery
		if every <= 0 {
			every = 200 * time.Millisecond
		}
		r.ticker = time.NewTicker(every)
		r.ticks = r.ticker.C
	}
	return r
}

// until reports until the group is done.
func (r *reporter) until(group *sync.WaitGroup) {
	if r.ticks == nil {
		group.Wait()
		return
	}
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	for {
		select {
		case <-done:
			return
		case <-r.ticks:
			r.report()
		}
	}
}

// end reports for the last time.
func (r *reporter) end() {
	if r.ticks != nil {
		r.ticker.Stop()
		r.report()
	}
}

func (r *reporter) report() {
	e := r.e
	p := Progress{
		Level: e.result.Depth, States: e.result.States, Transitions: e.transitions(),
		Memory: e.store.visitedBytes() + e.store.levelBytes(), Elapsed: time.Since(r.begin),
	}
	if n := len(e.result.Levels); n > 0 {
		p.Frontier = e.result.Levels[n-1]
	}
	e.o.Progress(p)
}
