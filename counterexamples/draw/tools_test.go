package draw

import (
	"fmt"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/tools"
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

// Wireshark's tshark reads the captures, finds their checksums good, and sees
// the handshake.
func TestTshark(t *testing.T) {
	tshark := tools.Find(t, "TCPCHECK_TSHARK", "tshark")
	for name, run := range runs(t) {
		path := tools.File(t, "run.pcap", drawn(t, "pcap", run, Options{}))
		out := tools.Output(t, tshark, "-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
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
	dot := tools.Find(t, "TCPCHECK_DOT", "dot")
	list := runs(t)
	list["hostile"] = hostileRun(t)
	for name, run := range list {
		out := tools.Output(t, dot, "-Tsvg", tools.File(t, "run.dot", drawn(t, "dot", run, Options{})))
		if !strings.Contains(out, "<svg") || !strings.Contains(out, "TCP Peer B") {
			t.Errorf("%s: dot draws %d bytes that are no drawing", name, len(out))
		}
	}
}

// A program that is no browser shows the drawings as they are meant: dark lines
// on light paper.
func TestRsvg(t *testing.T) {
	rsvg := tools.Find(t, "TCPCHECK_RSVG", "rsvg-convert")
	for name, run := range runs(t) {
		out := tools.Output(t, rsvg, tools.File(t, "run.svg", drawn(t, "svg", run, Options{})))
		picture, err := png.Decode(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		dark, size := 0, picture.Bounds().Size()
		for y := range size.Y {
			for x := range size.X {
				if color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y < 128 {
					dark++
				}
			}
		}
		if all := size.X * size.Y; dark == 0 || dark > all/4 {
			t.Errorf("%s: %d of %d points are dark", name, dark, all)
		}
	}
}

// The page's script takes one step at each key.
func TestHTMLKeys(t *testing.T) {
	program := tools.Chromium(t)
	press := `<script>
for (const key of ["End", "ArrowLeft", "ArrowRight", "ArrowRight", "Home", "ArrowRight", "ArrowRight"])
  document.dispatchEvent(new KeyboardEvent("keydown", { key }));
document.body.setAttribute("data-seen", document.getElementById("where").textContent + "; " +
  [...document.querySelectorAll("section.now h2")].map((h) => h.textContent).join("|") + "; " +
  document.querySelectorAll("#run .touched").length + " touched");
</script></body>`
	text := strings.Replace(drawn(t, "html", runs(t)["two_way_handshake"], Options{}), "</body>", press, 1)
	got := tools.Browse(t, program, "file://"+tools.File(t, "run.html", text))
	want := `data-seen="step 2 of 3; Step 2: A's user calls OPEN active.; 2 touched"`
	if !strings.Contains(got, want) {
		t.Errorf("the page does not say %s:\n%.2000s", want, got)
	}
}

// After the last step of a lasso the page goes on with its cycle.
func TestHTMLLasso(t *testing.T) {
	program := tools.Chromium(t)
	press := `<script>
const seen = [];
for (const key of ["End", "ArrowRight", "ArrowRight", "ArrowRight"]) {
  document.dispatchEvent(new KeyboardEvent("keydown", { key }));
  seen.push(document.getElementById("where").textContent);
}
document.body.setAttribute("data-seen", seen.join("; "));
</script></body>`
	text := strings.Replace(drawn(t, "html", runs(t)["lasso"], Options{}), "</body>", press, 1)
	got := tools.Browse(t, program, "file://"+tools.File(t, "run.html", text))
	want := `data-seen="step 4 of 4; step 3 of 4; step 4 of 4; step 3 of 4"`
	if !strings.Contains(got, want) {
		t.Errorf("the page does not say %s:\n%.2000s", want, got)
	}
}

// The real library reads and draws every diagram.
func TestMermaid(t *testing.T) {
	list := runs(t)
	list["hostile"] = hostileRun(t)
	for seed := range uint64(3) {
		list[fmt.Sprint("random", seed)] = randomRun(t, seed, 40)
	}
	sources := map[string]string{}
	for name, run := range list {
		sources[name] = drawn(t, "mermaid", run, Options{})
	}
	tools.Mermaid(t, sources)
}
