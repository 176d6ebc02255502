//go:build unix

package main

import "testing"

func TestWrongFlagsAreErrors(t *testing.T) {
	for _, c := range []struct{ n, k, rounds int }{
		{0, 14, 3}, {-1, 14, 3}, {6, 1, 3}, {6, 257, 3}, {6, 14, 0}, {60, 2, 3}, {1 << 40, 2, 3},
	} {
		if validate(c.n, c.k, c.rounds) == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
	if err := validate(6, 14, 3); err != nil {
		t.Error(err)
	}
}
