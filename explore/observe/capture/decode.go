package capture

import (
	"encoding/binary"
	"net/netip"

	"github.com/gopacket/gopacket/layers"

	"github.com/tcpcheck/tcpcheck/model"
)

// protocolTCP is TCP's number in an IP header.
const protocolTCP = 6

// datagram is an IP packet whose headers were read.
type datagram struct {
	src, dst netip.Addr
	text     []byte // behind the IP headers, as far as captured
	length   int    // how long it was on the wire
}

// decode reads the TCP segment in a frame that was wire octets long and of
// which data was captured.
func decode(link layers.LinkType, data []byte, wire int) (p Packet, why Reason) {
	ip, why := network(link, data)
	if why != None {
		return p, why
	}
	if len(ip) == 0 {
		return p, CutShort
	}
	var d datagram
	wire -= len(data) - len(ip) // what remains behind the link header
	switch ip[0] >> 4 {
	case 4:
		d, why = ipv4(ip, wire)
	case 6:
		d, why = ipv6(ip, wire)
	default:
		return p, NotIP
	}
	if why != None {
		return p, why
	}
	return tcp(d)
}

func ipv4(b []byte, wire int) (d datagram, why Reason) {
	if len(b) < 20 {
		return d, CutShort
	}
	header := int(b[0]&15) * 4
	total := int(binary.BigEndian.Uint16(b[2:]))
	if total == 0 {
		total = wire // segmentation was left to the network card
	}
	switch {
	case header < 20 || total < header:
		return d, Malformed
	case binary.BigEndian.Uint16(b[6:])&0x3fff != 0: // more fragments, or an offset
		return d, Fragment
	case b[9] != protocolTCP:
		return d, NotTCP
	case len(b) < header:
		return d, CutShort
	}
	d.src, d.dst = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	d.length = total - header
	d.text = b[header:min(len(b), total)]
	return d, None
}

// ipv6 goes through the extension headers.
func ipv6(b []byte, wire int) (d datagram, why Reason) {
	if len(b) < 40 {
		return d, CutShort
	}
	length := int(binary.BigEndian.Uint16(b[4:]))
	if length == 0 {
		length = wire - 40
	}
	d.src, d.dst = netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	next := b[6]
	b = b[40:min(len(b), 40+max(length, 0))]
	for {
		n := 0
		switch next {
		case protocolTCP:
			d.text, d.length = b, length
			return d, None
		case 0, 43, 60, 135: // hop-by-hop, routing, destination, mobility
			if len(b) < 8 {
				return d, CutShort
			}
			n = 8 + 8*int(b[1])
		case 51: // authentication
			if len(b) < 8 {
				return d, CutShort
			}
			n = 8 + 4*int(b[1])
		case 44:
			if len(b) < 8 {
				return d, CutShort
			}
			if binary.BigEndian.Uint16(b[2:])&0xfff9 != 0 {
				return d, Fragment
			}
			n = 8
		default:
			return d, NotTCP
		}
		if n > length {
			return d, Malformed
		}
		if n > len(b) {
			return d, CutShort
		}
		next, b, length = b[0], b[n:], length-n
	}
}

// tcp reads the header; options that were cut off are missing, no more.
func tcp(d datagram) (p Packet, why Reason) {
	b := d.text
	if d.length < 20 {
		return p, Malformed
	}
	if len(b) < 20 {
		return p, CutShort
	}
	header := int(b[12]>>4) * 4
	if header < 20 || header > d.length {
		return p, Malformed
	}
	p.Src = netip.AddrPortFrom(d.src, binary.BigEndian.Uint16(b))
	p.Dst = netip.AddrPortFrom(d.dst, binary.BigEndian.Uint16(b[2:]))
	p.Segment = model.Segment{
		Seq:   model.Seq(binary.BigEndian.Uint32(b[4:])),
		Wnd:   uint32(binary.BigEndian.Uint16(b[14:])),
		Len:   uint32(d.length - header),
		Flags: model.Flags(b[13]) & model.AllFlags,
	}
	if p.Segment.Flags.Has(model.ACK) {
		p.Segment.Ack = model.Seq(binary.BigEndian.Uint32(b[8:]))
	}
	if p.Segment.Flags.Has(model.URG) {
		p.Segment.Up = binary.BigEndian.Uint16(b[18:])
	}
	if have := max(len(b)-header, 0); have < int(p.Segment.Len) {
		p.Cut = p.Segment.Len - uint32(have)
	}
	p.options(b[20:min(header, len(b))])
	if header > len(b) && p.Scale < 0 {
		p.Scale = 14 // the snap length cut it off: no window is wider
	}
	if len(b) == d.length {
		p.checkSum(d, b)
	}
	return p, None
}

// options looks for window scale and Fast Open.
func (p *Packet) options(b []byte) {
	p.Scale = -1
	for len(b) > 0 {
		switch b[0] {
		case 0:
			return
		case 1:
			b = b[1:]
			continue
		}
		if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
			return
		}
		switch n := b[1]; {
		case b[0] == 3 && n == 3:
			p.Scale = int8(min(b[2], 14)) // RFC 7323 section 2.3
		case b[0] == 34, b[0] == 254 && n >= 4 && b[2] == 0xf9 && b[3] == 0x89:
			p.FastOpen = true
		}
		b = b[b[1]:]
	}
}

// checkSum judges the checksum of a segment that is there in full. A sender
// that leaves it to the network card puts the pseudo-header's sum into it.
func (p *Packet) checkSum(d datagram, b []byte) {
	pseudo := uint64(protocolTCP) + uint64(d.length)
	src, dst := d.src.As16(), d.dst.As16()
	if d.src.Is4() {
		pseudo = sum(sum(pseudo, src[12:]), dst[12:])
	} else {
		pseudo = sum(sum(pseudo, src[:]), dst[:])
	}
	if fold(sum(pseudo, b)) == 0xffff {
		return
	}
	if p.Offloaded = binary.BigEndian.Uint16(b[16:]) == fold(pseudo); !p.Offloaded {
		p.BadChecksum = true
	}
}

// sum adds 16-bit words (RFC 1071); there is room for 2^48 of them.
func sum(n uint64, b []byte) uint64 {
	for len(b) >= 8 {
		w := binary.BigEndian.Uint64(b)
		n += w>>48 + w>>32&0xffff + w>>16&0xffff + w&0xffff
		b = b[8:]
	}
	for len(b) >= 2 {
		n += uint64(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		n += uint64(b[0]) << 8
	}
	return n
}

func fold(n uint64) uint16 {
	for n>>16 != 0 {
		n = n&0xffff + n>>16
	}
	return uint16(n)
}
