package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tcpcheck/tcpcheck/counterexamples"
)

// What is there and current is not written again; what is not there or differs is.
func TestWriteCatalogue(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "catalogue")
	files := []counterexamples.File{{Name: "README.md", Data: []byte("an index")}, {Name: "svg/small/run.svg", Data: []byte("a drawing")}}
	path := func(i int) string { return filepath.Join(dir, filepath.FromSlash(files[i].Name)) }
	write := func(want int) {
		t.Helper()
		if n, err := writeCatalogue(dir, files); n != want || err != nil {
			t.Errorf("%d written, %v: want %d", n, err, want)
		}
		for i, f := range files {
			if got, err := os.ReadFile(path(i)); err != nil || string(got) != string(f.Data) {
				t.Errorf("%s: %q, %v: want %q", f.Name, got, err, f.Data)
			}
		}
	}
	write(2)
	before, err := os.Stat(path(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path(0), []byte("an old index"), 0o644); err != nil {
		t.Fatal(err)
	}
	write(1)
	if after, err := os.Stat(path(1)); err != nil || !os.SameFile(before, after) {
		t.Errorf("what was current is another file: %v", err)
	}
	write(0)
	if err := os.RemoveAll(path(1)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path(1), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := writeCatalogue(dir, files); err == nil {
		t.Error("a directory in a file's place is no error")
	}
}
