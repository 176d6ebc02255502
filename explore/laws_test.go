package explore

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// The world in the clear, one successor after the other: slow and plain, the
// oracle of the interned one.

func key(v any) []byte {
	b, err := binary.Append(nil, binary.BigEndian, v)
	if err != nil {
		panic(err)
	}
	return b
}

// settle puts any-order channels in one order.
func (w World) settle(o Order) World {
	if o == AnyOrder {
		for i := range w.Net {
			slices.SortFunc(w.Net[i].Packets[:w.Net[i].N], func(a, b Packet) int { return bytes.Compare(key(a), key(b)) })
		}
	}
	return w
}

func (c *Channel) remove(i int) {
	copy(c.Packets[i:], c.Packets[i+1:])
	c.N--
	c.Packets[c.N] = Packet{}
}

// plainStep leads to a world; owes are the deeds of what it sends into a full
// channel.
type plainStep struct {
	to   World
	deed plainDeed
	owes []plainDeed
}

// plainDeed is what fairness tells apart: an event at a side, an arrival also by
// content.
type plainDeed struct {
	what    string
	at      trace.Side
	segment model.Segment
}

// happens lets an event happen in w and returns the world after it and the
// deeds owed, ok false if its segments don't fit.
func (sc *Scenario) happens(w World, at trace.Side, ev model.Event, p *Packet) (to World, owes []plainDeed, ok bool) {
	st := (&stepper{sc: sc}).do(at, &w.Sides[at], ev, p)
	sent := slices.Clone(st.Sent)
	w.Sides[at] = *st.After
	for _, s := range sent {
		c := &w.Net[at]
		if int(c.N) == sc.Capacity {
			if w.Loss == 0 {
				return w, nil, false
			}
			spend(&w.Loss, 1)
			owes = append(owes, arrivalOf(at.Other(), &s))
			continue
		}
		c.Packets[c.N] = s
		c.N++
	}
	return w.settle(sc.Order), owes, true
}

// arrivalOf is the deed of an arrival: by direction and content.
func arrivalOf(at trace.Side, p *Packet) plainDeed { return plainDeed{"arrival", at, p.Segment} }

// next lists the worlds after w, one for each action.
func (sc *Scenario) next(w World) (list []World) {
	sc.plainSteps(w, func(s plainStep) { list = append(list, s.to) })
	return list
}

// plainSteps calls take for each step from w.
func (sc *Scenario) plainSteps(w World, take func(plainStep)) {
	happens := func(w World, deed plainDeed, at trace.Side, ev model.Event, p *Packet) {
		if to, owes, ok := sc.happens(w, at, ev, p); ok {
			take(plainStep{to, deed, owes})
		}
	}
	for at := trace.A; at <= trace.B; at++ {
		for _, a := range sc.calls(at, &w.Sides[at], nil) {
			happens(w, plainDeed{what: a.event.String(), at: at}, at, a.modelEvent(), nil)
		}
		from := at.Other()
		for i, p := range w.Net[from].List() {
			if sc.Order == AnyOrder && i > 0 && p == w.Net[from].Packets[i-1] {
				continue
			}
			if w.Loss > 0 {
				n := w
				n.Net[from].remove(i)
				spend(&n.Loss, 1)
				take(plainStep{to: n.settle(sc.Order), deed: plainDeed{what: "loss"}})
			}
			if sc.Order == FIFO && i > 0 {
				continue
			}
			for _, iss := range sc.arrivals(at, &w.Sides[at], &p, nil) {
				ev := model.Event{Kind: model.SegmentArrives, Segment: p.Segment, ISS: iss}
				n := w
				n.Net[from].remove(i)
				happens(n, arrivalOf(at, &p), at, ev, &p)
				if w.Duplication > 0 {
					n := w
					spend(&n.Duplication, 1)
					happens(n, arrivalOf(at, &p), at, ev, &p)
				}
			}
		}
	}
	for at := trace.A; at <= trace.B; at++ {
		if w.Sides[at].Left.Attacks == 0 {
			continue
		}
		for _, f := range sc.forgeries() {
			p := sc.forge(f)
			for _, iss := range sc.arrivals(at, &w.Sides[at], &p, nil) {
				happens(w, plainDeed{what: "attack"}, at, model.Event{Kind: model.SegmentArrives, Segment: p.Segment, ISS: iss}, &p)
			}
		}
	}
	if n, changes := sc.later(w); changes {
		take(plainStep{to: n, deed: plainDeed{what: "time"}})
	}
}

