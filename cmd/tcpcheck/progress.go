package main

import (
	"fmt"
	"io"

	"github.com/dustin/go-humanize"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// progress returns what shows the progress of a search: a line that is
// rewritten, and only on a terminal.
func (a *app) progress(quiet bool, name string) func(search.Progress) {
	if quiet || !isTerminal(a.err) {
		return nil
	}
	return func(p search.Progress) {
		rate := float64(p.States) / max(p.Elapsed.Seconds(), 1e-3)
		fmt.Fprintf(a.err, "\r\x1b[K%s: level %d, %s states, %s steps, frontier %s, %s states/s, %s, %s",
			name, p.Level, humanize.Comma(int64(p.States)), humanize.Comma(int64(p.Transitions)),
			humanize.Comma(int64(p.Frontier)), humanize.SIWithDigits(rate, 0, ""), humanize.IBytes(p.Memory), round(p.Elapsed))
	}
}

// endProgress takes the line away.
func (a *app) endProgress() {
	if isTerminal(a.err) {
		io.WriteString(a.err, "\r\x1b[K")
	}
}
