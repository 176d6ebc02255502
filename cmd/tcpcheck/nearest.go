package main

import (
	"slices"
	"strings"
)

// nearestNames are the up to three names that name may have been meant for,
// best first: those it begins or is part of, and those a few letters away. Where
// one is near, much farther ones are not told.
func nearestNames(name string, names []string) []string {
	type candidate struct {
		name string
		cost int
	}
	if len(name) > 100 { // it is no slip of the pen
		return nil
	}
	var near []candidate
	want := fold(name)
	for _, n := range names {
		have := fold(n)
		cost := distance(want, have)
		most := 1 + min(len(want), len(have))/3
		switch {
		case len(want) >= 2 && strings.HasPrefix(have, want):
			cost = min(cost, 1)
		case len(want) >= 3 && strings.Contains(have, want):
			cost = min(cost, 2)
		}
		if cost <= most {
			near = append(near, candidate{n, cost})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.cost - b.cost })
	var list []string
	for _, c := range near {
		if c.cost > near[0].cost+1 {
			break
		}
		if !slices.Contains(list, c.name) && len(list) < 3 {
			list = append(list, c.name)
		}
	}
	return list
}

// fold makes names comparable however they are spelled: FIN_WAIT_1, finwait1
// and FIN-WAIT-1 are one.
func fold(name string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
}

// distance is how many letters must be inserted, deleted, replaced, or swapped
// with their neighbour, to turn a into b.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
