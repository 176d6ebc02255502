//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "tcpcheck: error: linux: skipped: it takes the Linux kernel")
	os.Exit(4)
}
