package counterexamples

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write the pages anew")

// Every page is current, and no page is left over.
func TestPagesAreCurrent(t *testing.T) {
	pages, err := Pages(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range pages {
		names = append(names, p.Name)
		if *update {
			if err := os.WriteFile(p.Name, p.Text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(p.Name)
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, p.Text) {
			t.Errorf("%s is out of date: go test ./counterexamples -update", p.Name)
		}
	}
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.Contains(names, f) {
			t.Errorf("%s is no page of the catalogue", f)
		}
	}
}
