package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Read reads a trace from JSON, or from a ladder, which it plays. What begins
// with a brace is JSON. Either way everything that is claimed is verified.
func Read(r io.Reader) (*Trace, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxJSON+1))
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	text := bytes.TrimSpace(data)
	if len(text) == 0 {
		return nil, errors.New("trace: empty: want a run in JSON, or a ladder")
	}
	if text[0] == '{' || len(data) > MaxJSON {
		return ReadJSON(bytes.NewReader(data))
	}
	script, err := Parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("ladder: %w", err)
	}
	step, err := script.Info.StepFuncs()
	if err != nil {
		return nil, fmt.Errorf("ladder: %w", err)
	}
	t, err := script.Run(step)
	if err != nil {
		return nil, fmt.Errorf("ladder: %w", err)
	}
	return t, nil
}
