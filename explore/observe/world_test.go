package observe_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/model"
)

// host is an endpoint of the model with its observer.
type host struct {
	e      model.Endpoint
	t      model.TCB
	o      *observe.Observer
	toSeen []model.Segment // sent, not yet at the point of capture
	toPeer []model.Segment // seen, not yet at the peer
	opens  int
	silent bool // it took a step that nobody sees, and nothing that it sent since was seen
	before int  // how many of toSeen it sent before that step
	missed bool // something that it sent did not get to the point of capture
}

// world is two hosts and a point of capture between them.
type world struct {
	t     testing.TB
	r     *rand.Rand
	hosts [2]*host
	near  bool // the point of capture is at host 0, and nothing is lost on the way there
	loss  int  // of 100 segments, before the point of capture
	n     int
	log   strings.Builder
}

func newWorld(t testing.TB, seed uint64, b model.Behaviours) *world {
	w := &world{t: t, r: rand.New(rand.NewPCG(seed, 1))}
	w.near = w.r.IntN(4) == 0
	if !w.near {
		w.loss = w.r.IntN(3) * 10
	}
	for i := range w.hosts {
		h := &host{e: model.Endpoint{Space: model.Space32, Window: 100, Retransmissions: 3, MSL: 1, TimeWait: 2, Behaviours: b}}
		h.o = observe.New(&h.e)
		w.hosts[i] = h
	}
	w.hosts[0].o.AtEndpoint = w.near
	return w
}

func (w *world) step(i int, ev model.Event) {
	h := w.hosts[i]
	before := h.t
	var out model.Output
	h.e.Step(&h.t, ev, &out)
	if h.t == before && len(out.Sent()) == 0 {
		return
	}
	fmt.Fprintf(&w.log, "host %d %v %v: %v -> %v\n", i, ev.Kind, ev.Segment, before.State, h.t.State)
	if len(out.Sent()) == 0 && ev.Kind != model.SegmentArrives && ev.Kind != model.OpenPassive {
		h.silent, h.before = true, len(h.toSeen)
	}
	h.toSeen = append(h.toSeen, out.Sent()...)
	if w.near && i == 0 {
		for len(h.toSeen) > 0 {
			w.see(i, 0)
		}
	}
}

// see lets a segment reach the point of capture.
func (w *world) see(i, k int) {
	h, peer := w.hosts[i], w.hosts[1-i]
	g := h.toSeen[k]
	h.toSeen = slices.Delete(h.toSeen, k, k+1)
	w.n++
	fmt.Fprintf(&w.log, "  %d seen from %d: %+v (%d left) near %v\n", w.n, i, g, len(h.toSeen), w.near)
	if v := h.o.Sent(w.n, g); v == observe.Impossible {
		w.t.Fatalf("%v\n%s", h.o.Deviation(), w.log.String())
	}
	if h.o.Contradicted() {
		w.t.Fatalf("%d was sent by what processed all that was at the endpoint\n%s", w.n, w.log.String())
	}
	fmt.Fprintf(&w.log, "    may be %v, is %v\n", h.o.States(), h.t.State)
	if h.before > 0 {
		h.before--
	} else if !g.Flags.Has(model.RST) { // that may answer from CLOSED
		h.silent = false
	}
	peer.o.Received(w.n, g)
	fmt.Fprintf(&w.log, "    the peer may be %v, is %v\n", peer.o.States(), peer.t.State)
	h.toPeer = append(h.toPeer, g)
	if w.near && i == 1 {
		w.deliver(i, len(h.toPeer)-1)
	}
	w.compare()
}

func (w *world) deliver(i, k int) {
	h := w.hosts[i]
	g := h.toPeer[k]
	if w.r.IntN(10) > 0 || w.near {
		h.toPeer = slices.Delete(h.toPeer, k, k+1)
	}
	w.step(1-i, model.Event{Kind: model.SegmentArrives, Segment: g, ISS: w.iss(1 - i)})
	w.compare()
}

func (w *world) iss(i int) model.Seq {
	w.hosts[i].opens++
	return model.Seq(w.r.Uint32())
}

