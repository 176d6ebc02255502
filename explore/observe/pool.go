package observe

import "github.com/tcpcheck/tcpcheck/model"

// maxPool is how many segments that may still be processed are remembered.
const maxPool = 8

// pool is the segments with SYN, FIN or RST that came and may still be
// processed, or were lost.
type pool struct {
	n    uint8
	held [maxPool]model.Segment
}

func (p *pool) all() []model.Segment { return p.held[:p.n] }

// add remembers g unless it is there; ok is false if there is no room.
func (p *pool) add(g model.Segment) (ok bool) {
	g.Wnd, g.Up = 0, 0
	g.Flags &= model.SYN | model.FIN | model.RST | model.ACK
	for _, h := range p.all() {
		if h == g {
			return true
		}
	}
	if p.n == maxPool {
		return false
	}
	p.held[p.n] = g
	p.n++
	return true
}

// keep forgets the segments that are not wanted.
func (p *pool) keep(wanted func(model.Segment) bool) {
	n := uint8(0)
	for _, g := range p.all() {
		if wanted(g) {
			p.held[n] = g
			n++
		}
	}
	clear(p.held[n:p.n])
	p.n = n
}
