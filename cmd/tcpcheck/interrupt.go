package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// within is an interruptible context that ends after the time, too; 0: it has no end.
func within(timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, stop := interruptible()
	if timeout == 0 {
		return ctx, stop
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	return ctx, func() { cancel(); stop() }
}

// addTimeout adds the flag that ends a search after a while.
func addTimeout(cmd *cobra.Command, timeout *time.Duration) {
	cmd.Flags().DurationVar(timeout, "timeout", 0, "stop after this time, as in 90s; 0: never")
}

func wrongTimeout(timeout time.Duration) error {
	return usagef("--timeout %v: want a duration, as in 90s", timeout)
}

// interruptible is a context that ends when the user, or the system, asks the
// program to. Who asks twice does not want to wait.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
