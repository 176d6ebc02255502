package model

import "fmt"

// The most that one event can cause. A run of Step that needs more panics;
// rapid looks for one.
const (
	MaxSent      = 4
	MaxSignals   = 8
	MaxDelivered = 4
	MaxPath      = 6
	MaxRules     = 40
)

// Output is what one event caused. The caller owns it and Step overwrites it.
// Unused entries are zero, so outputs compare with ==.
type Output struct {
	sent      [MaxSent]Segment
	delivered [MaxDelivered]Delivery
	signals   [MaxSignals]Signal
	path      [MaxPath]State
	rules     [MaxRules]Rule

	nSent, nDelivered, nSignals, nPath, nRules uint8
}

// Delivery is text that the endpoint took responsibility for and passed
// towards its user: N octets, the first of which is octet Offset of the text
// of the segment that arrived, or, if Held, of a segment held before.
type Delivery struct {
	Seq    Seq    // number of the first octet
	Offset uint32 // its place in the segment's text, from 0
	N      uint32 // octets, at least 1
	Held   int8   // −1: the segment that arrived; else the index in [TCB.Held] before the event
	Push   bool   // the last octet was followed by PUSH
}

// Sent is the segments to send, in order.
func (o *Output) Sent() []Segment { return o.sent[:o.nSent] }

// Delivered is the text delivered, in order.
func (o *Output) Delivered() []Delivery { return o.delivered[:o.nDelivered] }

// Signals is what the user is told, in order.
func (o *Output) Signals() []Signal { return o.signals[:o.nSignals] }

// Path is the states entered, in order; empty if the state did not change.
// One segment may take two arrows of the RFC's figure 5.
func (o *Output) Path() []State { return o.path[:o.nPath] }

// Rules is the paragraphs that decided, in order.
func (o *Output) Rules() []Rule { return o.rules[:o.nRules] }

// Reset empties the output.
func (o *Output) Reset() { *o = Output{} }

// Send, Signal, Deliver, Enter and Rule append to the output; decorators of
// Step use them too.

// Send appends a segment to send.
func (o *Output) Send(g Segment) {
	o.sent[o.room("segments", o.nSent, MaxSent)] = g
	o.nSent++
}

// Signal appends a signal to the user.
func (o *Output) Signal(g Signal) {
	o.signals[o.room("signals", o.nSignals, MaxSignals)] = g
	o.nSignals++
}

// Deliver appends delivered text.
func (o *Output) Deliver(d Delivery) {
	o.delivered[o.room("deliveries", o.nDelivered, MaxDelivered)] = d
	o.nDelivered++
}

// Enter appends a state passed through.
func (o *Output) Enter(s State) {
	o.path[o.room("states", o.nPath, MaxPath)] = s
	o.nPath++
}

// Rule appends a rule that decided.
func (o *Output) Rule(r Rule) {
	o.rules[o.room("rules", o.nRules, MaxRules)] = r
	o.nRules++
}

func (o *Output) room(what string, n uint8, most int) uint8 {
	if int(n) >= most {
		panic(fmt.Sprintf("model: one event caused more than %d %s; so far %v", most, what, o))
	}
	return n
}

// String lists what happened, for messages.
func (o *Output) String() string {
	return fmt.Sprintf("sent %v, delivered %v, signals %v, path %v, rules %v",
		o.Sent(), o.Delivered(), o.Signals(), o.Path(), o.Rules())
}
