// Command linux compares the Linux kernel's TCP with the model:
//
//	go run ./explore/conform/stacks/linux [--json] [--traces] [--walks N]
//
// The adapter is a module of its own, in the folder adapter.
package main

import "github.com/tcpcheck/tcpcheck/explore/conform/internal/launch"

func main() { launch.Main("linux") }