// later is the world one tick later.
func (sc *Scenario) later(w World) (World, bool) {
	changes := sc.MSL > 0 && w.Net[0].N+w.Net[1].N > 0
	n := w
	for i := range n.Net {
		n.Net[i] = Channel{}
		for _, p := range w.Net[i].List() {
			if p.TTL > 1 {
				p.TTL--
				n.Net[i].Packets[n.Net[i].N] = p
				n.Net[i].N++
			}
		}
	}
	for at := trace.A; at <= trace.B; at++ {
		aging := sc.Life > 0 && w.Sides[at].TCB.SndUna != w.Sides[at].TCB.SndNxt
		if aging && w.Sides[at].Ghost.Ages[0] >= sc.Life {
			return w, false
		}
		if w.Sides[at].TCB.CanTick() || aging {
			changes = true
			n.Sides[at] = *(&stepper{sc: sc}).do(at, &w.Sides[at], model.Event{Kind: model.Tick}, nil).After
		}
	}
	return n.settle(sc.Order), changes && sc.MSL > 0
}

// plainly visits every world; ok is false beyond the limit, or where worlds have
// very many steps.
func (sc *Scenario) plainly(limit int) (seen map[World]bool, transitions int, ok bool) {
	start := sc.start().settle(sc.Order)
	seen = map[World]bool{start: true}
	level := []World{start}
	for len(level) > 0 {
		var following []World
		for _, w := range level {
			sc.plainSteps(w, func(s plainStep) {
				transitions++
				before := len(seen)
				if seen[s.to] = true; len(seen) > before {
					following = append(following, s.to)
				}
			})
			if len(seen) > limit || transitions > 20*limit {
				return seen, transitions, false
			}
		}
		level = following
	}
	return seen, transitions, true
}

// worlds are the distinct worlds that the search reaches, in the clear.
func worlds(t interface{ Fatal(...any) }, sc *Scenario) (map[World]bool, *search.Result) {
	return record(t, newSpace(sc, nil), search.StoreMap)
}

// record searches the space and remembers the worlds.
func record(t interface{ Fatal(...any) }, sp *space, store search.Store) (map[World]bool, *search.Result) {
	rec := &recorder{space: sp, seen: map[World]bool{}}
	r, err := search.Run(context.Background(), rec, search.Options{Store: store, Workers: 1})
	if err != nil || !r.Complete {
		t.Fatal("search: ", err, r)
	}
	if rec.refused != nil {
		t.Fatal("a checkpoint with such a state would be refused: ", rec.refused)
	}
	return rec.seen, r
}

// recorder is a space that remembers what was visited.
type recorder struct {
	*space
	seen    map[World]bool
	refused error // why a state is not known
}

func (r *recorder) Worker() search.Worker { return recordingWorker{r.space.Worker(), r} }

type recordingWorker struct {
	search.Worker
	r *recorder
}

func (w recordingWorker) Check(s search.State, next []search.Step) search.Marks {
	w.r.seen[w.r.world(s).settle(w.r.sc.Order)] = true
	if err := w.r.Known(s); err != nil {
		w.r.refused = fmt.Errorf("%w: %+v", err, w.r.world(s))
	}
	return w.Worker.Check(s, next)
}

// oneAfterTheOther skips a test in short runs, which are those with the race
// detector: nothing in it is concurrent.
func oneAfterTheOther(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("slow with the race detector, and nothing in it is concurrent")
	}
}

