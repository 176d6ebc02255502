package search

import "sync"

// reexpander expands levels of a finished search again, with workers of its own.
type reexpander struct {
	e    *engine
	each []Worker
}

func newReexpander(e *engine) *reexpander { return &reexpander{e: e} }

func (r *reexpander) workers() int { return len(r.e.workers) }

func (r *reexpander) expand(depth int, visit func(worker int, s State, next []Step)) error {
	for len(r.each) < r.workers() {
		r.each = append(r.each, r.e.m.Worker())
	}
	var mu sync.Mutex // of failure
	var failure error
	work := func(worker int, take func() int) {
		if err := r.work(worker, depth, take, visit); err != nil {
			mu.Lock()
			failure = err
			mu.Unlock()
		}
	}
	var group sync.WaitGroup
	deal(r.e.store.parts(depth), r.workers(), &group, work)
	group.Wait()
	return failure
}

func (r *reexpander) work(worker, depth int, take func() int, visit func(worker int, s State, next []Step)) (err error) {
	defer r.e.survive(&err)
	var states []State
	var next []Step
	for part := take(); part >= 0; part = take() {
		if states, err = r.e.store.read(depth, part, states[:0]); err != nil {
			return err
		}
		for _, s := range states {
			if next, err = r.each[worker].Next(s, next[:0]); err != nil {
				return err
			}
			visit(worker, s, next)
		}
	}
	return nil
}
