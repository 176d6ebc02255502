//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/search/internal/models"
)

// measured is one search. Bytes are for each state.
type measured struct {
	States      uint64  `json:"states"`
	Transitions uint64  `json:"transitions"`
	Depth       int     `json:"depth"`
	Wall        float64 `json:"wall_s"`
	CPU         float64 `json:"cpu_s"`
	Visited     float64 `json:"visited_bytes_per_state"`
	Memory      float64 `json:"store_bytes_per_state"`   // visited set and levels, at most
	Resident    float64 `json:"process_bytes_per_state"` // largest resident set of the process
}

var stores = map[string]search.Store{"map": search.StoreMap, "flat": search.StoreFlat, "tree": search.StoreTree}

// one measures one search in this process and prints a line of JSON.
func one(store string, workers, n, k int) error {
	c := models.Counters{N: n, K: k}
	s, ok := stores[store]
	if !ok {
		return fmt.Errorf("store %q: want map, flat or tree", store)
	}
	begin, used := time.Now(), usage()
	r, err := search.Run(context.Background(), c, search.Options{Store: s, Workers: workers})
	if err != nil {
		return err
	}
	wall, end := time.Since(begin), usage()
	if r.States != c.States() || r.Transitions != c.Transitions() || r.Depth != c.Depth() || !r.Complete {
		return fmt.Errorf("%v: %d states, %d transitions, depth %d, complete %v: wrong", c, r.States, r.Transitions, r.Depth, r.Complete)
	}
	states := float64(r.States)
	return json.NewEncoder(os.Stdout).Encode(measured{
		States: r.States, Transitions: r.Transitions, Depth: r.Depth,
		Wall: wall.Seconds(), CPU: seconds(end) - seconds(used),
		Visited: r.BytesPerState, Memory: float64(r.Memory) / states, Resident: float64(end.Maxrss) * 1024 / states,
	})
}

func usage() (u syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(fmt.Sprintf("getrusage: %v", err))
	}
	return u
}

func seconds(u syscall.Rusage) float64 { return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9 }
