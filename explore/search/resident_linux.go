package search

import (
	"os"
	"strconv"
	"strings"
)

// resident is how many bytes of the process are in memory, without those of files,
// which the system takes back when it needs them; 0 if that can't be told.
func resident() uint64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data))
	if len(fields) < 3 {
		return 0
	}
	pages, err := strconv.ParseUint(fields[1], 10, 64)
	files, err2 := strconv.ParseUint(fields[2], 10, 64)
	if err != nil || err2 != nil || files > pages {
		return 0
	}
	return (pages - files) * uint64(os.Getpagesize())
}
