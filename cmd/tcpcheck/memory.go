package main

import (
	"bufio"
	"errors"
	"io"
	"math"
	"os"
	"strings"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
)

// leastMemory is the least limit that makes sense: the program itself takes
// half of it.
const leastMemory = 32 << 20

// addResources adds the flags that say what a search may take.
func addResources(cmd *cobra.Command, workers *int, memory *string) {
	fl := cmd.Flags()
	fl.IntVar(workers, "workers", 0, "goroutines that search")
	fl.Lookup("workers").DefValue = "one for each processor"
	addMemory(cmd, memory)
}

// addMemory adds the flag that limits memory.
func addMemory(cmd *cobra.Command, memory *string) {
	fl := cmd.Flags()
	fl.StringVar(memory, "memory", "", "bytes that the process may take, as in 2GiB; at the limit the search ends, undecided")
	fl.Lookup("memory").DefValue = "a safe share of the machine's"
}

// parseMemory reads --memory; "" is a safe share of what there is.
func parseMemory(text string) (uint64, error) {
	if text == "" {
		return safeMemory(), nil
	}
	n, err := humanize.ParseBytes(text)
	switch {
	case err != nil:
		return 0, usagef("--memory %q: want a number of bytes with its unit, as in 512MiB or 4GB", text)
	case n < leastMemory:
		return 0, usagef("--memory %q: %s are too few: want at least %s", text, humanize.IBytes(n), humanize.IBytes(leastMemory))
	}
	if has := totalMemory(); n > has {
		return 0, usagef("--memory %q: this machine, its control group or ulimit -v gives %s", text, humanize.IBytes(has)).hint("without --memory a safe share of it is taken")
	}
	return n, nil
}

// safeMemory is three quarters of [totalMemory], but never more than nine tenths of
// what is available now. 0 where the system tells neither.
func safeMemory() uint64 {
	share := totalMemory()
	if share != math.MaxUint64 {
		share = share / 4 * 3
	}
	if f, err := os.Open("/proc/meminfo"); err == nil {
		defer f.Close()
		if n, err := available(f); err == nil {
			share = min(share, n/10*9)
		}
	}
	if share == math.MaxUint64 {
		return 0
	}
	return max(share, leastMemory)
}

// totalMemory is what the machine has, or the control group or the limit of the
// process if that is less; [math.MaxUint64] where the system tells none.
func totalMemory() uint64 {
	total := uint64(math.MaxUint64)
	for _, limit := range []func() (uint64, error){memlimit.FromSystem, memlimit.FromCgroup, addressSpace} {
		if n, err := limit(); err == nil && n > 0 {
			total = min(total, n)
		}
	}
	return total
}

// available reads what Linux says could be had without swapping.
func available(meminfo io.Reader) (uint64, error) {
	lines := bufio.NewScanner(meminfo)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "MemAvailable:"); ok {
			return humanize.ParseBytes(strings.Replace(strings.TrimSpace(text), "kB", "KiB", 1))
		}
	}
	return 0, errors.Join(errors.New("no line MemAvailable"), lines.Err())
}
