package model

import (
	"testing"

	"pgregory.net/rapid"
)

func drawSpace(t *rapid.T) Space {
	s, err := NewSpace(rapid.IntRange(MinBits, MaxBits).Draw(t, "bits"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func drawSeq(t *rapid.T, s Space, name string) Seq {
	return Seq(rapid.Uint64Range(0, s.Size()-1).Draw(t, name))
}

func TestNewSpaceBounds(t *testing.T) {
	for _, bits := range []int{-1, 0, 2, 33, 64} {
		if s, err := NewSpace(bits); err == nil {
			t.Errorf("NewSpace(%d) = %v, want an error", bits, s)
		}
	}
	for bits := MinBits; bits <= MaxBits; bits++ {
		s, err := NewSpace(bits)
		if err != nil || s.Size() != 1<<bits {
			t.Errorf("NewSpace(%d): size %d, error %v", bits, s.Size(), err)
		}
	}
}

func TestArithmeticIsModular(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpace(t)
		a, b := drawSeq(t, s, "a"), drawSeq(t, s, "b")
		n := uint32(rapid.Uint64Range(0, s.Size()-1).Draw(t, "n"))
		if got := s.Add(a, s.Dist(a, b)); got != b {
			t.Fatalf("a + (b-a) = %d, want b = %d", got, b)
		}
		if got := s.Sub(s.Add(a, n), n); got != a {
			t.Fatalf("a + n - n = %d, want %d", got, a)
		}
		if got := uint64(s.Add(a, n)); got != (uint64(a)+uint64(n))%s.Size() {
			t.Fatalf("a + n = %d, want it modulo %d", got, s.Size())
		}
	})
}

func TestSpace32IsUint32(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint32().Draw(t, "a"), rapid.Uint32().Draw(t, "b")
		if got := Space32.Add(Seq(a), b); got != Seq(a+b) {
			t.Fatalf("Add = %d, want %d", got, a+b)
		}
		if got := Space32.Dist(Seq(a), Seq(b)); got != b-a {
			t.Fatalf("Dist = %d, want %d", got, b-a)
		}
	})
}

// Walking round the circle one step at a time is the definition of every
// interval test.
func TestIntervalsAgainstAWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(MinBits, 7).Draw(t, "bits")
		s, _ := NewSpace(bits)
		a, x, b := drawSeq(t, s, "a"), drawSeq(t, s, "x"), drawSeq(t, s, "b")
		n := uint32(rapid.Uint64Range(0, s.Size()-1).Draw(t, "n"))

		within, before := false, false
		for i := a; ; i = s.Add(i, 1) {
			within = within || i == x
			if i == b {
				break
			}
		}
		inWindow := false
		for i := range n {
			inWindow = inWindow || s.Add(a, i) == x
		}
		for i := s.Add(b, 1); ; i = s.Add(i, 1) { // one lap that ends at edge b
			if i == a {
				before = a != x
				break
			}
			if i == x {
				break
			}
		}
		if got := s.Within(a, x, b); got != within {
			t.Fatalf("Within(%d,%d,%d) = %v", a, x, b, got)
		}
		if got := s.Above(a, x, b); got != (within && x != a) {
			t.Fatalf("Above(%d,%d,%d) = %v", a, x, b, got)
		}
		if got := s.InWindow(a, x, n); got != inWindow {
			t.Fatalf("InWindow(%d,%d,%d) = %v", a, x, n, got)
		}
		if got := s.Before(a, x, b); got != before {
			t.Fatalf("Before(%d,%d,%d) = %v", a, x, b, got)
		}
	})
}

func TestIntervalsAreShiftInvariant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpace(t)
		a, x, b := drawSeq(t, s, "a"), drawSeq(t, s, "x"), drawSeq(t, s, "b")
		n := uint32(rapid.Uint64Range(0, s.Size()-1).Draw(t, "n"))
		d := uint32(rapid.Uint64Range(0, s.Size()-1).Draw(t, "shift"))
		a2, x2, b2 := s.Add(a, d), s.Add(x, d), s.Add(b, d)
		if s.Within(a, x, b) != s.Within(a2, x2, b2) || s.Above(a, x, b) != s.Above(a2, x2, b2) ||
			s.InWindow(a, x, n) != s.InWindow(a2, x2, n) || s.Before(a, x, b) != s.Before(a2, x2, b2) {
			t.Fatalf("a test changes when all its numbers are shifted by %d", d)
		}
	})
}
