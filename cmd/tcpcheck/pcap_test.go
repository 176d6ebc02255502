package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const linuxCaptures = "../../explore/observe/testdata/linux/"

// capturePaths are the captures of the kernel, and the public ones where they
// are.
func capturePaths(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(linuxCaptures + "*.pcap")
	if err != nil || len(paths) != 13 {
		t.Fatalf("%d captures, error %v: want 13", len(paths), err)
	}
	foreign, _ := filepath.Glob("../../../shared/captures/foreign/*.pcap")
	return append(paths, foreign...)
}

// pcapDocument is as much of the JSON as the tests look at.
type pcapDocument struct {
	Files []struct {
		File        string
		Error       string
		Packets     int
		Skipped     map[string]int
		Connections []struct {
			Packets    []struct{ N int }
			Deviations []struct{ N int }
		}
	}
}

// The JSON is what docs/schemas/pcap.schema.json describes, whatever is in the capture;
// each packet of a file is in one connection or was skipped.
func TestPcapSchema(t *testing.T) {
	for _, args := range [][]string{{}, {"--variant", "linux"}, {"--endpoint", "a"}, {"--checksums", "ignore"}, {"--at", "10.9.0.1"}} {
		var stdout, stderr bytes.Buffer
		run(append(append([]string{"pcap", "--json"}, args...), capturePaths(t)...), &stdout, &stderr)
		if strings.Contains(stderr.String(), "error:") {
			t.Fatal(stderr.String())
		}
		validate(t, "../../docs/schemas/pcap.schema.json", stdout.Bytes())
		var doc pcapDocument
		if err := json.Unmarshal(stdout.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		for _, f := range doc.Files {
			seen := map[int]bool{}
			for _, c := range f.Connections {
				for _, p := range c.Packets {
					seen[p.N] = true
				}
			}
			n := len(seen)
			for _, k := range f.Skipped {
				n += k
			}
			if n != f.Packets {
				t.Errorf("%s: %d packets in connections or skipped: want %d", f.File, n, f.Packets)
			}
		}
	}
}

// badCaptures are files that are no captures, or not whole ones, and what is said
// of them.
func badCaptures(t *testing.T) map[string]struct {
	data []byte
	want string
} {
	t.Helper()
	good, err := os.ReadFile(linuxCaptures + "linux-passive-close.pcap")
	if err != nil {
		t.Fatal(err)
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(good); err != nil {
		t.Fatal(err)
	}
	w.Close()
	change := func(at int, value uint32) []byte {
		b := bytes.Clone(good)
		binary.LittleEndian.PutUint32(b[at:], value)
		return b
	}
	ng := []byte("\x0a\x0d\x0d\x0a\xf0\xff\xff\xff\x4d\x3c\x2b\x1a\x01\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff")
	return map[string]struct {
		data []byte
		want string
	}{
		"empty":                   {nil, "the file is empty: want a pcap or pcapng capture"},
		"three octets":            {good[:3], "the file has only 3 octets: want a pcap or pcapng capture"},
		"half a header":           {good[:20], "the header of the pcap file: unexpected EOF"},
		"no capture":              {[]byte("GET / HTTP/1.1\r\n\r\n"), "the file begins with 47 45 54 20: that is neither pcap nor pcapng, nor one of them in gzip or zstd"},
		"cut in a record":         {good[:200], "the file ends in the middle of the record behind packet 3"},
		"cut in a record's head":  {good[:len(good)-60], "the file ends in the middle of the record behind packet"},
		"cut in gzip":             {z.Bytes()[:150], "the file ends in the middle of the record behind packet"},
		"gzip of nothing":         {[]byte{0x1f, 0x8b, 8}, "gzip: unexpected EOF"},
		"zstd of nothing":         {[]byte{0x28, 0xb5, 0x2f, 0xfd}, "decompressing: unexpected EOF"},
		"version 9":               {change(4, 9), "the header of the pcap file: Unknown major version 9"},
		"a record of 4 GiB":       {change(32, 1<<32-1), "behind packet 0: capture length exceeds snap length: 4294967295 > 262144"},
		"a pcapng block of 4 GiB": {ng, "the header of the pcapng file: unexpected EOF"},
		"zeros":                   {make([]byte, 1<<16), "the file begins with 00 00 00 00"},
		"zeros behind packets":    {append(bytes.Clone(good), make([]byte, 1<<16)...), "empty records one after another: this is no capture"},
	}
}

// oneError runs tcpcheck and wants exit status 2 and one line of error.
func oneError(t *testing.T, want string, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := run(args, &stdout, &stderr); status != statusUsage {
		t.Errorf("exit status %d: want %d", status, statusUsage)
	}
	if text := stderr.String(); strings.Count(text, "error:") != 1 || strings.Count(text, "\n") != 1 || !strings.Contains(text, want) {
		t.Errorf("%q: want one line with %q", text, want)
	}
}

// A file that is no capture is one clear error and exit status 2; what came
// before the place where a capture goes wrong is judged.
func TestBadCaptures(t *testing.T) {
	dir := t.TempDir()
	for name, c := range badCaptures(t) {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
			if err := os.WriteFile(path, c.data, 0o644); err != nil {
				t.Fatal(err)
			}
			for _, form := range [][]string{nil, {"--json"}, {"--format", "html"}} {
				oneError(t, c.want, append([]string{"pcap", path}, form...)...)
			}
		})
	}
	t.Run("a directory", func(t *testing.T) { oneError(t, "is a directory: want a capture", "pcap", dir) })
	t.Run("no drawing of nothing", func(t *testing.T) {
		var stdout, stderr bytes.Buffer
		if run([]string{"pcap", "--format", "svg", dir}, &stdout, &stderr); stdout.Len() > 0 {
			t.Errorf("%s: want nothing", stdout.String())
		}
	})
	t.Run("missing", func(t *testing.T) { oneError(t, "no such file or directory", "pcap", filepath.Join(dir, "missing")) })
	t.Run("unreadable", func(t *testing.T) {
		path := filepath.Join(dir, "unreadable")
		if err := os.WriteFile(path, nil, 0); err != nil {
			t.Fatal(err)
		}
		if f, err := os.Open(path); err == nil {
			f.Close()
			t.Skip("everything can be read by this user")
		}
		oneError(t, "permission denied", "pcap", path)
	})
	t.Run("2 GB of nothing", func(t *testing.T) {
		path := filepath.Join(dir, "sparse")
		good, err := os.ReadFile(linuxCaptures + "linux-passive-close.pcap")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, good, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, 2<<30); err != nil {
			t.Skipf("no sparse files here: %v", err)
		}
		oneError(t, "empty records one after another: this is no capture", "pcap", path)
	})
}

