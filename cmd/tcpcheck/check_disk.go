package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/model"
)

// addDisk adds the flags of what goes to disk.
func addDisk(cmd *cobra.Command, f *checkFlags) {
	fl := cmd.Flags()
	fl.StringVar(&f.spill, "spill", "", "a directory to which the search goes when memory is used up, rather than end")
	fl.StringVar(&f.checkpoint, "checkpoint", "", "a directory where the search is kept, level by level, so that it can go on another time")
	fl.BoolVar(&f.resume, "resume", false, "go on from the checkpoint, if there is one")
}

// namedDirectories refuses directories without a name.
func namedDirectories(cmd *cobra.Command) error {
	for _, flag := range []string{"spill", "checkpoint"} {
		if f := cmd.Flags().Lookup(flag); f.Changed && f.Value.String() == "" {
			return usagef("--%s \"\": want a directory", flag)
		}
	}
	return nil
}

// validateDisk refuses directories that can't be used.
func (f checkFlags) validateDisk() error {
	switch {
	case f.resume && f.checkpoint == "":
		return usagef("--resume without --checkpoint DIR: there is nothing to go on from")
	case f.plain && (f.spill != "" || f.checkpoint != ""):
		return usagef("--plain keeps all in memory: want neither --spill nor --checkpoint")
	}
	for _, d := range []struct{ flag, dir string }{{"--spill", f.spill}, {"--checkpoint", f.checkpoint}} {
		if d.dir == "" {
			continue
		}
		info, err := os.Stat(d.dir)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return usagef("%s %s: there is no such directory", d.flag, d.dir).hint("mkdir -p " + shellWord(d.dir))
		case err != nil:
			return usagef("%s: %v", d.flag, err)
		case !info.IsDir():
			return usagef("%s %s: it is no directory", d.flag, d.dir)
		}
	}
	return nil
}

// onDisk adds to the options what goes to disk: each scenario has a directory of
// its own in that of the checkpoint.
func (f checkFlags) onDisk(sc *explore.Scenario, o *explore.Options) error {
	o.Spill = f.spill
	if f.checkpoint == "" {
		return nil
	}
	o.Checkpoint, o.Resume, o.Program = filepath.Join(f.checkpoint, slug(sc)), f.resume, program()
	if err := search.MakeDir(o.Checkpoint); err != nil {
		return usagef("--checkpoint: %v", err)
	}
	return nil
}

// validateKept refuses scenarios that would be kept in one directory.
func (f checkFlags) validateKept(scenarios []explore.Scenario) error {
	if f.checkpoint == "" {
		return nil
	}
	by := map[string]*explore.Scenario{}
	for i := range scenarios {
		sc := &scenarios[i]
		dir := filepath.Join(f.checkpoint, slug(sc))
		if other := by[dir]; other != nil {
			return usagef("--checkpoint: %s and %s would both be kept in %s", asked(other), asked(sc), dir).
				hint("give them other names, or check them with a --checkpoint of their own")
		}
		by[dir] = sc
	}
	return nil
}

// slug names a scenario and its variant in names of files.
func slug(sc *explore.Scenario) string {
	name := filepath.Base(sc.Name)
	if ext := filepath.Ext(name); ext == ".yaml" || ext == ".yml" {
		name = strings.TrimSuffix(name, ext)
	}
	if strings.Trim(name, `./\`) == "" {
		name = "scenario"
	}
	if sc.Mutant != "" {
		name += "-" + sc.Mutant
	} else if sc.Variant != model.DefaultVariant {
		name += "-" + sc.Variant
	}
	for _, c := range sc.Changed {
		name += "-" + strings.NewReplacer("=", "-", "/", "-", "\\", "-", " ", "").Replace(c.String())
	}
	return name
}

// shellWord is a path as a shell takes it for one word.
func shellWord(path string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("/._+-=:,@%", r)
	}
	if strings.IndexFunc(path, func(r rune) bool { return !plain(r) }) < 0 && !strings.HasPrefix(path, "-") {
		return path
	}
	if strings.HasPrefix(path, "-") {
		path = "./" + path
	}
	if strings.IndexFunc(path, func(r rune) bool { return r == '\n' || r == '\t' || commands(r) }) >= 0 {
		return "$'" + ansiQuoted(path) + "'"
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// ansiQuoted is text between $' and ' of a shell, in which nothing is invisible.
func ansiQuoted(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case c == '\\' || c == '\'':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// program tells this program from any other.
var program = sync.OnceValue(func() string {
	version := buildVersion()
	path, err := os.Executable()
	if err != nil {
		return version
	}
	f, err := os.Open(path)
	if err != nil {
		return version
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return version
	}
	return fmt.Sprintf("%s %x", version, hash.Sum(nil)[:8])
})

// checkFailure is why a scenario could not be checked, and what to do.
func checkFailure(err error) *failure {
	f := usagef("%v", err)
	var c *search.CheckpointError
	if !errors.As(err, &c) {
		if errors.Is(err, search.ErrTrace) {
			return internalError(err)
		}
		return f
	}
	var memory *search.MemoryError
	remove := "rm -r " + shellWord(c.Dir)
	switch {
	case errors.Is(err, search.ErrCheckpointExists):
		f.hint("--resume goes on from it; " + remove + " makes room for another")
	case errors.Is(err, search.ErrForeign):
		f.hint("give what it was made with, or another --checkpoint")
	case errors.Is(err, search.ErrInUse):
		f.hint("wait for that process, or give another --checkpoint")
	case errors.As(err, &memory):
		f.status = statusInconclusive
		f.hint("a larger --memory goes on")
	case search.Unreadable(err):
		f.hint("see to it that its files can be read and written, or give another --checkpoint")
	default:
		f.hint(remove + " begins anew")
	}
	return f
}

// tellDisk tells how a search came by its report.
func (a *app) tellDisk(f checkFlags, r *explore.Report) {
	name := r.Scenario.Name
	if r.Refused != nil {
		a.notef("%s: refused of the checkpoint: %v", name, r.Refused)
	}
	switch {
	case r.Resumed > 0:
		a.notef("%s: went on from level %d of the checkpoint", name, r.Resumed-1)
	case f.resume && r.Kept > 0:
		a.notef("%s: no checkpoint in %s: began anew", name, filepath.Join(f.checkpoint, slug(r.Scenario)))
	}
	if r.Disk > 0 {
		a.notef("%s: memory was not enough: %s went to disk", name, humanize.IBytes(r.Disk))
	}
	if strings.HasPrefix(r.Stop, search.MemoryLimit.String()) {
		switch {
		case r.Whole < len(r.Levels) && f.spill == "":
			a.notef("%s: --spill DIR goes on on disk, a larger --memory in memory", name)
		case r.Whole < len(r.Levels):
			a.notef("%s: the halves of states, and what each worker gathers, stay in memory: a larger --memory or fewer --workers go on", name)
		case r.Live != nil && !r.Live.Whole:
			a.notef("%s: whole runs are judged in memory: a larger --memory goes on", name)
		}
	}
	switch {
	case f.checkpoint == "":
	case r.Kept > 0 && r.Stop != "":
		a.notef("%s: --resume goes on from level %d", name, r.Kept-1)
	case r.Kept == 0 && r.Live != nil:
		a.notef("%s: the checkpoint keeps nothing: whole runs are judged anew each time", name)
	case r.Kept == 0:
		a.notef("%s: the checkpoint keeps nothing yet", name)
	}
}
