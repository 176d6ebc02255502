package search

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// A checkpoint is a directory with three files for each level: its states, the
// tables that grew meanwhile, and a manifest that names and sums both and the
// manifest before. Each level is so a checkpoint of its own, made of all files up
// to there, and no file is ever changed. docs/checkpoint-format.md describes all.

const (
	checkpointFormat  = "tcpcheck checkpoint"
	checkpointVersion = 1
	mostManifest      = 1 << 20 // bytes
)

// manifest is what a level's manifest says.
type manifest struct {
	Format      string         `json:"format"`
	Version     int            `json:"version"`
	Identity    []string       `json:"identity"`    // lines
	Level       int            `json:"level"`       // that comes to be expanded next
	States      uint64         `json:"states"`      // of this level
	Transitions uint64         `json:"transitions"` // from the levels before
	Files       []manifestFile `json:"files"`       // the level's run, its tables
	Previous    string         `json:"previous"`    // SHA-256 of the manifest before; "" for the first
	SHA256      string         `json:"sha256"`      // of this manifest with "" here
}

type manifestFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// encode is the file of a manifest.
func (m manifest) encode() []byte {
	m.SHA256 = ""
	m.SHA256 = sum(m.text())
	return m.text()
}

func (m manifest) text() []byte {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic(err) // strings and numbers
	}
	return append(data, '\n')
}

func manifestName(level int) string { return fmt.Sprintf("%04d.json", level) }
func tablesName(level int) string   { return fmt.Sprintf("%04d.tables", level) }

// checkpoint is the directory while a search keeps its levels there.
type checkpoint struct {
	disk
	model  Durable
	memory *memory
	unlock func()
	levels []manifest // that are kept
	last   string     // SHA-256 of the latest manifest
	told   [64]int    // hits of each mark that are kept
}

// CheckpointError is a checkpoint that can't be used: none of it.
type CheckpointError struct {
	Dir string
	Err error
}

func (e *CheckpointError) Error() string { return fmt.Sprintf("checkpoint %s: %v", e.Dir, e.Err) }
func (e *CheckpointError) Unwrap() error { return e.Err }

// Why a checkpoint can't be used.
var (
	ErrCheckpointExists = errors.New("there is a checkpoint already")
	ErrForeign          = errors.New("it is of another search")
	ErrInUse            = errors.New("another process uses it")
)

// openCheckpoint begins to keep levels in a directory. If the search is to go on,
// it gives the model what it had learned, and returns why later levels are refused.
func openCheckpoint(m Model, o Options) (c *checkpoint, refused error, err error) {
	fail := func(err error) (*checkpoint, error, error) {
		if c != nil && c.unlock != nil {
			c.unlock()
		}
		return nil, nil, &CheckpointError{o.Checkpoint, err}
	}
	durable, ok := m.(Durable)
	if !ok {
		return fail(fmt.Errorf("the model, a %T, can't be kept: it is not Durable", m))
	}
	if err := checkWritable(o.Checkpoint); err != nil {
		return fail(err)
	}
	c = &checkpoint{disk: disk{dir: o.Checkpoint, durable: true, wrap: o.wrap}, model: durable, memory: &memory{process: o.ProcessMemory}}
	if c.unlock, err = lock(c.path(lockName)); err != nil {
		return fail(err)
	}
	_, err = os.Stat(c.path(manifestName(0)))
	switch {
	case err == nil && !o.Resume:
		return fail(ErrCheckpointExists)
	case err == nil:
		if refused = c.verify(o.MaxDepth); Unreadable(refused) {
			return fail(refused)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fail(err)
	default: // whatever has such a name is not of a search that began here
		if later := c.after(0); later != "" {
			return fail(fmt.Errorf("%s is missing, but there is %s", manifestName(0), later))
		}
	}
	if len(c.levels) == 0 && refused != nil {
		return fail(refused)
	}
	most := o.MaxDepth
	if refused != nil {
		most = 0
	}
	if err := c.clean(most); err != nil {
		return fail(err)
	}
	for level := range c.levels {
		if err := c.section(level, modelSection, func(in *unpacked) error { return durable.Load(in) }); err != nil {
			return fail(err)
		}
	}
	return c, refused, nil
}

// verify reads the manifests and sums the files, up to the first that is not good,
// and says why it is not. Levels beyond most (0: none) are not asked for.
func (c *checkpoint) verify(most int) error {
	identity := identityOf(c.model)
	for level := 0; most == 0 || level <= most; level++ {
		name := manifestName(level)
		data, err := readSmall(c.path(name), mostManifest)
		if level > 0 && errors.Is(err, fs.ErrNotExist) {
			later := c.after(level)
			if later == "" {
				return nil
			}
			return fmt.Errorf("%s is missing, but there is %s", name, later)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, underlying(err))
		}
		m, err := c.read(data, level, identity)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		c.levels = append(c.levels, m)
		c.last = sum(data)
	}
	return nil
}

