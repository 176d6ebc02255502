// Command seqs compares github.com/soypat/seqs's TCP with the model.
package main

import (
	_ "embed"
	"errors"

	"github.com/tcpcheck/tcpcheck/explore/conform"
)

//go:embed known.yaml
var known []byte

// walks at random, besides every pair.
const walks = 5000

var errClosing = errors.New("connection closing")

// subject: CLOSED is no part of a ControlBlock; seqs' stack answers there.
func subject() *conform.Subject {
	return &conform.Subject{Name: "seqs v0.0.0-20260125140838", New: newStack, Alone: true}
}

func main() { conform.Main(subject(), walks, known) }
