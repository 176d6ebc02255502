package models

import "github.com/tcpcheck/tcpcheck/explore/search"

// TwoPhase is two-phase commit, as in Gray and Lamport, "Consensus on
// Transaction Commit": a transaction manager and some resource managers. Mark 0
// is set where one has committed and another aborted, which never happens;
// mark 1 where all have committed.
//
// The words of a state are: 2 bits for each resource manager; what the
// transaction manager has done and who it knows to be prepared; the messages
// ever sent.
type TwoPhase struct{ Managers int } // 1 to 30

// What a resource manager is.
const (
	working = iota
	prepared
	committed
	aborted
)

// What the transaction manager has done, in the lowest bits of B, and the
// messages from it, in the lowest bits of C. Above stands a bit for each
// resource manager: known to be prepared, says that it is prepared.
const (
	sentCommit = 1 << iota
	sentAbort
	managerShift = iota
)

// Init is all working and nothing sent.
func (m TwoPhase) Init(dst []search.State) []search.State { return append(dst, search.State{}) }

// Worker returns the model itself.
func (m TwoPhase) Worker() search.Worker { return m }

// Next is the actions of the specification, in its order.
func (m TwoPhase) Next(s search.State, dst []search.Step) ([]search.Step, error) {
	action := search.Action(0)
	can := func(enabled bool, to search.State) {
		if enabled {
			dst = append(dst, search.Step{To: to, Action: action})
		}
		action++
	}
	undecided := s.B&(sentCommit|sentAbort) == 0
	all := uint64(1)<<m.Managers - 1
	can(undecided && s.B>>managerShift == all, search.State{A: s.A, B: s.B | sentCommit, C: s.C | sentCommit})
	can(undecided, search.State{A: s.A, B: s.B | sentAbort, C: s.C | sentAbort})
	for i := range m.Managers {
		bit := uint64(1) << (managerShift + i)
		is := s.A >> (2 * i) & 3
		becomes := func(what uint64) uint64 { return s.A&^(3<<(2*i)) | what<<(2*i) }
		can(undecided && s.C&bit != 0, search.State{A: s.A, B: s.B | bit, C: s.C})
		can(is == working, search.State{A: becomes(prepared), B: s.B, C: s.C | bit})
		can(is == working, search.State{A: becomes(aborted), B: s.B, C: s.C})
		can(s.C&sentCommit != 0, search.State{A: becomes(committed), B: s.B, C: s.C})
		can(s.C&sentAbort != 0, search.State{A: becomes(aborted), B: s.B, C: s.C})
	}
	return dst, nil
}

// Check looks for disagreement, and for success.
func (m TwoPhase) Check(s search.State, _ []search.Step) (marks search.Marks) {
	var count [4]int
	for i := range m.Managers {
		count[s.A>>(2*i)&3]++
	}
	if count[committed] > 0 && count[aborted] > 0 {
		marks |= 1
	}
	if count[committed] == m.Managers {
		marks |= 2
	}
	return marks
}

// Compare compares the words.
func (TwoPhase) Compare(a, b search.State) int { return CompareWords(a, b) }

// CompareActions orders by number.
func (TwoPhase) CompareActions(_ search.State, a, b search.Action) int { return int(a) - int(b) }
