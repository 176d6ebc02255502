package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// shown is a place of docs/script.md that shows a file, or what a command
// prints.
var shown = regexp.MustCompile(`(?s)(<!-- (begin|output): (.+?) -->\n).*?(<!-- end -->)`)

// docs/script.md shows the files and the output as they are, and its commands
// work.
func TestScriptDoc(t *testing.T) {
	const name = "docs/script.md"
	t.Chdir("../..")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	want := shown.ReplaceAllStringFunc(text, func(place string) string {
		m := shown.FindStringSubmatch(place)
		var body string
		if m[2] == "begin" {
			file, err := os.ReadFile(m[3])
			if err != nil {
				t.Fatal(err)
			}
			body = string(file)
		} else {
			body, _ = command(t, m[3])
		}
		return m[1] + "```\n" + body + "```\n" + m[4]
	})
	if *update && want != text {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != text {
		t.Errorf("%s is out of date: go test ./cmd/tcpcheck -update", name)
	}
	t.Chdir(filepath.Join("cmd", "tcpcheck"))
	runsCommands(t, text)
	t.Chdir(t.TempDir())
	for _, m := range regexp.MustCompile(`(?m)^    (tcpcheck .*)$`).FindAllStringSubmatch(text, -1) {
		if _, status := command(t, m[1]); status > statusViolated {
			t.Errorf("%s: exit status %d", m[1], status)
		}
	}
}
