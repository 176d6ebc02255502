// Package reaction is what an endpoint does with every kind of segment: a
// table of situations (a state with its variables) times classes of segment,
// each pair exactly once.
//
// The axes are named. A class is a set of flags, where the sequence number
// lies in the receive window, what the ACK field acknowledges, and whether
// there is text; see [Situation.Classes]. A [Row] says how a step function
// reacts to the segment of a class: what it sends, in the notation of the
// RFC's ladders and relative to the variables (<SEQ=SND.NXT><ACK=RCV.NXT>…),
// what it delivers, what it tells the user, which states it enters, which
// variables it changes, and the rules that decided.
//
// [Rows] iterates over the table of one step function, [Write] prints it with
// equal reactions merged, [Diff] compares two tables.
//
// # Decisions
//
// The numbers of a situation lie so far apart (256 and more between what we
// send and what we receive) that every value in a reply has one name.
// Reactions are compared by these names, so equal ones merge, and a table does
// not depend on where the numbers lie; a test shifts them across zero and
// narrows the space.
package reaction

import (
	"fmt"
	"iter"
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// Row is one cell of the table.
type Row struct {
	Situation *Situation
	Class     Class
	Segment   model.Segment // the class's segment
	Reaction  Reaction
}

// Reaction is what came of the segment, as text relative to the variables.
type Reaction struct {
	Sent      []string      // as ladders write segments
	Delivered []string      // which octets of the text
	Signals   []string      // in the RFC's words
	Path      []model.State // states entered
	Next      model.State   // the state afterwards
	Changes   []string      // variables of the TCB, if it lives
	Rules     []model.Rule
}

// SameEffect tells whether two reactions do the same, by whatever rules.
func (r Reaction) SameEffect(o Reaction) bool {
	return slices.Equal(r.Sent, o.Sent) && slices.Equal(r.Delivered, o.Delivered) &&
		slices.Equal(r.Signals, o.Signals) && slices.Equal(r.Path, o.Path) && r.Next == o.Next &&
		slices.Equal(r.Changes, o.Changes)
}

// Equal tells whether two reactions do the same by the same rules.
func (r Reaction) Equal(o Reaction) bool { return r.SameEffect(o) && slices.Equal(r.Rules, o.Rules) }

// Endpoint is the endpoint that the table is made with: real sequence numbers,
// a window of 10 octets, and the given behaviours.
func Endpoint(b model.Behaviours) model.Endpoint {
	return model.Endpoint{
		Space: model.Space32, Window: window, Retransmissions: 3, MSL: 2, TimeWait: 4, Behaviours: b,
	}
}

// Rows iterates over the table of step, situations in order and the classes of
// each in order. e is an [Endpoint]; its space may be any that holds the
// numbers. It panics if a situation is not valid for e, or step leaves it
// invalid.
func Rows(e model.Endpoint, step model.StepFunc) iter.Seq[Row] {
	return rowsAt(e, step, defaultOrigin)
}

// rowsAt is Rows with the numbers beginning elsewhere.
func rowsAt(e model.Endpoint, step model.StepFunc, at origin) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for i := range situations {
			s := &situations[i]
			for _, c := range s.Classes() {
				if !yield(s.react(e, step, at, c)) {
					return
				}
			}
		}
	}
}

// Table is the rows of [Rows] in a slice.
func Table(e model.Endpoint, step model.StepFunc) []Row { return slices.Collect(Rows(e, step)) }

// react makes one row.
func (s *Situation) react(e model.Endpoint, step model.StepFunc, at origin, c Class) Row {
	e.SlowReader = s.shut
	before := s.tcb(&e, at)
	if err := e.Validate(&before); err != nil {
		panic(fmt.Sprintf("reaction: %s: the situation itself is invalid: %v", s.Name, err))
	}
	seg := s.segment(&e, &before, at, c)
	after := before
	var out model.Output
	step(&e, &after, model.Event{Kind: model.SegmentArrives, ISS: at.iss(&e, newISS), Segment: seg}, &out)
	n := namer{e: &e, seg: seg, before: before, after: after}
	return Row{Situation: s, Class: c, Segment: seg, Reaction: n.reaction(&out)}
}

// Pair is a class to which two tables react differently.
type Pair struct{ A, B Row }

// Diff pairs the rows of two tables whose effect differs. sameEffect counts
// those that do the same by other rules. The tables are of all situations and
// classes, as [Rows] gives them.
func Diff(a, b []Row) (differ []Pair, sameEffect int) {
	if len(a) != len(b) {
		panic(fmt.Sprintf("reaction: tables of %d and %d rows: want two whole tables", len(a), len(b)))
	}
	for i := range a {
		switch {
		case a[i].Situation != b[i].Situation || a[i].Class != b[i].Class:
			panic(fmt.Sprintf("reaction: row %d is of %s %v in one table, of %s %v in the other",
				i, a[i].Situation.Name, a[i].Class, b[i].Situation.Name, b[i].Class))
		case !a[i].Reaction.SameEffect(b[i].Reaction):
			differ = append(differ, Pair{a[i], b[i]})
		case !a[i].Reaction.Equal(b[i].Reaction):
			sameEffect++
		}
	}
	return differ, sameEffect
}
