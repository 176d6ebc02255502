// Package liveness answers what breadth-first search can't: whether something
// good happens on every run that is fair, and whether it can always still
// happen. Like package search it knows nothing of what is modelled.
//
// [Build] keeps a whole model as a graph, states numbered and steps with their
// actions; [Graph.Check] answers a [Question] about it: a goal is reached on
// every fair run, each time that it is due, again and again, or can always
// still be reached; there is no deadlock, and no livelock. The answer is yes,
// or a [Lasso]: a path from an initial state and a cycle at its end, repeated
// for ever. Each lasso is replayed from the model before it is returned, and its
// fairness is judged again from the definition (verify.go).
//
// # Fairness
//
// Each step has a [Label]; a label is treated with no, weak or strong
// fairness ([Fairness] says what they mean). A run is infinite, or it rests: it
// ends in a state none of whose steps has a label with fairness. So what
// fairness does not speak of may happen or not. A step may also leave labels
// owed that no step of its state has: then strong fairness counts it as if the
// label were enabled there. A fair network that drops what does not fit is said
// in this way.
//
// Fairness that no run can meet from some state on makes what is asked of fair
// runs hold for nothing there. That there is no such state is a question too,
// [Feasible]: K. R. Apt, N. Francez and S. Katz, "Appraising fairness in
// languages for distributed programming", Distributed Computing 2, 1988.
// Labels owed can break it, labels of steps alone cannot.
//
// # The algorithm
//
// A question about a goal asks for a fair cycle among the states without it.
// Strongly connected components are found by Tarjan's algorithm (R. Tarjan,
// "Depth-first search and linear graph algorithms", SIAM Journal on Computing
// 1, 1972), with a stack of its own instead of recursion. A component with a
// step of each label that fairness demands in it has a fair cycle: the one
// through all of it. Where a strongly fair label is enabled and never taken, no
// fair cycle passes the states that enable it; they are taken out and the rest
// is decomposed again. Where a weakly fair label is enabled in every state and
// never taken, the component has no fair cycle. This is the procedure of
// O. Lichtenstein and A. Pnueli, "Checking that finite state concurrent
// programs satisfy their linear specification", POPL 1985, and of E. A. Emerson
// and C.-L. Lei, "Modalities for model checking: branching time logic strikes
// back", Science of Computer Programming 8, 1987: emptiness of Streett
// conditions by decomposition into components.
//
// One decomposition is linear in states and steps. A state is taken out at
// most once for each strongly fair label, so the worst case is their product
// with the number of labels; what was measured is in docs/performance.md.
//
// Exchanging what is alike in a model (see search) merges labels that fairness
// must tell apart, so a model is given here without that reduction.
package liveness
