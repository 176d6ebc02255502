package models

import (
	"cmp"
	"fmt"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Graph is a model written down edge by edge. Node i stands for Nodes[i].
type Graph struct {
	Nodes []search.State // all different
	Start []int
	Edges [][]Edge // from each node
	Marks []search.Marks
	Fails int // the node whose Next is an error, if not negative

	index map[search.State]int
}

// Edge leads to a node.
type Edge struct {
	To     int
	Action search.Action
	Cost   search.Cost
	Marks  search.Marks
}

// Prepare makes the graph ready to be searched.
func (g *Graph) Prepare() *Graph {
	g.index = map[search.State]int{}
	for i, s := range g.Nodes {
		g.index[s] = i
	}
	return g
}

// Init is the states of Start.
func (g *Graph) Init(dst []search.State) []search.State {
	for _, i := range g.Start {
		dst = append(dst, g.Nodes[i])
	}
	return dst
}

// Worker returns the graph itself, which nobody writes.
func (g *Graph) Worker() search.Worker { return g }

// Next is the edges of a node.
func (g *Graph) Next(s search.State, dst []search.Step) ([]search.Step, error) {
	i := g.index[s]
	if i == g.Fails {
		return dst, fmt.Errorf("node %d fails", i)
	}
	for _, e := range g.Edges[i] {
		dst = append(dst, search.Step{To: g.Nodes[e.To], Action: e.Action, Cost: e.Cost, Marks: e.Marks})
	}
	return dst, nil
}

// Check is the marks of a node, and mark 63 if it has no edges.
func (g *Graph) Check(s search.State, next []search.Step) search.Marks {
	i := g.index[s]
	m := g.Marks[i]
	if len(next) == 0 {
		m |= 1 << 63
	}
	if len(next) != len(g.Edges[i]) {
		panic("Check got steps that Next did not return")
	}
	return m
}

// Compare orders by the numbers of the nodes.
func (g *Graph) Compare(a, b search.State) int { return cmp.Compare(g.index[a], g.index[b]) }

// CompareActions orders by number.
func (g *Graph) CompareActions(_ search.State, a, b search.Action) int { return cmp.Compare(a, b) }
