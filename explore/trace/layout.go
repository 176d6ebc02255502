package trace

import "github.com/tcpcheck/tcpcheck/model"

// row is one line of a ladder before it is text.
type row struct {
	numbered bool
	step     int // index of the step that it shows; −1: the start
	what     rowKind
	side     Side      // of a call; of a segment, where it goes
	cell     [2]string // left and right column
	middle   string    // of a tick
	segment  model.Segment
	id       int // of the segment; 0: an attacker's
	departs  bool
	arrives  bool // or would have: what became of it stands in the cell
	notes    []string
}

type rowKind uint8

const (
	stateRow rowKind = iota
	callRow
	tickRow
	segmentRow
)

// The words for what became of a segment, and the notes about it.
const (
	wordLost      = "lost"
	wordDropped   = "dropped"
	wordExpired   = "expired"
	wordDuplicate = "duplicate"
	wordCopyStays = "copy stays"
	wordAttack    = "attack"
	wordTick      = "tick"
)

// layout turns a trace into rows. What a step sends waits in pending until its
// leaving must be shown, so that it can share the row of its arrival: before
// its sender acts again, a call is made or time passes. Leaving is shown in
// the order of sending.
type layout struct {
	t       *Trace
	rows    []row
	state   [2]model.State
	pending []departure
	sent    map[int]Flight
	arrived map[int]bool
	step    int
}

type departure struct {
	Flight
	step    int
	dropped bool
	called  bool // by a call: its row follows the call's
}

func lay(t *Trace, apart bool) []row {
	l := &layout{t: t, sent: map[int]Flight{}, arrived: map[int]bool{}}
	for s := range l.state {
		l.state[s] = t.Setup.Start[s].State
	}
	for _, f := range t.Setup.InFlight {
		l.sent[f.ID] = f
		l.arrived[f.ID] = true
	}
	l.add(row{numbered: true, step: -1, cell: l.states()})
	for i := range t.Steps {
		l.step = i
		l.show(&t.Steps[i])
		if apart {
			l.flush(len(l.pending))
		}
	}
	l.flush(len(l.pending))
	return l.rows
}

func (l *layout) add(r row) { l.rows = append(l.rows, r) }

func (l *layout) states() [2]string { return [2]string{l.state[A].String(), l.state[B].String()} }

func (l *layout) show(st *Step) {
	a := st.Action
	var merged *departure
	switch a.Kind {
	case Deliver, Duplicate, Lose:
		merged = l.take(a)
	default:
		l.flush(len(l.pending))
	}
	for s := range l.state {
		l.state[s] = st.After[s].State
	}
	switch a.Kind {
	case Call:
		text := "(" + eventText(a.Event, a.Event.ISS != l.shownISS(st)) + ")"
		r := row{numbered: true, step: l.step, what: callRow, side: a.Side}
		r.cell[a.Side] = text
		l.add(r)
		if len(st.Sent) == 0 {
			r := row{step: l.step}
			r.cell[a.Side] = l.state[a.Side].String()
			l.add(r)
		}
	case Tick:
		l.add(row{numbered: true, step: l.step, what: tickRow, cell: l.states(), middle: "(" + wordTick + ")"})
		for _, id := range st.Expired {
			l.add(l.gone(id, wordExpired))
		}
	default:
		l.arrival(st, merged)
	}
	for _, f := range st.Sent {
		l.sent[f.ID] = f
		d := departure{Flight: f, step: l.step, called: a.Kind == Call}
		for _, id := range st.Dropped {
			d.dropped = d.dropped || id == f.ID
		}
		l.pending = append(l.pending, d)
	}
}

