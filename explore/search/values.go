package search

import (
	"cmp"
	"hash/maphash"
	"sync"
)

// Rules is a model over values of any comparable type, for [Of] to make a
// [Model] of. Its methods are called from several goroutines at once, so they
// depend on their arguments only.
type Rules[T comparable] interface {
	// Init returns the initial values, at least one.
	Init() []T
	// Next calls emit with every step from v.
	Next(v T, emit func(to T, a Action, marks Marks))
	// Check returns the properties of states that v hits. A deadlock is a value
	// without steps.
	Check(v T, deadlock bool) Marks
	// Compare orders values by what they mean.
	Compare(a, b T) int
}

// Values is a model over values: each distinct value has a number, by an exact
// table, and the number is the first word of its state. That takes the memory
// of the values and of a Go map; a model that packs its states into three words
// itself is smaller and faster. Actions are ordered by their numbers.
type Values[T comparable] struct {
	rules  Rules[T]
	seed   maphash.Seed
	shards [valueShards]shard[T]
}

const (
	valueShardBits = 6
	valueShards    = 1 << valueShardBits
)

// shard is the values whose hash ends in its number.
type shard[T comparable] struct {
	mu      sync.RWMutex
	numbers map[T]uint64
	values  []T
}

// Of makes a model of rules.
func Of[T comparable](rules Rules[T]) *Values[T] {
	v := &Values[T]{rules: rules, seed: maphash.MakeSeed()}
	for i := range v.shards {
		v.shards[i].numbers = map[T]uint64{}
	}
	return v
}

// State returns the state that stands for a value.
func (m *Values[T]) State(v T) State {
	// The seed differs in each process, but all that comes of it is a number,
	// and nothing that a user sees depends on those.
	i := maphash.Comparable(m.seed, v) % valueShards
	s := &m.shards[i]
	s.mu.RLock()
	n, ok := s.numbers[v]
	s.mu.RUnlock()
	if !ok {
		s.mu.Lock()
		if n, ok = s.numbers[v]; !ok {
			n = uint64(len(s.values))<<valueShardBits | i
			s.numbers[v] = n
			s.values = append(s.values, v)
		}
		s.mu.Unlock()
	}
	return State{A: n}
}

// Value returns the value that a state of this model stands for.
func (m *Values[T]) Value(s State) T {
	shard := &m.shards[s.A%valueShards]
	shard.mu.RLock()
	defer shard.mu.RUnlock()
	return shard.values[s.A>>valueShardBits]
}

// Init is part of [Model].
func (m *Values[T]) Init(dst []State) []State {
	for _, v := range m.rules.Init() {
		dst = append(dst, m.State(v))
	}
	return dst
}

// Worker is part of [Model].
func (m *Values[T]) Worker() Worker {
	w := &valuesWorker[T]{m: m}
	w.emit = func(to T, a Action, marks Marks) {
		w.steps = append(w.steps, Step{To: m.State(to), Action: a, Marks: marks})
	}
	return w
}

// Compare is part of [Model].
func (m *Values[T]) Compare(a, b State) int { return m.rules.Compare(m.Value(a), m.Value(b)) }

// CompareActions is part of [Model].
func (m *Values[T]) CompareActions(_ State, a, b Action) int {
	return cmp.Compare(a, b)
}

type valuesWorker[T comparable] struct {
	m     *Values[T]
	steps []Step
	emit  func(T, Action, Marks)
}

func (w *valuesWorker[T]) Next(s State, dst []Step) ([]Step, error) {
	w.steps = dst
	w.m.rules.Next(w.m.Value(s), w.emit)
	return w.steps, nil
}

func (w *valuesWorker[T]) Check(s State, next []Step) Marks {
	return w.m.rules.Check(w.m.Value(s), len(next) == 0)
}
