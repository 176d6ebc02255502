package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tcpcheck": main})
}

// Each file of testdata is a script: commands, and what they print.
func TestScripts(t *testing.T) {
	captures, err := filepath.Abs("../../explore/observe/testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Setup: func(env *testscript.Env) error {
			env.Setenv("CAPTURES", captures)
			env.Setenv("ESC", "\x1b")
			return nil
		},
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"status": status},
		Condition:           condition,
	})
}

// condition tells whether one of the scripts holds: "large", if TCPCHECK_LARGE is set.
func condition(name string) (bool, error) {
	if name != "large" {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	return os.Getenv("TCPCHECK_LARGE") != "", nil
}

// status is the script command "status N COMMAND ARG...": the exit status is N.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if args[0] != strconv.Itoa(got) {
		ts.Fatalf("%v: exit status %d: want %s", args[1:], got, args[0])
	}
}
