package capture

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/klauspost/compress/zstd"
)

// Reader reads the TCP segments of a capture in the order of the file.
type Reader struct {
	Skipped Skipped // counted so far

	source source
	link   func(gopacket.CaptureInfo) layers.LinkType
	n      int    // packets so far
	empty  int    // records without an octet, one after another
	close  func() // nil: nothing is to be closed
}

// source is what pcap and pcapng have in common.
type source interface {
	ZeroCopyReadPacketData() ([]byte, gopacket.CaptureInfo, error)
}

// maxEmpty is how many empty records one after another are still a capture, and
// not a file of zeros.
const maxEmpty = 1000

// minSnaplen is how long a record of a pcap file may be, whatever the file's
// header says: writers are known that announce less than they write.
const minSnaplen = 1 << 18

// maxZstdWindow bounds the memory that a compressed file may ask for, in octets.
const maxZstdWindow = 128 << 20

// Open finds out about compression and format and reads the file header. It
// fails if the stream is not a capture.
func Open(in io.Reader) (*Reader, error) {
	r := &Reader{}
	b := bufio.NewReaderSize(in, 1<<16)
	magic, _ := b.Peek(4)
	switch {
	case len(magic) == 0:
		return nil, errors.New("the file is empty: want a pcap or pcapng capture")
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		b = bufio.NewReaderSize(z, 1<<16)
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return nil, fmt.Errorf("zstd: %w", err)
		}
		r.close = z.Close
		b = bufio.NewReaderSize(z, 1<<16)
	}
	if err := r.open(b); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (r *Reader) open(b *bufio.Reader) error {
	magic, err := b.Peek(4)
	switch {
	case err != nil && err != io.EOF:
		return fmt.Errorf("decompressing: %w", err)
	case len(magic) < 4:
		return fmt.Errorf("the file has only %d octets: want a pcap or pcapng capture", len(magic))
	}
	switch string(magic) {
	case "\x0a\x0d\x0d\x0a":
		ng, err := pcapgo.NewNgReader(b, pcapgo.NgReaderOptions{WantMixedLinkType: true, SkipUnknownVersion: true})
		if err != nil {
			return fmt.Errorf("the header of the pcapng file: %w", err)
		}
		r.source = ng
		r.link = func(info gopacket.CaptureInfo) layers.LinkType {
			if len(info.AncillaryData) > 0 {
				if link, ok := info.AncillaryData[0].(layers.LinkType); ok {
					return link
				}
			}
			return ng.LinkType()
		}
	case "\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d":
		p, err := pcapgo.NewReader(b)
		if err != nil {
			return fmt.Errorf("the header of the pcap file: %w", err)
		}
		p.SetSnaplen(max(p.Snaplen(), minSnaplen))
		r.source = p
		r.link = func(gopacket.CaptureInfo) layers.LinkType { return p.LinkType() }
	default:
		return fmt.Errorf("the file begins with % x: that is neither pcap nor pcapng, nor one of them in gzip or zstd", magic)
	}
	return nil
}

// Close frees what the reader holds.
func (r *Reader) Close() {
	if r.close != nil {
		r.close()
		r.close = nil
	}
}

// N is how many packets of the file were read so far, segments or not.
func (r *Reader) N() int { return r.n }

// Next returns the next TCP segment; io.EOF at the end of the file. Any other
// error says behind which packet the file goes wrong; nothing follows it.
func (r *Reader) Next() (Packet, error) {
	for {
		data, info, err := r.source.ZeroCopyReadPacketData()
		if err == io.EOF {
			return Packet{}, io.EOF
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return Packet{}, fmt.Errorf("the file ends in the middle of the record behind packet %d", r.n)
		}
		if err != nil {
			return Packet{}, fmt.Errorf("behind packet %d: %w", r.n, err)
		}
		r.n++
		if len(data) > 0 {
			r.empty = 0
		} else if r.empty++; r.empty > maxEmpty {
			return Packet{}, fmt.Errorf("behind packet %d: %d empty records one after another: this is no capture", r.n-r.empty, r.empty)
		}
		p, why := decode(r.link(info), data, max(info.Length, len(data)))
		if why != None {
			r.Skipped[why]++
			continue
		}
		p.N, p.Time = r.n, info.Timestamp
		return p, nil
	}
}
