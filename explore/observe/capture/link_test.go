package capture_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/klauspost/compress/zstd"

	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/model"
)

// link is a way to carry IP packets; wrap puts the header before one.
type link struct {
	name string
	kind layers.LinkType
	wrap func(ip []byte) []byte
}

// etherType is what a link header says that follows.
func etherType(ip []byte) []byte {
	if ip[0]>>4 == 6 {
		return []byte{0x86, 0xdd}
	}
	return []byte{0x08, 0x00}
}

// before joins its parts and the packet.
func before(ip []byte, parts ...[]byte) []byte {
	return append(bytes.Join(parts, nil), ip...)
}

var (
	addresses = make([]byte, 12) // of Ethernet
	vlan      = []byte{0x81, 0x00, 0x00, 0x07}
	qinq      = []byte{0x88, 0xa8, 0x00, 0x05}
	oldQinQ   = []byte{0x91, 0x00, 0x00, 0x05}
)

// pppoe is the header of a PPPoE session and PPP's protocol field.
func pppoe(ip []byte) []byte {
	protocol := []byte{0x00, 0x21}
	if ip[0]>>4 == 6 {
		protocol = []byte{0x00, 0x57}
	}
	n := len(ip) + 2
	return append([]byte{0x88, 0x64, 0x11, 0x00, 0x12, 0x34, byte(n >> 8), byte(n)}, protocol...)
}

func loopback(family uint32, order binary.ByteOrder) func([]byte) []byte {
	return func(ip []byte) []byte {
		header := make([]byte, 4)
		order.PutUint32(header, family)
		return before(ip, header)
	}
}

func plainIP(ip []byte) []byte { return ip }

// links are the link types that are read, by their numbers in the registry of
// link types.
var links = []link{
	{"Ethernet", 1, func(ip []byte) []byte { return before(ip, addresses, etherType(ip)) }},
	{"VLAN", 1, func(ip []byte) []byte { return before(ip, addresses, vlan, etherType(ip)) }},
	{"QinQ", 1, func(ip []byte) []byte { return before(ip, addresses, qinq, vlan, etherType(ip)) }},
	{"QinQ before 802.1ad", 1, func(ip []byte) []byte { return before(ip, addresses, oldQinQ, vlan, etherType(ip)) }},
	{"PPPoE", 1, func(ip []byte) []byte { return before(ip, addresses, pppoe(ip)) }},
	{"PPPoE over QinQ", 1, func(ip []byte) []byte { return before(ip, addresses, qinq, vlan, pppoe(ip)) }},
	{"PPP", 9, func(ip []byte) []byte { return before(ip, pppoe(ip)[8:]) }},
	{"PPP with HDLC", 9, func(ip []byte) []byte { return before(ip, []byte{0xff, 0x03}, pppoe(ip)[8:]) }},
	{"PPP, short protocol", 9, func(ip []byte) []byte { return before(ip, pppoe(ip)[9:]) }},
	{"PPP of a serial line", 50, func(ip []byte) []byte { return before(ip, []byte{0xff, 0x03}, pppoe(ip)[8:]) }},
	{"PPPoE without Ethernet", 51, func(ip []byte) []byte { return before(ip, pppoe(ip)[2:]) }},
	{"loopback, little-endian", 0, loopback(2, binary.LittleEndian)},
	{"loopback, big-endian", 0, loopback(2, binary.BigEndian)},
	{"loopback of macOS, IPv6", 0, loopback(30, binary.LittleEndian)},
	{"loopback of OpenBSD", 108, loopback(24, binary.BigEndian)},
	{"raw IP", 101, plainIP},
	{"raw IP of BSD", 12, plainIP},
	{"raw IP of OpenBSD", 14, plainIP},
	{"IPv4", 228, plainIP},
	{"IPv6", 229, plainIP},
	{"Linux SLL", 113, func(ip []byte) []byte { return before(ip, make([]byte, 14), etherType(ip)) }},
	{"Linux SLL, VLAN", 113, func(ip []byte) []byte { return before(ip, make([]byte, 14), vlan, etherType(ip)) }},
	{"Linux SLL2", 276, func(ip []byte) []byte { return before(ip, etherType(ip), make([]byte, 18)) }},
}

// segments of a short conversation: what is to be read again.
var segments = []model.Segment{
	{Seq: 100, Wnd: 1000, Flags: model.SYN},
	{Seq: 900, Ack: 101, Wnd: 2000, Flags: model.SYN | model.ACK},
	{Seq: 101, Ack: 901, Wnd: 1000, Len: 5, Flags: model.ACK | model.PSH},
	{Seq: 106, Ack: 901, Wnd: 1000, Flags: model.ACK | model.FIN},
}

