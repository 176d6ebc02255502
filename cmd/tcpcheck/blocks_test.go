package main

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var longBlocks = flag.Bool("long", false, "run the commands of the pages that take seconds, too")

// block is a part of a page that shows a command and what it prints: the
// command stands in the mark that begins it.
var block = regexp.MustCompile(`(?s)<!-- begin(, long)?: (tcpcheck [^\n]*?) -->\n.*?<!-- end -->`)

// Each block of docs/time-wait.md shows what its command prints; with -update
// they are written anew.
func TestTimeWaitPage(t *testing.T) {
	if testing.Short() {
		t.Skip("it searches for seconds")
	}
	const page = "../../docs/time-wait.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	want := block.ReplaceAllStringFunc(string(text), func(old string) string {
		n++
		m := block.FindStringSubmatch(old)
		line, long := m[2], m[1]
		if long != "" && !*longBlocks {
			return old
		}
		out, status := command(t, line)
		if status > statusViolated {
			t.Errorf("%s: exit status %d", line, status)
		}
		shown := strings.TrimSuffix(line, " --quiet")
		return "<!-- begin" + long + ": " + line + " -->\n```\n$ " + shown + "\n" + strings.TrimRight(timing.ReplaceAllString(out, "\n"), "\n") + "\n```\n<!-- end -->"
	})
	if n == 0 {
		t.Error("no blocks")
	}
	if *update && want != string(text) {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(text) {
		t.Errorf("%s is out of date: go test ./cmd/tcpcheck -run TestTimeWaitPage -long -update", page)
	}
}