// compare: the state of a host whose segments were all seen is in its set,
// unless a step that nobody sees led there.
func (w *world) compare() {
	for i, h := range w.hosts {
		if h.silent || h.missed || len(h.toSeen) > 0 || h.t.CloseQueued || h.o.Unknown() != "" {
			continue
		}
		if h.t.State <= model.Listen && h.o.May(model.Closed, model.Listen) {
			continue // OPEN, passive, and CLOSE in LISTEN are not seen either
		}
		if !h.o.May(h.t.State) {
			w.t.Fatalf("host %d is in %v: %v\n%s", i, h.t.State, h.o.States(), w.log.String())
		}
	}
}

// event is something that a user or a timer does.
func (w *world) event(i int) {
	h := w.hosts[i]
	switch w.r.IntN(12) {
	case 0, 1:
		if h.t.State == model.Closed && h.opens < 3 {
			w.step(i, model.Event{Kind: model.OpenActive, ISS: w.iss(i)})
		}
	case 2, 3:
		w.step(i, model.Event{Kind: model.OpenPassive})
	case 4, 5, 6:
		if h.t.State >= model.SynSent {
			w.step(i, model.Event{Kind: model.Send, N: 1 + w.r.Uint32N(60)})
		}
	case 7:
		w.step(i, model.Event{Kind: model.Close})
	case 8:
		if w.r.IntN(8) == 0 {
			w.step(i, model.Event{Kind: model.Abort})
		}
	case 9:
		w.step(i, model.Event{Kind: model.RetransmissionTimeout})
	case 10:
		if h.e.CanKeepAlive(&h.t) {
			w.step(i, model.Event{Kind: model.KeepAliveTimeout})
		}
		w.step(i, model.Event{Kind: model.ZeroWindowProbe})
	case 11:
		if w.r.IntN(4) == 0 {
			w.step(i, model.Event{Kind: model.TimeWaitTimeout})
			if h.e.CanGiveUp(&h.t) && len(h.toSeen) == 0 && !h.missed {
				w.step(i, model.Event{Kind: model.UserTimeout})
			}
		}
	}
}

// overtakes picks the next segment to be seen: sometimes the second, but a SYN
// is not overtaken and overtakes nothing. What a reset overtook leaves open
// whether it was sent after it.
func (w *world) overtakes(h *host) int {
	if len(h.toSeen) < 2 || (h.toSeen[0].Flags | h.toSeen[1].Flags).Has(model.SYN) || w.r.IntN(2) == 0 {
		return 0
	}
	if (h.toSeen[0].Flags | h.toSeen[1].Flags).Has(model.RST) {
		h.missed = true
	}
	return 1
}

func (w *world) run(steps int) {
	for range steps {
		i := w.r.IntN(2)
		h := w.hosts[i]
		switch k := w.r.IntN(6); {
		case k < 2:
			w.event(i)
		case k < 4 && len(h.toSeen) > 0:
			if at := w.overtakes(h); w.r.IntN(100) < w.loss && h.toSeen[at].Flags&(model.SYN|model.RST) == 0 {
				fmt.Fprintf(&w.log, "  lost from %d: %+v\n", i, h.toSeen[at])
				h.toSeen, h.missed = slices.Delete(h.toSeen, at, at+1), true
			} else {
				w.see(i, at)
			}
		case len(h.toPeer) > 0:
			at := w.r.IntN(min(len(h.toPeer), 2))
			if w.r.IntN(10) == 0 {
				h.toPeer = slices.Delete(h.toPeer, at, at+1)
			} else {
				w.deliver(i, at)
			}
		}
	}
}

// What endpoints of the model do is never impossible, over a network that
// loses, delays, repeats and reorders before and behind the point of capture.
func TestRunsOfTheModel(t *testing.T) {
	for _, v := range model.Variants() {
		t.Run(v.Name, func(t *testing.T) {
			for seed := range uint64(3000) {
				newWorld(t, seed, v.Behaviours).run(80)
			}
		})
	}
}