// ipPacket is the segment in an IP packet of the version, with right checksums
// of TCP.
func ipPacket(version int, g model.Segment) []byte {
	be := binary.BigEndian
	tcp := make([]byte, 20+g.Len)
	be.PutUint16(tcp, 40000)
	be.PutUint16(tcp[2:], 80)
	be.PutUint32(tcp[4:], uint32(g.Seq))
	be.PutUint32(tcp[8:], uint32(g.Ack))
	tcp[12], tcp[13] = 5<<4, byte(g.Flags)
	be.PutUint16(tcp[14:], uint16(g.Wnd))
	var ip, pseudo []byte
	if version == 4 {
		ip = make([]byte, 20)
		ip[0], ip[8], ip[9] = 0x45, 64, 6
		be.PutUint16(ip[2:], uint16(20+len(tcp)))
		copy(ip[12:], []byte{192, 0, 2, 1, 192, 0, 2, 2})
		pseudo = append(pseudo, ip[12:20]...)
	} else {
		ip = make([]byte, 40)
		ip[0], ip[6], ip[7] = 0x60, 6, 64
		be.PutUint16(ip[4:], uint16(len(tcp)))
		ip[8], ip[23], ip[24], ip[39] = 0xfd, 1, 0xfd, 2
		pseudo = append(pseudo, ip[8:40]...)
	}
	pseudo = append(pseudo, 0, 6, byte(len(tcp)>>8), byte(len(tcp)))
	be.PutUint16(tcp[16:], checksum(append(pseudo, tcp...)))
	return append(ip, tcp...)
}

// checksum is the Internet checksum, octet by octet (RFC 1071).
func checksum(b []byte) uint16 {
	n := uint32(0)
	for i, x := range b {
		n += uint32(x) << (8 * uint(1-i%2))
		n = n&0xffff + n>>16
	}
	return ^uint16(n)
}

// frames of the conversation.
func frames(l link, version int) (list [][]byte) {
	for _, g := range segments {
		list = append(list, l.wrap(ipPacket(version, g)))
	}
	return list
}

