package model_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
)

func TestMutantsAreDescribed(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	section := regexp.MustCompile(`^3\.[0-9]`)
	seen := map[string]bool{}
	for _, m := range model.Mutants() {
		switch {
		case !kebab.MatchString(m.Name) || seen[m.Name]:
			t.Errorf("%q: not a name of its own in kebab-case", m.Name)
		case m.Meaning == "" || strings.HasSuffix(m.Meaning, "."):
			t.Errorf("%s: meaning %q: want a clause without a full stop", m.Name, m.Meaning)
		case !section.MatchString(m.Section):
			t.Errorf("%s: section %q: want one of section 3", m.Name, m.Section)
		}
		seen[m.Name] = true

		found, err := model.FindMutant(m.Name)
		if err != nil || found.Meaning != m.Meaning {
			t.Errorf("FindMutant(%q) = %q, %v", m.Name, found.Name, err)
		}
	}
	_, err := model.FindMutant("nothing")
	if err == nil || !strings.Contains(err.Error(), "two-way-handshake") {
		t.Errorf("FindMutant of an unknown name: error %v: want one that lists the names", err)
	}
}

// A mutant must do something, keep Step from panicking, and allocate nothing.
func TestMutantsDifferFromStep(t *testing.T) {
	for _, m := range model.Mutants() {
		step := m.Decorate(model.Step)
		differ := false
		for seed := range uint64(20000) {
			differ = walk(seed, step) || differ
			if differ && seed > 200 {
				break
			}
		}
		if !differ {
			t.Errorf("%s: no random walk tells it from Step", m.Name)
		}
	}
}

func TestMutantsAllocateNothing(t *testing.T) {
	for _, m := range model.Mutants() {
		w := newWalker(7, m.Decorate(model.Step))
		if n := testing.AllocsPerRun(200, w.step); n != 0 {
			t.Errorf("%s: %v allocations per step", m.Name, n)
		}
	}
}

// walk drives two endpoints by step and tells whether Step would have done
// anything else.
func walk(seed uint64, step model.StepFunc) (differs bool) {
	w := newWalker(seed, step)
	for range 100 {
		w.step()
	}
	return w.differs
}

// walker is a pair of endpoints and what flies between them, driven at random.
type walker struct {
	rand    *rand.Rand
	decor   model.StepFunc
	e       model.Endpoint
	tcb     [2]model.TCB
	flying  [2][8]model.Segment
	n       [2]int
	right   model.TCB // what Step leaves, to compare
	out     [2]model.Output
	differs bool
}

func newWalker(seed uint64, step model.StepFunc) *walker {
	w := &walker{rand: rand.New(rand.NewPCG(seed, 1)), decor: step}
	space, err := model.NewSpace(5)
	if err != nil {
		panic(err)
	}
	w.e = model.Endpoint{Space: space, Window: 3, Retransmissions: 3, MSL: 2, TimeWait: 4, SlowReader: w.chance(50)}
	if w.chance(50) {
		w.e.Behaviours = model.Behaviours{SynText: model.SynTextSent}
	}
	w.tcb[1].State = model.Listen
	return w
}

func (w *walker) chance(percent int) bool { return w.rand.IntN(100) < percent }

func (w *walker) step() {
	side := w.rand.IntN(2)
	ev := w.event(side)
	w.right = w.tcb[side]
	w.decor(&w.e, &w.tcb[side], ev, &w.out[0])
	model.Step(&w.e, &w.right, ev, &w.out[1])
	if w.right != w.tcb[side] || w.out[0] != w.out[1] {
		w.differs = true
	}
	for _, g := range w.out[0].Sent() {
		if w.n[side] < len(w.flying[side]) {
			w.flying[side][w.n[side]] = g
			w.n[side]++
		}
	}
}

func (w *walker) event(side int) model.Event {
	peer := 1 - side
	ev := model.Event{Kind: model.SegmentArrives, ISS: w.seq()}
	switch {
	case w.n[peer] > 0 && w.chance(60):
		i := w.rand.IntN(w.n[peer])
		ev.Segment = w.flying[peer][i]
		if !w.chance(15) { // else it stays, and comes again
			w.n[peer]--
			w.flying[peer][i] = w.flying[peer][w.n[peer]]
		}
	case w.chance(10):
		ev.Segment = w.strange(w.tcb[side])
	default:
		ev.Kind = model.EventKind(w.rand.IntN(model.NumEventKinds))
		ev.N = 1 + w.rand.Uint32N(2)
		ev.Segment = model.Segment{}
		switch ev.Kind {
		case model.Abort, model.Crash, model.UserTimeout, model.UnreachableHard, model.TimeWaitTimeout, model.OpenPassive:
			if w.chance(90) { // or nothing gets far
				ev.Kind = model.RetransmissionTimeout
			}
		}
	}
	return ev
}

// strange is a segment that nobody sent, with numbers near the right ones.
func (w *walker) strange(t model.TCB) model.Segment {
	g := model.Segment{
		Seq: w.e.Space.Add(w.e.Space.Sub(t.RcvNxt, 2), w.rand.Uint32N(5)), Ack: w.e.Space.Add(t.SndUna, w.rand.Uint32N(5)),
		Wnd: w.rand.Uint32N(4), Len: w.rand.Uint32N(3), BadSecurity: w.chance(10),
		Flags: model.Flags(w.rand.IntN(int(model.AllFlags)+1)) &^ model.URG,
	}
	if w.chance(50) {
		g.Flags |= model.ACK
	}
	if !g.Flags.Has(model.ACK) {
		g.Ack = 0
	}
	return g
}

func (w *walker) seq() model.Seq { return w.e.Space.Add(0, w.rand.Uint32()) }
