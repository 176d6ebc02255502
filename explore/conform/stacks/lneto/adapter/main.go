// Command lneto compares github.com/soypat/lneto's TCP with the model.
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
	return &conform.Subject{Name: "lneto v0.1.0", New: newStack}
}

func main() { conform.Main(subject(), walks, known) }
