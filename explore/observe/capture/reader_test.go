package capture_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
)

// read returns the segments of a capture and the error that ended it, nil at
// the end of the file.
func read(data []byte) (list []capture.Packet, skipped capture.Skipped, err error) {
	r, err := capture.Open(bytes.NewReader(data))
	if err != nil {
		return nil, skipped, err
	}
	defer r.Close()
	for {
		p, err := r.Next()
		if err == io.EOF {
			return list, r.Skipped, nil
		}
		if err != nil {
			return list, r.Skipped, err
		}
		list = append(list, p)
	}
}

func captures(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	paths, _ := filepath.Glob("../testdata/linux/*.pcap")
	foreign, _ := filepath.Glob("../../../../shared/captures/foreign/*.pcap")
	for _, path := range append(paths, foreign...) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = data
	}
	if len(files) < 13 {
		t.Fatalf("%d captures: want at least 13", len(files))
	}
	return files
}

// Every capture is read to its end, and none of its segments is skipped.
func TestRead(t *testing.T) {
	for name, data := range captures(t) {
		list, skipped, err := read(data)
		if err != nil || len(list) == 0 {
			t.Errorf("%s: %d segments, error %v", name, len(list), err)
		}
		bad, off := 0, 0
		for _, p := range list {
			if p.BadChecksum {
				bad++
			}
			if p.Offloaded {
				off++
			}
		}
		t.Logf("%s: %d segments, %d bad checksums, %d offloaded, skipped %v", name, len(list), bad, off, skipped.ByName())
	}
}

// What looks compressed and is not is said to be that, not to be empty.
func TestBadCompression(t *testing.T) {
	for _, head := range []string{"\x1f\x8b", "\x28\xb5\x2f\xfd"} {
		_, _, err := read([]byte(head + "no compressed data follows"))
		if err == nil || strings.Contains(err.Error(), "octets") {
			t.Errorf("% x: error %v", head, err)
		}
	}
}

// A file that is cut anywhere gives the packets before the cut, and an error.
func TestCutFiles(t *testing.T) {
	for name, data := range captures(t) {
		if !strings.HasPrefix(name, "linux") {
			continue
		}
		whole, _, _ := read(data)
		for n := range len(data) {
			list, _, err := read(data[:n])
			if len(list) > len(whole) {
				t.Fatalf("%s cut to %d octets: %d segments of %d", name, n, len(list), len(whole))
			}
			if err == nil && n < 24 {
				t.Fatalf("%s cut to %d octets: no error", name, n)
			}
			if err != nil && (strings.Contains(err.Error(), "\n") || err.Error() == "") {
				t.Fatalf("%s cut to %d octets: %q: want one line", name, n, err)
			}
		}
	}
}

// FuzzOpen: whatever is in a file, reading it ends.
func FuzzOpen(f *testing.F) {
	for _, data := range captures(f) {
		f.Add(data)
	}
	for _, l := range links {
		f.Add(pcapFile(f, l.kind, frames(l, 6)))
	}
	ng, _ := ngFile(f)
	for _, data := range compressed(f, ng) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { read(data) })
}
