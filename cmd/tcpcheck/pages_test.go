package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The commands of the catalogue's pages work, one after the other: what the
// first writes, the second reads.
func TestPageCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("it searches dozens of scenarios")
	}
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(top, "counterexamples", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	t.Chdir(t.TempDir())
	if err := os.Symlink(filepath.Join(top, "counterexamples"), "counterexamples"); err != nil {
		t.Skip(err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			line, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "    tcpcheck ")
			if !ok {
				continue
			}
			_, status := command(t, "tcpcheck "+line)
			if want := strings.HasPrefix(line, "check "); want != (status == statusViolated) || status > statusViolated {
				t.Errorf("%s: %s: exit status %d", filepath.Base(page), line, status)
			}
		}
	}
}
