package trace

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode/utf8"
)

// The limits of a document that is read.
const (
	MaxJSON  = 16 << 20 // bytes
	maxDepth = 16
	maxNodes = 2_000_000 // values
)

// readTree reads one JSON value as maps, slices, strings, numbers and bools.
// It refuses null, names that stand twice, and what is too large or too deep.
func readTree(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("not text in UTF-8")
	}
	r := treeReader{dec: json.NewDecoder(bytes.NewReader(data))}
	r.dec.UseNumber()
	v, err := r.value(0)
	if err == nil {
		if _, more := r.dec.Token(); more != io.EOF {
			err = fmt.Errorf("something follows the document")
		}
	}
	if err != nil {
		line, column := position(data, r.dec.InputOffset())
		return nil, &SyntaxError{line, column, err}
	}
	return v, nil
}

// position is the line and column, from 1, of a byte.
func position(data []byte, offset int64) (line, column int) {
	before := data[:min(int(offset), len(data))]
	last := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[last:])
}

type treeReader struct {
	dec   *json.Decoder
	nodes int
}

// token is the next token, of which there must be one.
func (r *treeReader) token() (json.Token, error) {
	t, err := r.dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return t, err
}

func (r *treeReader) value(depth int) (any, error) {
	t, err := r.token()
	if err != nil {
		return nil, err
	}
	if r.nodes++; r.nodes > maxNodes {
		return nil, fmt.Errorf("more than %d values", maxNodes)
	}
	switch t := t.(type) {
	case nil:
		return nil, fmt.Errorf("null: nothing is null here")
	case json.Delim:
		if depth == maxDepth {
			return nil, fmt.Errorf("deeper than %d levels", maxDepth)
		}
		if t == '{' {
			return r.object(depth)
		}
		return r.list(depth)
	}
	return t, nil
}

func (r *treeReader) object(depth int) (any, error) {
	m := map[string]any{}
	for r.dec.More() {
		t, err := r.token()
		if err != nil {
			return nil, err
		}
		name, ok := t.(string)
		if !ok {
			return nil, fmt.Errorf("%v: want a name", t)
		}
		if _, twice := m[name]; twice {
			return nil, fmt.Errorf("%.40q stands twice in an object", name)
		}
		if m[name], err = r.value(depth + 1); err != nil {
			return nil, err
		}
	}
	_, err := r.token()
	return m, err
}

func (r *treeReader) list(depth int) (any, error) {
	l := []any{}
	for r.dec.More() {
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		l = append(l, v)
	}
	_, err := r.token()
	return l, err
}

// compareTrees returns an error that names the first place where what a file
// says is not what a replay gives.
func compareTrees(path string, file, replayed any) error {
	switch f := file.(type) {
	case map[string]any:
		r, ok := replayed.(map[string]any)
		if !ok {
			break
		}
		for _, name := range slices.Sorted(maps.Keys(f)) {
			if _, ok := r[name]; !ok {
				return fmt.Errorf("%s%.40q is in the file, and has no place in the run", dotted(path), name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(r)) {
			v, ok := f[name]
			if !ok {
				return fmt.Errorf("%s%q is missing: replayed it is %s", dotted(path), name, shortJSON(r[name]))
			}
			if err := compareTrees(dotted(path)+name, v, r[name]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		r, ok := replayed.([]any)
		if !ok || len(r) != len(f) {
			break
		}
		for i := range f {
			if err := compareTrees(fmt.Sprintf("%s[%d]", path, i), f[i], r[i]); err != nil {
				return err
			}
		}
		return nil
	default:
		if !isTree(replayed) && f == replayed {
			return nil
		}
	}
	return fmt.Errorf("%s is %s in the file, and %s replayed", path, shortJSON(file), shortJSON(replayed))
}

func isTree(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

func dotted(path string) string {
	if path == "" {
		return ""
	}
	return path + "."
}

func shortJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%.80v", v)
	}
	if len(text) > 80 {
		return string(text[:80]) + "…"
	}
	return string(text)
}
