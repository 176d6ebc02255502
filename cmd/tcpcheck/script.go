package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/explore/script"
	"github.com/tcpcheck/tcpcheck/model"
)

const scriptLong = `Judge scripts of packetdrill by the model, in place of a kernel.

A script injects packets (<), makes system calls, and says which packets (>) and
results it expects. It agrees if a TCP that follows the RFC may do just that; where
the RFC leaves a choice, such as when an ACK is sent, any will do. It disagrees
where no such TCP does: the line, what the model does instead and by which rule are
shown, and what led there as a ladder. What the model does not know, such as another
protocol, makes it unsupported, with line and column.

Of a directory the files *.pkt are judged, also in directories below; - is stdin.
Sysctls that choose between RFC 793 and RFC 5961, and other behaviours, are heeded;
all other commands are not run.

Exit status 1: some disagree; 4: none disagrees, and some are not supported, or it
was interrupted: then those are told that were judged until the signal.`

// scriptFlags are the flags of script.
type scriptFlags struct {
	variant string
	defined []string
	json    bool
	notes   bool
}

func newScript(a *app) *cobra.Command {
	var f scriptFlags
	cmd := &cobra.Command{
		Use:   "script FILE|DIR...",
		Short: "Judge scripts of packetdrill by the model",
		Long:  scriptLong,
		Example: `  tcpcheck script handshake.pkt
  tcpcheck script --variant linux tests/
  tcpcheck script --json tests/ > report.json`,
		RunE: func(_ *cobra.Command, args []string) error { return a.script(f, args) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.variant, "variant", model.DefaultVariant, "judge by this variant")
	fl.StringArrayVar(&f.defined, "define", nil, "NAME, which #ifdef finds defined, or NAME=value (may be repeated)")
	fl.BoolVar(&f.json, "json", false, "write one JSON document")
	fl.BoolVar(&f.notes, "notes", false, "tell what was ignored")
	must(cmd.RegisterFlagCompletionFunc("variant", completeNames(variantEntries)))
	return cmd
}

// definition is what --define takes.
var definition = regexp.MustCompile(`^\w+(=.*)?$`)

// judged is what came of a file; err is what is wrong with it.
type judged struct {
	path   string
	result *script.Result
	err    error
}

// script judges the files, in parallel and told in their order.
func (a *app) script(f scriptFlags, args []string) error {
	v, err := model.FindVariant(f.variant)
	if err != nil {
		return unknownName("variant", f.variant, names(variantEntries()))
	}
	if len(args) == 0 {
		return usagef("script needs a file or a directory of packetdrill scripts").hint("tcpcheck script FILE.pkt")
	}
	for _, d := range f.defined {
		if !definition.MatchString(d) {
			return usagef("--define %q: want NAME or NAME=value", d)
		}
	}
	paths, err := scriptPaths(args)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	list := judgeAll(ctx, paths, func(path string) (*script.Result, error) {
		return judgeScript(ctx, path, f.defined, v.Behaviours)
	})
	var sum scriptSummary
	for i := range list {
		sum.count(&list[i])
	}
	if f.json {
		doc := scriptJSON(v.Name, list, sum)
		if len(list) < len(paths) {
			doc.Stop = "interrupted"
		}
		if err := a.json(doc); err != nil {
			return err
		}
	} else {
		a.scriptText(f, list, sum)
	}
	err = sum.failure(list)
	if len(list) < len(paths) {
		a.notef("interrupted: %d of %s judged", len(list), plural(len(paths), "script was", "scripts were"))
		if err == nil {
			err = &failure{status: statusInconclusive}
		}
	}
	return err
}

// scriptPaths are the files that the arguments name.
func scriptPaths(args []string) (paths []string, err error) {
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case arg == "-":
			paths = append(paths, arg)
			continue
		case err != nil:
			return nil, usagef("script: %v", err)
		case !info.IsDir():
			paths = append(paths, arg)
			continue
		}
		before := len(paths)
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Ext(path) == ".pkt" {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			return nil, usagef("script: %v", err)
		}
		if len(paths) == before {
			return nil, usagef("%s: no file there is called *.pkt", arg)
		}
	}
	return paths, nil
}

