package search

import "io"

// Durable is a [Model] whose searches can be kept on disk ([Options].Checkpoint)
// and go on in another process. Its methods are never called while workers are
// at work.
type Durable interface {
	Model
	// Identity is what is searched, one "name: value" in a line: whatever changes
	// states, steps, marks, or what their words mean. A checkpoint is of use only to
	// a search of the same identity, and tells of the first line that differs.
	Identity() string
	// Save writes what the model has learned since the last Save, so that the words
	// of states and hits keep their meaning: the numbers that it gave, for example.
	Save(w io.Writer) error
	// Load reads all that one Save has written, or says what is wrong with it. A
	// model is given what all Saves wrote, in their order, before any other of its
	// methods but Identity is called.
	Load(r io.Reader) error
	// Known returns why s is no state of the model, as far as its words and what was
	// loaded tell: a number that was never given, for example. It is asked once for each
	// half of a state that a checkpoint has (see [Halver]), joined with the other half of an
	// initial state, and for states that are hit. What it lets pass the other methods must
	// bear.
	Known(s State) error
}
