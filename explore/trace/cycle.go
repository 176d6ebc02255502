package trace

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// CheckCycle plays a lasso and returns an error if its cycle does not lead back
// to where it begins: to the same TCBs, and the same segments in the network
// with as long to live. Which of equal segments is which does not matter. Of a
// trace without a cycle it says nothing.
func CheckCycle(t *Trace, step [2]model.StepFunc) error {
	from := t.Info.CycleFrom
	if from < 0 {
		return nil
	}
	if from >= len(t.Steps) {
		return fmt.Errorf("cycle from step %d of %d", from+1, len(t.Steps))
	}
	r, err := NewRunner(t.Setup, step)
	if err != nil {
		return err
	}
	var begin [2]model.TCB
	var network []Flight
	for i := range t.Steps {
		if i == from {
			begin, network = [2]model.TCB{r.TCB(A), r.TCB(B)}, r.nameless()
		}
		if _, err := r.Do(t.Steps[i].Action); err != nil {
			return err
		}
	}
	for s := A; s <= B; s++ {
		if begin[s] != r.TCB(s) {
			return fmt.Errorf("the cycle from step %d does not lead back: %v is another TCB", from+1, s)
		}
	}
	if !slices.Equal(network, r.nameless()) {
		return errors.New("the cycle does not lead back: other segments are in the network")
	}
	return nil
}

// nameless is what is in the network, without names and in one order.
func (r *Runner) nameless() []Flight {
	list := r.InFlight()
	for i := range list {
		list[i].ID = 0
	}
	slices.SortFunc(list, func(a, b Flight) int {
		return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.TTL, b.TTL), cmp.Compare(FormatSegment(a.Segment), FormatSegment(b.Segment)))
	})
	return list
}
