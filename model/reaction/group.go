package reaction

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// Group is the classes of one situation to which the reaction is the same.
type Group struct {
	Situation *Situation
	Reaction  Reaction
	Boxes     []Box // disjoint
}

// Box is a product of classes: any of Flags with any of Seqs, and so on.
type Box struct {
	sets [numAxes]uint32 // bit i: value i of the axis
}

// The axes of a Box. For flags, value i is flagSets[i].
const (
	axisFlags = iota
	axisAck
	axisText
	axisSeq

	numAxes
)

// Size is how many classes the box holds.
func (b Box) Size() int {
	n := 1
	for axis := range numAxes {
		n *= len(b.values(axis))
	}
	return n
}

// Flags, Acks, Texts and Seqs are the factors of the product, in order.
func (b Box) Flags() []model.Flags {
	var list []model.Flags
	for _, i := range b.values(axisFlags) {
		list = append(list, flagSets[i])
	}
	return list
}

// Acks is the places of SEG.ACK.
func (b Box) Acks() []AckPlace { return as[AckPlace](b.values(axisAck)) }

// Seqs is the places of SEG.SEQ.
func (b Box) Seqs() []SeqPlace { return as[SeqPlace](b.values(axisSeq)) }

// Texts is whether the segments carry text.
func (b Box) Texts() []bool {
	var list []bool
	for _, i := range b.values(axisText) {
		list = append(list, i == 1)
	}
	return list
}

func (b Box) values(axis int) []int {
	var list []int
	for i := range 32 {
		if b.sets[axis]>>i&1 == 1 {
			list = append(list, i)
		}
	}
	return list
}

func as[T ~uint8](values []int) []T {
	var list []T
	for _, v := range values {
		list = append(list, T(v))
	}
	return list
}

// Merge groups the rows of each situation by reaction, in the order in which
// each reaction comes first. Every row is in one box of one group.
func Merge(rows []Row) []Group {
	return merge(rows, func(row Row) Group { return Group{Situation: row.Situation, Reaction: row.Reaction} },
		func(g Group, row Row) bool { return g.Situation == row.Situation && g.Reaction.Equal(row.Reaction) },
		func(row Row) Class { return row.Class },
		func(g *Group) *[]Box { return &g.Boxes })
}

// PairGroup is the classes of one situation to which two tables react in the
// same two ways.
type PairGroup struct {
	Situation *Situation
	A, B      Reaction
	Boxes     []Box // disjoint
}

// MergePairs groups what [Diff] returns as [Merge] groups rows.
func MergePairs(pairs []Pair) []PairGroup {
	return merge(pairs, func(p Pair) PairGroup {
		return PairGroup{Situation: p.A.Situation, A: p.A.Reaction, B: p.B.Reaction}
	},
		func(g PairGroup, p Pair) bool {
			return g.Situation == p.A.Situation && g.A.Equal(p.A.Reaction) && g.B.Equal(p.B.Reaction)
		},
		func(p Pair) Class { return p.A.Class },
		func(g *PairGroup) *[]Box { return &g.Boxes })
}

func merge[R, G any](rows []R, group func(R) G, in func(G, R) bool, class func(R) Class, boxes func(*G) *[]Box) []G {
	var groups []G
	for _, row := range rows {
		i := slices.IndexFunc(groups, func(g G) bool { return in(g, row) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group(row))
		}
		b := boxes(&groups[i])
		*b = append(*b, boxOf(class(row)))
	}
	for i := range groups {
		b := boxes(&groups[i])
		*b = joinBoxes(*b)
	}
	return groups
}

// boxOf is the box of one class.
func boxOf(c Class) (b Box) {
	b.sets[axisFlags] = 1 << slices.Index(flagSets, c.Flags)
	b.sets[axisAck] = 1 << c.Ack
	b.sets[axisSeq] = 1 << c.Seq
	b.sets[axisText] = 1
	if c.Text {
		b.sets[axisText] = 2
	}
	return b
}

// joinBoxes joins disjoint boxes that differ on one axis only, the last axis
// first, until none do.
func joinBoxes(boxes []Box) []Box {
	for {
		n := len(boxes)
		for axis := numAxes - 1; axis >= 0; axis-- {
			boxes = joinAlong(axis, boxes)
		}
		if len(boxes) == n {
			return boxes
		}
	}
}

// joinAlong joins boxes that differ on this axis only.
func joinAlong(axis int, boxes []Box) []Box {
	var joined []Box
next:
	for _, b := range boxes {
		for i := range joined {
			rest := b
			rest.sets[axis] = joined[i].sets[axis]
			if rest == joined[i] {
				joined[i].sets[axis] |= b.sets[axis]
				continue next
			}
		}
		joined = append(joined, b)
	}
	return joined
}
