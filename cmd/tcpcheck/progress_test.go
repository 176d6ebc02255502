package main

import (
	"strings"
	"testing"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// Where stderr is no terminal, a long search tells its progress in lines, at
// most one in ten seconds, and a short one says nothing.
func TestProgressInALog(t *testing.T) {
	var log strings.Builder
	progress := newApp(nil, &log).progress(false, "close")
	for second := range 25 {
		progress(search.Progress{Level: second, States: 2_000_000, Transitions: 9_000_000, Frontier: 1000, Memory: 1 << 20, Elapsed: time.Duration(second) * time.Second})
	}
	const want = "close: level 10, 2,000,000 states, 9,000,000 steps, frontier 1,000, 200 k states/s, 1.0 MiB, 10s\n" +
		"close: level 20, 2,000,000 states, 9,000,000 steps, frontier 1,000, 100 k states/s, 1.0 MiB, 20s\n"
	if log.String() != want {
		t.Errorf("the log says %q: want %q", log.String(), want)
	}
	if newApp(nil, &log).progress(true, "close") != nil {
		t.Error("--quiet tells progress")
	}
}
