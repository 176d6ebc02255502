package main

import (
	"fmt"
	"io"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// linesEvery is how often progress is told where no line can be rewritten.
const linesEvery = 10 * time.Second

// progress returns what shows the progress of a search: on a terminal a line
// that is rewritten; else a line now and then, so that the log of a long search
// shows that it lives and that of a short one stays empty.
func (a *app) progress(quiet bool, name string) func(search.Progress) {
	if quiet {
		return nil
	}
	name = visible(name, false)
	if isTerminal(a.err) {
		return func(p search.Progress) { fmt.Fprintf(a.err, "\r\x1b[K%s: %s", name, progressText(p)) }
	}
	next := linesEvery
	return func(p search.Progress) {
		if p.Elapsed >= next {
			next = p.Elapsed + linesEvery
			fmt.Fprintf(a.err, "%s: %s\n", name, progressText(p))
		}
	}
}

func progressText(p search.Progress) string {
	rate := float64(p.States) / max(p.Elapsed.Seconds(), 1e-3)
	return fmt.Sprintf("level %d, %s states, %s steps, frontier %s, %s states/s, %s, %s",
		p.Level, humanize.Comma(int64(p.States)), humanize.Comma(int64(p.Transitions)),
		humanize.Comma(int64(p.Frontier)), humanize.SIWithDigits(rate, 0, ""), humanize.IBytes(p.Memory), round(p.Elapsed))
}

// endProgress takes the line away.
func (a *app) endProgress() {
	if isTerminal(a.err) {
		io.WriteString(a.err, "\r\x1b[K")
	}
}
