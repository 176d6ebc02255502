package main

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// addressSpace is what the process may take where its address space is limited
// (ulimit -v): half of what is left of it, since tables that grow stand twice in it
// for a while, and the Go runtime reserves more than it uses.
func addressSpace() (uint64, error) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_AS, &limit); err != nil {
		return 0, err
	}
	if limit.Cur == unix.RLIM_INFINITY {
		return 0, errors.New("no limit")
	}
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(data), " ")
	pages, err := strconv.ParseUint(first, 10, 64)
	if err != nil {
		return 0, err
	}
	taken := pages * uint64(os.Getpagesize())
	return max(limit.Cur-min(taken, limit.Cur), 1) / 2, nil
}
