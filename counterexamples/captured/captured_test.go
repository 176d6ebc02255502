package captured_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tcpcheck/tcpcheck/counterexamples/captured"
	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/explore/observe/track"
	"github.com/tcpcheck/tcpcheck/model"
)

var update = flag.Bool("update", false, "rewrite the drawings in testdata")

// conversation is a connection of so many packets after the handshake; in the
// last, text comes after the FIN.
func conversation(t testing.TB, texts int) *track.Conn {
	t.Helper()
	var conn *track.Conn
	tr := track.New(track.Options{Packets: true}, func(c *track.Conn) { conn = c })
	addr := [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:40000"), netip.MustParseAddrPort("[2001:db8::2]:80")}
	n := 0
	add := func(from int, g model.Segment) {
		n++
		g.Wnd = 1000
		tr.Add(&capture.Packet{N: n, Time: time.Unix(0, int64(n)*1e6), Src: addr[from], Dst: addr[1-from], Segment: g, Scale: -1})
	}
	add(0, model.Segment{Seq: 100, Flags: model.SYN})
	add(1, model.Segment{Seq: 300, Ack: 101, Flags: model.SYN | model.ACK})
	add(0, model.Segment{Seq: 101, Ack: 301, Flags: model.ACK})
	for i := range texts {
		add(0, model.Segment{Seq: model.Seq(101 + i), Ack: 301, Len: 1, Flags: model.ACK})
	}
	add(0, model.Segment{Seq: model.Seq(101 + texts), Ack: 301, Flags: model.ACK | model.FIN})
	add(0, model.Segment{Seq: model.Seq(102 + texts), Ack: 301, Len: 5, Flags: model.ACK})
	tr.Finish()
	return conn
}

func write(t testing.TB, format string, o captured.Options, conns ...*track.Conn) string {
	t.Helper()
	var b bytes.Buffer
	if err := captured.Write(&b, format, conns, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The drawings are those of testdata, which were looked at.
func TestDrawings(t *testing.T) {
	for _, format := range captured.Formats() {
		path := filepath.Join("testdata", "conversation."+format)
		got := write(t, format, captured.Options{}, conversation(t, 1))
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is out of date: go test ./counterexamples/captured -update", path)
		}
	}
}

// SVG is well-formed XML, and every packet and deviation stands in every form.
func TestSaysEverything(t *testing.T) {
	c := conversation(t, 3)
	if len(c.Deviations) != 1 {
		t.Fatalf("%d deviations: want 1", len(c.Deviations))
	}
	for _, format := range captured.Formats() {
		text := write(t, format, captured.Options{}, c, c)
		if n := strings.Count(text, "impossible"); n < 2 {
			t.Errorf("%s: the deviation stands there %d times: want at least 2", format, n)
		}
		for _, state := range []string{"SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1"} {
			if !strings.Contains(text, state) {
				t.Errorf("%s: no %s", format, state)
			}
		}
		if format == "svg" {
			d := xml.NewDecoder(strings.NewReader(text))
			for {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// What is hidden is not shown.
func TestHide(t *testing.T) {
	for format, states := range map[string][2]string{
		"mermaid": {"over a: SYN-SENT", "over b: SYN-RECEIVED"}, "html": {"a may be SYN-SENT", "b may be SYN-RECEIVED"},
	} {
		text := write(t, format, captured.Options{Hide: [2]bool{true, false}}, conversation(t, 1))
		if strings.Contains(text, states[0]) || !strings.Contains(text, states[1]) {
			t.Errorf("%s: a is shown or b is not", format)
		}
	}
}

// A connection that would not be readable is refused with a reason; a page
// lists it.
func TestLong(t *testing.T) {
	c := conversation(t, captured.MaxDrawn)
	for _, format := range []string{"mermaid", "svg"} {
		var long *captured.TooLongError
		if err := captured.Write(io.Discard, format, []*track.Conn{c}, captured.Options{}); !errors.As(err, &long) || long.Packets != len(c.Packets) {
			t.Errorf("%s: %v: want a TooLongError of %d packets", format, err, len(c.Packets))
		}
	}
	page := write(t, "html", captured.Options{}, c)
	if n := strings.Count(page, "<tr"); n != len(c.Packets)+1 {
		t.Errorf("%d rows: want %d", n, len(c.Packets)+1)
	}
	if err := captured.Write(io.Discard, "pdf", nil, captured.Options{}); err == nil {
		t.Error("no error for an unknown format")
	}
}
