package liveness

import (
	"context"
	"errors"
	"fmt"
	"math"
	"unsafe"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Label names what a step is for fairness: steps of one label are one action,
// whatever else they differ in.
type Label uint32

// Labels is a [search.Worker] that says which label a step has. Without it the
// label of a step is its action.
type Labels interface {
	// Label is the label of a step from s.
	Label(s search.State, st search.Step) Label
	// Owed appends labels that the step leaves owed: strong fairness demands
	// them of a run that takes such steps again and again, though no step of
	// its states may have them.
	Owed(s search.State, st search.Step, dst []Label) []Label
}

// Limits bound a graph.
type Limits struct {
	// States is the most states; 0: as many as there are numbers.
	States int
	// ProcessMemory is how many bytes the process may take ([search.ProcessBytes]),
	// with the graph and what questions of it need; 0: no limit.
	ProcessMemory uint64
	// Progress, if not nil, is called now and then, and once at the end.
	Progress func(states, steps int)
}

// Graph is all states of a model, numbered in breadth-first order, and all
// steps. It takes about 50 bytes for a state and 12 for a step.
type Graph struct {
	model  search.Model
	states []search.State
	marks  []search.Marks // of each state
	first  []uint32       // index of the first step of each state, and the end
	steps  []step
	kinds  []stepKind
	owed   map[uint32][]labelID // by index of the step
	inits  uint32               // initial states come first
	levels []uint64             // states of each breadth-first level
	labels []Label
}

// labelID is the place of a label in Graph.labels.
type labelID uint32

// step leads to a state; kind is an index of what it has in common with others.
type step struct {
	to     uint32
	action search.Action
	kind   uint32
}

// stepKind is a label with marks.
type stepKind struct {
	label labelID
	marks search.Marks
}

// States is how many states there are.
func (g *Graph) States() int { return len(g.states) }

// Levels is how many states there are at each distance from the beginning. The
// slice is the graph's.
func (g *Graph) Levels() []uint64 { return g.levels }

// Steps is how many steps there are.
func (g *Graph) Steps() int { return len(g.steps) }

// Why a graph is not whole.
var (
	ErrLimit  = errors.New("more states than the limit")
	ErrMemory = errors.New("memory limit reached")
)

// most is how many states or steps a graph can number.
const most = math.MaxUint32 - 1

// cancelEvery is how many states are expanded between two looks at the
// context.
const cancelEvery = 1 << 10

// Build keeps all states of the model. An error means that not all could be
// kept: [ErrLimit], [ErrMemory], the error of the context, or that of the model. Of
// the graph that comes with it, only how many states and steps it has means anything.
func Build(ctx context.Context, m search.Model, o Limits) (*Graph, error) {
	inits := m.Init(nil)
	if len(inits) == 0 {
		return nil, errors.New("the model has no initial state: whatever is asked would hold")
	}
	b := newBuilder(m, o)
	for _, s := range inits {
		if _, err := b.number(s); err != nil {
			return b.g, err
		}
	}
	b.g.inits = uint32(len(b.g.states))
	begin, end := 0, 0 // of the level
	for i := 0; i < len(b.g.states); i++ {
		if i == end {
			begin, end = end, len(b.g.states)
			b.g.levels = append(b.g.levels, uint64(end-begin))
		}
		if i%cancelEvery == 0 {
			if err := ctx.Err(); err != nil {
				return b.g, err
			}
			if err := b.room(); err != nil {
				return b.g, err
			}
			b.report(i)
		}
		if err := b.expand(uint32(i)); err != nil {
			return b.g, err
		}
	}
	b.g.first = append(b.g.first, uint32(len(b.g.steps)))
	b.report(0)
	return b.g, nil
}

// builder makes a graph.
type builder struct {
	g        *Graph
	o        Limits
	worker   search.Worker
	labels   Labels
	index    index
	kindIDs  map[stepKind]uint32
	labelIDs map[Label]labelID
	next     []search.Step
	owed     []Label
}

func newBuilder(m search.Model, o Limits) *builder {
	if o.States <= 0 || o.States > most {
		o.States = most
	}
	b := &builder{
		g: &Graph{model: m, owed: map[uint32][]labelID{}}, o: o, worker: m.Worker(),
		kindIDs: map[stepKind]uint32{}, labelIDs: map[Label]labelID{}, index: newIndex(),
	}
	b.labels = labelsOf(b.worker)
	return b
}

// number is the number of a state, a new one if it has none yet.
func (b *builder) number(s search.State) (uint32, error) {
	id, known := b.index.number(b.g.states, s)
	if known {
		return id, nil
	}
	if len(b.g.states) >= b.o.States {
		return 0, fmt.Errorf("%w of %d", ErrLimit, b.o.States)
	}
	b.g.states = append(b.g.states, s)
	return id, nil
}

// expand keeps the steps of state i.
func (b *builder) expand(i uint32) error {
	g, s := b.g, b.g.states[i]
	var err error
	if b.next, err = b.worker.Next(s, b.next[:0]); err != nil {
		return err
	}
	g.marks = append(g.marks, b.worker.Check(s, b.next))
	g.first = append(g.first, uint32(len(g.steps)))
	if len(g.steps)+len(b.next) > most {
		return fmt.Errorf("more than %d steps", most)
	}
	for _, st := range b.next {
		to, err := b.number(st.To)
		if err != nil {
			return err
		}
		e := uint32(len(g.steps))
		b.owed = b.labels.Owed(s, st, b.owed[:0])
		for _, l := range b.owed {
			g.owed[e] = append(g.owed[e], b.label(l))
		}
		label := b.label(b.labels.Label(s, st))
		g.steps = append(g.steps, step{to, st.Action, b.kind(stepKind{label, st.Marks})})
	}
	return nil
}

func (b *builder) kind(k stepKind) uint32 {
	id, ok := b.kindIDs[k]
	if !ok {
		id = uint32(len(b.g.kinds))
		b.kindIDs[k] = id
		b.g.kinds = append(b.g.kinds, k)
	}
	return id
}

func (b *builder) label(l Label) labelID {
	id, ok := b.labelIDs[l]
	if !ok {
		id = labelID(len(b.g.labels))
		b.labelIDs[l] = id
		b.g.labels = append(b.g.labels, l)
	}
	return id
}

// What a question takes, at most, while it is answered: of each state its numbers
// in a walk and in a decomposition, lists of states, and sets of some of them; of
// each step its place in the graph backwards, or whether it is cut.
const (
	askedState = 110 // bytes
	askedStep  = 5
)

// room tells by an error that the graph may not grow: what it has may have to move
// to where there is room for more, and then be asked.
func (b *builder) room() error {
	if b.o.ProcessMemory == 0 {
		return nil
	}
	g := b.g
	moves := room(g.states) + room(g.marks) + room(g.first) + room(g.steps) + b.index.room()
	asked := uint64(len(g.states))*askedState + uint64(len(g.steps))*askedStep
	if err := search.ProcessMayTake(int64(max(moves, asked)), b.o.ProcessMemory); err != nil {
		return fmt.Errorf("%w: %w", ErrMemory, err)
	}
	return nil
}

// room is what a slice takes beside itself when it next grows: it is copied to one
// a quarter larger, unless it has room.
func room[T any](s []T) uint64 {
	if cap(s)-len(s) > roomLeft {
		return 0
	}
	var one T
	return uint64(cap(s)) / 4 * 5 * uint64(unsafe.Sizeof(one))
}

// roomLeft is more than what is added between two looks at the memory.
const roomLeft = 64 * cancelEvery

func (b *builder) report(i int) {
	if b.o.Progress != nil && i%(64*cancelEvery) == 0 {
		b.o.Progress(len(b.g.states), len(b.g.steps))
	}
}

// from is the steps of a state, as a range of indices.
func (g *Graph) from(s uint32) (begin, end uint32) { return g.first[s], g.first[s+1] }

// label is the label of a step.
func (g *Graph) label(e uint32) labelID { return g.kinds[g.steps[e].kind].label }

// stepMarks are the marks of a step.
func (g *Graph) stepMarks(e uint32) search.Marks { return g.kinds[g.steps[e].kind].marks }

// deadlock tells whether a state has no step.
func (g *Graph) deadlock(s uint32) bool { return g.first[s] == g.first[s+1] }

// labelsOf is what the worker says of labels, or that they are the actions.
func labelsOf(w search.Worker) Labels {
	if l, ok := w.(Labels); ok {
		return l
	}
	return actionLabels{}
}

type actionLabels struct{}

func (actionLabels) Label(_ search.State, st search.Step) Label              { return Label(st.Action) }
func (actionLabels) Owed(_ search.State, _ search.Step, dst []Label) []Label { return dst }
