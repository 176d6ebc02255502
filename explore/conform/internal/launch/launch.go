// Package launch runs the adapter of a stack. An adapter is a module of its
// own, so that nobody who only wants the checker downloads the stack; what is
// run from the top of the repository finds it there, builds it and runs it.
package launch

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Main builds and runs the adapter of the stack with the command's arguments,
// and ends with its exit status; 3 if it can't be built.
func Main(stack string) { os.Exit(run(stack, os.Args[1:])) }

func run(stack string, args []string) int {
	status, err := buildAndRun(stack, args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "tcpcheck: error: %s: %v\n", stack, err)
		return 3
	}
	return status
}

func buildAndRun(stack string, args []string) (status int, err error) {
	top, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tcpcheck/tcpcheck").Output()
	if err != nil {
		return 0, fmt.Errorf("where the repository lies: %w", err)
	}
	dir, err := os.MkdirTemp("", "tcpcheck-conform-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, stack)
	source := filepath.Join(strings.TrimSpace(string(top)), "explore", "conform", "stacks", stack, "adapter")
	build := exec.Command("go", "build", "-C", source, "-o", binary, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return 0, fmt.Errorf("build the adapter in %s: %w", source, err)
	}
	adapter := exec.Command(binary, args...)
	adapter.Stdin, adapter.Stdout, adapter.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = adapter.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), nil
	}
	return 0, err
}
