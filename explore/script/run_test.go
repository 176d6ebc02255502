package script

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
)

const opening = `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0.1 < S 0:0(0) win 1000
+0 > S. 0:0(0) ack 1 <...>
+0.1 < . 1:1(0) ack 1 win 1000
+0 accept(3, ..., ...) = 4
`

// What a line more leads to, behind an opening of seven lines.
func TestRun(t *testing.T) {
	for _, c := range []struct{ name, lines, want string }{
		{"nothing", "", "agrees in 2 places"},
		{"an ACK that nothing asks for", "+0.1 > . 1:1(0) ack 1",
			"line 8: expects +0.1 > . 1:1(0) ack 1; the model sends nothing (syn-received-establishes)"},
		{"text that nobody wrote", "+0 > P. 1:101(100) ack 1",
			"line 8: expects +0 > P. 1:101(100) ack 1; the model sends nothing (syn-received-establishes)"},
		{"a delayed ACK that comes too late", "+0 < . 1:101(100) ack 1 win 1000\n+0.6 > . 1:1(0) ack 101",
			"line 9: expects +0.6 > . 1:1(0) ack 101; the model sends <SEQ=1><ACK=101><CTL=ACK> before that (text-delivered)"},
		{"an ACK that never comes", "+0 < . 1:101(100) ack 1 win 1000\n+0.6 write(4, ..., 1) = 1",
			"line 9: expects +0.6 write(4, ..., 1) = 1; the model sends <SEQ=1><ACK=101><CTL=ACK> before that (text-delivered)"},
		{"time that passes in small steps", "+0 < . 1:101(100) ack 1 win 1000" + strings.Repeat("\n+0.003 getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0", 180) + "\n+0 > . 1:1(0) ack 101",
			"line 178: expects +0.003 getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0; the model sends <SEQ=1><ACK=101><CTL=ACK> before that (text-delivered)"},
		{"text that does not leave", "+0 write(4, ..., 100) = 100\n+0.6 < . 1:1(0) ack 1 win 1000",
			"line 9: expects +0.6 < . 1:1(0) ack 1 win 1000; the model sends what waits before that (text-sent)"},
		{"text that is corked", "+0 setsockopt(4, SOL_TCP, TCP_CORK, [1], 4) = 0\n+0 write(4, ..., 100) = 100\n+0.6 < . 1:1(0) ack 1 win 1000", "agrees in 3 places"},
		{"text that Nagle holds back", "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n+0 write(4, ..., 5) = 5\n+0.6 < . 1:1(0) ack 101 win 1000\n+0 > P. 101:106(5) ack 1", "agrees in 6 places"},
		{"text beyond the window", "+0 write(4, ..., 2000) = 2000\n+0 > P. 1:1001(1000) ack 1\n+0 > P. 1001:2001(1000) ack 1",
			"line 10: expects +0 > P. 1001:2001(1000) ack 1; the model sends nothing (send-segmentized)"},
		{"an answer that is not mentioned before another packet", "+0 < . 1:1(0) ack 5 win 1000\n+0.1 < S 9:9(0) win 9\n+0 > S. 9:9(0) ack 10", "line 10: expects +0 > S. 9:9(0) ack 10; the model sends <SEQ=1><ACK=1><CTL=ACK> (ack-out-of-range)"},
		{"an ACK at the end that is not mentioned", "+0 < . 1:1(0) ack 5 win 1000", "agrees in 2 places"},
		{"a reset at the end that is not mentioned", "+0 < R 1:1(0)\n+0.1 < . 1:1(0) ack 1 win 9", "line 9: expects the end of the script; the model sends <SEQ=1><CTL=RST> (listen-bad-ack)"},
		{"a script that ends with close", "+0 close(4) = 0", "agrees in 2 places"},
		{"a read that returns too late", "+0...0.3 read(4, ..., 100) = 10\n+0.1 < . 1:11(10) ack 1 win 1000\n+0 > . 1:1(0) ack 11\n+0.4 close(4) = 0",
			"line 8: expects +0...0.3 read(4, ..., 100) = 10; the model lets read return at 300ms, in ESTABLISHED (text-delivered)"},
		{"a read that returns in time", "+0...0.1 read(4, ..., 100) = 10\n+0.1 < . 1:11(10) ack 1 win 1000\n+0 > . 1:1(0) ack 11\n+0.4 close(4) = 0", "agrees in 4 places"},
		{"an error that no state gives", "+0 read(4, ..., 9) = -1 EISCONN (Already connected)", "line 8: expects +0 read(4, ..., 9) = -1 EISCONN (Already connected); the model is in ESTABLISHED when read returns (syn-received-establishes)"},
		{"an error that the model has no opinion of", "+0 read(4, NULL, 9) = -1 EFAULT (Bad address)", "agrees in 3 places"},
		{"EPIPE for a reader who was not reset in CLOSE-WAIT", "+0 < R 1:1(0)\n+0 read(4, ..., 9) = -1 EPIPE (Broken pipe)", "line 9: expects +0 read(4, ..., 9) = -1 EPIPE (Broken pipe); the model has told the user: connection reset (reset-synchronized)"},
		{"a descriptor that is open", "+0 write(4, ..., 9) = -1 EBADF (Bad file descriptor)", "line 8: expects +0 write(4, ..., 9) = -1 EBADF (Bad file descriptor); the model is in ESTABLISHED when write returns (syn-received-establishes)"},
		{"a write of more than there is", "+0 write(4, ..., 9) = 10", "line 8: expects +0 write(4, ..., 9) = 10; the model is in ESTABLISHED when write returns (syn-received-establishes)"},
		{"a write of nothing", "+0 write(4, ..., 9) = 0", "line 8: expects +0 write(4, ..., 9) = 0; the model is in ESTABLISHED when write returns (syn-received-establishes)"},
		{"an ACK of less than was received", "+0 < P. 1:11(10) ack 1 win 9\n+0 > . 1:1(0) ack 1", "line 9: expects +0 > . 1:1(0) ack 1; the model sends <SEQ=1><ACK=11><CTL=ACK> (text-delivered)"},
		{"text that left before what it does not acknowledge", "+0 write(4, ..., 9) = 9\n+0 < P. 1:11(10) ack 1 win 9\n+0 > P. 1:10(9) ack 1", "agrees in 4 places"},
		{"text that was written later", "+0 < P. 1:11(10) ack 1 win 9\n+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1", "line 10: expects +0 > P. 1:10(9) ack 1; the model sends <SEQ=1><ACK=11><CTL=ACK>: its ACK is 11 (text-delivered)"},
		{"ACKs of each segment", "+0 < P. 1:11(10) ack 1 win 9\n+0 < P. 11:21(10) ack 1 win 9\n+0 > . 1:1(0) ack 11\n+0 > . 1:1(0) ack 21", "agrees in 4 places"},
		{"the same text twice at a time", "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+0 > P. 1:10(9) ack 1", "line 10: expects +0 > P. 1:10(9) ack 1; the model sends nothing: it has sent these numbers at this moment, and nothing came (retransmit-front)"},
		{"a retransmission", "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+0.2 > P. 1:10(9) ack 1", "agrees in 5 places"},
		{"a retransmission that an ACK asks for", "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+0 < . 1:1(0) ack 1 win 1000\n+0 > P. 1:10(9) ack 1", "agrees in 5 places"},
		{"poll that tells of what is not there", "+0 poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLIN|POLLOUT}], 1, 0) = 1", "line 8: expects +0 poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLIN|POLLOUT}], 1, 0) = 1; the model has 0 octets for the user in ESTABLISHED (syn-received-establishes)"},
		{"poll without revents", "+0 < P. 1:11(10) ack 1 win 9\n+0 > . 1:1(0) ack 11\n+0 poll([{fd=4, events=POLLIN}], 1, 0) = 0", "line 10: expects +0 poll([{fd=4, events=POLLIN}], 1, 0) = 0; the model has 10 octets for the user in ESTABLISHED (text-delivered)"},
		{"poll of the peer's FIN", "+0 < F. 1:1(0) ack 1 win 9\n+0 > . 1:1(0) ack 2\n+0 poll([{fd=4, events=POLLIN|POLLRDHUP, revents=POLLIN|POLLRDHUP}], 1, 0) = 1", "agrees in 4 places"},
		{"poll that blocks", "+0...0.1 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, -1) = 1\n+0.1 < P. 1:11(10) ack 1 win 9\n+0 > . 1:1(0) ack 11", "agrees in 4 places"},
		{"poll that returns too late", "+0...0.3 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, -1) = 1\n+0.1 < P. 1:11(10) ack 1 win 9\n+0 > . 1:1(0) ack 11\n+0.3 close(4) = 0",
			"line 8: expects +0...0.3 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, -1) = 1; the model lets poll return at 300ms, in ESTABLISHED (text-delivered)"},
		{"epoll, by edges", "+0 epoll_create(1) = 5\n+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLET, fd=4}) = 0\n+0 < P. 1:11(10) ack 1 win 9\n+0 > . 1:1(0) ack 11\n+0 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 0) = 1\n+0 epoll_wait(5, {events=0, ptr=0}, 1, 0) = 0", "agrees in 5 places"},
		{"epoll, by levels", "+0 epoll_create(1) = 5\n+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, fd=4}) = 0\n+0 < P. 1:11(10) ack 1 win 9\n+0 > . 1:1(0) ack 11\n+0 epoll_wait(5, {events=0, ptr=0}, 1, 0) = 0",
			"line 12: expects +0 epoll_wait(5, {events=0, ptr=0}, 1, 0) = 0; the model has 10 octets for the user in ESTABLISHED (text-delivered)"},
		{"epoll that tells of what is not there", "+0 epoll_create(1) = 5\n+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLET, fd=4}) = 0\n+0 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 0) = 1",
			"line 10: expects +0 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 0) = 1; the model has 0 octets for the user in ESTABLISHED (syn-received-establishes)"},
		{"how much there is to read", "+0 < P. 1:11(10) ack 1 win 9\n+0 > . 1:1(0) ack 11\n+0 ioctl(4, SIOCINQ, [9]) = 0", "line 10: expects +0 ioctl(4, SIOCINQ, [9]) = 0; the model has 10 octets for the user (text-delivered)"},
		{"the state of a connection that is gone is not its listener's", "+0 < R 1:1(0)\n+0 %{ assert tcpi_state == TCP_LISTEN }%", "line 9: expects +0 %{ assert tcpi_state == TCP_LISTEN }%; the model is in CLOSED (reset-synchronized)"},
		{"a file that is sent", "+0 open(\"/tmp/x\", O_RDONLY) = 5\n+0 sendfile(4, 5, [0], 7) = 7\n+0 > P. 1:8(7) ack 1", "agrees in 4 places"},
		{"an accept too many", "+0 accept(3, ..., ...) = 5", "line 8: expects +0 accept(3, ..., ...) = 5; the model is in ESTABLISHED when accept returns (syn-received-establishes)"},
		{"a call that is not known", "+0 fork(1) = 5", "8:4: not supported: the call fork"},
		{"a call on a closed descriptor", "+0 close(4) = 0\n+0 > F. 1:1(0) ack 1\n+0 write(4, ..., 10) = 10", "line 10: expects +0 write(4, ..., 10) = 10; the model knows no descriptor 4: it was closed (call-illegal)"},
		{"the error for a closed descriptor", "+0 close(4) = 0\n+0 > F. 1:1(0) ack 1\n+0 write(4, ..., 10) = -1 EBADF (Bad file descriptor)", "agrees in 3 places"},
		{"a connect that blocks for no time", "+0 close(4) = 0\n+0 > F. 1:1(0) ack 1\n+0 < R. 1:1(0) ack 2\n+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 5\n+0...0 connect(5, ..., ...) = 0\n+0 > S 70:70(0) <...>\n+0 < S. 9:9(0) ack 71 win 9\n+0 > . 71:71(0) ack 10", "agrees in 6 places"},
		{"text that is acknowledged and was not mentioned", "+0 write(4, ..., 100) = 100\n+0.1 < . 1:1(0) ack 101 win 1000\n+0 %{ assert tcpi_state == TCP_ESTABLISHED }%", "agrees in 4 places"},
		{"another packet before that is mentioned", "+0 write(4, ..., 100) = 100\n+0.1 < . 1:1(0) ack 101 win 1000\n+0 write(4, ..., 9) = 9\n+0 > P. 101:110(9) ack 1",
			"line 11: expects +0 > P. 101:110(9) ack 1; the model sends <SEQ=1><ACK=1><CTL=ACK> (ack-out-of-range)"},
		{"a vector to read into", "+0 < P. 1:101(100) ack 1 win 1000\n+0 > . 1:1(0) ack 101\n+0 recvmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 30}, {..., 40}], msg_flags=0}, 0) = 70\n+0 readv(4, [{..., 10}, {..., 90}], 2) = 30", "agrees in 5 places"},
		{"a vector that is filled too little", "+0 < P. 1:101(100) ack 1 win 1000\n+0 > . 1:1(0) ack 101\n+0 readv(4, [{..., 10}, {..., 40}], 2) = 30",
			"line 10: expects +0 readv(4, [{..., 10}, {..., 40}], 2) = 30; the model has 100 octets for the user (text-delivered)"},
		{"a soft error, which a user may be told or not", "+0 < icmp unreachable host_unreachable [1:1(0)]\n+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0\n+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [EHOSTUNREACH], [4]) = 0\n+0 %{ assert tcpi_state == TCP_ESTABLISHED }%", "agrees in 5 places"},
		{"a hard error", "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+0 < icmp unreachable port_unreachable [1:10(9)]\n+0 %{ assert tcpi_state == TCP_ESTABLISHED }%", "line 11: expects +0 %{ assert tcpi_state == TCP_ESTABLISHED }%; the model is in CLOSED (hard-error-aborts)"},
		{"a hard error where the kernel ignores them", "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+0 `sysctl -w net.inet.tcp.icmp_may_rst=0`\n+0 < icmp unreachable port_unreachable [1:10(9)]\n+0 %{ assert tcpi_state == TCP_ESTABLISHED }%", "agrees in 5 places"},
		{"a message of ICMP about nothing is about the number 0", "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+0 < icmp unreachable port_unreachable\n+0 < icmp type_3 code_2\n+0 %{ assert tcpi_state == TCP_ESTABLISHED }%", "agrees in 5 places"},
		{"a type and a code by number", "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+0 < icmp type_3 code_2 [1:10(9)]\n+0 %{ assert tcpi_state == TCP_ESTABLISHED }%", "line 11: expects +0 %{ assert tcpi_state == TCP_ESTABLISHED }%; the model is in CLOSED (hard-error-aborts)"},
		{"unreachable without a code is a soft error", "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+0 < icmp unreachable [1:10(9)]\n+0 %{ assert tcpi_state == TCP_CLOSE }%", "line 11: expects +0 %{ assert tcpi_state == TCP_CLOSE }%; the model is in ESTABLISHED (soft-error-reported)"},
		{"a hard error about other numbers is heeded", "+0 < [99:99(0)] icmp unreachable port_unreachable\n+0 %{ assert tcpi_state == TCP_CLOSE }%", "agrees in 3 places"},
		{"a hard error about other numbers is not heeded", "+0 < [99:99(0)] icmp unreachable port_unreachable\n+0 %{ assert tcpi_state == TCP_ESTABLISHED }%", "agrees in 3 places"},
		{"reading after SHUT_RD", "+0 shutdown(4, SHUT_RD) = 0\n+0 read(4, ..., 10) = 0", "agrees in 4 places"},
		{"a descriptor that is not open", "+0 read(7, ..., 100) = 10", "8:9: not supported: a descriptor that the script has not opened"},
		{"states with or and not", "+0 %{ assert tcpi_state == TCP_CLOSE or (tcpi_state == TCP_ESTABLISHED), tcpi_state }%\n+0 %{ assert not (tcpi_state == TCP_CLOSE) and not tcpi_state in [TCP_LISTEN] }%", "agrees in 5 places"},
		{"none of several states", "+0 %{ assert tcpi_state == TCP_CLOSE or tcpi_state == TCP_LISTEN }%", "line 8: expects +0 %{ assert tcpi_state == TCP_CLOSE or tcpi_state == TCP_LISTEN }%; the model is in ESTABLISHED (syn-received-establishes)"},
		{"what depends on a condition", "+0 %{\nif tcpi_rtt > 5:\n  assert tcpi_state == TCP_CLOSE\nassert tcpi_state == TCP_ESTABLISHED }%", "agrees in 3 places"},
		{"another assertion on the state", "+0 %{ assert tcpi_state > 3 }%", "8:7: not supported: an assertion on tcpi_state but with ==, !=, in, not, and, or"},
		{"a struct with other names", "+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8) = 0\n+0 close(4) = 0\n+0 > R. 1:1(0) ack 1", "agrees in 3 places"},
		{"Fast Open", "+0 setsockopt(3, SOL_TCP, TCP_FASTOPEN, [5], 4) = 0", "8:27: not supported: the socket option TCP_FASTOPEN"},
		{"another protocol", "+0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 5", "8:16: not supported: a socket of SOCK_DGRAM"},
		{"a second connection, while the first goes on unseen", "+0 < P. 1:11(10) ack 1 win 9\n+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 5\n+0...0.1 connect(5, ..., ...) = 0\n+0 > S 0:0(0) <...>\n+0.1 < S. 0:0(0) ack 1 win 9\n+0 > . 1:1(0) ack 1\n+0 read(4, ..., 9) = 7\n+0 write(5, ..., 5) = 5\n+0 > P. 1:6(5) ack 1", "agrees in 8 places"},
		{"a second listener", "+0 < P. 1:11(10) ack 1 win 9\n+0 close(4) = 0\n+0 close(3) = 0\n+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n+0 < S 0:0(0) win 1000\n+0 > S. 0:0(0) ack 1 <...>\n+0 < . 1:1(0) ack 1 win 9\n+0 accept(3, ..., ...) = 4\n+0 > R 1:1(0)",
			"line 18: expects +0 > R 1:1(0); the model sends nothing (syn-received-establishes)"},
		{"an option that is not known", "+0 < . 1:1(0) ack 1 win 1000 <mp_capable>", "8:31: not supported: the option mp_capable"},
		{"a disagreement before what is not known", "+0 > R 1:1(0)\n+0 < udp (10)", "line 8: expects +0 > R 1:1(0); the model sends nothing (syn-received-establishes)"},
		{"a window that the script does not tell", "+0 < . 1001:41001(40000) ack 1 win 9\n+0 < . 41001:91001(50000) ack 1 win 9\n+0 < . 1:1001(1000) ack 1 win 9\n+0 > . 1:1(0) ack 91001", "line 11: expects +0 > . 1:1(0) ack 91001; the model sends <SEQ=1><ACK=1001><CTL=ACK> (text-delivered)"},
		{"a number that is not compared", "+0 write(4, ..., 9) = 9\n+0 > P. ...(9) ack 1\n+0 > P. ...(9) ack 1", "line 10: expects +0 > P. ...(9) ack 1; the model sends nothing (send-segmentized)"},
		{"any ISS above what was used, where TIME-WAIT reopens", "+0 shutdown(4, SHUT_WR) = 0\n+0 > F. 1:1(0) ack 1\n+0.1 < F. 1:1(0) ack 2 win 9\n+0 > . 2:2(0) ack 2\n+0.1 < S 700:700(0) win 9\n+0 > S. 65539:65539(0) ack 701\n+0.1 < . 701:701(0) ack 65540 win 9\n+0 accept(3, ..., ...) = 5", "agrees in 7 places"},
		{"an ISS that was used, where TIME-WAIT reopens", "+0 shutdown(4, SHUT_WR) = 0\n+0 > F. 1:1(0) ack 1\n+0.1 < F. 1:1(0) ack 2 win 9\n+0 > . 2:2(0) ack 2\n+0.1 < S 700:700(0) win 9\n+0 > S. 1:1(0) ack 701", "line 13: expects +0 > S. 1:1(0) ack 701; the model sends <SEQ=2><ACK=2><CTL=ACK> (syn-challenge-ack)"},
		{"an old duplicate that had TIME-WAIT reopen", "+0 shutdown(4, SHUT_WR) = 0\n+0 > F. 1:1(0) ack 1\n+0.1 < F. 1:1(0) ack 2 win 9\n+0 > . 2:2(0) ack 2\n+0.1 < S 700:700(0) win 9\n+0 > S. 65539:65539(0) ack 701\n+0.1 < R 701:701(0)\n+0.1 < F. 1:1(0) ack 2 win 9\n+0 > . 2:2(0) ack 2", "agrees in 7 places"},
		{"a SYN that is given up too early", "+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 5\n+0 connect(5, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n+0 > S 0:0(0) <...>\n+127 getsockopt(5, SOL_SOCKET, SO_ERROR, [ETIMEDOUT], [4]) = 0",
			"line 11: expects +127 getsockopt(5, SOL_SOCKET, SO_ERROR, [ETIMEDOUT], [4]) = 0; the model is in SYN-SENT, and the user has heard of no such failure: it gives up what is outstanding after 3m0s at the earliest (open-active-sends-syn)"},
		{"a SYN that is given up", "+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 5\n+0 connect(5, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n+0 > S 0:0(0) <...>\n+181 getsockopt(5, SOL_SOCKET, SO_ERROR, [ETIMEDOUT], [4]) = 0", "agrees in 5 places"},
		{"a time that goes back", "5 < . 1:1(0) ack 1 win 9\n4.5 close(4) = 0", "9:1: not supported: the time 4.5s, which lies before that of the event before it, 5s"},
		{"a time that goes back within the tolerance", "5 < . 1:1(0) ack 1 win 9\n4.998 close(4) = 0", "agrees in 2 places"},
		{"more gaps than are held", "+0 < . 11:21(10) ack 1 win 9\n+0 < . 31:41(10) ack 1 win 9\n+0 < . 51:61(10) ack 1 win 9\n+0 < . 71:81(10) ack 1 win 9\n+0 < . 91:101(10) ack 1 win 9\n+0 < . 1:91(90) ack 1 win 9\n+0 > . 1:1(0) ack 102",
			"14:1: not supported: more gaps in the text than the model holds segments above"},
	} {
		text := opening + c.lines
		s, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := Run(s, text, model.Behaviours{}).String(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Timestamps that go back would be dropped by PAWS, of which the model knows
// nothing: that is said, and no verdict given.
func TestRunTimestamps(t *testing.T) {
	text := strings.NewReplacer("win 1000\n+0 > S. 0:0(0) ack 1 <...>", "win 1000 <TS val 9 ecr 0>\n+0 > S. 0:0(0) ack 1 <...>").Replace(opening) +
		"+0 < P. 1:11(10) ack 1 win 1000 <TS val 10 ecr 1>\n+0.1 > . 1:1(0) ack 11\n+0 < P. 11:21(10) ack 1 win 1000 <TS val 8 ecr 1>"
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	const want = "10:4: not supported: a timestamp that goes back: PAWS is no part of the model"
	if got := Run(s, text, model.Behaviours{}).String(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// Any script that is read is judged, and each candidate that is kept is an
// endpoint that the model knows.
func FuzzRun(f *testing.F) {
	paths, err := filepath.Glob("testdata/*/*.pkt")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), uint8(0))
	}
	f.Fuzz(func(t *testing.T, text string, variant uint8) {
		s, err := Parse(text)
		if err != nil || len(text) > 4000 {
			return
		}
		variants := model.Variants()
		r := newRunner(s, text, variants[int(variant)%len(variants)].Behaviours, model.Step)
		r.run()
		for _, c := range r.judge.list {
			if err := c.e.Validate(&c.t); err != nil {
				t.Fatalf("after line %d: %v\n%+v", r.pos().Line, err, c.t)
			}
		}
		if x := r.result; x.Outcome == Disagrees && (len(x.Rules) == 0 || x.Model == "" || x.Ladder == "" || len(x.From) == 0) {
			t.Errorf("a disagreement that says too little: %+v", x)
		}
	})
}
