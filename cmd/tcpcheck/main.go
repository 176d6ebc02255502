// Command tcpcheck checks the TCP connection state machine of RFC 9293.
//
// Each command is one file, which adds itself in newRoot. What commands share
// stands beside them: [app] writes (stdout is the result, stderr the notes),
// [failure] ends a command with a status and hints, [kinds] lists everything
// that has a name.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
