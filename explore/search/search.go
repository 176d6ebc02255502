package search

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"
)

// State is one state of a model: three words, so that it stays in registers.
// What they mean is the model's business; equal words are the same state.
type State struct{ A, B, C uint64 }

// Action is a label of a step, the model's own. Together with the state that
// the step leaves it says what happened.
type Action uint32

// Marks has a bit for each property of the model, at most 64: where it is set,
// a state or a step breaks the property (or shows what is looked for).
type Marks uint64

// Step is one enabled action in a state.
type Step struct {
	To     State
	Action Action
	Cost   Cost
	Marks  Marks // properties of steps that this one hits
}

// Cost is how much one would rather not see the step in a trace. Of all
// shortest traces one with the least sum of First is shown, and of those one
// with the least sum of Then. It changes nothing else.
type Cost struct{ First, Then uint16 }

// Model is what is searched.
type Model interface {
	// Init appends the initial states, at least one; repeats do no harm.
	Init(dst []State) []State
	// Worker returns a view of the model for one goroutine. It may hold caches
	// and counters. Worker itself is never called concurrently.
	Worker() Worker
	// Compare orders states by what they mean, the same in every run. It
	// decides, after their costs, which of several shortest traces is shown. Neither Compare nor
	// CompareActions is called concurrently, but workers may be at work meanwhile.
	Compare(a, b State) int
	// CompareActions orders the actions enabled in s in the same way.
	CompareActions(s State, a, b Action) int
}

// Halver is a [Model] that says how [StoreTree] is to cut its states in two. The
// fewer different halves make up all states, the less memory they take: what
// varies together belongs into one half. Without it the first word is one half
// and the other two are the other. Both methods are called concurrently.
type Halver interface {
	Halves(s State) (left, right Half)
	// Whole is the state with these halves.
	Whole(left, right Half) State
}

// Half is a part of a state; equal words are the same half.
type Half struct{ A, B uint64 }

// Worker computes what follows a state. The search calls Next once for each
// distinct state, and then Check with what Next returned; deriving traces
// calls Next again, on workers of its own.
type Worker interface {
	// Next appends every step from s. Several may lead to one state, and one
	// may lead back to s. An error means that the model can't go on, for
	// example because its numbers ran out: the search ends there, incomplete.
	Next(s State, dst []Step) ([]Step, error)
	// Check returns the properties of states that s hits; next holds its steps,
	// none in a deadlock.
	Check(s State, next []Step) Marks
}

// Store is how visited states are kept. All stores are exact and lead to the
// same report; they differ in speed and memory.
type Store uint8

// The stores.
const (
	StoreDefault Store = iota // StoreTree
	StoreMap                  // the plain engine: a Go map and one worker
	StoreFlat                 // states as they are: fastest, about 36 bytes per state
	StoreTree                 // halves of states shared: about 5 bytes per state, and 1 or 2 more for the levels
)

// AllMarks has the bits of all properties.
const AllMarks = ^Marks(0)

// Options say how to search. The zero value uses all processors and sees
// everything.
type Options struct {
	Workers  int   // goroutines, 1 to MaxWorkers; 0: one for each processor
	MaxDepth int   // levels after the initial one; 0: no limit
	StopAt   Marks // end after the level in which one of these is first hit
	Want     Marks // if not 0: end after the level by which all of these are hit
	Store    Store
	// Memory is how many bytes the visited set and the levels may take, about; 0:
	// no limit. At the limit the search ends, incomplete. What each worker needs
	// for itself (1 or 2 MiB) comes on top.
	Memory uint64
	// ProcessMemory is the same for the whole process ([ProcessBytes]): with the
	// model, the workers and whatever else it keeps.
	ProcessMemory uint64
	// Spill is a directory, if not "": at the limit the visited set and the levels
	// go there, rather than the search end. Their halves stay in memory. What searches
	// left there that were killed is removed. Only StoreTree can.
	Spill string
	// Progress, if not nil, is called after a level or within one, never
	// concurrently with itself, and once at the end.
	Progress func(Progress)
	// ProgressEvery is the least time between two calls; 0: 200 ms.
	ProgressEvery time.Duration
	// Checkpoint is a directory, if not "": each level is kept there before it is
	// expanded, so that the search can go on after its process has ended, however it
	// did. The model must be [Durable]. Only StoreTree can. A directory that has a checkpoint
	// is refused ([ErrCheckpointExists]), unless the search is to Resume.
	Checkpoint string
	// Resume goes on where the checkpoint ends, if there is one. A level of it that
	// is damaged is refused ([Result].Refused), with all that follow, and those
	// before it are used. One of another search, or none that is good, is a
	// [CheckpointError].
	Resume bool

	wrap func(io.Writer) io.Writer // see disk
}

