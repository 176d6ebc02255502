//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// buildSpin makes SPIN's verifier of counters k^n: breadth first and exact. It
// returns a runner for a hash table of 2^slots, and what removes the files.
func buildSpin(n, k int) (pan func(slots int) func() (measured, error), clean func(), err error) {
	for _, tool := range []string{"spin", "cc"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, nil, fmt.Errorf("%s is not installed", tool)
		}
	}
	dir, err := os.MkdirTemp("", "bench-spin-")
	if err != nil {
		return nil, nil, err
	}
	clean = func() { os.RemoveAll(dir) }
	if err := os.WriteFile(filepath.Join(dir, "counters.pml"), []byte(promela(n, k)), 0o644); err != nil {
		return nil, clean, err
	}
	for _, args := range [][]string{
		{"spin", "-a", "counters.pml"},
		{"cc", "-O2", "-DBFS", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM=16000", "-o", "pan", "pan.c"},
	} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			clean()
			return nil, nil, fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, out)
		}
	}
	return func(slots int) func() (measured, error) {
		return func() (measured, error) { return runPan(dir, slots, n*k+1) }
	}, clean, nil
}

// promela is the model: raising a counter is one step.
func promela(n, k int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "byte c%d;\n", i)
	}
	b.WriteString("active proctype P() {\n  do\n")
	for i := range n {
		fmt.Fprintf(&b, "  :: d_step { c%d < %d -> c%d++ }\n", i, k-1, i)
	}
	b.WriteString("  od\n}\n")
	return b.String()
}

var (
	panStates      = regexp.MustCompile(`(?m)^\s*(\d+) states, stored`)
	panTransitions = regexp.MustCompile(`(?m)^\s*(\d+) transitions`)
	panDepth       = regexp.MustCompile(`depth reached (\d+)`)
)

func runPan(dir string, slots, depth int) (m measured, err error) {
	// -E: the end of the counters is no error.
	cmd := exec.Command("./pan", "-E", fmt.Sprintf("-w%d", slots), fmt.Sprintf("-m%d", depth))
	cmd.Dir = dir
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return m, fmt.Errorf("%v: %w: %s", cmd, err, out)
	}
	m.Wall = time.Since(begin).Seconds()
	used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	m.CPU = seconds(*used)
	number := func(re *regexp.Regexp) (v uint64) {
		if found := re.FindSubmatch(out); found != nil {
			v, _ = strconv.ParseUint(string(found[1]), 10, 64)
		}
		return v
	}
	m.States, m.Transitions, m.Depth = number(panStates), number(panTransitions), int(number(panDepth))
	if m.States == 0 {
		return m, fmt.Errorf("%v: no count of states in: %s", cmd, out)
	}
	m.Resident = float64(used.Maxrss) * 1024 / float64(m.States)
	return m, nil
}
