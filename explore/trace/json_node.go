package trace

import (
	"encoding/json"
	"fmt"
	"slices"
)

// A fault is panicked with by the functions below and caught by catch: the
// first thing that is wrong with a document.
type fault struct{ error }

func fail(path, format string, args ...any) {
	panic(fault{fmt.Errorf("%s: %w", path, fmt.Errorf(format, args...))})
}

// catch makes an error of a fault.
func catch(err *error) {
	switch f := recover().(type) {
	case nil:
	case fault:
		*err = f.error
	default:
		panic(f)
	}
}

// node is a value and the path that leads to it.
type node struct {
	path  string
	value any
}

// object is a node that has members.
type object struct {
	path    string
	members map[string]any
}

func (n node) object(what string) object {
	m, ok := n.value.(map[string]any)
	if !ok {
		fail(n.path, "%s is not an object: %s", what, shortJSON(n.value))
	}
	return object{n.path, m}
}

func (n node) text() string {
	s, ok := n.value.(string)
	if !ok {
		fail(n.path, "%s: want a text", shortJSON(n.value))
	}
	return s
}

func (n node) number(bits int) uint64 {
	number, ok := n.value.(json.Number)
	if !ok {
		fail(n.path, "%s: want a number", shortJSON(n.value))
	}
	v, err := parseNumber(number.String(), bits)
	if err != nil {
		fail(n.path, "%w", err)
	}
	return v
}

func (n node) retries() uint8 {
	text, ok := n.value.(string)
	if !ok {
		text = fmt.Sprint(n.number(8))
	}
	v, err := parseRetries(text)
	if err != nil {
		fail(n.path, "%w", err)
	}
	return uint8(v)
}

func (o object) get(name string) (node, bool) {
	v, ok := o.members[name]
	return node{dotted(o.path) + name, v}, ok
}

func (o object) need(name string) node {
	n, ok := o.get(name)
	if !ok {
		fail(n.path, "it is missing")
	}
	return n
}

// text, number, truth and list are "", 0, false and empty if the member is
// absent.

func (o object) text(name string) string {
	if n, ok := o.get(name); ok {
		return n.text()
	}
	return ""
}

func (o object) number(name string, bits int) uint64 {
	if n, ok := o.get(name); ok {
		return n.number(bits)
	}
	return 0
}

func (o object) truth(name string) bool {
	n, ok := o.get(name)
	if !ok {
		return false
	}
	b, ok := n.value.(bool)
	if !ok {
		fail(n.path, "%s: want true or false", shortJSON(n.value))
	}
	return b
}

func (o object) list(name string) []node {
	n, ok := o.get(name)
	if !ok {
		return nil
	}
	l, ok := n.value.([]any)
	if !ok {
		fail(n.path, "%s: want a list", shortJSON(n.value))
	}
	nodes := make([]node, len(l))
	for i, v := range l {
		nodes[i] = node{fmt.Sprintf("%s[%d]", n.path, i), v}
	}
	return nodes
}

func (o object) side(name string) Side {
	n := o.need(name)
	i := slices.Index([]string{A.String(), B.String()}, n.text())
	if i < 0 {
		fail(n.path, "%.40q: want A or B", n.text())
	}
	return Side(i)
}
