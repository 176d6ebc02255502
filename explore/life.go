package explore

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// maxAges is how many outstanding numbers a [Ghost] keeps the ages of.
const maxAges = 8

// checkLife refuses a bound of life that means nothing, or windows for which
// ages are not kept: besides the window's octets a SYN may be outstanding.
func (sc *Scenario) checkLife() error {
	switch {
	case sc.Life == 0:
	case sc.MSL == 0:
		return fmt.Errorf("life: %d ticks, and no time is counted: want msl of at least 1", sc.Life)
	case sc.Window >= maxAges:
		return fmt.Errorf("life: windows of %d octets: want less than %d, since the age of each outstanding number is kept", sc.Window, maxAges)
	}
	return nil
}

// ages tells whether time changes the side: a timer runs, or the age of what is
// outstanding is kept.
func (sc *Scenario) ages(s *Side) bool {
	return s.TCB.CanTick() || sc.Life > 0 && s.TCB.SndUna != s.TCB.SndNxt
}

// overdue tells whether a number has been outstanding as long as it may.
func (sc *Scenario) overdue(s *Side) bool { return sc.Life > 0 && s.Ghost.Ages[0] >= sc.Life }

// keepAges follows how long each outstanding number has been so.
func (p *stepper) keepAges(e *model.Endpoint, before, after *Side, ev model.Event) {
	if p.sc.Life == 0 {
		return
	}
	var ages [maxAges]uint8
	n := min(e.Outstanding(&after.TCB), maxAges)
	if before.TCB.State >= model.SynSent {
		if acked := e.Space.Dist(before.TCB.SndUna, after.TCB.SndUna); acked < maxAges {
			copy(ages[:n], before.Ghost.Ages[acked:])
		}
	}
	if ev.Kind == model.Tick {
		for i := range n {
			ages[i]++
		}
	}
	after.Ghost.Ages = ages
}
