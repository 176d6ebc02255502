package models

import "github.com/tcpcheck/tcpcheck/explore/search"

// Linear looks for bytes x and y with P·x + Q·y = R modulo 256 by raising one
// of them at a time. Mark 0 is set where they are found.
type Linear struct{ P, Q, R uint8 }

// Init is x = y = 0.
func (m Linear) Init(dst []search.State) []search.State { return append(dst, search.State{}) }

// Worker returns the model itself.
func (m Linear) Worker() search.Worker { return m }

// Next raises x or y.
func (m Linear) Next(s search.State, dst []search.Step) ([]search.Step, error) {
	return append(dst,
		search.Step{To: search.State{A: uint64(uint8(s.A + 1)), B: s.B}, Action: 0},
		search.Step{To: search.State{A: s.A, B: uint64(uint8(s.B + 1))}, Action: 1},
	), nil
}

// Check looks for a solution.
func (m Linear) Check(s search.State, _ []search.Step) search.Marks {
	if m.P*uint8(s.A)+m.Q*uint8(s.B) == m.R {
		return 1
	}
	return 0
}

// Compare compares the words.
func (Linear) Compare(a, b search.State) int { return CompareWords(a, b) }

// CompareActions orders by number.
func (Linear) CompareActions(_ search.State, a, b search.Action) int { return int(a) - int(b) }
