package track

import (
	"net/netip"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe"
	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/model"
)

// After how much of the capture's time without a packet a connection is handed
// over.
const (
	Linger     = 4 * time.Minute // it has ended: 2 MSL (RFC 9293 §3.4.2)
	Unanswered = 5 * time.Minute // only one side was heard
	Idle       = 2 * time.Hour   // the time before a keep-alive (RFC 9293 §3.8.4)
)

// Options of a [Tracker]. The zero value judges by RFC 9293.
type Options struct {
	Behaviours model.Behaviours
	// Packets: keep the packets of each connection, with their states.
	Packets   bool
	Checksums Checksums
	// At tells whether the capture was taken at that address; nil: in between.
	// What was seen on its way there was processed.
	At func(netip.AddrPort) bool
}

// Checksums is what becomes of segments with a wrong checksum. They are counted
// in any case.
type Checksums uint8

// The values of Checksums.
const (
	// ChecksumsDoubted: they are judged, since their receiver may have dropped
	// them or not. Zeek's words leave them out, unless the peer acknowledges
	// what only they carry.
	ChecksumsDoubted  Checksums = iota
	ChecksumsVerified           // their receiver drops them: they are not judged
	ChecksumsIgnored            // they are as good as any
)

// Tracker follows connections.
type Tracker struct {
	BadSums, Offloaded int // segments so far

	options  Options
	endpoint model.Endpoint
	done     func(*Conn)
	open     map[key]*pair
	ended    queue
	lonely   queue
	running  queue
}

// key is an address pair, the lesser first.
type key struct{ lo, hi netip.AddrPort }

// pair is two addresses and ports, with the observers that follow all their
// connections and the connection that is open.
type pair struct {
	observers [2]*observe.Observer // of conn.Addr
	conn      *Conn
}

// New returns a tracker that hands connections to done, in the order in which
// they end.
func New(options Options, done func(*Conn)) *Tracker {
	return &Tracker{
		options: options, done: done, open: map[key]*pair{},
		endpoint: model.Endpoint{Space: model.Space32, Behaviours: options.Behaviours},
	}
}

// Open is how many connections are being followed.
func (t *Tracker) Open() int { return len(t.open) }

// Add takes the next packet.
func (t *Tracker) Add(p *capture.Packet) {
	t.expire(p.Time)
	k := key{p.Src, p.Dst}
	if k.hi.Compare(k.lo) < 0 {
		k.lo, k.hi = k.hi, k.lo
	}
	pr := t.open[k]
	switch {
	case pr == nil:
		pr = t.begin(k, p)
		t.open[k] = pr
	case pr.conn.reopenedBy(p):
		t.renew(k, pr, p)
	}
	c := pr.conn
	c.note(t, pr, p)
	c.last = p.Time
	switch {
	case c.ended():
		t.ended.push(c)
	case !c.sides[A].seen || !c.sides[B].seen:
		t.lonely.push(c)
	default:
		t.running.push(c)
	}
}

// Finish hands over what is open.
func (t *Tracker) Finish() {
	for _, q := range []*queue{&t.ended, &t.lonely, &t.running} {
		for q.first != nil {
			t.end(q.first)
		}
	}
}

func (t *Tracker) expire(now time.Time) {
	for _, w := range []struct {
		q    *queue
		wait time.Duration
	}{{&t.ended, Linger}, {&t.lonely, Unanswered}, {&t.running, Idle}} {
		for w.q.first != nil && now.Sub(w.q.first.last) > w.wait {
			t.end(w.q.first)
		}
	}
}

// end hands the connection over and forgets its addresses.
func (t *Tracker) end(c *Conn) {
	pr := t.open[c.key]
	for _, o := range pr.observers {
		o.Finish()
	}
	c.finish(pr, t.options.Checksums)
	delete(t.open, c.key)
	c.list.remove(c)
	t.done(c)
}

// renew ends the connection and begins one between the same endpoints.
func (t *Tracker) renew(k key, pr *pair, p *capture.Packet) {
	old := pr.conn
	for _, o := range pr.observers {
		o.Finish()
	}
	old.finish(pr, t.options.Checksums)
	old.list.remove(old)
	t.done(old)
	c := newConn(k, p)
	if c.Addr != old.Addr {
		pr.observers[A], pr.observers[B] = pr.observers[B], pr.observers[A]
	}
	for i, o := range pr.observers {
		if o.Deviation() != nil || o.Unknown() != "" {
			pr.observers[i] = t.observer(c.Addr[i], observe.New)
		}
	}
	pr.conn = c
}

func (t *Tracker) observer(addr netip.AddrPort, watch func(*model.Endpoint) *observe.Observer) *observe.Observer {
	o := watch(&t.endpoint)
	o.AtEndpoint = t.options.At != nil && t.options.At(addr)
	return o
}

// begin starts to follow an address pair. A SYN,ACK that comes first shows that
// there was a SYN before it, or that somebody pretends so.
func (t *Tracker) begin(k key, p *capture.Packet) *pair {
	g := p.Segment
	c := newConn(k, p)
	c.first = true
	pr := &pair{conn: c}
	watch := observe.NewOpen
	dropped := p.BadChecksum && t.options.Checksums == ChecksumsVerified
	if g.Flags.Has(model.SYN) && !g.Flags.Has(model.RST) && !dropped {
		watch = observe.New
	} else {
		c.mid = true
	}
	for i := range pr.observers {
		pr.observers[i] = t.observer(c.Addr[i], watch)
	}
	if g.Flags.Has(model.SYN|model.ACK) && !g.Flags.Has(model.RST) && !dropped {
		syn := model.Segment{Seq: model.Space32.Sub(g.Ack, 1), Flags: model.SYN, Wnd: 1 << 16}
		from := c.side(p)
		pr.observers[from.Other()].MayHaveSent(syn)
		pr.observers[from].Received(0, syn)
	}
	return pr
}

// newConn begins a connection. The side that sends a SYN without ACK, or else
// the first seen, or else the one that a SYN,ACK goes to, is A.
func newConn(k key, p *capture.Packet) *Conn {
	c := &Conn{key: k, First: p.Time, Addr: [2]netip.AddrPort{p.Src, p.Dst}}
	if p.Segment.Flags&(model.SYN|model.ACK) == model.SYN|model.ACK {
		c.Addr[A], c.Addr[B] = p.Dst, p.Src
		c.zeek.flipped = true
	}
	c.sides[A].scale, c.sides[B].scale = -1, -1
	return c
}

func (c *Conn) side(p *capture.Packet) Side {
	if p.Src == c.Addr[A] {
		return A
	}
	return B
}

// queue is a list of connections, the one without a packet for longest first.
type queue struct{ first, last *Conn }

// push puts c at the end, taking it from the list that it is in.
func (q *queue) push(c *Conn) {
	if q.last == c {
		return
	}
	if c.list != nil {
		c.list.remove(c)
	}
	c.list, c.prev = q, q.last
	if q.last != nil {
		q.last.next = c
	} else {
		q.first = c
	}
	q.last = c
}

func (q *queue) remove(c *Conn) {
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		q.first = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	} else {
		q.last = c.prev
	}
	c.list, c.next, c.prev = nil, nil, nil
}
