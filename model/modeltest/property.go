package modeltest

import (
	"fmt"
	"slices"
)

// Property is one sentence that is judged at every step of [Run].
type Property struct {
	ID      string // stable, kebab-case
	Source  string // section of RFC 9293, and the requirement's number
	Meaning string // in plain words

	step func(s *step) string // says what is wrong with a step; "": nothing
	pair func(p *pair) string // … with two ends, after a step; not with strangers
	end  func(p *pair) string // … with two ends, when all faults have ended
}

// Properties lists what [Run] judges. The slice is the caller's.
func Properties() []Property { return slices.Clone(properties) }

var properties = slices.Concat(shapeProperties, openingProperties, resetProperties, receivingProperties, ackProperties,
	sendingProperties, windowProperties, closingProperties, pairProperties)

// must says what is wrong unless ok.
func must(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}
