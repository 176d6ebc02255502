package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/tcpcheck/tcpcheck/explore/trace"
)

// hostile is what a name may hold that someone else chose.
const hostile = "</title><script>alert(1)</script>\"'`;#%%{}\\ \n\r\t\x00\x1b[31m\u2028\u202e\ufeff end\nNote over A: x\n-->]]>&lt;\xff"

// hostileRun is a run with such names.
func hostileRun(t testing.TB) *trace.Trace {
	t.Helper()
	run := *runs(t)["two_way_handshake"]
	run.Info = trace.Info{
		Title: hostile, Scenario: hostile, Source: hostile, Variant: hostile, Mutant: hostile, Property: hostile,
		Verdict: hostile, CycleFrom: 1, Marked: []int{0, 2}, Shortest: true, States: 12345678,
	}
	return &run
}

// No name becomes markup or a statement, and no control character is written.
func TestHostileNames(t *testing.T) {
	run := hostileRun(t)
	for _, f := range Formats() {
		if f.Binary || f.Name == "json" {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			got := drawn(t, f.Name, run, Options{})
			if !utf8.ValidString(got) {
				t.Error("it is not UTF-8")
			}
			for _, r := range got {
				if r != '\n' && !unicode.IsGraphic(r) {
					t.Errorf("it has the character %U", r)
				}
			}
			if f.Name == "svg" || f.Name == "html" || f.Name == "mermaid" {
				if strings.Contains(got, "<script>alert") {
					t.Error("a name has become a script")
				}
			}
			if f.Name == "mermaid" {
				for line := range strings.Lines(got) {
					if strings.Contains(line, "Note over A: x") || strings.Contains(line, "%%") {
						t.Errorf("a name has become a statement: %q", line)
					}
				}
			}
		})
	}
}

// In ASCII nothing else is written, whatever the names hold.
func TestASCII(t *testing.T) {
	list := runs(t)
	list["hostile"] = hostileRun(t)
	for name, run := range list {
		for i, r := range drawn(t, "text", run, Options{ASCII: true}) {
			if r >= utf8.RuneSelf || r < ' ' && r != '\n' {
				t.Errorf("%s: character %U at %d", name, r, i)
				break
			}
		}
	}
}

// SVG is well-formed, refers to nothing outside, and each of its elements that
// something can be said of has a title.
func TestSVGIsWellFormed(t *testing.T) {
	list := runs(t)
	list["hostile"] = hostileRun(t)
	for name, run := range list {
		d := xml.NewDecoder(strings.NewReader(drawn(t, "svg", run, Options{})))
		groups, titles := 0, 0
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			e, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			switch e.Name.Local {
			case "g":
				groups++
			case "title":
				titles++
			case "script", "image", "use", "a", "foreignObject":
				t.Errorf("%s: element %s", name, e.Name.Local)
			}
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || strings.Contains(a.Value, "://") && a.Name.Local != "xmlns" {
					t.Errorf("%s: attribute %s=%q", name, a.Name.Local, a.Value)
				}
			}
		}
		if groups == 0 || titles != groups+1 {
			t.Errorf("%s: %d titles of %d groups and the drawing", name, titles, groups)
		}
	}
}

// A page needs nothing from outside.
func TestHTMLIsSelfContained(t *testing.T) {
	for name, run := range runs(t) {
		got := drawn(t, "html", run, Options{})
		got = strings.ReplaceAll(got, `xmlns="http://www.w3.org/2000/svg"`, "")
		for _, bad := range []string{"://", "@import", "src=", "url(h", `href="h`} {
			if strings.Contains(got, bad) {
				t.Errorf("%s: it has %q", name, bad)
			}
		}
	}
}

// What would not be readable is refused with the reason; the rest is not.
func TestTooLong(t *testing.T) {
	actions := make([]trace.Action, MaxDrawn+1)
	short := runs(t)["close_time_wait"]
	long := &trace.Trace{Setup: short.Setup, Info: trace.Info{CycleFrom: -1}}
	for range actions {
		long.Steps = append(long.Steps, trace.Step{Action: trace.Action{Kind: trace.Tick}, After: short.Setup.Start})
	}
	for _, f := range Formats() {
		var b bytes.Buffer
		err := Write(&b, f.Name, long, Options{})
		if f.Name != "svg" && f.Name != "mermaid" {
			if err != nil || b.Len() == 0 {
				t.Errorf("%s: %d bytes, %v", f.Name, b.Len(), err)
			}
			continue
		}
		var tooLong *TooLongError
		if !errors.As(err, &tooLong) || b.Len() > 0 || tooLong.Hint() == "" {
			t.Errorf("%s: %v and %d bytes", f.Name, err, b.Len())
		}
	}
	long.Steps = long.Steps[:MaxDrawn]
	drawn(t, "svg", long, Options{})
	drawn(t, "mermaid", long, Options{})
}

// A violation at the start has no steps.
func TestNoSteps(t *testing.T) {
	run := &trace.Trace{Setup: runs(t)["two_way_handshake"].Setup, Info: trace.Info{CycleFrom: -1, Property: "p", Verdict: "violated"}}
	for _, f := range Formats() {
		if f.Partial {
			continue
		}
		got := drawn(t, f.Name, run, Options{})
		if f.Name != "pcap" && !strings.Contains(got, "CLOSED") {
			t.Errorf("%s does not show the start:\n%s", f.Name, got)
		}
		if drawing := f.Name != "pcap" && f.Name != "json" && f.Name != "itf"; drawing && !strings.Contains(got, "the start breaks p") {
			t.Errorf("%s does not say that the start breaks the property:\n%s", f.Name, got)
		}
	}
}

// Text keeps to its width where words allow.
func TestTextWidth(t *testing.T) {
	for name, run := range runs(t) {
		for _, width := range []int{40, 60, 80, 120} {
			text := drawn(t, "text", run, Options{Width: width}) + drawn(t, "text", run, Options{Width: width, ASCII: true})
			for line := range strings.Lines(text) {
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > width && strings.Contains(strings.TrimSpace(line), " ") {
					t.Errorf("%s: %d columns of %d: %s", name, n, width, line)
				}
			}
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := Write(io.Discard, "gif", runs(t)["handshake_data"], Options{}); err == nil || !strings.Contains(err.Error(), "mermaid") {
		t.Errorf("got %v: want the names", err)
	}
}
