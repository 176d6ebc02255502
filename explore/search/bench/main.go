//go:build unix

// Command bench compares the ways to search counters k^n with each other and
// with SPIN, in one run on one machine. Each search has a process of its own, so
// that its memory can be told apart; rounds go over all of them, so that what
// else the machine does hits all alike; of the rounds the best counts.
//
//	explore/search/bench/run [-k 14] [-n 6] [-rounds 3]
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
)

func main() {
	n := flag.Int("n", 6, "counters")
	k := flag.Int("k", 14, "values of each counter")
	rounds := flag.Int("rounds", 3, "how often each is measured")
	store := flag.String("one", "", "measure one search in this process: map, flat or tree")
	workers := flag.Int("workers", 1, "goroutines of that search")
	flag.Parse()
	err := validate(*n, *k, *rounds)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(2)
	}
	if *store != "" {
		err = one(*store, *workers, *n, *k)
	} else {
		err = all(*n, *k, *rounds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(1)
	}
}

// validate refuses what cannot be measured: a counter is a byte in SPIN, and
// all states are to fit the memory of the plain engine.
func validate(n, k, rounds int) error {
	if rounds < 1 {
		return fmt.Errorf("-rounds %d: want at least 1", rounds)
	}
	if n < 1 || k < 2 || k > 256 {
		return fmt.Errorf("-n %d -k %d: want at least one counter of 2 to 256 values", n, k)
	}
	states := 1
	for range n {
		if states *= k; states > mostStates {
			return fmt.Errorf("-n %d -k %d: more than %d states", n, k, mostStates)
		}
	}
	return nil
}

// mostStates take the plain engine about 13 GB.
const mostStates = 100_000_000

// contestant is a way to search.
type contestant struct {
	name string
	run  func() (measured, error)
	best *measured
}

func all(n, k, rounds int) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	ours := func(store string, workers int) *contestant {
		return &contestant{name: fmt.Sprintf("%s, workers: %d", store, workers), run: func() (m measured, err error) {
			cmd := exec.Command(self, "-one", store, "-workers", strconv.Itoa(workers), "-n", strconv.Itoa(n), "-k", strconv.Itoa(k))
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				return m, fmt.Errorf("%v: %w", cmd, err)
			}
			return m, json.Unmarshal(out, &m)
		}}
	}
	map1, flat1, flat2, tree1, tree2 := ours("map", 1), ours("flat", 1), ours("flat", 2), ours("tree", 1), ours("tree", 2)
	list := []*contestant{map1, flat1, flat2, tree1, tree2}
	spin24, spin25 := &contestant{name: "SPIN, 2^24 slots"}, &contestant{name: "SPIN, 2^25 slots"}
	pan, clean, err := buildSpin(n, k)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: note: without SPIN:", err)
	} else {
		defer clean()
		spin24.run, spin25.run = pan(24), pan(25)
		list = append(list, spin24, spin25)
	}
	for round := range rounds {
		for _, c := range list {
			fmt.Fprintf(os.Stderr, "bench: round %d of %d: %s\n", round+1, rounds, c.name)
			m, err := c.run()
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			c.take(m)
		}
	}

	fmt.Printf("counters %d^%d: %d states, %d transitions, depth %d; %s, %d processors, best of %d\n\n",
		k, n, map1.best.States, map1.best.Transitions, map1.best.Depth, runtime.Version(), runtime.NumCPU(), rounds)
	fmt.Println("| search | seconds | CPU seconds | states per CPU second | visited, bytes per state | with levels | whole process |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, c := range list {
		m := c.best
		fmt.Printf("| %s | %.2f | %.2f | %.0f k | %s | %s | %.1f |\n",
			c.name, m.Wall, m.CPU, c.rate()/1000, orDash(m.Visited), orDash(m.Memory), m.Resident)
	}
	fmt.Println("\n| ratio | measured | wanted |\n|---|---|---|")
	ratio := func(name string, value float64, wanted string) {
		fmt.Printf("| %s | %.2f | %s |\n", name, value, wanted)
	}
	if spin24.best != nil {
		spinRate := max(spin24.rate(), spin25.rate())
		spinBytes := min(spin24.best.Resident, spin25.best.Resident)
		ratio("rate, flat : SPIN", flat1.rate()/spinRate, "≥ 4")
		ratio("rate, tree : SPIN", tree1.rate()/spinRate, "≥ 2")
		ratio("bytes of the process, SPIN : tree", spinBytes/tree1.best.Resident, "≥ 8")
	}
	ratio("rate, flat : map", flat1.rate()/map1.rate(), "–")
	ratio("rate, tree : map", tree1.rate()/map1.rate(), "–")
	ratio("seconds, map : flat, 2 workers", map1.best.Wall/flat2.best.Wall, "≥ 5")
	ratio("seconds, map : tree, 2 workers", map1.best.Wall/tree2.best.Wall, "≥ 5")
	ratio("seconds, flat, 1 : 2 workers", flat1.best.Wall/flat2.best.Wall, "≥ 1.5 on two idle cores")
	ratio("seconds, tree, 1 : 2 workers", tree1.best.Wall/tree2.best.Wall, "≥ 1.5 on two idle cores")
	return nil
}

// take keeps the best of what is measured, each figure for itself.
func (c *contestant) take(m measured) {
	if c.best == nil {
		c.best = &m
		return
	}
	c.best.Wall = min(c.best.Wall, m.Wall)
	c.best.CPU = min(c.best.CPU, m.CPU)
	c.best.Resident = min(c.best.Resident, m.Resident)
}

// rate is states per CPU second.
func (c *contestant) rate() float64 { return float64(c.best.States) / c.best.CPU }

func orDash(v float64) string {
	if v == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", v)
}
