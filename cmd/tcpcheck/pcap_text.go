package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe/track"
)

// pcapText writes the summary that people read.
type pcapText struct {
	app   *app
	flags pcapFlags
	name  string
}

func (x *pcapText) file(name string) { x.name = name }

func (x *pcapText) connection(c *track.Conn) error {
	a := x.app
	a.printf("%s\n", a.paint(bold, fmt.Sprintf("%v > %v", c.Addr[track.A], c.Addr[track.B])))
	a.printf("  opened: %s; closed: %s\n", c.Opened, c.Closed)
	a.printf("  Zeek:   %s %s\n", c.ConnState, dash(c.History))
	for _, s := range []track.Side{track.A, track.B} {
		if x.flags.judges(s) {
			a.printf("  %v:      %s\n", s, c.Final[s])
		}
	}
	x.repeats("SYN", c.SynRepeats)
	x.repeats("FIN", c.FinRepeats)
	if c.BadSums > 0 {
		a.printf("  wrong checksums: %d\n", c.BadSums)
	}
	if c.Missed {
		a.printf("  the capture missed packets of it\n")
	}
	x.table(c)
	for _, d := range c.Deviations {
		a.printf("  %s packet %d from %v: %s\n", a.paint(red, "impossible:"), d.N, d.Side, d.Deviation.String())
		a.printf("    rules: %s\n", strings.Join(ruleIDs(d.Rules), " "))
	}
	if c.Unknown != "" {
		a.printf("  %s %s\n", a.paint(cyan, "unknown:"), c.Unknown)
	}
	a.printf("\n")
	return nil
}

func (x *pcapText) repeats(what string, n [2]int) {
	for _, s := range []track.Side{track.A, track.B} {
		if n[s] > 0 {
			x.app.printf("  %s sent again by %v: %d\n", what, s, n[s])
		}
	}
}

// table shows the packets, the time from the first, and the states after each.
func (x *pcapText) table(c *track.Conn) {
	if !x.flags.packets {
		return
	}
	a := x.app
	a.printf("  %6s %12s %4s  %-46s", "packet", "seconds", "from", "segment")
	for _, s := range []track.Side{track.A, track.B} {
		if x.flags.judges(s) {
			a.printf("  %-28s", s.String()+" may be")
		}
	}
	a.printf("\n")
	for _, p := range c.Packets {
		line := fmt.Sprintf("  %6d %12.6f %4v  %-46s", p.N, p.Time.Sub(c.First).Round(time.Microsecond).Seconds(), p.From, &p)
		for _, s := range []track.Side{track.A, track.B} {
			if x.flags.judges(s) {
				line += fmt.Sprintf("  %-28s", p.States[s])
			}
		}
		a.printf("%s\n", strings.TrimRight(line, " "))
	}
}

func (x *pcapText) fileEnd(t pcapTotals, err error) {
	if err != nil && t.packets == 0 {
		return // the error says it
	}
	a := x.app
	a.printf("%s: %s, %s", x.name, counted(t.packets, "packet"), counted(t.connections, "connection"))
	for _, n := range []struct {
		n    int
		what string
	}{
		{t.skipped.Total(), "skipped"}, {t.badSums, "with a wrong checksum"}, {t.offloaded, "with an unfinished checksum"},
		{t.deviations, "impossible"}, {t.unknown, "unknown"}, {t.missed, "with packets missed"},
	} {
		if n.n > 0 {
			a.printf(", %d %s", n.n, n.what)
		}
	}
	if names := t.skipped.ByName(); len(names) > 0 {
		a.printf(" (%s)", countsByName(names))
	}
	if err != nil {
		a.printf("; read only so far")
	}
	a.printf("\n")
}

func (x *pcapText) end() error { return nil }

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// countsByName is "not-ip 3, not-tcp 5", in the order of the names.
func countsByName(counts map[string]int) string {
	var list []string
	for name, n := range counts {
		list = append(list, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}
