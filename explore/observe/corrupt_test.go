package observe_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

// forgery is a segment that an endpoint in some of the kernel's states can't
// send.
type forgery struct {
	name   string
	states []model.State // where it is impossible; nil: in all with a connection
	// make forges from the last numbers: what the endpoint sends next, and what
	// it has received up to.
	make func(next, received model.Seq) model.Segment
}

var (
	synced = []model.State{model.Established, model.FinWait1, model.FinWait2, model.CloseWait, model.Closing, model.LastAck, model.TimeWait}
	closed = []model.State{model.FinWait1, model.FinWait2, model.Closing, model.LastAck, model.TimeWait}
	open   = []model.State{model.Established, model.CloseWait} // it can't be gone without a word
	gone   = []model.State{model.Closed, model.Listen}
)

// anotherISS is not impossible if a SYN came last: the endpoint may have been
// aborted, and its reset lost.
const anotherISS = "SYN,ACK of another ISS"

func seg(flags model.Flags, seq, ack model.Seq, n uint32) model.Segment {
	return model.Segment{Flags: flags, Seq: seq, Ack: ack, Len: n, Wnd: 64240}
}

var forgeries = []forgery{
	{"SYN,FIN,ACK", nil, func(n, r model.Seq) model.Segment { return seg(model.SYN|model.FIN|model.ACK, n, r, 0) }},
	{"SYN,FIN", nil, func(n, r model.Seq) model.Segment { return seg(model.SYN|model.FIN, n, 0, 0) }},
	{"SYN,RST", nil, func(n, r model.Seq) model.Segment { return seg(model.SYN|model.RST, n, 0, 0) }},
	{"FIN,RST,ACK", nil, func(n, r model.Seq) model.Segment { return seg(model.FIN|model.RST|model.ACK, n, r, 0) }},
	{"no flags", nil, func(n, r model.Seq) model.Segment { return seg(0, n, 0, 0) }},
	{"text without ACK", nil, func(n, r model.Seq) model.Segment { return seg(model.PSH, n, 0, 5) }},
	{"FIN without ACK", nil, func(n, r model.Seq) model.Segment { return seg(model.FIN, n, 0, 0) }},
	{"ACK far ahead", synced, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, r+5_000_000, 0) }},
	{"ACK of one octet that never came", synced, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, r+1, 0) }},
	{"ACK below IRS", synced, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, r-1_000_000, 0) }},
	{"text with an ACK below IRS", []model.State{model.Established, model.CloseWait}, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, r-1_000_000, 3) }},
	{"number far ahead", synced, func(n, r model.Seq) model.Segment { return seg(model.ACK, n+1<<29, r, 0) }},
	{"number far behind", synced, func(n, r model.Seq) model.Segment { return seg(model.ACK, n-1<<29, r, 0) }},
	{"text far ahead", synced, func(n, r model.Seq) model.Segment { return seg(model.ACK, n+1<<29, r, 5) }},
	{"text below ISS", synced, func(n, r model.Seq) model.Segment { return seg(model.ACK, n-1<<20, r, 5) }},
	{anotherISS, open, func(n, r model.Seq) model.Segment { return seg(model.SYN|model.ACK, n+77_777, r, 0) }},
	{anotherISS, []model.State{model.SynSent, model.SynReceived}, func(n, r model.Seq) model.Segment { return seg(model.SYN|model.ACK, n+77_777, r+77_777, 0) }},
	{"RST far ahead", synced, func(n, r model.Seq) model.Segment { return seg(model.RST, n+1<<29, 0, 0) }},
	{"RST,ACK numbered 0 without cause", synced, func(n, r model.Seq) model.Segment { return seg(model.RST|model.ACK, 0, r+999, 0) }},
	{"text after FIN", closed, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, r, 5) }},
	{"text over the FIN", closed, func(n, r model.Seq) model.Segment { return seg(model.ACK, n-1, r, 5) }},
	{"FIN moved up", closed, func(n, r model.Seq) model.Segment { return seg(model.FIN|model.ACK, n, r, 0) }},
	{"FIN moved behind text", closed, func(n, r model.Seq) model.Segment { return seg(model.FIN|model.ACK, n, r, 9) }},
	{"ACK in SYN-SENT", []model.State{model.SynSent}, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, 4_000, 0) }},
	{"FIN in SYN-SENT", []model.State{model.SynSent}, func(n, r model.Seq) model.Segment { return seg(model.FIN|model.ACK, n, 4_000, 0) }},
	{"text in SYN-SENT", []model.State{model.SynSent}, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, 4_000, 5) }},
	{"SYN,ACK without a SYN", []model.State{model.SynSent}, func(n, r model.Seq) model.Segment { return seg(model.SYN|model.ACK, n-1, 4_000, 0) }},
	{"RST,ACK in SYN-SENT", []model.State{model.SynSent}, func(n, r model.Seq) model.Segment { return seg(model.RST|model.ACK, n, 4_000, 0) }},
	{"URG without ACK", nil, func(n, r model.Seq) model.Segment { return seg(model.URG, n, 0, 5) }},
	{"text in SYN-RECEIVED", []model.State{model.SynReceived}, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, r, 5) }},
	{"ACK where nothing is", gone, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, r+4_000, 0) }},
	{"text where nothing is", gone, func(n, r model.Seq) model.Segment { return seg(model.ACK, n, r+4_000, 5) }},
	{"FIN where nothing is", gone, func(n, r model.Seq) model.Segment { return seg(model.FIN|model.ACK, n, r+4_000, 0) }},
	{"SYN,ACK where nothing is", gone, func(n, r model.Seq) model.Segment { return seg(model.SYN|model.ACK, n+9, r+4_000, 0) }},
	{"RST,ACK that answers nothing", gone, func(n, r model.Seq) model.Segment { return seg(model.RST|model.ACK, n+123_456, r+999, 0) }},
}

