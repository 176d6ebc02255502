package draw

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var itfNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// itfExpression returns an error if the value is none that Apalache's ADR 15
// allows: booleans, strings, {"#bigint": "…"}, lists, {"#set": […]}, and records
// whose fields do not begin with #. Bare numbers are allowed there but not written
// here, since a reader may take them for floats.
func itfExpression(v any) error {
	switch v := v.(type) {
	case bool, string:
		return nil
	case []any:
		return itfAll(v)
	case map[string]any:
		if n, ok := v["#bigint"]; ok {
			if s, ok := n.(string); !ok || len(v) != 1 || !itfNumber.MatchString(s) {
				return fmt.Errorf("%v is no integer", v)
			}
			return nil
		}
		if set, ok := v["#set"]; ok {
			list, ok := set.([]any)
			if !ok || len(v) != 1 {
				return fmt.Errorf("%v is no set", v)
			}
			seen := map[string]bool{}
			for _, e := range list {
				text, _ := json.Marshal(e)
				if seen[string(text)] {
					return fmt.Errorf("%s is in a set twice", text)
				}
				seen[string(text)] = true
			}
			return itfAll(list)
		}
		for name, field := range v {
			if strings.HasPrefix(name, "#") {
				return fmt.Errorf("%q is no form of expression", name)
			}
			if err := itfExpression(field); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
	return fmt.Errorf("%v is no expression", v)
}

func itfAll(list []any) error {
	for i, e := range list {
		if err := itfExpression(e); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// itfShape is what of a value must be the same in all states: its type.
func itfShape(v any) string {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["#bigint"]; ok {
			return "Int"
		}
		if _, ok := v["#set"]; ok {
			return "Set"
		}
		text, _ := json.Marshal(v) // names in order
		var names []string
		d := json.NewDecoder(strings.NewReader(string(text)))
		_, _ = d.Token()
		for d.More() {
			name, _ := d.Token()
			var field any
			_ = d.Decode(&field)
			names = append(names, fmt.Sprint(name, ": ", itfShape(field)))
		}
		return "{" + strings.Join(names, ", ") + "}"
	case []any:
		return "Seq"
	}
	return fmt.Sprintf("%T", v)
}

// ITF is as ADR 15 of Apalache has it: the members, the variables in each state
// and nothing else there, expressions of the allowed forms, each variable of one
// type, and the loop an index of a state.
func TestITF(t *testing.T) {
	list := runs(t)
	for seed := range uint64(5) {
		list[fmt.Sprint("random", seed)] = randomRun(t, seed, 25)
	}
	list["hostile"] = hostileRun(t)
	for name, run := range list {
		var doc map[string]any
		if err := json.Unmarshal([]byte(drawn(t, "itf", run, Options{})), &doc); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for member := range doc {
			if !strings.Contains("#meta params vars states loop", member) {
				t.Errorf("%s: member %q is not in the format", name, member)
			}
		}
		if doc["#meta"].(map[string]any)["format"] != "ITF" {
			t.Errorf("%s: #meta is %v", name, doc["#meta"])
		}
		states := doc["states"].([]any)
		if len(states) != len(run.Steps)+1 {
			t.Errorf("%s: %d states: want %d", name, len(states), len(run.Steps)+1)
		}
		loop, isLasso := doc["loop"].(float64)
		if isLasso != (run.Info.CycleFrom >= 0) || isLasso && int(loop) != run.Info.CycleFrom {
			t.Errorf("%s: loop %v: want %d", name, doc["loop"], run.Info.CycleFrom)
		}
		shapes := map[string]string{}
		for i, s := range states {
			state := s.(map[string]any)
			if state["#meta"].(map[string]any)["index"] != float64(i) || len(state) != len(doc["vars"].([]any))+1 {
				t.Errorf("%s: state %d has other members than the variables", name, i)
			}
			for _, v := range doc["vars"].([]any) {
				value, ok := state[v.(string)]
				if err := itfExpression(value); !ok || err != nil {
					t.Errorf("%s: state %d, %s: %v", name, i, v, err)
				}
				shape := itfShape(value)
				if had := shapes[v.(string)]; had != "" && had != shape {
					t.Errorf("%s: state %d, %s is %s, and was %s", name, i, v, shape, had)
				}
				shapes[v.(string)] = shape
			}
		}
	}
}
