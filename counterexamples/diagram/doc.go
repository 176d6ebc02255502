// Package diagram draws the states of an endpoint, and the arrows between them,
// as a search discovers them: figure 5 of RFC 9293, found and not copied.
//
// [Discover] searches scenarios and compares what it meets with the figure;
// [Write] draws it. [Joint] and [WriteJoint] do the same for the states that two
// endpoints are in at the same time.
package diagram
