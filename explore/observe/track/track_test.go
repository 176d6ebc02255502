package track_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/explore/observe/track"
	"github.com/tcpcheck/tcpcheck/model"
)

// opened is a capture that is open as long as the test.
func opened(t testing.TB, path string) *capture.Reader {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := capture.Open(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// follow returns the connections of a capture.
func follow(t testing.TB, path string, o track.Options) (list []*track.Conn) {
	t.Helper()
	r := opened(t, path)
	o.Packets = true
	tr := track.New(o, func(c *track.Conn) { list = append(list, c) })
	for {
		p, err := r.Next()
		if err == io.EOF {
			tr.Finish()
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		tr.Add(&p)
	}
}

func behaviours(t testing.TB, variant string) model.Behaviours {
	t.Helper()
	v, err := model.FindVariant(variant)
	if err != nil {
		t.Fatal(err)
	}
	return v.Behaviours
}

const foreign = "../../../../shared/captures/foreign/"

// Zeek's own words for the public captures.
func TestZeek(t *testing.T) {
	f, err := os.Open(foreign + "manifest.csv")
	if err != nil {
		t.Skipf("the public captures are not here: %v", err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records[1:] {
		list := follow(t, foreign+r[0], track.Options{})
		c := list[0]
		if want := r[8]; want != "" && (c.ConnState != want || c.History != r[9]) {
			t.Errorf("%s: %s %s: want %s %s", r[0], c.ConnState, c.History, want, r[9])
		}
		for _, c := range list {
			t.Logf("%s: %v %v; %s; %s; %s %s; final %v %v; unknown %q missed %v", r[0], c.Addr[0], c.Addr[1], c.Opened, c.Closed, c.ConnState, c.History, c.Final[0].List(), c.Final[1].List(), c.Unknown, c.Missed)
			for _, d := range c.Deviations {
				t.Logf("   %v packet %d: %v", d.Side, d.N, &d.Deviation)
			}
		}
	}
}

// In the kernel's captures nobody deviates.
func TestKernelCaptures(t *testing.T) {
	paths, err := filepath.Glob("../testdata/linux/*.pcap")
	if err != nil || len(paths) != 13 {
		t.Fatalf("%d captures, error %v: want 13", len(paths), err)
	}
	for _, variant := range []string{"linux", model.DefaultVariant} {
		for _, path := range paths {
			for _, c := range follow(t, path, track.Options{Behaviours: behaviours(t, variant)}) {
				t.Logf("%s: %v %v; %s; %s; %s %s; final %v %v", filepath.Base(path), c.Addr[0], c.Addr[1], c.Opened, c.Closed, c.ConnState, c.History, c.Final[0].List(), c.Final[1].List())
				for _, d := range c.Deviations {
					t.Errorf("%s, %s: %v: %v", variant, path, d.Side, &d.Deviation)
				}
			}
		}
	}
}
