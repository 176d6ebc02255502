package counterexamples

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/tools"
	"github.com/tcpcheck/tcpcheck/invariants/matrix"
	"github.com/tcpcheck/tcpcheck/model"
)

var update = flag.Bool("update", false, "write the pages anew")

// Every page is current, and no page is left over.
func TestFilesAreCurrent(t *testing.T) {
	files, err := Files(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		if slices.Contains(names, f.Name) {
			t.Errorf("%s stands for two files", f.Name)
		}
		names = append(names, f.Name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(f.Name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(f.Name, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(f.Name)
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, f.Data) {
			t.Errorf("%s is out of date: tcpcheck docs, or go test ./counterexamples -update", f.Name)
		}
	}
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		path = filepath.ToSlash(path)
		page, _ := filepath.Match("*.md", path)
		if err == nil && !d.IsDir() && (page || strings.HasPrefix(path, "svg/")) && !slices.Contains(names, path) {
			if t.Errorf("%s is no file of the catalogue", path); *update {
				return os.Remove(path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	linksAreThere(t, files, names)
}

// linksAreThere looks up every file that a page points to.
func linksAreThere(t *testing.T, files []File, names []string) {
	t.Helper()
	for _, f := range files {
		if !strings.HasSuffix(f.Name, ".md") {
			continue
		}
		for _, part := range strings.Split(string(f.Data), "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			target, _, _ = strings.Cut(target, "#")
			if !slices.Contains(names, target) {
				t.Errorf("%s points to %q, which is not there", f.Name, target)
			}
		}
	}
}

// Every mutant has a page.
func TestEveryMutantHasAPage(t *testing.T) {
	entries := slices.Concat(openingBugs, resetBugs, textBugs, closingBugs)
	for _, m := range model.Mutants() {
		if !slices.ContainsFunc(entries, func(e entry) bool { return e.mutant == m.Name }) {
			t.Errorf("mutant %s has no page: add a line to one of bugs_*.go", m.Name)
		}
	}
}

// Every finding of docs/findings.md has a page.
func TestEveryFindingHasAPage(t *testing.T) {
	data, err := os.ReadFile("../docs/findings.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, row := range strings.Split(string(data), "\n") {
		if !strings.HasPrefix(row, "| **") {
			continue
		}
		rows++
		_, rest, ok := strings.Cut(row, "](../counterexamples/")
		page, _, _ := strings.Cut(rest, ")")
		if _, err := os.Stat(page); !ok || err != nil {
			t.Errorf("no page for %.60s…: %v", row, err)
		}
	}
	if rows == 0 {
		t.Error("no findings")
	}
}

// Every reason for which something is broken has a page, where it says more
// than that a scenario assumes something.
func TestEveryReasonHasAPage(t *testing.T) {
	for _, r := range matrix.Reasons() {
		if r.Page == "" && r.ID != "nobody-gives-up" {
			t.Errorf("%s has no page", r.ID)
		} else if _, err := os.Stat(r.Page + ".md"); r.Page != "" && err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
}

// The real library draws the Mermaid diagrams of all pages.
func TestPagesMermaid(t *testing.T) {
	paths, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range strings.Split(string(data), "```mermaid\n")[1:] {
			text, _, _ := strings.Cut(part, "```")
			sources[fmt.Sprint(path, " ", i)] = text
		}
	}
	tools.Mermaid(t, sources)
}