// after is the name of a manifest of a later level; "" if there is none.
func (c *checkpoint) after(level int) string {
	entries, _ := os.ReadDir(c.dir) // what can't be read is told elsewhere
	for _, e := range entries {
		if n, kind := levelOf(e.Name()); kind == "json" && n > level {
			return e.Name()
		}
	}
	return ""
}

// levelOf reads the name of a level's file: "", if it is none.
func levelOf(name string) (level int, kind string) {
	number, kind, _ := strings.Cut(name, ".")
	level, err := strconv.Atoi(number)
	if err != nil || level < 0 || !slices.Contains([]string{"json", "run", "tables"}, kind) || name != fmt.Sprintf("%04d.%s", level, kind) {
		return 0, ""
	}
	return level, kind
}

// Unreadable tells a file that is there but could not be read, and so may be good,
// from one that is not good.
func Unreadable(err error) bool {
	var system syscall.Errno
	return errors.As(err, &system) && !errors.Is(err, fs.ErrNotExist)
}

// read reads a manifest and sums its files.
func (c *checkpoint) read(data []byte, level int, identity []string) (m manifest, err error) {
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("%w: %w", errDamaged, err)
	}
	switch {
	case m.Format != checkpointFormat:
		return m, fmt.Errorf("its format is %q, want %q", m.Format, checkpointFormat)
	case m.Version < checkpointVersion:
		return m, fmt.Errorf("it is older: version %d of the format, this program reads version %d", m.Version, checkpointVersion)
	case m.Version > checkpointVersion:
		return m, fmt.Errorf("it is newer: version %d of the format, this program reads version %d", m.Version, checkpointVersion)
	case !bytes.Equal(m.encode(), data):
		return m, fmt.Errorf("%w: its SHA-256 is not the one that it tells", errDamaged)
	case !slices.Equal(m.Identity, identity):
		return m, fmt.Errorf("%w: %s", ErrForeign, difference(m.Identity, identity))
	case m.Level != level || m.Previous != c.last:
		return m, fmt.Errorf("%w: it does not follow the one before", errDamaged)
	case m.States == 0, m.Transitions > 1<<62, level > 0 && m.Transitions < c.levels[level-1].Transitions:
		return m, fmt.Errorf("%w: %d states, %d transitions", errDamaged, m.States, m.Transitions)
	case len(m.Files) != 2 || m.Files[0].Name != levelName(level) || m.Files[1].Name != tablesName(level):
		return m, fmt.Errorf("%w: it names other files", errDamaged)
	}
	for _, want := range m.Files {
		if err := c.check(want); err != nil {
			return m, fmt.Errorf("%s: %w", want.Name, err)
		}
	}
	return m, nil
}

