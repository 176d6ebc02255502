package trace

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// jsonSchema is as much of JSON Schema as schema.json uses.
type jsonSchema struct{ root map[string]any }

func readSchema(t *testing.T) *jsonSchema {
	t.Helper()
	data, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := readTree(data)
	if err != nil {
		t.Fatalf("schema.json: %v", err)
	}
	return &jsonSchema{tree.(map[string]any)}
}

// check validates a document.
func (s *jsonSchema) check(text string) error {
	tree, err := readTree([]byte(text))
	if err != nil {
		return err
	}
	return s.value("", s.root, tree)
}

func (s *jsonSchema) value(path string, schema map[string]any, v any) error {
	if kind, ok := schema["type"]; ok && kindOf(v) != kind {
		return fmt.Errorf("%s: %s is no %s", path, shortJSON(v), kind)
	}
	for _, keyword := range slices.Sorted(maps.Keys(schema)) {
		rule := schema[keyword]
		bad := func() error { return fmt.Errorf("%s: %s breaks %s %s", path, shortJSON(v), keyword, shortJSON(rule)) }
		switch keyword {
		case "$schema", "$id", "$defs", "title", "description", "type":
		case "$ref":
			name := strings.TrimPrefix(rule.(string), "#/$defs/")
			if err := s.value(path, s.root["$defs"].(map[string]any)[name].(map[string]any), v); err != nil {
				return err
			}
		case "const":
			if v != rule {
				return bad()
			}
		case "enum":
			if !slices.Contains(rule.([]any), v) {
				return bad()
			}
		case "anyOf":
			if !slices.ContainsFunc(rule.([]any), func(one any) bool { return s.value(path, one.(map[string]any), v) == nil }) {
				return bad()
			}
		case "minimum", "maximum":
			var limit, n uint64
			fmt.Sscan(string(rule.(json.Number)), &limit)
			if _, err := fmt.Sscan(string(v.(json.Number)), &n); err != nil ||
				keyword == "minimum" && n < limit || keyword == "maximum" && n > limit {
				return bad()
			}
		case "maxItems":
			if limit, _ := rule.(json.Number).Int64(); int64(len(v.([]any))) > limit {
				return bad()
			}
		case "required":
			for _, name := range rule.([]any) {
				if _, ok := v.(map[string]any)[name.(string)]; !ok {
					return bad()
				}
			}
		case "items":
			for i, item := range v.([]any) {
				if err := s.value(fmt.Sprintf("%s[%d]", path, i), rule.(map[string]any), item); err != nil {
					return err
				}
			}
		case "properties", "additionalProperties":
			if err := s.members(path, schema, v.(map[string]any)); err != nil {
				return err
			}
		default:
			return fmt.Errorf("schema.json: keyword %s is not one that the test knows", keyword)
		}
	}
	return nil
}

func (s *jsonSchema) members(path string, schema, members map[string]any) error {
	known, _ := schema["properties"].(map[string]any)
	for name, v := range members {
		rule, ok := known[name].(map[string]any)
		if !ok {
			if rule, ok = schema["additionalProperties"].(map[string]any); !ok {
				return fmt.Errorf("%s: %q is no property of %v", path, name, slices.Sorted(maps.Keys(known)))
			}
		}
		if err := s.value(dotted(path)+name, rule, v); err != nil {
			return err
		}
	}
	return nil
}

func kindOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		if _, err := v.Int64(); err == nil {
			return "integer"
		}
		if !strings.ContainsAny(string(v), ".eE") {
			return "integer"
		}
	}
	return "number"
}

// TestSchemaNamesEveryVariable compares the schema with the code.
func TestSchemaNamesEveryVariable(t *testing.T) {
	defs := readSchema(t).root["$defs"].(map[string]any)
	tcb := defs["tcb"].(map[string]any)["properties"].(map[string]any)
	for _, v := range variables {
		if _, ok := tcb[v.name]; !ok {
			t.Errorf("schema.json: %s is not a property of a TCB", v.name)
		}
	}
	if len(tcb) != len(variables)+1 {
		t.Errorf("schema.json: %d properties of a TCB, want the state and %d variables", len(tcb), len(variables))
	}
}
