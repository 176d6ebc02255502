//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// The kernel's address in the namespace, and that of the first peer. Every
// sequence has a peer of its own, so none meets what another left behind.
var (
	ourAddr   = [4]byte{10, 0, 0, 1}
	firstPeer = uint32(10<<24 | 1<<16)
)

// errUnavailable is why the kernel can't be tested here.
var errUnavailable = errors.New("the kernel can't be tested here")

// namespace is a network namespace with a TUN device in it. The thread of the
// goroutine that makes it lives there, and only that goroutine may use it. It has
// no name: the kernel removes it with the thread and the descriptors, so also
// when the process is killed.
type namespace struct {
	tun  int // the device
	proc int // /proc/net/tcp
	next uint32
	buf  [1 << 16]byte
}

// newNamespace takes the caller's thread to a new namespace, for good: the
// thread ends with the goroutine.
func newNamespace() (*namespace, error) {
	runtime.LockOSThread()
	n := &namespace{tun: -1, proc: -1}
	if err := n.setup(); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

// close lets go of the namespace.
func (n *namespace) close() {
	for _, fd := range []int{n.tun, n.proc} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}

func (n *namespace) setup() error {
	if os.Geteuid() != 0 {
		return fmt.Errorf("%w: it takes root, to make a network namespace", errUnavailable)
	}
	// One CPU, so that what is written to the device is processed in order.
	var cpus unix.CPUSet
	if err := unix.SchedGetaffinity(0, &cpus); err != nil {
		return err
	}
	for i := range 1024 {
		if cpus.IsSet(i) {
			cpus.Zero()
			cpus.Set(i)
			break
		}
	}
	if err := unix.SchedSetaffinity(0, &cpus); err != nil {
		return err
	}
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("%w: unshare: %v", errUnavailable, err)
	}
	// A small table of connections for the namespace made next, if the kernel
	// has that: /proc/net/tcp walks through all of it.
	if sysctl("ipv4/tcp_child_ehash_entries", "64") == nil {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("%w: unshare: %v", errUnavailable, err)
		}
	}
	for _, s := range [][2]string{
		{"ipv6/conf/all/disable_ipv6", "1"}, {"ipv6/conf/default/disable_ipv6", "1"},
	} {
		_ = sysctl(s[0], s[1]) // there may be no IPv6
	}
	for _, s := range [][2]string{
		{"ipv4/tcp_timestamps", "0"}, {"ipv4/tcp_sack", "0"}, {"ipv4/tcp_window_scaling", "0"},
		{"ipv4/tcp_invalid_ratelimit", "0"}, {"ipv4/tcp_syncookies", "0"}, {"ipv4/tcp_max_tw_buckets", "262144"},
		{"ipv4/conf/all/rp_filter", "0"}, {"ipv4/conf/default/rp_filter", "0"},
	} {
		if err := sysctl(s[0], s[1]); err != nil {
			return fmt.Errorf("%w: %v", errUnavailable, err)
		}
	}
	_ = sysctl("ipv4/tcp_challenge_ack_limit", "2147483647") // not in every kernel
	// No retransmission timeout while a busy machine plays a sequence; not in every kernel.
	_ = sysctl("ipv4/tcp_rto_min_us", "100000000")
	if err := n.openTun(); err != nil {
		return fmt.Errorf("%w: TUN device: %v", errUnavailable, err)
	}
	proc, err := unix.Open("/proc/thread-self/net/tcp", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("%w: /proc/net/tcp: %v", errUnavailable, err)
	}
	n.proc = proc
	return nil
}

// sysctl sets a variable of the thread's namespace.
func sysctl(name, value string) error {
	return os.WriteFile("/proc/sys/net/"+name, []byte(value), 0)
}

// openTun makes the device, with our address and all of 10.0.0.0/8 behind it.
func (n *namespace) openTun() error {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	n.tun = fd
	ifr, err := unix.NewIfreq("conform0")
	if err != nil {
		return err
	}
	ifr.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, ifr); err != nil {
		return err
	}
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	for _, set := range []struct {
		ioctl uint
		addr  []byte
	}{{unix.SIOCSIFADDR, ourAddr[:]}, {unix.SIOCSIFNETMASK, []byte{255, 0, 0, 0}}} {
		if err := ifr.SetInet4Addr(set.addr); err != nil {
			return err
		}
		if err := unix.IoctlIfreq(s, set.ioctl, ifr); err != nil {
			return err
		}
	}
	ifr.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, ifr); err != nil {
		return err
	}
	if err := unix.IoctlIfreq(s, unix.SIOCGIFINDEX, ifr); err != nil {
		return err
	}
	return quickRoute(int(ifr.Uint32()))
}

// kernel is the name of the kernel that runs, "Linux 6.18".
func kernel() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "Linux"
	}
	parts := strings.SplitN(unix.ByteSliceToString(u.Release[:]), ".", 3)
	return "Linux " + strings.Join(parts[:min(2, len(parts))], ".")
}
