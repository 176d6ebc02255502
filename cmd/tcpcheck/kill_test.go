package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// reported runs tcpcheck as a process and returns its report without what it took;
// nil if it was killed after that time (0: never).
func reported(t *testing.T, after time.Duration, args ...string) map[string]any {
	t.Helper()
	var out, notes bytes.Buffer
	cmd := begin(t, &out, &notes, args)
	if after > 0 {
		kill := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer kill.Stop()
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if after > 0 && errors.As(err, &exit) && exit.ExitCode() == -1 {
		return nil
	}
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, notes.String())
	}
	var doc struct{ Scenarios []map[string]any }
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	r := doc.Scenarios[0]
	for _, took := range []string{"seconds", "states_per_second", "bytes_per_state"} {
		delete(r, took)
	}
	return r
}

// begin begins a process of tcpcheck.
func begin(t *testing.T, out, notes io.Writer, args []string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := &exec.Cmd{Path: self, Args: append([]string{"tcpcheck"}, args...), Stdout: out, Stderr: notes, Env: os.Environ()}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// A search that is killed at random moments, and goes on each time, comes to the
// report of one that is left alone.
func TestKilledSearchesGoOn(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	want := reported(t, 0, "check", "data", "--json")
	from := time.Now()
	reported(t, 0, "check", "data", "--json", "--checkpoint", t.TempDir())
	took := time.Since(from)
	random := rand.New(rand.NewPCG(9293, 793))
	dir, spill := t.TempDir(), t.TempDir()
	finished := 0
	for killed := 0; killed < kills || finished == 0; {
		args := []string{"check", "data", "--json", "--checkpoint", dir, "--resume", "--workers", strconv.Itoa(1 + random.IntN(3))}
		if random.IntN(2) == 0 {
			args = append(args, "--memory", "32MiB", "--spill", spill)
		}
		after := time.Duration(0)
		if killed < kills {
			after = time.Duration(random.Int64N(int64(took)))
		}
		got := reported(t, after, args...)
		if got == nil {
			killed++
			continue
		}
		finished++
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("killed %d times, the report differs:\n%s", killed, diff)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// But for what was killed last.
	if left, err := filepath.Glob(filepath.Join(spill, "*", "lock")); err != nil || len(left) > 1 {
		t.Errorf("left where searches spilled: %v, %v", left, err)
	}
	t.Logf("killed %d times, finished %d times", kills, finished)
}

// Who is asked to end says what was seen until then, in whatever it is at.
func TestTerminated(t *testing.T) {
	for _, args := range [][]string{
		{"check", "deep"}, {"sweep", "deep", "--vary", "msl=1,2"}, {"simulate", "deep", "--walks", "1000000000"},
		{"matrix", "--scenario", "close", "--deep"}, {"graph", "deep"}, {"docs", "-o", t.TempDir()},
	} {
		for wait := 100 * time.Millisecond; ; wait *= 2 {
			status, _, _ := terminated(t, wait, args)
			if status == -1 && wait < time.Minute { // it had not begun
				continue
			}
			if status != statusInconclusive {
				t.Errorf("%v: exit status %d, want %d", args, status, statusInconclusive)
			}
			break
		}
	}
}

// What was decided until the end is printed, in each form, and the rest is unknown.
func TestTerminatedTellsWhatItKnows(t *testing.T) {
	for _, c := range []struct {
		args        []string
		out, stderr string
	}{
		{[]string{"matrix", "--scenario", "close", "--deep"}, "?: not decided, since not all was seen: interrupted", "interrupted: 0 of 4 searches are whole"},
		{[]string{"matrix", "--scenario", "close", "--deep", "--markdown"}, "Not all was seen (interrupted)", "interrupted: 0 of 4 searches are whole"},
		{[]string{"matrix", "--scenario", "close", "--deep", "--json"}, `"stop": "interrupted"`, "interrupted: 0 of 4 searches are whole"},
		{[]string{"matrix", "--scenario", "close", "--deep", "--verify"}, " 0 hold,", "no difference in what is known"},
		{[]string{"sweep", "deep", "--vary", "msl=1..9"}, "? 8 scenarios were not begun: interrupted", "interrupted: 0 of 9 scenarios are decided"},
		{[]string{"sweep", "deep", "--vary", "msl=1..9", "--json"}, `"stop": "interrupted"`, "interrupted: 0 of 9 scenarios are decided"},
	} {
		for wait := 100 * time.Millisecond; ; wait *= 2 {
			status, out, notes := terminated(t, wait, c.args)
			if status == -1 && wait < time.Minute { // it had not begun
				continue
			}
			if status != statusInconclusive || !strings.Contains(out, c.out) || !strings.Contains(notes, c.stderr) || strings.Contains(notes, "each as recorded") {
				t.Errorf("%v: exit status %d, want %d, %q and %q\n%s\n%s", c.args, status, statusInconclusive, c.out, c.stderr, out, notes)
			}
			break
		}
	}
}

// terminated is the exit status and the output of a process that is asked to end
// after a while.
func terminated(t *testing.T, wait time.Duration, args []string) (status int, stdout, stderr string) {
	var out, notes bytes.Buffer
	cmd := begin(t, &out, &notes, args)
	time.Sleep(wait)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its status says all
	return cmd.ProcessState.ExitCode(), out.String(), notes.String()
}