// pcapFile is the frames as a pcap file.
func pcapFile(t testing.TB, kind layers.LinkType, frames [][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pcapgo.NewWriter(&b)
	if err := w.WriteFileHeader(65536, kind); err != nil {
		t.Fatal(err)
	}
	for i, f := range frames {
		info := gopacket.CaptureInfo{Timestamp: time.Unix(int64(i), 0), CaptureLength: len(f), Length: len(f)}
		if err := w.WritePacket(info, f); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// same reads the file and compares it with the conversation, repeated so often.
func same(t *testing.T, data []byte, times int) {
	t.Helper()
	list, skipped, err := read(data)
	if err != nil || skipped.Total() != 0 {
		t.Fatalf("error %v, skipped %v", err, skipped.ByName())
	}
	var got, want []model.Segment
	for _, p := range list {
		if p.BadChecksum || p.Offloaded || p.Src.Port() != 40000 || p.Dst.Port() != 80 {
			t.Errorf("packet %d: bad checksum %v, unfinished %v, from %v to %v", p.N, p.BadChecksum, p.Offloaded, p.Src, p.Dst)
		}
		got = append(got, p.Segment)
	}
	for range times {
		want = append(want, segments...)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Every link type gives the same segments, with IPv4 and IPv6.
func TestLinks(t *testing.T) {
	for _, l := range links {
		for _, version := range []int{4, 6} {
			if l.kind == layers.LinkTypeIPv4 && version == 6 || l.kind == layers.LinkTypeIPv6 && version == 4 {
				continue
			}
			t.Run(fmt.Sprintf("%s, IPv%d", l.name, version), func(t *testing.T) {
				same(t, pcapFile(t, l.kind, frames(l, version)), 1)
			})
		}
	}
}

// compressed is the file in gzip and in zstd.
func compressed(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	var g, z bytes.Buffer
	gz := gzip.NewWriter(&g)
	zs, err := zstd.NewWriter(&z)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{gz, zs} {
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return map[string][]byte{"plain": data, "gzip": g.Bytes(), "zstd": z.Bytes()}
}

// pcapng has a link type for each interface; all of them stand in one file.
func ngFile(t testing.TB) (data []byte, times int) {
	t.Helper()
	var b bytes.Buffer
	var w *pcapgo.NgWriter
	for i, l := range links {
		var err error
		id := 0
		if i == 0 {
			w, err = pcapgo.NewNgWriter(&b, l.kind)
		} else {
			id, err = w.AddInterface(pcapgo.NgInterface{Name: l.name, LinkType: l.kind})
		}
		if err != nil {
			t.Fatal(err)
		}
		version := 4
		if l.kind == layers.LinkTypeIPv6 {
			version = 6
		}
		for _, f := range frames(l, version) {
			info := gopacket.CaptureInfo{Timestamp: time.Unix(1, 0), CaptureLength: len(f), Length: len(f), InterfaceIndex: id}
			if err := w.WritePacket(info, f); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), len(links)
}

// pcap and pcapng are read plain, from gzip and from zstd.
func TestFormats(t *testing.T) {
	ng, times := ngFile(t)
	for name, data := range compressed(t, ng) {
		t.Run("pcapng, "+name, func(t *testing.T) { same(t, data, times) })
	}
	for name, data := range compressed(t, pcapFile(t, 1, frames(links[0], 4))) {
		t.Run("pcap, "+name, func(t *testing.T) { same(t, data, 1) })
	}
}

// What is no TCP segment is counted by its reason.
func TestSkipped(t *testing.T) {
	whole := ipPacket(4, segments[2])
	change := func(at int, value ...byte) []byte {
		b := bytes.Clone(whole)
		copy(b[at:], value)
		return b
	}
	six := ipPacket(6, segments[2])
	fragment := append(bytes.Clone(six[:40]), append([]byte{6, 0, 0, 1, 0, 0, 0, 1}, six[40:]...)...)
	fragment[6], fragment[5] = 44, byte(len(fragment)-40)
	ether := links[0].wrap
	for _, c := range []struct {
		name  string
		kind  layers.LinkType
		frame []byte
		want  capture.Reason
	}{
		{"ARP", 1, before(make([]byte, 28), addresses, []byte{0x08, 0x06}), capture.NotIP},
		{"UDP", 1, ether(change(9, 17)), capture.NotTCP},
		{"ICMPv6", 229, append(bytes.Clone(six[:6]), append([]byte{58}, six[7:]...)...), capture.NotTCP},
		{"the first fragment", 1, ether(change(6, 0x20, 0x00)), capture.Fragment},
		{"another fragment", 1, ether(change(6, 0x00, 0x10)), capture.Fragment},
		{"a fragment of IPv6", 229, fragment, capture.Fragment},
		{"a snap length in the IP header", 1, ether(whole)[:30], capture.CutShort},
		{"a snap length in the TCP header", 1, ether(whole)[:50], capture.CutShort},
		{"an IP header of 4 octets", 1, ether(change(0, 0x41)), capture.Malformed},
		{"a TCP header of 8 octets", 1, ether(change(32, 0x20)), capture.Malformed},
		{"a TCP header longer than the packet", 1, ether(change(32, 0xf0)), capture.Malformed},
		{"IEEE 802.11", 105, whole, capture.UnknownLink},
		{"IP version 5", 101, change(0, 0x55), capture.NotIP},
		{"an empty record", 101, nil, capture.CutShort},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, skipped, err := read(pcapFile(t, c.kind, [][]byte{c.frame}))
			if err != nil || len(list) != 0 || skipped[c.want] != 1 || skipped.Total() != 1 {
				t.Errorf("%d segments, error %v, skipped %v: want %v 1", len(list), err, skipped.ByName(), c.want)
			}
		})
	}
}

// A snap length behind the TCP header costs nothing but the text and its
// checksum; a segment that offload made larger than any MTU has its length from
// the record.
func TestCutAndLarge(t *testing.T) {
	ether := links[0].wrap
	cut := ether(ipPacket(4, segments[2]))
	var b bytes.Buffer
	w := pcapgo.NewWriter(&b)
	if err := w.WriteFileHeader(54, 1); err != nil {
		t.Fatal(err)
	}
	large := ipPacket(4, model.Segment{Seq: 106, Ack: 901, Flags: model.ACK})
	large[2], large[3] = 0, 0 // a total length of 0
	for _, r := range []struct {
		data []byte
		wire int
	}{{cut[:54], len(cut)}, {ether(large), 14 + 40 + 100_000}} {
		if err := w.WritePacket(gopacket.CaptureInfo{CaptureLength: len(r.data), Length: r.wire}, r.data); err != nil {
			t.Fatal(err)
		}
	}
	list, _, err := read(b.Bytes())
	if err != nil || len(list) != 2 {
		t.Fatalf("%d segments, error %v: want 2", len(list), err)
	}
	if p := list[0]; p.Segment != segments[2] || p.Cut != 5 || p.BadChecksum {
		t.Errorf("cut: %+v: want %+v and 5 octets cut", p, segments[2])
	}
	if p := list[1]; p.Segment.Len != 100_000 {
		t.Errorf("large: %d octets: want 100000", p.Segment.Len)
	}
}
