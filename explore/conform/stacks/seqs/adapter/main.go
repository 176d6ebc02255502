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
const walks = 30000

var errClosing = errors.New("connection closing")

func subject() *conform.Subject {
	return &conform.Subject{Name: "seqs v0.0.0-20260125140838", New: newStack}
}

func main() { conform.Main(subject(), walks, known) }
