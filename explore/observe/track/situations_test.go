package track_test

import (
	"encoding/csv"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/observe/track"
	"github.com/tcpcheck/tcpcheck/model"
)

// kernelStates are the states of the kernel at 10.9.0.1 behind each packet of a
// capture, by its number; two where it only says that it has no connection.
func kernelStates(t *testing.T, path string) map[int][]model.State {
	t.Helper()
	f, err := os.Open(strings.TrimSuffix(path, ".pcap") + ".states.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	is := map[int][]model.State{}
	for _, r := range records[1:] {
		if r[1] != "in" && r[1] != "out" {
			continue
		}
		n, err := strconv.Atoi(r[0])
		if err != nil {
			t.Fatal(err)
		}
		switch s, ok := model.ParseState(r[6]); {
		case ok:
			is[n] = []model.State{s}
		case r[6] == "SYN-RCVD":
			is[n] = []model.State{model.SynReceived}
		case r[6] == "(gone)":
			is[n] = []model.State{model.Closed, model.Listen}
		default:
			t.Fatalf("%s: %q is no state", path, r[6])
		}
	}
	return is
}

// unseen is where the kernel had taken a step that nobody sees: it gave up.
var unseen = map[string]int{"linux-user-timeout.pcap": 7, "linux-fin-wait-2-timeout.pcap": 6}

// departs is where the kernel sends what RFC 9293 forbids.
var departs = map[string]int{"linux-crossed-syns-ack-of-nothing.pcap": 7, "linux-fast-open-bad-syn.pcap": 9}

// In 40 more captures of the kernel, of ways to open, close and reset, and of
// what comes when it should not, the kernel's state is in the set behind each
// packet, and nothing that it sends is impossible, wherever the capture was taken.
// Where it has just sent something the set is one state in 85 of 100 packets.
func TestSituations(t *testing.T) {
	paths, err := filepath.Glob("../testdata/situations/*.pcap")
	if err != nil || len(paths) != 40 {
		t.Fatalf("%d captures, error %v: want 40", len(paths), err)
	}
	atKernel := func(a netip.AddrPort) bool { return a.Addr().String() == "10.9.0.1" }
	for _, judge := range []struct {
		variant string
		at      func(netip.AddrPort) bool
	}{{"linux", nil}, {"linux", atKernel}, {model.DefaultVariant, nil}, {model.DefaultVariant, atKernel}} {
		variant := judge.variant
		sent, single := 0, 0
		for _, path := range paths {
			is := kernelStates(t, path)
			departure := 0
			if variant == model.DefaultVariant {
				departure = departs[filepath.Base(path)]
			}
			for _, c := range follow(t, path, track.Options{Behaviours: behaviours(t, variant), At: judge.at}) {
				kernel := track.B
				if atKernel(c.Addr[track.A]) {
					kernel = track.A
				}
				for _, d := range c.Deviations {
					if d.Side == kernel && d.N != departure {
						t.Errorf("%s, %s, packet %d: %v", variant, path, d.N, &d.Deviation)
					}
				}
				if departure > 0 {
					if slices.IndexFunc(c.Deviations, func(d track.Deviation) bool { return d.Side == kernel && d.N == departure }) < 0 && c.Packets[0].N == 1 {
						t.Errorf("%s, %s: packet %d is not impossible", variant, path, departure)
					}
					continue
				}
				for _, p := range c.Packets {
					got := p.States[kernel].List()
					in := func(s model.State) bool { return slices.Contains(got, s) }
					if !slices.ContainsFunc(is[p.N], in) && unseen[filepath.Base(path)] != p.N {
						t.Errorf("%s, %s, packet %d: %v: want %v", variant, path, p.N, p.States[kernel], is[p.N])
					}
					if p.From == kernel {
						sent++
						if len(got) == 1 || slices.Equal(got, []model.State{model.Closed, model.Listen}) {
							single++
						}
					}
				}
			}
		}
		if t.Logf("%s: %d of %d", variant, single, sent); single*100 < sent*85 {
			t.Errorf("%s: %d of %d packets sent leave one state: want 85 of 100", variant, single, sent)
		}
	}
}