// arrival adds the row of a segment that arrives or is lost; merged is its
// leaving, if that shares the row.
func (l *layout) arrival(st *Step, merged *departure) {
	a := st.Action
	r := row{numbered: true, step: l.step, what: segmentRow, side: a.Side, segment: st.Segment, id: a.ID, arrives: true}
	if merged != nil {
		r.numbered = !l.followsCall(merged)
		r.departs = true
		r.cell[a.Side.Other()] = l.state[a.Side.Other()].String()
	}
	if a.Kind == Lose {
		r.cell[a.Side] = "(" + wordLost + ")"
		l.add(r)
		return
	}
	r.cell[a.Side] = l.state[a.Side].String()
	if a.Kind == Attack {
		r.notes = append(r.notes, wordAttack)
	} else if l.arrived[a.ID] {
		r.notes = append(r.notes, wordDuplicate)
	}
	if a.Kind == Duplicate {
		r.notes = append(r.notes, wordCopyStays)
	}
	if a.Event.ISS != l.shownISS(st) {
		r.notes = append(r.notes, issText(a.Event.ISS))
	}
	l.arrived[a.ID] = true
	l.add(r)
}

// gone is the row of a segment that vanished of age.
func (l *layout) gone(id int, word string) row {
	f := l.sent[id]
	r := row{step: l.step, what: segmentRow, side: f.To, segment: f.Segment, id: id, arrives: true}
	r.cell[r.side] = "(" + word + ")"
	return r
}

// take shows what must be shown before the action. If the action's segment is
// next to leave, its leaving shares the row.
func (l *layout) take(a Action) *departure {
	at, must := -1, 0
	for i, d := range l.pending {
		if d.ID == a.ID {
			at = i
		}
		if d.To != a.Side && a.Kind != Lose {
			must = i + 1
		}
	}
	if at != 0 || must > 0 {
		for i, d := range l.pending {
			if d.called && d.ID != a.ID {
				must = max(must, i+1)
			}
		}
		must = max(must, at)
		l.flush(must)
		if at < must {
			return nil
		}
	}
	d := l.pending[0]
	l.pending = l.pending[1:]
	return &d
}

// flush shows the leaving of the first n that are pending.
func (l *layout) flush(n int) {
	for _, d := range l.pending[:n] {
		r := row{
			numbered: !l.followsCall(&d), step: d.step, what: segmentRow, side: d.To,
			segment: d.Segment, id: d.ID, departs: true,
		}
		r.cell[d.To.Other()] = l.state[d.To.Other()].String()
		if d.dropped {
			r.arrives = true
			r.cell[d.To] = "(" + wordDropped + ")"
		}
		l.add(r)
	}
	l.pending = l.pending[n:]
}

// followsCall tells whether the row to come stands under the call that sent d.
func (l *layout) followsCall(d *departure) bool {
	last := l.rows[len(l.rows)-1]
	return last.what == callRow && last.step == d.step
}

// shownISS is the ISS that the ladder shows without saying so, where the step
// may pick one: the number of the first SYN that its side sends.
func (l *layout) shownISS(st *Step) model.Seq {
	before := l.t.Before(l.step)[st.Action.Side].State
	if !picksISS(st.Action.Event.Kind, before) {
		return 0
	}
	for _, f := range st.Sent {
		if f.Segment.Flags.Has(model.SYN) {
			return f.Segment.Seq
		}
	}
	return 0
}

// named finds the segments that need their number: of those that look alike
// and go to the same side, if one is shown in two rows.
func named(t *Trace, rows []row) map[int]bool {
	type look struct {
		to   Side
		text string
	}
	ids := map[look]map[int]bool{}
	apart := map[look]bool{}
	note := func(id int, to Side, g model.Segment) {
		k := look{to, FormatSegment(g)}
		if ids[k] == nil {
			ids[k] = map[int]bool{}
		}
		ids[k][id] = true
	}
	for _, f := range t.Setup.InFlight {
		note(f.ID, f.To, f.Segment)
		apart[look{f.To, FormatSegment(f.Segment)}] = true
	}
	for _, r := range rows {
		if r.what == segmentRow && r.id != 0 {
			note(r.id, r.side, r.segment)
			if !r.departs {
				apart[look{r.side, FormatSegment(r.segment)}] = true
			}
		}
	}
	names := map[int]bool{}
	for k, set := range ids {
		for id := range set {
			names[id] = apart[k] && len(set) > 1
		}
	}
	return names
}
