package observe_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

// row is a packet of a capture with the state that the kernel was in after it.
type row struct {
	n   int
	out bool
	g   model.Segment
	is  []model.State // the kernel's state; two where it only says that it has no connection
}

// rows reads a table of the kernel's states: the packets, without the calls.
func rows(t testing.TB, path string) []row {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []row
	for _, r := range records[1:] {
		if r[1] != "in" && r[1] != "out" {
			continue
		}
		num := func(i int) uint32 {
			v, err := strconv.ParseUint(r[i], 10, 32)
			if err != nil {
				t.Fatal(err)
			}
			return uint32(v)
		}
		g := model.Segment{Seq: model.Seq(num(3)), Ack: model.Seq(num(4)), Len: num(5), Wnd: 64240}
		for _, c := range r[2] {
			g.Flags |= 1 << strings.IndexRune("FSRPAU", c)
		}
		list = append(list, row{n: int(num(0)), out: r[1] == "out", g: g, is: kernelState(t, r[6])})
	}
	return list
}

func kernelState(t testing.TB, name string) []model.State {
	t.Helper()
	switch name {
	case "(gone)":
		return []model.State{model.Closed, model.Listen}
	case "SYN-RCVD":
		return []model.State{model.SynReceived}
	}
	s, ok := model.ParseState(name)
	if !ok {
		t.Fatalf("%q is no state", name)
	}
	return []model.State{s}
}

func tables(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/linux/*.states.csv")
	if err != nil || len(paths) != 13 {
		t.Fatalf("%d tables of the kernel's states, error %v: want 13", len(paths), err)
	}
	return paths
}

func endpoint(t testing.TB, variant string) *model.Endpoint {
	t.Helper()
	v, err := model.FindVariant(variant)
	if err != nil {
		t.Fatal(err)
	}
	return &model.Endpoint{Space: model.Space32, Behaviours: v.Behaviours}
}

// feed tells o of a packet.
func feed(o *observe.Observer, r row) observe.Verdict {
	if r.out {
		return o.Sent(r.n, r.g)
	}
	o.Received(r.n, r.g)
	return observe.Allowed
}

// undetermined are the packets sent after which the wire leaves a choice.
var undetermined = map[string]bool{
	// A challenge ACK, which SYN-RECEIVED sends too if the third segment of the
	// handshake was lost.
	"linux-half-open-peer-reboot.states.csv#5": true,
}

// The kernel's state after each packet is in the set. Where the endpoint has
// just sent something the set is that state; and everywhere, if all that is
// seen on its way is known to be processed, but for a SYN that nobody answered
// yet. docs/pcap.md tells the mean size of a set.
func TestKernelStates(t *testing.T) {
	page, err := os.ReadFile("../../docs/pcap.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, variant := range []string{"linux", model.DefaultVariant} {
		for _, at := range []bool{false, true} {
			packets, size := 0, 0
			for _, path := range tables(t) {
				o := observe.New(endpoint(t, variant))
				o.AtEndpoint = at
				for _, r := range rows(t, path) {
					if v := feed(o, r); v != observe.Allowed {
						t.Fatalf("%s, %s, packet %d: %v: %v", variant, path, r.n, v, o.Deviation())
					}
					got := o.States()
					if !slices.ContainsFunc(r.is, func(s model.State) bool { return slices.Contains(got, s) }) {
						t.Errorf("%s, %s, packet %d: %v: want %v among them", variant, path, r.n, got, r.is)
					}
					if len(got) > 1 && r.out && (at || !undetermined[filepath.Base(path)+"#"+strconv.Itoa(r.n)]) {
						t.Errorf("%s, %s, packet %d sent: %v: want only %v", variant, path, r.n, got, r.is)
					}
					packets++
					size += len(got)
				}
				if o.Finish(); o.Deviation() != nil {
					t.Errorf("%s, %s: %v", variant, path, o.Deviation())
				}
			}
			t.Logf("%s, at the endpoint %v: mean size %.3f over %d packets", variant, at, float64(size)/float64(packets), packets)
			mark := "mean"
			if at {
				mark = "mean-at"
			}
			if want := fmt.Sprintf("<!-- begin: %s -->%.2f<!-- end: %s -->", mark, float64(size)/float64(packets), mark); !strings.Contains(string(page), want) {
				t.Errorf("docs/pcap.md: want %s", want)
			}
		}
	}
}
