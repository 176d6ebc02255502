package forge_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tcpcheck/tcpcheck/explore/internal/forge"
)

// What is not changed says the same.
func TestNothingChanged(t *testing.T) {
	levels, err := forge.Read("../../search/testdata/checkpoint-v1")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := forge.Write(dir, levels); err != nil {
		t.Fatal(err)
	}
	for i, l := range levels {
		name := l.Manifest.Files[0].Name
		data, err := os.ReadFile(filepath.Join(dir, name[:4]+".json"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("../../search/testdata/checkpoint-v1", name[:4]+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(data)); diff != "" {
			t.Errorf("level %d: the manifest differs:\n%s", i, diff)
		}
		if diff := cmp.Diff(forge.Sections(l.Tables), forge.Sections(forge.Tables(forge.Sections(l.Tables)))); diff != "" {
			t.Errorf("level %d: the tables differ:\n%s", i, diff)
		}
		if diff := cmp.Diff(forge.Blocks(l.Run), forge.Blocks(forge.Run(forge.Blocks(l.Run)))); diff != "" {
			t.Errorf("level %d: the run differs:\n%s", i, diff)
		}
	}
}