// judgeAll judges the files on all cores. The order is that of the paths. A
// panic is passed on, with the file that it is about. Those that were not judged when
// ctx ended are left out.
func judgeAll(ctx context.Context, paths []string, judge func(path string) (*script.Result, error)) []judged {
	list := make([]judged, len(paths))
	bugs := make([]string, len(paths))
	one := func(i int) {
		defer func() {
			if r := recover(); r != nil {
				bugs[i] = fmt.Sprintf("%s: %v\n%s", paths[i], r, debug.Stack())
			}
		}()
		if ctx.Err() != nil {
			return
		}
		result, err := judge(paths[i])
		if ctx.Err() == nil || err == nil {
			list[i] = judged{paths[i], result, err}
		}
	}
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(paths)) {
		wait.Go(func() {
			for i := range next {
				one(i)
			}
		})
	}
	for i := range paths {
		next <- i
	}
	close(next)
	wait.Wait()
	for _, bug := range bugs {
		if bug != "" {
			panic(bug)
		}
	}
	return slices.DeleteFunc(list, func(j judged) bool { return j.path == "" })
}

// maxScript is how long a file may be; the parser says what is wrong with one
// that is longer.
const maxScript = 1<<20 + 1

func judgeScript(ctx context.Context, path string, defined []string, b model.Behaviours) (*script.Result, error) {
	in, err := openInput(ctx, path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxScript))
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	s, err := script.Parse(string(text), defined...)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	return script.Run(s, string(text), b), nil
}

// scriptSummary counts the outcomes.
type scriptSummary struct {
	Scripts     int `json:"scripts"`
	Agree       int `json:"agree"`
	Disagree    int `json:"disagree"`
	Unsupported int `json:"unsupported"`
	Bad         int `json:"bad"`
}

func (s *scriptSummary) count(j *judged) {
	s.Scripts++
	switch {
	case j.err != nil:
		s.Bad++
	case j.result.Outcome == script.Disagrees:
		s.Disagree++
	case j.result.Outcome == script.Unsupported:
		s.Unsupported++
	default:
		s.Agree++
	}
}

// failure is the exit status: bad input before a disagreement, and that before
// what is not supported.
func (s *scriptSummary) failure(list []judged) error {
	switch {
	case s.Bad > 0:
		var errs []string
		for _, j := range list {
			if j.err != nil {
				errs = append(errs, j.err.Error())
			}
		}
		return usagef("%s", strings.Join(errs, "; "))
	case s.Disagree > 0:
		return &failure{status: statusViolated}
	case s.Unsupported > 0:
		return &failure{status: statusInconclusive}
	}
	return nil
}

// scriptText tells the outcomes, and how a disagreement came about.
func (a *app) scriptText(f scriptFlags, list []judged, sum scriptSummary) {
	for _, j := range list {
		switch r := j.result; {
		case j.err != nil:
			a.printf("%s %v\n", a.paint(red, "!"), j.err)
			continue
		case r.Outcome == script.Agrees:
			a.printf("%s %s agrees: %d judged, %d not\n", a.paint(green, "✓"), j.path, r.Judged, r.NotJudged.Total())
		case r.Outcome == script.Unsupported:
			a.printf("%s %s:%v: unsupported: %s\n", a.paint(cyan, "?"), j.path, r.Pos, r.What)
		default:
			a.printf("%s %s:%d: disagrees\n", a.paint(red, "✗"), j.path, r.Pos.Line)
			a.printf("  expected:  %s\n", r.Expected)
			a.printf("  the model: %s\n", r.Model)
			a.printf("  state:     %s\n", stateList(r.From))
			a.printf("  rules:     %s\n\n%s\n", strings.Join(ruleIDs(r.Rules), " "), indented(2, strings.TrimSuffix(r.Ladder, "\n")))
		}
		if f.notes {
			a.scriptNotes(j)
		}
	}
	a.printf("%s: %d agree, %d disagree, %d unsupported", count(sum.Scripts, "script"), sum.Agree, sum.Disagree, sum.Unsupported)
	if sum.Bad > 0 {
		a.printf(", %d can't be read", sum.Bad)
	}
	a.printf("\n")
}

