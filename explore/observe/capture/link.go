package capture

import (
	"encoding/binary"

	"github.com/gopacket/gopacket/layers"
)

// The EtherTypes that lead to IP.
const (
	etherIPv4  = 0x0800
	etherIPv6  = 0x86dd
	etherVLAN  = 0x8100
	etherQinQ  = 0x88a8
	etherOld   = 0x9100 // QinQ before IEEE 802.1ad
	etherPPPoE = 0x8864 // a session
)

// The raw link types of systems that number them differently.
const (
	linkRawBSD     = layers.LinkType(12)
	linkRawOpenBSD = layers.LinkType(14)
)

// network strips the link header: the IP packet, or why there is none.
func network(link layers.LinkType, b []byte) (ip []byte, why Reason) {
	switch link {
	case layers.LinkTypeEthernet:
		if len(b) < 14 {
			return nil, CutShort
		}
		return ether(binary.BigEndian.Uint16(b[12:]), b[14:])
	case layers.LinkTypeRaw, linkRawBSD, linkRawOpenBSD, layers.LinkTypeIPv4, layers.LinkTypeIPv6:
		return b, None
	case layers.LinkTypeNull, layers.LinkTypeLoop:
		return loopback(b)
	case layers.LinkTypeLinuxSLL:
		if len(b) < 16 {
			return nil, CutShort
		}
		return ether(binary.BigEndian.Uint16(b[14:]), b[16:])
	case layers.LinkTypeLinuxSLL2:
		if len(b) < 20 {
			return nil, CutShort
		}
		return ether(binary.BigEndian.Uint16(b), b[20:])
	case layers.LinkTypePPP, layers.LinkTypePPP_HDLC:
		return ppp(b)
	case layers.LinkTypePPPEthernet:
		return ether(etherPPPoE, b)
	}
	return nil, UnknownLink
}

// ether goes through VLAN tags and PPPoE.
func ether(kind uint16, b []byte) ([]byte, Reason) {
	for {
		switch kind {
		case etherIPv4, etherIPv6:
			return b, None
		case etherVLAN, etherQinQ, etherOld:
			if len(b) < 4 {
				return nil, CutShort
			}
			kind, b = binary.BigEndian.Uint16(b[2:]), b[4:]
		case etherPPPoE:
			if len(b) < 6 {
				return nil, CutShort
			}
			return ppp(b[6:])
		default:
			return nil, NotIP
		}
	}
}

// ppp reads the protocol field, with or without the HDLC header before it, of
// one or two octets.
func ppp(b []byte) ([]byte, Reason) {
	if len(b) >= 2 && b[0] == 0xff && b[1] == 0x03 {
		b = b[2:]
	}
	if len(b) < 2 {
		return nil, CutShort
	}
	protocol := uint16(b[0])
	if b[0]&1 == 1 {
		b = b[1:]
	} else {
		protocol, b = binary.BigEndian.Uint16(b), b[2:]
	}
	if protocol != 0x0021 && protocol != 0x0057 {
		return nil, NotIP
	}
	return b, None
}

// loopback has the address family in the byte order of the host that captured,
// and IPv6's number depends on the system: the IP version decides.
func loopback(b []byte) ([]byte, Reason) {
	if len(b) < 5 {
		return nil, CutShort
	}
	if v := b[4] >> 4; v != 4 && v != 6 {
		return nil, NotIP
	}
	return b[4:], None
}
