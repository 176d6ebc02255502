package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

const readme = "../../README.md"

// marked is the part of the README that shows what the first command prints.
var marked = regexp.MustCompile("(?s)(<!-- begin: two-way -->\n).*?(<!-- end: two-way -->)")

// timing is what differs from run to run.
var timing = regexp.MustCompile(`, [0-9.]+m?s\n`)

// command runs a command line of the README.
func command(t *testing.T, line string) (out string, status int) {
	t.Helper()
	args := strings.Fields(line)
	if args[0] != "tcpcheck" {
		t.Fatalf("%q is no command of ours", line)
	}
	var stdout, stderr bytes.Buffer
	status = run(args[1:], &stdout, &stderr)
	if strings.Contains(stderr.String(), "error:") {
		t.Errorf("%s: %s", line, stderr.String())
	}
	return stdout.String(), status
}

// Every command that the README shows works, and the first prints what the
// README says that it prints.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	first := regexp.MustCompile(`(?m)^\$ (tcpcheck .*)$`).FindStringSubmatch(string(text))
	if first == nil {
		t.Fatal("no command stands at the top")
	}
	out, status := command(t, first[1])
	if status != statusViolated {
		t.Errorf("%s: exit status %d, want %d", first[1], status, statusViolated)
	}
	shown := "${1}```\n" + strings.ReplaceAll(timing.ReplaceAllString(out, "\n"), "$", "$$") + "```\n${2}"
	want := marked.ReplaceAllString(string(text), shown)
	if *update && want != string(text) {
		if err := os.WriteFile(readme, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(text) {
		t.Errorf("what the first command prints is out of date: go test ./cmd/tcpcheck -update")
	}

	runsCommands(t, string(text))
}

// runsCommands runs every command that stands in backquotes, at the top of the
// repository.
func runsCommands(t *testing.T, text string) {
	t.Helper()
	for _, m := range regexp.MustCompile("`(tcpcheck [^`]*)`").FindAllStringSubmatch(text, -1) {
		t.Run(m[1], func(t *testing.T) {
			t.Chdir("../..") // files are named from the top
			if out, status := command(t, m[1]); status > statusViolated || out == "" {
				t.Errorf("exit status %d and %d bytes, want 0 or 1 and some output", status, len(out))
			}
		})
	}
}

// The commands of docs/findings.md and docs/liveness.md work too.
func TestFindings(t *testing.T) {
	for _, name := range []string{"../../docs/findings.md", "../../docs/liveness.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		runsCommands(t, string(text))
	}
}

// claimed is a command of docs/questions.md, and what is said of it.
var claimed = regexp.MustCompile("(✓|✗|▷|) ?`(tcpcheck [^`]*)`")

// Each question has an answer; what is said to be broken is, and what is said to hold
// does.
func TestQuestions(t *testing.T) {
	text, err := os.ReadFile("../../docs/questions.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("../..") // files are named from the top
	want := map[string]int{"✓": statusOK, "✗": statusViolated, "▷": statusOK}
	for _, answer := range strings.Split(string(text), "\n**")[1:] {
		question, _, _ := strings.Cut(answer, "**")
		commands := claimed.FindAllStringSubmatch(answer, -1)
		if len(commands) == 0 {
			t.Errorf("%s: no command", question)
		}
		for _, m := range commands {
			t.Run(m[2], func(t *testing.T) {
				status, ok := want[m[1]]
				if !ok {
					t.Fatalf("%s: nothing is said of it", question)
				}
				if out, got := command(t, m[2]); got != status || out == "" {
					t.Errorf("exit status %d and %d bytes, want %d and some output", got, len(out), status)
				}
			})
		}
	}
}
