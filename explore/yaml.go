package explore

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/tcpcheck/tcpcheck/model"
)

// maxScenarioFile is the size in bytes beyond which a file is no scenario.
const maxScenarioFile = 1 << 20

// sideNames are the keys of the two sides in a file.
var sideNames = [2]string{"a", "b"}

// ReadScenario reads a scenario from YAML, strictly: a field that is not
// known, of the wrong type or impossible is an error that names the place.
// What the file leaves out is as in the smallest preset, a handshake. name
// stands in messages for the file.
func ReadScenario(name string, r io.Reader) (*Scenario, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxScenarioFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	switch {
	case len(data) > maxScenarioFile:
		return nil, fmt.Errorf("%s: more than %d bytes: want a scenario, which takes some hundred", name, maxScenarioFile)
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		return nil, fmt.Errorf("%s: not text: want a scenario in YAML", name)
	}
	if line, column, r := control(data); line > 0 {
		return nil, fmt.Errorf("%s:%d:%d: %q: control characters are not allowed", name, line, column, r)
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: empty: want a scenario in YAML", name)
		}
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more than one document: want one scenario", name)
	}
	sc := base("", "")
	if err := (reader{name}).scenario(&sc, doc.Content[0]); err != nil {
		return nil, err
	}
	sc.File = name
	if sc.Name == "" {
		sc.Name = name
	}
	if err := sc.prepare(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &sc, nil
}

// control is the place of the first character that is neither shown nor ends a line,
// counted from 1; line 0 if there is none.
func control(data []byte) (line, column int, _ rune) {
	line, column = 1, 1
	for _, r := range string(data) {
		switch {
		case r == '\n':
			line, column = line+1, 0
		case unicode.IsControl(r) && r != '\t' && r != '\r':
			return line, column, r
		}
		column++
	}
	return 0, 0, 0
}

// reader reads nodes of one file.
type reader struct{ file string }

func (r reader) errorf(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %w", r.file, n.Line, n.Column, fmt.Errorf(format, args...))
}

// resolve follows an alias; the fixed depth of a scenario bounds the rest.
func (r reader) resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// entries calls set for each entry of a mapping, whose keys differ.
func (r reader) entries(n *yaml.Node, what string, set func(key, value *yaml.Node) error) error {
	m := r.resolve(n)
	if m.Kind != yaml.MappingNode {
		return r.errorf(n, "%s: want fields, as in %q", what, "bits: 3")
	}
	seen := map[string]bool{}
	for i := 0; i < len(m.Content); i += 2 {
		key := m.Content[i]
		if key.Kind != yaml.ScalarNode {
			return r.errorf(key, "%s: a name is expected here", what)
		}
		if seen[key.Value] {
			return r.errorf(key, "%s is given twice", key.Value)
		}
		seen[key.Value] = true
		if err := set(key, r.resolve(m.Content[i+1])); err != nil {
			return err
		}
	}
	return nil
}

func (r reader) scenario(sc *Scenario, n *yaml.Node) error {
	var behaviours *yaml.Node
	err := r.entries(n, "scenario", func(key, value *yaml.Node) error {
		for i, s := range sideNames {
			if key.Value == s {
				return r.entries(value, s, func(k, v *yaml.Node) error { return r.field(sc, SideFields(i), k, v) })
			}
		}
		if key.Value == "behaviours" { // after the variant, which sets them all
			behaviours = value
			return nil
		}
		return r.field(sc, scenarioFields, key, value)
	})
	if err != nil || behaviours == nil {
		return err
	}
	return r.entries(behaviours, "behaviours", func(key, value *yaml.Node) error {
		var names []string
		for _, c := range model.Choices() {
			if c.Name == key.Value {
				if value.Kind != yaml.ScalarNode {
					return r.errorf(value, "%s: want one value", key.Value)
				}
				if err := c.Set(&sc.Behaviours, value.Value); err != nil {
					return r.errorf(value, "%w", err)
				}
				return nil
			}
			names = append(names, c.Name)
		}
		return r.errorf(key, "behaviour %q is not known: want one of %q", key.Value, names)
	})
}

func (r reader) field(sc *Scenario, fields []Field, key, value *yaml.Node) error {
	var names []string
	for _, f := range fields {
		if f.Name != key.Value {
			names = append(names, f.Name)
			continue
		}
		if value.Kind != yaml.ScalarNode {
			return r.errorf(value, "%s: want one value", f.Name)
		}
		if err := f.Set(sc, value.Value); err != nil {
			return r.errorf(value, "%s: %w", f.Name, err)
		}
		return nil
	}
	return r.errorf(key, "field %q is not known: want one of %q", key.Value, names)
}

// WriteYAML writes the scenario as a file that [ReadScenario] reads back, with
// the meaning of each field beside it.
func (sc *Scenario) WriteYAML(w io.Writer) error {
	doc := &yaml.Node{Kind: yaml.MappingNode}
	add := func(m *yaml.Node, key, value, comment string) {
		v := &yaml.Node{Kind: yaml.ScalarNode, Value: value, LineComment: comment}
		if value == "" {
			v.Style = yaml.DoubleQuotedStyle
		}
		m.Content = append(m.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, v)
	}
	for _, f := range scenarioFields {
		add(doc, f.Name, f.get(sc), f.Meaning)
	}
	choices := &yaml.Node{Kind: yaml.MappingNode}
	for _, c := range model.Choices() {
		add(choices, c.Name, c.Get(sc.Behaviours), c.Meaning)
	}
	doc.Content = append(doc.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "behaviours"}, choices)
	for i, s := range sideNames {
		side := &yaml.Node{Kind: yaml.MappingNode}
		for _, f := range SideFields(i) {
			add(side, f.Name, f.get(sc), f.Meaning)
		}
		doc.Content = append(doc.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: s}, side)
	}
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("writing scenario %s: %w", sc.Name, err)
	}
	return enc.Close()
}