// MaxWorkers is the most workers that a search takes.
const MaxWorkers = 4096

// Progress is how far a search is.
type Progress struct {
	Level       int    // being expanded, from 0
	States      uint64 // distinct states so far
	Transitions uint64 // steps so far
	Frontier    uint64 // states of this level
	Memory      uint64 // bytes of the visited set and the levels
	Elapsed     time.Duration
}

// Stop is why a search ended before everything was seen.
type Stop uint8

// The reasons.
const (
	NotStopped  Stop = iota // everything was seen
	Interrupted             // the context was cancelled
	Deadline                // the context's deadline passed
	DepthLimit              // Options.MaxDepth
	StoppedAt               // Options.StopAt was hit
	Exhausted               // the model could not go on: Result.Err says why
	MemoryLimit             // Options.Memory, or what the system gives: Result.Err says which
	Decided                 // all of Options.Want were hit
	DiskFailed              // writing or reading a file failed: Result.Err says which
)

// String says why.
func (s Stop) String() string {
	return [...]string{"", "interrupted", "out of time", "depth limit reached", "stopped at the first violation", "exhausted", "memory limit reached", "all decided", "disk failed"}[s]
}

// Result is what a search found. It does not depend on the number of workers
// or the store.
type Result struct {
	States      uint64   // distinct states that were expanded or reached
	Transitions uint64   // steps from expanded states
	Depth       int      // level of the deepest state
	Levels      []uint64 // distinct states of each level
	Expanded    int      // levels whose states were all expanded and checked
	Complete    bool     // every state was seen; only then is what was not found absent
	Stop        Stop
	Err         error // more about Stop, if it is Exhausted, MemoryLimit or DiskFailed

	Findings      []Finding // one for each mark that was hit, in their order
	BytesPerState float64   // of the visited set, at the end
	Memory        uint64    // most bytes of the visited set and the levels at one time
	Resumed       int       // levels that a checkpoint had
	Refused       error     // why it had no more of use; nil if all was
	Kept          int       // levels that the checkpoint has at the end
	Disk          uint64    // bytes on disk at the end; 0: memory was enough
}

// Finding is the first hit of a mark.
type Finding struct {
	Mark  int // bit of Marks
	Depth int // steps of the trace; none is shorter
	// Trace is the states passed, each with the action taken there; the last
	// has none. Of all shortest traces it is one of the least [Cost], and of those
	// the first by the model's order: of the initial states, then, step by step, of
	// the actions and the states that they lead to.
	Trace []TraceStep
}

// TraceStep is a state and the action taken in it.
type TraceStep struct {
	State  State
	Action Action
}

// Finding returns the finding of a mark, or nil.
func (r *Result) Finding(mark int) *Finding {
	for i := range r.Findings {
		if r.Findings[i].Mark == mark {
			return &r.Findings[i]
		}
	}
	return nil
}

// Run searches the model breadth first, a level always finished, until all is
// seen or a limit is reached. A limit is no error: the result says so.
func Run(ctx context.Context, m Model, o Options) (*Result, error) {
	if o.Workers < 0 || o.Workers > MaxWorkers {
		return nil, fmt.Errorf("%d workers: want 1 to %d, or 0 for one for each processor", o.Workers, MaxWorkers)
	}
	if o.MaxDepth < 0 {
		return nil, fmt.Errorf("depth limit %d: want a number of levels, or 0 for no limit", o.MaxDepth)
	}
	if o.Store > StoreTree {
		return nil, fmt.Errorf("store %d: want one of 0 to %d", o.Store, StoreTree)
	}
	if o.Store == StoreDefault {
		o.Store = StoreTree
	}
	if o.Store != StoreTree && (o.Spill != "" || o.Checkpoint != "") {
		return nil, errors.New("only StoreTree can go to disk")
	}
	if o.Resume && o.Checkpoint == "" {
		return nil, errors.New("nothing to resume: no checkpoint is named")
	}
	if o.Spill != "" {
		if err := prepareSpill(o.Spill); err != nil {
			return nil, err
		}
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	var kept *checkpoint
	var refused error
	if o.Checkpoint != "" {
		var err error
		if kept, refused, err = openCheckpoint(m, o); err != nil {
			return nil, err
		}
		defer kept.close()
	}
	init := m.Init(nil)
	if len(init) == 0 {
		return nil, errNoInit
	}
	if o.Store == StoreMap {
		return runPlain(ctx, m, init, o)
	}
	r, err := runParallel(ctx, m, init, o, kept)
	if r != nil {
		r.Refused = refused
	}
	return r, err
}

// errNoInit is a model of nothing.
var errNoInit = errors.New("the model has no initial state: whatever is asked would hold")

// stopOf classifies the end of a context.
func stopOf(ctx context.Context) Stop {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return Deadline
	}
	return Interrupted
}