// applies tells whether the forgery is impossible in the state.
func (f *forgery) applies(s model.State) bool {
	for _, x := range f.states {
		if x == s {
			return true
		}
	}
	return f.states == nil
}

// copies of each capture.
const copies = 20

// Into each capture a forged segment is put, another in each copy: it is
// impossible, at that packet, and nothing before it is.
func TestCorruptedCopies(t *testing.T) {
	for _, path := range tables(t) {
		list := rows(t, path)
		type place struct {
			after int
			f     *forgery
		}
		var places []place
		var came model.Segment
		for i, r := range list {
			if !r.out {
				came = r.g
			}
			for k := range forgeries {
				answersSyn := came.Flags == model.SYN && forgeries[k].name == anotherISS
				if forgeries[k].applies(r.is[0]) && !answersSyn {
					places = append(places, place{i, &forgeries[k]})
				}
			}
		}
		if len(places) < copies {
			t.Fatalf("%s: %d forgeries: want %d", path, len(places), copies)
		}
		for k := range copies {
			p := places[k*len(places)/copies]
			t.Run(fmt.Sprintf("%s/%s after %d", filepath.Base(path), p.f.name, list[p.after].n), func(t *testing.T) {
				corrupted(t, list, p.after, p.f)
			})
		}
		if testing.Verbose() {
			continue
		}
		for _, p := range places {
			t.Run(fmt.Sprintf("%s/all/%s after %d", filepath.Base(path), p.f.name, list[p.after].n), func(t *testing.T) {
				corrupted(t, list, p.after, p.f)
			})
		}
	}
}

func corrupted(t *testing.T, list []row, after int, f *forgery) {
	o := observe.New(endpoint(t, "linux"))
	var next, received model.Seq
	n := 0
	for i, r := range list {
		n++
		if v := feed(o, row{n: n, out: r.out, g: r.g}); v != observe.Allowed && i <= after {
			t.Fatalf("packet %d: %v: %v", n, v, o.Deviation())
		}
		end := r.g.Seq + model.Seq(r.g.SegLen())
		if r.out && !r.g.Flags.Has(model.RST) {
			next = end
		} else if !r.out && !r.g.Flags.Has(model.RST) {
			received = end
		}
		if i == after {
			n++
			o.Sent(n, f.make(next, received))
		}
	}
	o.Finish()
	switch d := o.Deviation(); {
	case d == nil:
		t.Errorf("not impossible; now %v", o.States())
	case d.N != after+2:
		t.Errorf("packet %d is impossible: want %d: %v", d.N, after+2, d)
	case len(d.Rules) == 0:
		t.Errorf("no rule forbids it: %v", d)
	}
}

// A SYN in the middle of a connection draws a challenge ACK, or a new SYN,ACK or
// a reset if the endpoint is gone; every other answer is impossible.
func TestSynAnsweredWrongly(t *testing.T) {
	list := rows(t, "testdata/linux/linux-half-open-peer-reboot.states.csv")
	after := -1
	var iss, received model.Seq
	for i, r := range list {
		switch {
		case r.out && r.g.Flags == model.SYN|model.ACK:
			iss = r.g.Seq
		case !r.out && r.g.Flags == model.SYN && r.is[0] == model.Established:
			after = i
		case !r.out && after < 0:
			received = r.g.Seq + model.Seq(r.g.SegLen())
		}
		if after >= 0 {
			break
		}
	}
	if after < 0 {
		t.Fatal("no SYN in a connection")
	}
	syn := list[after].g.Seq
	for _, g := range []model.Segment{
		seg(model.SYN|model.ACK, iss, syn+1, 0),
		seg(model.SYN|model.ACK, iss+1, syn+1, 0),
		seg(model.SYN|model.ACK, iss+1, received, 0),
		seg(model.SYN|model.ACK, iss+77_777, syn+2, 0),
		seg(model.SYN|model.ACK, iss+77_777, syn, 0),
		seg(model.ACK, iss+1, syn+1, 0),
		seg(model.ACK, iss+1, syn, 0),
		seg(model.ACK, iss+1, syn+1, 9),
		seg(model.FIN|model.ACK, iss+1, syn+1, 0),
		seg(model.RST|model.ACK, 0, syn+2, 0),
		seg(model.RST|model.ACK, iss+1, syn+1, 0),
		seg(model.RST, syn+1, 0, 0),
	} {
		forged := forgery{make: func(model.Seq, model.Seq) model.Segment { return g }}
		t.Run(fmt.Sprintf("%v with SEQ=ISS+%d and ACK=SYN+%d", g.Flags, g.Seq-iss, g.Ack-syn), func(t *testing.T) {
			corrupted(t, list, after, &forged)
		})
	}
}
