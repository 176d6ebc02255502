package main

import (
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

func TestSafeMemory(t *testing.T) {
	if n := safeMemory(); n < leastMemory || n > 1<<50 {
		t.Errorf("%d bytes are no share of a machine", n)
	}
}

// Where memory ends while a checkpoint is taken up nothing is decided, and nothing is
// wrong with it.
func TestMemoryEndsWhileResuming(t *testing.T) {
	f := checkFailure(&search.CheckpointError{Dir: "kept", Err: &search.MemoryError{Needed: 2 << 20, Allowed: 1 << 20}})
	if f.status != statusInconclusive || len(f.hints) != 1 || f.hints[0] != "a larger --memory goes on" {
		t.Errorf("status %d, hints %q", f.status, f.hints)
	}
}

func TestAvailableMemory(t *testing.T) {
	if n, err := available(strings.NewReader("MemTotal:  9 kB\nMemAvailable:    2048 kB\n")); n != 2<<20 || err != nil {
		t.Errorf("%d, %v, want 2 MiB", n, err)
	}
	if n, err := available(strings.NewReader("MemTotal:  9 kB\n")); err == nil {
		t.Errorf("%d, want an error", n)
	}
}

func TestParseMemory(t *testing.T) {
	for text, want := range map[string]uint64{"64MiB": 64 << 20, "64 MB": 64e6, "1g": 1e9, "99999999": 99999999} {
		if n, err := parseMemory(text); n != want || err != nil {
			t.Errorf("%q: %d, %v; want %d", text, n, err, want)
		}
	}
	for _, text := range []string{"12parsecs", "-5GiB", "0", "31MiB", "GiB", "1e999", "NaN", "Inf", "99999999999999999999999", "9999EiB", "15EiB"} {
		if n, err := parseMemory(text); err == nil {
			t.Errorf("%q: %d, want an error", text, n)
		}
	}
}