// check compares a file with its sum.
func (c *checkpoint) check(want manifestFile) error {
	f, err := openFile(c.path(want.Name))
	if err != nil {
		return underlying(err)
	}
	defer f.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, f)
	switch {
	case err != nil:
		return underlying(err)
	case n != want.Bytes:
		return fmt.Errorf("%w: it has %d bytes, want %d", errDamaged, n, want.Bytes)
	case hex.EncodeToString(hash.Sum(nil)) != want.SHA256:
		return fmt.Errorf("%w: its SHA-256 is not that of the manifest", errDamaged)
	}
	return nil
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

func identityOf(m Durable) []string {
	return strings.Split(strings.TrimRight(m.Identity(), "\n"), "\n")
}

// difference tells the first line that differs.
func difference(kept, asked []string) string {
	for i := range max(len(kept), len(asked)) {
		var there, here string
		if i < len(kept) {
			there = kept[i]
		}
		if i < len(asked) {
			here = asked[i]
		}
		if there != here {
			return fmt.Sprintf("%q there, %q here", shortened(there, here), shortened(here, there))
		}
	}
	return "the same"
}

// shortened is a line, or the words of a long one that another line has not.
func shortened(line, other string) string {
	const long, most = 80, 3
	line = strings.TrimSpace(line)
	name, list, isList := strings.Cut(line, ": ")
	if len(line) <= long || !isList {
		return line
	}
	others := strings.Fields(other)
	words := slices.DeleteFunc(strings.Fields(list), func(w string) bool { return slices.Contains(others, w) })
	switch {
	case len(words) == 0:
		return name + ": without those"
	case len(words) > most:
		words = append(words[:most], fmt.Sprintf("and %d more", len(words)-most))
	}
	return name + ": ... " + strings.Join(words, " ")
}

// clean removes what belongs to no level that is kept: of later levels, and files
// that were not finished. Levels beyond most (0: none) were not asked for, and stay.
func (c *checkpoint) clean(most int) error {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		level, kind := levelOf(name)
		notKept := kind != "" && level >= len(c.levels) && (most == 0 || level <= most)
		if notKept || strings.HasSuffix(name, unfinished) {
			if err := os.Remove(filepath.Join(c.dir, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// section calls read with a section of what was learned up to a level, since the one
// before. An error of read is one of the file, unless memory or the disk ends it.
func (c *checkpoint) section(level, section int, read func(*unpacked) error) error {
	name := tablesName(level)
	err := readSection(c.path(name), section, c.memory, read)
	switch {
	case err == nil:
		return nil
	case isMemory(err), errors.Is(err, errNumbers):
		return err
	case !Unreadable(err) && !errors.Is(err, errDamaged):
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	return onDisk(fmt.Errorf("%s: %w", name, err))
}

// keep keeps the level that comes to be expanded.
func (c *checkpoint) keep(t *tree, h *hits, states, transitions uint64) error {
	level := len(c.levels)
	r, err := t.keptLevel(level)
	if err != nil {
		return err
	}
	var learned bytes.Buffer
	if err := c.model.Save(&learned); err != nil {
		return fmt.Errorf("the model's tables: %w", err)
	}
	sections := [numSections][]byte{modelSection: learned.Bytes()}
	sections[leftSection], sections[rightSection] = t.learned()
	if sections[hitSection], err = h.encode(&c.told); err != nil {
		return err
	}
	tables, err := writeTables(&c.disk, c.path(tablesName(level)), sections)
	if err != nil {
		return err
	}
	m := manifest{
		Format: checkpointFormat, Version: checkpointVersion, Identity: identityOf(c.model), Level: level,
		States: states, Transitions: transitions, Previous: c.last,
		Files: []manifestFile{
			{levelName(level), r.bytes, r.sum},
			{tablesName(level), tables.bytes, tables.sum()},
		},
	}
	data := m.encode()
	f, err := c.create(c.path(manifestName(level)))
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.abandon()
		return err
	}
	if err := f.finish(); err != nil {
		return err
	}
	c.levels = append(c.levels, m)
	c.last = sum(data)
	return c.settle()
}

// close lets other processes use the directory.
func (c *checkpoint) close() { c.unlock() }