// drawScenario draws a small scenario.
func drawScenario(t *rapid.T) *Scenario {
	sc := base("drawn", "")
	sc.Capacity = rapid.IntRange(1, 2).Draw(t, "capacity")
	sc.Order = rapid.SampledFrom([]Order{AnyOrder, FIFO}).Draw(t, "order")
	sc.Loss = rapid.SampledFrom([]uint8{0, 1, Unlimited}).Draw(t, "loss")
	sc.Duplication = rapid.SampledFrom([]uint8{0, 1}).Draw(t, "duplication")
	sc.Retransmissions = rapid.SampledFrom([]uint8{0, 1}).Draw(t, "retransmissions")
	sc.UserTimeout = rapid.Bool().Draw(t, "user timeout")
	sc.MSL = rapid.SampledFrom([]uint8{0, 1, 2}).Draw(t, "msl")
	if sc.MSL > 0 {
		sc.Life = rapid.SampledFrom([]uint8{0, 1, 2}).Draw(t, "life")
	}
	sc.ISN = rapid.SampledFrom([]ISN{ISNClock, ISNConstant}).Draw(t, "isn")
	sc.Window = rapid.Uint32Range(1, 2).Draw(t, "window")
	if rapid.Bool().Draw(t, "mutated") {
		sc.Mutant = rapid.SampledFrom(model.Mutants()).Draw(t, "mutant").Name
	}
	established := rapid.Bool().Draw(t, "established")
	for i := range sc.Sides {
		s := &sc.Sides[i]
		s.Open = rapid.SampledFrom([]Opening{OpensActively, OpensPassively, OpensEither}).Draw(t, "open")
		s.Slow = rapid.Bool().Draw(t, "slow")
		s.Urgent = rapid.IntRange(0, 3).Draw(t, "urgent") == 0
		if established {
			s.Start = StartEstablished
		}
		s.Budget = Budget{
			Opens:   rapid.Uint8Range(0, 1).Draw(t, "opens"),
			Octets:  rapid.Uint8Range(0, 1).Draw(t, "octets"),
			Closes:  rapid.Uint8Range(0, 1).Draw(t, "closes"),
			Aborts:  rapid.Uint8Range(0, 1).Draw(t, "aborts"),
			Asides:  rapid.SampledFrom([]uint8{0, 0, 0, 1}).Draw(t, "asides"),
			Attacks: uint8(rapid.IntRange(0, 7).Draw(t, "attacks")) / 7,
		}
	}
	for _, c := range model.Choices() {
		if rapid.IntRange(0, 5).Draw(t, c.Name) == 0 {
			_ = c.Set(&sc.Behaviours, rapid.SampledFrom(c.Values).Draw(t, "value").Name)
		}
	}
	if err := sc.prepare(); err != nil {
		t.Fatal(err)
	}
	return &sc
}

// The interned world and the plain one give the same graph; with A and B
// exchanged it is the mirror image.
func TestInternedIsPlain(t *testing.T) {
	oneAfterTheOther(t)
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		want, transitions, ok := sc.plainly(3000)
		if !ok {
			t.Skip("large")
		}
		got, r := worlds(t, sc)
		if int(r.States) != len(want) || int(r.Transitions) != transitions {
			t.Fatalf("interned: %d states, %d steps; plain: %d, %d", r.States, r.Transitions, len(want), transitions)
		}
		for w := range want {
			if !got[w] {
				t.Fatalf("interned misses %+v", w)
			}
		}

		other := *sc
		other.Sides[0], other.Sides[1] = other.Sides[1], other.Sides[0]
		if err := other.prepare(); err != nil {
			t.Fatal(err)
		}
		got, r = worlds(t, &other)
		if int(r.States) != len(want) || int(r.Transitions) != transitions {
			t.Fatalf("exchanged: %d states, %d steps; want %d, %d", r.States, r.Transitions, len(want), transitions)
		}
		for w := range want {
			if !got[w.Swapped().settle(sc.Order)] {
				t.Fatalf("exchanged misses the mirror image of %+v", w)
			}
		}
	})
}

