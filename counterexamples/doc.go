// Package counterexamples is the written catalogue: one page for each run
// worth reading, generated from the checks that find it. [Pages] makes them; a
// test fails when one is out of date.
package counterexamples
