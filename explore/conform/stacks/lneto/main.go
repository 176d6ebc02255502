// Command lneto compares the TCP of lneto with the model:
//
//	go run ./explore/conform/stacks/lneto [--json] [--traces] [--walks N]
//
// The adapter is a module of its own, in the folder adapter.
package main

import "github.com/tcpcheck/tcpcheck/explore/conform/internal/launch"

func main() { launch.Main("lneto") }
