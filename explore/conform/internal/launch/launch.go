// Package launch runs the adapter of a stack. An adapter is a module of its
// own, so that nobody who only wants the checker downloads the stack; what is
// run from the top of the repository finds it there, builds it and runs it.
package launch

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// Main builds and runs the adapter of the stack with the command's arguments,
// and ends with its exit status; 3 if it can't be built, 4 if a signal ends it.
func Main(stack string) { os.Exit(run(stack, os.Args[1:])) }

func run(stack string, args []string) int {
	status, err := buildAndRun(stack, args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "tcpcheck: error: %s: %v\n", stack, err)
		return status
	}
	return status
}

func buildAndRun(stack string, args []string) (status int, err error) {
	// An interrupt ends what is run; here the binary is still to be removed.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	top, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tcpcheck/tcpcheck").Output()
	if err != nil {
		return 3, fmt.Errorf("where the repository lies: %w", err)
	}
	dir, err := os.MkdirTemp("", "tcpcheck-conform-")
	if err != nil {
		return 3, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, stack)
	source := filepath.Join(strings.TrimSpace(string(top)), "explore", "conform", "stacks", stack, "adapter")
	build := exec.Command("go", "build", "-C", source, "-o", binary, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return 3, fmt.Errorf("build the adapter in %s: %w", source, err)
	}
	adapter := exec.Command(binary, args...)
	adapter.Stdin, adapter.Stdout, adapter.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err = adapter.Start(); err != nil {
		return 3, err
	}
	go func() {
		for s := range signals {
			_ = adapter.Process.Signal(s)
		}
	}()
	err = adapter.Wait()
	exit := (*exec.ExitError)(nil)
	switch {
	case err == nil:
		return 0, nil
	case !errors.As(err, &exit):
		return 3, err
	case exit.Exited():
		return exit.ExitCode(), nil
	}
	return 4, err // a signal ended it
}
