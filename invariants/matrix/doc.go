// Package matrix is which properties hold where: property × variant × ISN
// policy, each judged in scenarios in which it is at stake.
//
// [Places] lists the scenarios, [Run] searches them for every variant, and
// [Recorded] is what is expected: the data of matrix.txt, under test. Whatever is
// broken has a [Reason], with the RFC or paper that knows it, or the finding;
// what holds under an assumption has it stated at its [Place].
package matrix
