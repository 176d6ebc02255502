package track_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/explore/observe/track"
)

// file is the generated capture as a pcap file of raw IP, with the headers only.
func file() []byte {
	var b bytes.Buffer
	le := binary.LittleEndian
	header := make([]byte, 24)
	le.PutUint32(header, 0xa1b2c3d4)
	le.PutUint16(header[4:], 2)
	le.PutUint16(header[6:], 4)
	le.PutUint32(header[16:], 40)
	le.PutUint32(header[20:], 101)
	b.Write(header)
	var record [16 + 40]byte
	generated(func(p *capture.Packet) {
		g := p.Segment
		clear(record[:])
		le.PutUint32(record[0:], uint32(p.Time.Unix()))
		le.PutUint32(record[4:], uint32(p.Time.Nanosecond()/1000))
		le.PutUint32(record[8:], 40)
		le.PutUint32(record[12:], 40+g.Len)
		be := binary.BigEndian
		ip, tcp := record[16:36], record[36:56]
		ip[0], ip[9] = 0x45, 6
		be.PutUint16(ip[2:], uint16(40+g.Len))
		src, dst := p.Src.Addr().As4(), p.Dst.Addr().As4()
		copy(ip[12:], src[:])
		copy(ip[16:], dst[:])
		be.PutUint16(tcp, p.Src.Port())
		be.PutUint16(tcp[2:], p.Dst.Port())
		be.PutUint32(tcp[4:], uint32(g.Seq))
		be.PutUint32(tcp[8:], uint32(g.Ack))
		tcp[12], tcp[13] = 5<<4, byte(g.Flags)
		be.PutUint16(tcp[14:], uint16(g.Wnd))
		b.Write(record[:])
	})
	return b.Bytes()
}

// BenchmarkFile reads and follows a pcap file of a million packets of 10,000
// connections on one core.
func BenchmarkFile(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	data := file()
	for b.Loop() {
		began := time.Now()
		r, err := capture.Open(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		tr := track.New(track.Options{Checksums: track.ChecksumsIgnored}, func(*track.Conn) {})
		for {
			p, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			tr.Add(&p)
		}
		tr.Finish()
		if r.N() != benchConns*benchPackets || r.Skipped.Total() != 0 {
			b.Fatalf("%d packets, skipped %v: want %d and none", r.N(), r.Skipped.ByName(), benchConns*benchPackets)
		}
		b.ReportMetric(float64(r.N())/time.Since(began).Seconds(), "packets/s")
	}
}
