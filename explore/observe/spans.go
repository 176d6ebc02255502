package observe

import "github.com/tcpcheck/tcpcheck/model"

// maxSpans is how many separate ranges above a hole are remembered; more are
// joined, as if the octets between had been seen.
const maxSpans = 32

// span is the numbers from lo up to and without hi.
type span struct{ lo, hi model.Seq }

// spans are ranges above a hole, in order of their distance from edge.
type spans []span

// add puts in the range, joining what touches. Every lo lies at or above edge.
func (p spans) add(s model.Space, edge model.Seq, n span) spans {
	out := make(spans, 0, len(p)+1)
	for i, o := range p {
		if s.Dist(edge, n.hi) < s.Dist(edge, o.lo) {
			out = append(append(out, n), p[i:]...)
			return out.bounded()
		}
		if s.Dist(edge, o.hi) < s.Dist(edge, n.lo) {
			out = append(out, o)
			continue
		}
		if s.Dist(edge, o.lo) < s.Dist(edge, n.lo) {
			n.lo = o.lo
		}
		if s.Dist(edge, o.hi) > s.Dist(edge, n.hi) {
			n.hi = o.hi
		}
	}
	return append(out, n).bounded()
}

func (p spans) bounded() spans {
	if len(p) > maxSpans {
		p[len(p)-2].hi = p[len(p)-1].hi
		p = p[:len(p)-1]
	}
	return p
}

// reach is how far the numbers from edge are known without a hole, and what
// then lies above.
func (p spans) reach(s model.Space, edge model.Seq) (model.Seq, spans) {
	for len(p) > 0 && atOrAbove(s, p[0].lo, edge) {
		raise(s, &edge, p[0].hi)
		p = p[1:]
	}
	if len(p) == 0 {
		p = nil
	}
	return edge, p
}
