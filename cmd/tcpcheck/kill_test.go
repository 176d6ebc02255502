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
	cmd := process(t, &out, &notes, args)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
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

// process is a process of tcpcheck.
func process(t *testing.T, out, notes io.Writer, args []string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: self, Args: append([]string{"tcpcheck"}, args...), Stdout: out, Stderr: notes, Env: os.Environ()}
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
	capture, err := os.ReadFile("../../explore/observe/testdata/linux/linux-simultaneous-close.pcap")
	if err != nil {
		t.Fatal(err)
	}
	const matrix, sweep = "interrupted: 0 of 4 searches are whole", "interrupted: 0 of 9 scenarios are decided"
	for _, c := range []struct {
		args       []string
		in         string // of stdin, which then has no end
		out, notes string
	}{
		{[]string{"check", "deep"}, "", "not all was seen: interrupted", ""},
		{[]string{"simulate", "deep", "--walks", "1000000000"}, "", "fewer than asked for: interrupted", ""},
		{[]string{"matrix", "--scenario", "close", "--deep"}, "", "?: not decided, since not all was seen: interrupted", matrix},
		{[]string{"matrix", "--scenario", "close", "--deep", "--markdown"}, "", "Not all was seen (interrupted)", matrix},
		{[]string{"matrix", "--scenario", "close", "--deep", "--json"}, "", `"stop": "interrupted"`, matrix},
		{[]string{"matrix", "--scenario", "close", "--deep", "--verify"}, "", " 0 hold,", "no difference in what is known"},
		{[]string{"sweep", "deep", "--vary", "msl=1..9"}, "", "? 8 scenarios were not begun: interrupted", sweep},
		{[]string{"sweep", "deep", "--vary", "msl=1..9", "--json"}, "", `"stop": "interrupted"`, sweep},
		{[]string{"witness", "reopened", "--scenario", "deep"}, "", "and not all was: interrupted", ""},
		{[]string{"graph", "deep"}, "", "", "not everything was seen: interrupted"},
		{[]string{"docs", "-o", t.TempDir()}, "", "", "interrupted"},
		{[]string{"pcap", "-"}, string(capture), "-: 7 packets, 1 connection; read only so far", "interrupted; 0 of 1 file was read whole"},
		{[]string{"pcap", "-", "--json"}, string(capture), `"packets":7,"bad_checksums":0,"error":"-: interrupted"`, "interrupted; 0 of 1 file"},
		{[]string{"script", "../../explore/script/testdata/time-wait", "-"}, "0 soc", "✓ ", "scripts were judged"},
		{[]string{"script", "../../explore/script/testdata/time-wait", "-", "--json"}, "0 soc", `"stop": "interrupted"`, "scripts were judged"},
	} {
		for wait := 100 * time.Millisecond; ; wait *= 2 {
			status, out, notes := terminated(t, wait, c.in, c.args)
			told := strings.Contains(out, c.out) && strings.Contains(notes, c.notes) && !strings.Contains(notes, "each as recorded")
			if status == statusInconclusive && told {
				break
			}
			if wait > 10*time.Second { // it has begun
				t.Errorf("%v: exit status %d, want %d, %q and %q\n%s\n%s", c.args, status, statusInconclusive, c.out, c.notes, out, notes)
				break
			}
		}
	}
}

// terminated is the exit status and the output of a process that is asked to end
// after a while.
func terminated(t *testing.T, wait time.Duration, in string, args []string) (status int, stdout, stderr string) {
	t.Helper()
	var out, notes bytes.Buffer
	cmd := process(t, &out, &notes, args)
	if in != "" {
		pipe, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer pipe.Close()
		go io.WriteString(pipe, in)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(wait)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its status says all
	return cmd.ProcessState.ExitCode(), out.String(), notes.String()
}
