// Package tools lets tests use programs that may not be there: Chromium, Graphviz,
// Wireshark, the Mermaid library.
package tools

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Find is a program: what the variable names, or what is found under the name.
// Where there is none, and in short tests, the test is skipped with the reason.
func Find(t *testing.T, variable, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("it starts other programs")
	}
	if path := os.Getenv(variable); path != "" {
		return path
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("no %s, and %s is not set", name, variable)
	}
	return path
}

// Chromium is the browser of the tests.
func Chromium(t *testing.T) string {
	t.Helper()
	return Find(t, "TCPCHECK_CHROMIUM", "chromium")
}

// Output runs a program and returns what it prints.
func Output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := run(name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// run runs a program and returns what it prints; an error has what it complains of.
func run(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", name, err, stderr.String())
	}
	return string(out), nil
}

// crashed tells whether a program ended by a signal of its own making, itself or
// below a shell: its bug, and no answer to what it was asked.
func crashed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && (status.Signaled() || status.ExitStatus() > 128)
}

// File writes a file that lives as long as the test.
func File(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Browse loads a page in Chromium, without a network, and returns the document
// as its scripts left it. A browser that crashes, as it does now and then, is
// started anew, twice; a page that crashes it each time fails the test.
func Browse(t *testing.T, chromium, page string) string {
	t.Helper()
	for starts := 1; ; starts++ {
		out, err := run(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync",
			"--user-data-dir="+t.TempDir(), "--virtual-time-budget=4000", "--dump-dom", page)
		if err == nil {
			return out
		}
		if starts == 3 || !crashed(err) {
			t.Fatal(err)
		}
		t.Log(err)
	}
}

// Mermaid lets the real library read and draw every source. The variable
// TCPCHECK_MERMAID is the path of its mermaid.min.js, of the npm package mermaid;
// where it is not set, the test is skipped.
func Mermaid(t *testing.T, sources map[string]string) {
	t.Helper()
	library := os.Getenv("TCPCHECK_MERMAID")
	if library == "" {
		t.Skip("TCPCHECK_MERMAID is not set: want the path of mermaid.min.js, which npm install mermaid puts into node_modules/mermaid/dist")
	}
	program := Chromium(t)
	var names []string
	for name := range sources {
		names = append(names, name)
	}
	slices.Sort(names)
	var page strings.Builder
	fmt.Fprintf(&page, "<!DOCTYPE html><meta charset=utf-8><body><script src=\"file://%s\"></script>\n", library)
	for i, name := range names {
		fmt.Fprintf(&page, "<pre class=source id=\"d%d\">%s</pre>\n", i, html.EscapeString(sources[name]))
	}
	page.WriteString(`<script>
mermaid.initialize({ startOnLoad: false });
(async () => {
  for (const p of document.querySelectorAll(".source")) {
    let result;
    try {
      const { svg } = await mermaid.render("drawn_" + p.id, p.textContent);
      result = svg.includes("<svg") && !svg.includes("Syntax error") ? "good" : "bad";
      if (new DOMParser().parseFromString(svg, "text/html").querySelector("script")) result = "a script";
    } catch (e) { result = "error: " + e.message; }
    document.body.setAttribute("data-" + p.id, result);
  }
})();
</script>`)
	got := Browse(t, program, "file://"+File(t, "mermaid.html", page.String()))
	for i, name := range names {
		if want := fmt.Sprintf(`data-d%d="good"`, i); !strings.Contains(got, want) {
			_, rest, _ := strings.Cut(got, fmt.Sprintf("data-d%d=", i))
			t.Errorf("%s is not drawn: %.300s", name, rest)
		}
	}
}