// pairs are the joint states of the endpoints, without budgets and channels.
func pairs(seen map[World]bool) map[[2]model.State]bool {
	p := map[[2]model.State]bool{}
	for w := range seen {
		p[[2]model.State{w.Sides[0].TCB.State, w.Sides[1].TCB.State}] = true
	}
	return p
}

// Larger bounds reach at least the same joint states.
func TestLargerBoundsReachMore(t *testing.T) {
	oneAfterTheOther(t)
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		small, _, ok := sc.plainly(1500)
		if !ok {
			t.Skip("large")
		}
		wider := *sc
		switch rapid.IntRange(0, 3).Draw(t, "what grows") {
		case 0:
			wider.Loss = Unlimited
		case 1:
			wider.Duplication++
		case 2:
			wider.Sides[0].Budget.Closes++
		case 3:
			wider.Sides[1].Budget.Aborts++
		}
		if err := wider.prepare(); err != nil {
			t.Fatal(err)
		}
		large, _, ok := wider.plainly(20000)
		if !ok {
			t.Skip("large")
		}
		got := pairs(large)
		for p := range pairs(small) {
			if !got[p] {
				t.Fatalf("%v is reached with small bounds only", p)
			}
		}
	})
}

// A random walk stays inside the visited set.
func TestWalksStayInside(t *testing.T) {
	oneAfterTheOther(t)
	sc, err := Preset("syn-text")
	if err != nil {
		t.Fatal(err)
	}
	if err := sc.prepare(); err != nil {
		t.Fatal(err)
	}
	seen, _ := worlds(t, sc)
	rapid.Check(t, func(t *rapid.T) {
		w := sc.start().settle(sc.Order)
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			next := sc.next(w)
			if len(next) == 0 {
				return
			}
			w = rapid.SampledFrom(next).Draw(t, "next")
			if !seen[w] {
				t.Fatalf("the search never visited %+v", w)
			}
		}
	})
}

// A scenario written as YAML and read again is the same scenario.
func TestYAMLRoundTrip(t *testing.T) {
	oneAfterTheOther(t)
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		var b bytes.Buffer
		if err := sc.WriteYAML(&b); err != nil {
			t.Fatal(err)
		}
		got, err := ReadScenario("drawn.yaml", strings.NewReader(b.String()))
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		var again bytes.Buffer
		if err := got.WriteYAML(&again); err != nil {
			t.Fatal(err)
		}
		if again.String() != b.String() {
			t.Fatalf("wrote\n%s\nread and wrote\n%s", b.String(), again.String())
		}
	})
}

// knowing asks of each state that a search meets whether it is known.
type knowing struct {
	*space
	t *testing.T
}

type knowingWorker struct {
	search.Worker
	knowing
}

func (k knowing) Worker() search.Worker { return knowingWorker{k.space.Worker(), k} }

func (k knowingWorker) Check(s search.State, next []search.Step) search.Marks {
	if err := k.Known(s); err != nil && !k.t.Failed() {
		k.t.Errorf("%s, variant %s, mutant %q: %v:\n%+v", k.sc.Name, k.sc.Variant, k.sc.Mutant, err, k.world(s))
	}
	return k.Worker.Check(s, next)
}

// A checkpoint is not refused for what a search comes to.
func TestStatesAreKnown(t *testing.T) {
	depth, mutants := 3, []string(nil)
	if os.Getenv("TCPCHECK_LARGE") != "" {
		depth, mutants = 7, mutantNames()
	}
	known := func(sc Scenario, set func(*Scenario, string) error, name string) {
		if set(&sc, name) != nil || sc.prepare() != nil {
			return // not with this scenario
		}
		if _, err := search.Run(t.Context(), knowing{newSpace(&sc, nil), t}, search.Options{Workers: 1, MaxDepth: depth}); err != nil {
			t.Fatal(err)
		}
	}
	for _, sc := range AllPresets() {
		for _, name := range variantNames() {
			known(sc, (*Scenario).SetVariant, name)
		}
		for _, name := range mutants {
			known(sc, (*Scenario).SetMutant, name)
		}
	}
}
