//go:build unix

// Command bench measures how states, time and memory of a check grow with each
// bound of a scenario, the others staying as they are. Each check has a process
// of its own, so that its memory can be told apart. It writes a table to
// standard output; explore/bench/run draws it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

func main() {
	one := flag.String("one", "", "measure one bound in this process")
	value := flag.Int("value", 0, "its value")
	timeout := flag.Duration("timeout", 5*time.Minute, "leave out what takes longer, and larger values")
	flag.Parse()
	var err error
	if *one != "" {
		err = measure(*one, *value)
	} else {
		err = all(*timeout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(1)
	}
}

// bound is what grows.
type bound struct {
	name     string
	from, to int
	set      func(sc *explore.Scenario, n int)
}

var bounds = []bound{
	{"capacity", 1, 4, func(sc *explore.Scenario, n int) { sc.Capacity = n }},
	{"octets", 0, 3, func(sc *explore.Scenario, n int) {
		for i := range sc.Sides {
			sc.Sides[i].Budget.Octets = uint8(n)
		}
	}},
	{"retransmissions", 0, 4, func(sc *explore.Scenario, n int) { sc.Retransmissions = uint8(n) }},
	{"duplicates", 0, 4, func(sc *explore.Scenario, n int) { sc.Duplication = uint8(n) }},
	{"incarnations", 1, 3, func(sc *explore.Scenario, n int) {
		for i := range sc.Sides {
			b := &sc.Sides[i].Budget
			b.Opens, b.Closes = uint8(n), uint8(n)
		}
		sc.ISN = explore.ISNClock
	}},
}

// scenario is the preset close without a clock, which is small enough to grow.
func scenario() (*explore.Scenario, error) {
	sc, err := explore.Preset("close")
	if err != nil {
		return nil, err
	}
	sc.MSL = 0
	return sc, nil
}

// measured is what one check took.
type measured struct {
	States, Transitions uint64
	Seconds, Resident   float64 // Resident: bytes of the whole process
}

func all(timeout time.Duration) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	fmt.Println("bound,value,states,transitions,seconds,bytes")
	for _, b := range bounds {
		for n := b.from; n <= b.to; n++ {
			ctx, cancel := context.WithTimeout(context.Background(), timeout)
			cmd := exec.CommandContext(ctx, self, "-one", b.name, "-value", strconv.Itoa(n))
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			late := ctx.Err() != nil
			cancel()
			if late {
				fmt.Fprintf(os.Stderr, "bench: note: %s %d takes more than %v\n", b.name, n, timeout)
				break
			}
			if err != nil {
				return fmt.Errorf("%v: %w", cmd, err)
			}
			var m measured
			if err := json.NewDecoder(bytes.NewReader(out)).Decode(&m); err != nil {
				return fmt.Errorf("%v: %w", cmd, err)
			}
			fmt.Printf("%s,%d,%d,%d,%.2f,%.0f\n", b.name, n, m.States, m.Transitions, m.Seconds, m.Resident)
		}
	}
	return nil
}

func measure(name string, n int) error {
	sc, err := scenario()
	if err != nil {
		return err
	}
	for _, b := range bounds {
		if b.name == name {
			b.set(sc, n)
		}
	}
	r, err := explore.Check(context.Background(), sc, invariants.Guaranteed(sc), explore.Options{})
	if err != nil {
		return err
	}
	if r.Stop != "" {
		return fmt.Errorf("%s %d: not everything was seen: %s", name, n, r.Stop)
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return fmt.Errorf("memory used: %w", err)
	}
	return json.NewEncoder(os.Stdout).Encode(measured{r.States, r.Transitions, r.Elapsed.Seconds(), float64(used.Maxrss) * 1024})
}
