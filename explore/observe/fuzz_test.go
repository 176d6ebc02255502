package observe_test

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

// wire reads segments from octets: five for each, of which the numbers are near
// those that were seen before.
func wire(data []byte, yield func(out bool, g model.Segment)) {
	top := [2]model.Seq{1 << 31, 1<<32 - 10}
	for ; len(data) >= 5; data = data[5:] {
		from := data[0] >> 7
		offset := func(b byte) model.Seq {
			n := model.Seq(int8(b))
			if b == 0x80 {
				n <<= 22 // far away
			}
			return n
		}
		g := model.Segment{
			Flags: model.Flags(data[0]) & model.AllFlags, Seq: top[from] + offset(data[1]), Len: uint32(data[3]) % 50, Wnd: uint32(data[4]) * 4,
		}
		if g.Flags.Has(model.ACK) {
			g.Ack = top[1-from] + offset(data[2])
		}
		if data[1] < 0x20 { // ahead
			top[from] = g.Seq + model.Seq(g.SegLen())
		}
		yield(from == 1, g)
	}
}

// FuzzObserver: whatever is on the wire, an endpoint that is not impossible is in
// some state, the set is small, and nothing is said after the end.
func FuzzObserver(f *testing.F) {
	f.Add([]byte{0x02, 0, 0, 0, 100, 0x92, 0, 0, 0, 100, 0x10, 0, 0, 5, 100, 0x90, 0, 0, 0, 100, 0x11, 0, 0, 0, 100, 0x91, 0, 0, 0, 90})
	f.Add([]byte{0x82, 0, 0, 0, 100, 0x02, 0, 0, 0, 100, 0x92, 0, 0, 0, 100, 0x12, 0, 0, 0, 100, 0x84, 0x80, 0, 0, 0, 0x84, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, variant := range []string{"linux", model.DefaultVariant} {
			for _, at := range []bool{false, true} {
				for _, watch := range []func(*model.Endpoint) *observe.Observer{observe.New, observe.NewOpen} {
					o := watch(endpoint(t, variant))
					o.AtEndpoint = at
					n := 0
					wire(data, func(out bool, g model.Segment) {
						n++
						ended := o.Deviation() != nil || o.Unknown() != ""
						verdict := observe.Allowed
						if out {
							verdict = o.Sent(n, g)
						} else {
							o.Received(n, g)
						}
						checkObserver(t, o, n, out, ended, verdict)
					})
					o.Finish()
				}
			}
		}
	})
}

func checkObserver(t *testing.T, o *observe.Observer, n int, out, ended bool, verdict observe.Verdict) {
	t.Helper()
	d := o.Deviation()
	switch {
	case ended && out && verdict != observe.Unknown:
		t.Fatalf("packet %d: %v after the end", n, verdict)
	case verdict == observe.Impossible && (d == nil || d.N > n || len(d.Rules) == 0 || len(o.States()) != 0):
		t.Fatalf("packet %d: impossible, with deviation %v and states %v", n, d, o.States())
	case d == nil && o.Unknown() == "" && len(o.States()) == 0:
		t.Fatalf("packet %d: no state is left and nothing is impossible", n)
	case o.Size() > 256:
		t.Fatalf("packet %d: the set has %d endpoints", n, o.Size())
	}
}
