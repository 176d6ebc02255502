package script

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tcpcheck/tcpcheck/model"
)

// server is a script of the kind that users write, with most of the language.
const server = `#!/usr/bin/env packetdrill
// A server that closes first.
--tolerance_usecs=10000
--define=PORT=8080
` + "`sysctl -w net.inet.tcp.insecure_rst=0\n  echo ready`" + `
    0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
   +0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0   /* a comment
   of two lines */
   +0 bind(3, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("192.168.0.1")}, 16) = 0
#ifdef PORT
 +0.5 < SEW 0:0(0) win 65535 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
#else
 this is not read
#endif
 +0~+0.1 > S.E 0:0(0) ack 1 win 65535 <...>
*     < . 1:1(0) ack 1 win 257
`

func TestParse(t *testing.T) {
	s, err := Parse(strings.Replace(server, "*     <", "0.7   <", 1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Option{{Pos{3, 1}, "tolerance_usecs", "10000"}, {Pos{4, 1}, "define", "PORT=8080"}}, s.Options); diff != "" {
		t.Error(diff)
	}
	if len(s.Events) != 7 {
		t.Fatalf("%d events: want 7", len(s.Events))
	}
	if c := s.Events[0].Command; c == nil || !strings.HasPrefix(c.Text, "sysctl -w") || c.Pos != (Pos{5, 1}) {
		t.Errorf("command %+v", c)
	}
	if c := s.Events[2].Call; c.Name != "fcntl" || !c.Args[2].has("O_NONBLOCK") || c.Result.Number != 0 {
		t.Errorf("call %+v", c)
	}
	if f, ok := s.Events[3].Call.Args[1].field("sa_family"); !ok || f.Text != "AF_INET" {
		t.Errorf("field %+v", f)
	}
	syn := s.Events[4].Packet
	want := &Packet{Pos: syn.Pos, Inbound: true, Flags: model.SYN, ECN: "EW", Win: 65535, WinGiven: true, Options: syn.Options}
	if diff := cmp.Diff(want, syn); diff != "" {
		t.Error(diff)
	}
	if o, ok := syn.option("TS"); !ok || o.Args[0] != 1 || o.Args[1] != 0 || o.Text != "val 1 ecr 0" {
		t.Errorf("option %+v", o)
	}
	synAck := s.Events[5]
	if synAck.Time != (Time{Kind: Relative, To: 100 * time.Millisecond}) || !synAck.Packet.AnyOptions || synAck.Packet.Flags != model.SYN|model.ACK {
		t.Errorf("%+v %+v", synAck.Time, synAck.Packet)
	}
	if last := s.Events[6]; last.Pos != (Pos{17, 1}) || last.Time.From != 700*time.Millisecond || last.Time.Kind != Absolute {
		t.Errorf("%+v", last)
	}
}

func TestParseCall(t *testing.T) {
	for _, line := range []string{
		`+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0`,
		`+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0`,
		`+0 getsockopt(4, IPPROTO_TCP, TCP_INFO, {tcpi_state=TCPS_ESTABLISHED, tcpi_rtt=10}, [...]) = 0`,
		`+0 fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)`,
		`+0 read(4, ..., 1000) = -1 EAGAIN (Resource temporarily unavailable)`,
		`+0...0.2 accept(3, ..., ...) = 4`,
		`.1...+.2 write(4, "ab" "cd"..., 1000) = 1000`,
		`+0 poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1`,
		`+0 sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 10}, {..., 20}], msg_flags=0}, MSG_DONTWAIT) = 30`,
		`+0 sendto(4, ..., 10, 0, ..., ...) = 10`,
	} {
		s, err := Parse(line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if c := s.Events[0].Call; c == nil || c.Result.Kind != Number {
			t.Errorf("%s: %+v", line, s.Events[0])
		}
	}
}

func TestParseCode(t *testing.T) {
	s, err := Parse("0 %{ assert tcpi_state == TCP_FIN_WAIT1, tcpi_state; assert tcpi_snd_cwnd == 10\n  assert (tcpi_state != 7 and tcpi_unacked == 0)\nassert tcpi_state in (TCPS_CLOSING, TCP_TIME_WAIT)\n# tcpi_state\nprint(1) }%")
	if err != nil {
		t.Fatal(err)
	}
	want := &Code{Pos: Pos{1, 3}, Text: s.Events[0].Code.Text, Others: 3, Asserts: []Assert{
		{Pos: Pos{1, 6}, States: []StateName{{"TCP_FIN_WAIT1", model.FinWait1}}},
		{Pos: Pos{2, 3}, Not: true, States: []StateName{{"7", model.Closed}}},
		{Pos: Pos{3, 1}, States: []StateName{{"TCPS_CLOSING", model.Closing}, {"TCP_TIME_WAIT", model.TimeWait}}},
	}}
	if diff := cmp.Diff(want, s.Events[0].Code, cmpopts.IgnoreUnexported(Code{})); diff != "" {
		t.Error(diff)
	}
}

// Numbers are those of the kernel that the script is for.
func TestStateNumbers(t *testing.T) {
	for text, want := range map[string]model.State{
		"0 %{ assert tcpi_state == 4 }%":                                                          model.FinWait1,
		"0 `sysctl net.inet.tcp.msl=100`\n+0 %{ assert tcpi_state == 4 }%":                        model.Established,
		"0 %{ assert tcpi_state == 0 }%\n+0 %{ assert tcpi_state == 10 }%":                        model.TimeWait,
		"0 `sysctl net.inet.tcp.msl=100`\n+0 %{ assert tcpi_state in (TCPS_CLOSED, TCP_CLOSE) }%": model.Closed,
	} {
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Events[len(s.Events)-1].Code.Asserts[0].States[0].State; got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestParseUnsupported(t *testing.T) {
	for _, c := range []struct{ line, what, pos string }{
		{"+0 < udp (100)", "a packet of udp", "1:6"},
		{"+0 < 1000 > 2000 S 0:0(0) win 10", "a packet with ports", "1:6"},
		{"+0 < ipv4 1.1.1.1 > 2.2.2.2: S 0:0(0) win 10", "a packet of ipv4", "1:6"},
		{"+0 < S 0:0(0) win 10 <mss 10,mp_capable v1 flags[A]>", "", ""},
		{"+0 < S 0:0(0) win 10 <mss 10,md5 00ff>", "the option md5", "1:30"},
		{"+0 < [ect0] S 0:0(0) win 10 <FO 1234>", "the option FO", "1:30"},
		{"+0 < . 1:1(0) ack 1 win 10 { mut ip ihl }", "a packet that is damaged on purpose", "1:28"},
		{"+0 < icmp unreachable frag_needed mtu 1400 [udp (10)]", "an ICMP message about udp", "1:45"},
	} {
		s, err := Parse(c.line + "\n+0 < . 1:1(0) ack 1 win 10")
		if err != nil {
			if c.what != "" {
				t.Errorf("%s: %v", c.line, err)
			}
			continue
		}
		u := s.Events[0].Unsupported
		if u == nil || u.Text != c.what || u.Pos.String() != c.pos {
			t.Errorf("%s: %+v, want %s at %s", c.line, u, c.what, c.pos)
		}
		if len(s.Events) != 2 || s.Events[1].Packet == nil || s.Events[1].Unsupported != nil {
			t.Errorf("%s: the line behind it was lost", c.line)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"+0", `1:3: the end of the script: want a packet, a call, a command or code after the time`},
		{"+0 < S 0:1(0) win 5", `1:8: 0:1(0): from 0 to 1 are 1 octets`},
		{"+0 < S 0:0(0) win 65536", `1:19: the window is 65536: want at most 65535`},
		{"+0 < X 0:0(0)", `1:6: "X": want the flags, letters of FSRPUEWA and a dot for ACK, or - for none`},
		{"+0 < SS 0:0(0)", `1:6: the flag S is given twice`},
		{"+0 > . 1:1(0) ack 4294967296", `1:19: the ACK field is 4294967296: want at most 4294967295`},
		{"* < . 1:1(0) ack 1", `1:1: the time * is for packets that are expected`},
		{"+0~+1 < . 1:1(0) ack 1", `1:1: a range of times is for packets that are expected`},
		{"+1~+0 > . 1:1(0) ack 1", `1:1: the range ends at 0s, before it begins at 1s`},
		{"+0...1 > . 1:1(0) ack 1", `1:1: only a call can block until a time`},
		{"9999999999 close(3) = 0", `1:1: a time of 9999999999 seconds: want a decimal number, at most 1000000000`},
		{"\n\n  /* never", `3:3: the comment is not closed: want */`},
		{"+0 `sysctl", "1:4: ` is not closed: want `"},
		{"+0 close(3)", `1:12: the end of the script: want "=" and the result of the call`},
		{"+0 close(3, = 0", `1:13: "=": want an expression`},
		{"+0 f(" + strings.Repeat("[", 100), `1:38: the expression is nested too deep: want at most 32 levels`},
		{"+0 > S 0:0(0) <mss>", `1:16: the option mss has 0 numbers: want 1`},
		{"+0 > S 0:0(0) <wscale 256>", `1:16: the option wscale has 256: want at most 255`},
		{"\n#ifdef X\n#else\n#else\n#endif", `4:1: a second #else: the #ifdef is in line 2`},
		{" #ifdef X", `1:2: #ifdef has no #endif`},
		{"#endif", `1:1: #endif without #ifdef`},
		{"#include <x>", `1:1: #include: want #ifdef, #ifndef, #else, #endif, #define or #undef`},
		{"0 %{ assert tcpi_state == TCP_OPEN }%", `1:6: "TCP_OPEN" is not a state of a connection, such as TCP_ESTABLISHED`},
		{"+99999999999999999999 close(3) = 0", `1:2: "99999999999999999999" is not a number that fits in 64 bits`},
	} {
		_, err := Parse(c.text)
		var e *Error
		if !errors.As(err, &e) || err.Error() != c.want {
			t.Errorf("%.40q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestConditions(t *testing.T) {
	const text = "#define A\n#ifdef A\n+1 close(1) = 0\n#ifdef B\n+2 close(2) = 0\n#else\n+3 close(3) = 0\n#endif\n#endif\n#undef A\n#ifndef A\n+4 close(4) = 0\n#endif\n+5 `#ifdef C\nx`"
	for defined, want := range map[string]string{"": "1 3 4", "B": "1 2 4"} {
		s, err := Parse(text, defined)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range s.Events {
			if e.Call != nil {
				got = append(got, string(rune('0'+e.Call.Args[0].Number)))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("with %q: %v, want %s", defined, got, want)
		}
	}
}

// Any text is read or refused with a place inside it; what is read, every
// construct that is not supported included, has its place too.
func FuzzParse(f *testing.F) {
	f.Add(server)
	paths, _ := filepath.Glob("testdata/*/*.pkt")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("+0 poll([{fd=4, events=POLLIN}], 1, 0) = 1\n0.1...0.2 read(3, ..., 1) = -1 EAGAIN (x)\n* > R. 0:0(0) ack 5 <...>\n+0 < icmp unreachable [1:2(1)]")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		inside := func(p Pos) {
			if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len(lines[p.Line-1])+1 {
				t.Errorf("place %v of a script of %d lines", p, len(lines))
			}
		}
		s, err := Parse(text)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v has no place", err)
			}
			inside(e.Pos)
			return
		}
		for _, e := range s.Events {
			inside(e.Pos)
			if e.Unsupported != nil {
				inside(e.Unsupported.Pos)
			}
			n := 0
			for _, is := range []bool{e.Packet != nil, e.ICMP != nil, e.Call != nil, e.Command != nil, e.Code != nil} {
				if is {
					n++
				}
			}
			if n > 1 || n == 0 && e.Unsupported == nil {
				t.Errorf("the event at %v is %d things", e.Pos, n)
			}
		}
	})
}
