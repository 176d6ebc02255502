package main

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/counterexamples"
)

const docsLong = `docs writes the catalogue: a page for each known violation, each bug and the runs
that everyone looks for, with their drawings, the state diagram, and an index.
Every run is searched or played anew, and every mend checked in every state.`

func newDocs(a *app) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:     "docs",
		Short:   "Write the catalogue of runs: pages and drawings",
		Long:    docsLong,
		Example: "  tcpcheck docs -o catalogue",
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return a.docs(dir) },
	}
	cmd.Flags().StringVarP(&dir, "output", "o", "counterexamples", "write into this directory")
	return cmd
}

// docs makes all files of the catalogue, and writes them when all are made.
func (a *app) docs(dir string) error {
	if err := makeDir(dir); err != nil {
		return usagef("-o: %v", err)
	}
	ctx, stop := interruptible()
	defer stop()
	files, err := counterexamples.Files(ctx)
	if ctx.Err() != nil {
		return &failure{status: statusInconclusive, message: "interrupted"}
	}
	if err != nil {
		return err
	}
	written, err := writeCatalogue(dir, files)
	if err != nil {
		return usagef("-o: %v", err)
	}
	a.printf("%s: %s, %d written\n", dir, count(len(files), "file"), written)
	return nil
}

// writeCatalogue writes the files that are not there yet, or differ, each whole or
// not at all.
func writeCatalogue(dir string, files []counterexamples.File) (written int, err error) {
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if had, err := os.ReadFile(path); err == nil && bytes.Equal(had, f.Data) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return written, err
		}
		if err := writeWhole(path, f.Data); err != nil {
			return written, err
		}
		written++
	}
	return written, nil
}