// scriptNotes tells what was ignored.
func (a *app) scriptNotes(j judged) {
	for _, n := range j.result.Notes {
		a.printf("  %v: %s\n", n.Pos, n.Text)
	}
	n := j.result.NotJudged
	for _, c := range []struct {
		n    int
		what string
	}{
		{n.Options, "TCP options of expected packets"}, {n.Windows, "windows of expected packets"},
		{n.Flags, "PSH, URG and ECN of expected packets"}, {n.Calls, "results of calls"}, {n.Code, "statements of code"},
	} {
		if c.n > 0 {
			a.printf("  not judged: %s (%d)\n", c.what, c.n)
		}
	}
}

// stateList joins states as a sentence does.
func stateList(list []model.State) string {
	var names []string
	for _, s := range list {
		names = append(names, s.String())
	}
	return orList(names)
}

// The JSON document; docs/schemas/script.schema.json describes it.
type (
	jsonScripts struct {
		Schema  string        `json:"schema"`
		Variant string        `json:"variant"`
		Stop    string        `json:"stop,omitempty"`
		Summary scriptSummary `json:"summary"`
		Scripts []jsonScript  `json:"scripts"`
	}
	jsonScript struct {
		File      string         `json:"file"`
		Outcome   string         `json:"outcome"`
		Line      int            `json:"line,omitempty"`
		Column    int            `json:"column,omitempty"`
		Error     string         `json:"error,omitempty"`
		What      string         `json:"what,omitempty"`
		Expected  string         `json:"expected,omitempty"`
		Model     string         `json:"model,omitempty"`
		Rules     []string       `json:"rules,omitempty"`
		From      []string       `json:"from,omitempty"`
		Ladder    string         `json:"ladder,omitempty"`
		Judged    int            `json:"judged"`
		NotJudged map[string]int `json:"not_judged"`
		Notes     []jsonNote     `json:"notes"`
	}
	jsonNote struct {
		Line   int    `json:"line"`
		Column int    `json:"column"`
		Text   string `json:"text"`
	}
)

func scriptJSON(variant string, list []judged, sum scriptSummary) jsonScripts {
	doc := jsonScripts{Schema: "tcpcheck-script/1", Variant: variant, Summary: sum, Scripts: []jsonScript{}}
	for _, j := range list {
		doc.Scripts = append(doc.Scripts, j.json())
	}
	return doc
}

func (j *judged) json() jsonScript {
	s := jsonScript{File: j.path, NotJudged: map[string]int{}, Notes: []jsonNote{}}
	if j.err != nil {
		s.Outcome, s.Error = "bad", j.err.Error()
		var at *script.Error
		if errors.As(j.err, &at) {
			s.Line, s.Column = at.Pos.Line, at.Pos.Column
		}
		return s
	}
	r := j.result
	s.Outcome, s.Line, s.Column = r.Outcome.String(), r.Pos.Line, r.Pos.Column
	s.What, s.Expected, s.Model, s.Ladder, s.Judged = r.What, r.Expected, r.Model, r.Ladder, r.Judged
	if r.Outcome == script.Disagrees {
		s.Rules = ruleIDs(r.Rules)
		for _, from := range r.From {
			s.From = append(s.From, from.String())
		}
	}
	n := r.NotJudged
	s.NotJudged = map[string]int{"options": n.Options, "windows": n.Windows, "flags": n.Flags, "calls": n.Calls, "code": n.Code}
	for _, n := range r.Notes {
		s.Notes = append(s.Notes, jsonNote{n.Pos.Line, n.Pos.Column, n.Text})
	}
	return s
}
