package trace

import (
	"bytes"
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
	if text := bytes.TrimSpace(data); len(text) == 0 || text[0] == '{' || len(data) > MaxJSON {
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