// FuzzPcap: whatever is in a file, the command ends, says why, and its JSON is
// one document.
func FuzzPcap(f *testing.F) {
	paths, _ := filepath.Glob(linuxCaptures + "*.pcap")
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "capture")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		for _, form := range [][]string{{"--json"}, {"--packets", "--variant", "linux"}, {"--format", "html", "--checksums", "ignore"}} {
			var stdout, stderr bytes.Buffer
			status := run(append([]string{"pcap", path}, form...), &stdout, &stderr)
			if status == statusInternal || (status == statusUsage) != strings.Contains(stderr.String(), "error:") {
				t.Fatalf("%v: exit status %d: %s", form, status, stderr.String())
			}
			if form[0] == "--json" && !json.Valid(stdout.Bytes()) {
				t.Fatalf("not one JSON document: %s", stdout.String())
			}
		}
	})
}

const pcapPage = "../../docs/pcap.md"

// The page shows what its first command prints, and its commands work.
func TestPcapPage(t *testing.T) {
	data, err := os.ReadFile(pcapPage)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	var out string
	t.Run("first command", func(t *testing.T) {
		first := regexp.MustCompile("(?m)^`(tcpcheck pcap [^`]*)`$").FindStringSubmatch(text)
		if first == nil {
			t.Fatal("no command stands alone on a line")
		}
		t.Chdir("../..")
		out, _ = command(t, first[1])
	})
	block := regexp.MustCompile("(?s)(<!-- begin: simultaneous-close -->\n).*?(<!-- end: simultaneous-close -->)")
	want := block.ReplaceAllString(text, "${1}```\n"+strings.TrimRight(out, "\n")+"\n```\n${2}")
	if *update && want != text {
		if err := os.WriteFile(pcapPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != text {
		t.Errorf("what the first command prints is out of date: go test ./cmd/tcpcheck -run PcapPage -update")
	}
	runsCommands(t, text)
}
