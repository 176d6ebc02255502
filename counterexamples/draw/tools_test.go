package draw

import (
	"bytes"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// A capture holds each segment once, with its flags, lengths that fit, and
// numbers that are as far apart as in the run.
func TestPcap(t *testing.T) {
	got := drawn(t, "pcap", runs(t)["two_way_handshake"], Options{})
	want := []string{"SYN 1000000000 0", "SYN,ACK 3000000000 1000000001"}
	var list []string
	const head = 24
	for data := []byte(got[head:]); len(data) > 0; {
		n := int(data[8]) | int(data[9])<<8
		p := gopacket.NewPacket(data[16:16+n], layers.LayerTypeIPv4, gopacket.Default)
		if e := p.ErrorLayer(); e != nil {
			t.Fatal(e.Error())
		}
		tcp := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
		flags := "SYN"
		if tcp.ACK {
			flags += ",ACK"
		}
		list = append(list, fmt.Sprint(flags, " ", tcp.Seq, " ", tcp.Ack))
		data = data[16+n:]
	}
	if strings.Join(list, ";") != strings.Join(want, ";") {
		t.Errorf("got %q: want %q", list, want)
	}
}

// tool is a program that these tests need: what the variable names, or what
// is found under the name. Where there is none, the test is skipped.
func tool(t *testing.T, variable, name string) string {
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

// output runs a program and returns what it prints.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, stderr.String())
	}
	return string(out)
}

// tempFile writes a file that lives as long as the test.
func tempFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Wireshark's tshark reads the captures, finds their checksums good, and sees
// the handshake.
func TestTshark(t *testing.T) {
	tshark := tool(t, "TCPCHECK_TSHARK", "tshark")
	for name, run := range runs(t) {
		path := tempFile(t, "run.pcap", drawn(t, "pcap", run, Options{}))
		out := output(t, tshark, "-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
			"-T", "fields", "-e", "ip.checksum.status", "-e", "tcp.checksum.status", "-e", "tcp.flags.str")
		want := len(run.Setup.InFlight)
		for _, st := range run.Steps {
			want += len(st.Sent)
			if st.Action.Kind.String() == "attack" {
				want++
			}
		}
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if len(lines) != want {
			t.Errorf("%s: %d packets: want %d", name, len(lines), want)
		}
		for i, l := range lines {
			if !strings.HasPrefix(l, "1\t1\t") {
				t.Errorf("%s: packet %d: checksums %q", name, i+1, l)
			}
		}
		if name == "handshake_data" {
			for i, flag := range []string{"S", "A··S", "A"} {
				if !strings.Contains(lines[i], flag) {
					t.Errorf("%s: packet %d has the flags %q: want %q", name, i+1, lines[i], flag)
				}
			}
		}
	}
}

// Graphviz draws the graphs.
func TestGraphviz(t *testing.T) {
	dot := tool(t, "TCPCHECK_DOT", "dot")
	list := runs(t)
	list["hostile"] = hostileRun(t)
	for name, run := range list {
		out := output(t, dot, "-Tsvg", tempFile(t, "run.dot", drawn(t, "dot", run, Options{})))
		if !strings.Contains(out, "<svg") || !strings.Contains(out, "TCP Peer B") {
			t.Errorf("%s: dot draws %d bytes that are no drawing", name, len(out))
		}
	}
}

// browse loads a page in Chromium, without a network, and returns the
// document as its scripts left it.
func browse(t *testing.T, chromium, page string) string {
	t.Helper()
	return output(t, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir="+t.TempDir(), "--virtual-time-budget=4000", "--dump-dom", page)
}

// chromium is the browser of the tests.
func chromium(t *testing.T) string { return tool(t, "TCPCHECK_CHROMIUM", "chromium") }

// The page's script takes one step at each key.
func TestHTMLKeys(t *testing.T) {
	program := chromium(t)
	press := `<script>
for (const key of ["End", "ArrowLeft", "ArrowRight", "ArrowRight", "Home", "ArrowRight", "ArrowRight"])
  document.dispatchEvent(new KeyboardEvent("keydown", { key }));
document.body.setAttribute("data-seen", document.getElementById("where").textContent + "; " +
  [...document.querySelectorAll("section.now h2")].map((h) => h.textContent).join("|") + "; " +
  document.querySelectorAll("#run .touched").length + " touched");
</script></body>`
	text := strings.Replace(drawn(t, "html", runs(t)["two_way_handshake"], Options{}), "</body>", press, 1)
	got := browse(t, program, "file://"+tempFile(t, "run.html", text))
	want := `data-seen="step 2 of 3; Step 2: A's user calls OPEN active.; 2 touched"`
	if !strings.Contains(got, want) {
		t.Errorf("the page does not say %s:\n%.2000s", want, got)
	}
}

// The real library reads and draws every diagram. TCPCHECK_MERMAID is the path
// of mermaid.min.js.
func TestMermaid(t *testing.T) {
	library := os.Getenv("TCPCHECK_MERMAID")
	if library == "" {
		t.Skip("TCPCHECK_MERMAID is not set: want the path of mermaid.min.js")
	}
	program := chromium(t)
	list := runs(t)
	list["hostile"] = hostileRun(t)
	var page strings.Builder
	fmt.Fprintf(&page, "<!DOCTYPE html><meta charset=utf-8><body><script src=\"file://%s\"></script>\n", library)
	for name, run := range list {
		fmt.Fprintf(&page, "<pre class=source id=%q>%s</pre>\n", name, html.EscapeString(drawn(t, "mermaid", run, Options{})))
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
    document.body.setAttribute("data-" + p.id.replaceAll("_", "-"), result);
  }
})();
</script>`)
	got := browse(t, program, "file://"+tempFile(t, "mermaid.html", page.String()))
	for name := range list {
		if want := "data-" + strings.ReplaceAll(name, "_", "-") + `="good"`; !strings.Contains(got, want) {
			_, rest, _ := strings.Cut(got, "<body")
			t.Errorf("%s is not drawn:\n%.1500s", name, rest)
		}
	}
}
