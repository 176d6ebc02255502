// Package search visits every state of a model, breadth first and on all
// cores, and says what it met: how many states and transitions there are, which
// properties are hit, and the shortest way to each.
//
// It knows nothing of what is modelled. A [Model] says with which states to
// begin, what follows a state, and which properties (bits of [Marks]) a state or
// a step hits. States are three words. [Of] makes a model of any comparable Go
// type, [Run] searches it, and [Simulate] walks at random where a model is too
// large. The example shows a whole model.
//
// # What a result means
//
// A property is violated (hit, with a trace), or holds (not hit, and
// [Result.Complete]), or is unknown (not hit, and something was not seen: a
// limit, a deadline, an interruption, the end of memory). Nothing is ever
// decided by a hash, so a complete search has seen every state.
//
// # The same report for any number of workers
//
// A level is finished before the next begins, so counts do not depend on who
// comes first. Neither do traces: of all shortest ones the least by [Cost] is
// shown, and of those the first by [Model].Compare and CompareActions. They are
// sought by expanding the levels again, from the hits back to the initial states;
// no state remembers where it came from.
//
// # How states are kept
//
// [StoreMap] is a Go map and one goroutine: slow, plainly right, and the oracle
// of the others. [StoreFlat] keeps states as they are in an array outside the
// Go heap, with an index beside it.
//
// [StoreTree], the default, cuts states in two and numbers the halves, each by
// an exact table. Few different halves make many states, so a pair of numbers is
// short, and a table of pairs keeps only what the place of a pair in the table
// doesn't say: 4 bytes, or 8 where halves are very many. Levels are kept as
// sorted pairs, each as the difference from the one before, in one or two bytes.
// So what varies together belongs into one half (see [Halver]): where there are
// as many halves as states, nothing is gained over StoreFlat.
//
// Where [Options].Memory is used up and Spill names a directory, all pairs go there as
// sorted runs, and from then on repeats are found a level at a time. With
// Checkpoint each level of a [Durable] model is kept in the same form, and a later
// process can Resume. Neither changes the report.
//
// Both grow while the search runs, and keep little where the garbage collector
// looks. Nothing is allocated for a state. Neighbours in a level lead to the
// same states, so each worker takes a stretch of neighbours and first looks
// among the states that it met lately. What is left is looked up in batches, so
// that the waits for memory overlap.
package search
