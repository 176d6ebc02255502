//go:build linux

package main

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// quickRoute replaces the route to 10.0.0.0/8 by one whose connections
// acknowledge at once, in every state, so that no ACK is delayed.
func quickRoute(device int) error {
	s, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	metrics := attribute(nil, unix.RTAX_QUICKACK, 1)
	b := make([]byte, unix.SizeofNlMsghdr+unix.SizeofRtMsg)
	native := binary.NativeEndian
	native.PutUint16(b[4:], unix.RTM_NEWROUTE)
	native.PutUint16(b[6:], unix.NLM_F_REQUEST|unix.NLM_F_ACK|unix.NLM_F_CREATE|unix.NLM_F_REPLACE)
	rt := b[unix.SizeofNlMsghdr:]
	rt[0], rt[1], rt[4], rt[5], rt[6], rt[7] = unix.AF_INET, 8, unix.RT_TABLE_MAIN, unix.RTPROT_KERNEL, unix.RT_SCOPE_LINK, unix.RTN_UNICAST
	b = attribute(b, unix.RTA_DST, native.Uint32([]byte{10, 0, 0, 0}))
	b = attribute(b, unix.RTA_PREFSRC, native.Uint32(ourAddr[:]))
	b = attribute(b, unix.RTA_OIF, uint32(device))
	b = native.AppendUint16(b, uint16(4+len(metrics)))
	b = native.AppendUint16(b, unix.RTA_METRICS)
	b = append(b, metrics...)
	native.PutUint32(b, uint32(len(b)))
	if err := unix.Sendto(s, b, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	var reply [4096]byte
	n, _, err := unix.Recvfrom(s, reply[:], 0)
	if err != nil {
		return err
	}
	if n < unix.SizeofNlMsghdr+4 || native.Uint16(reply[4:]) != unix.NLMSG_ERROR {
		return fmt.Errorf("netlink: %d octets of an answer that is no acknowledgment", n)
	}
	if code := int32(native.Uint32(reply[unix.SizeofNlMsghdr:])); code != 0 {
		return unix.Errno(-code)
	}
	return nil
}

// attribute appends a netlink attribute of four octets.
func attribute(b []byte, kind uint16, value uint32) []byte {
	b = binary.NativeEndian.AppendUint16(b, 8)
	b = binary.NativeEndian.AppendUint16(b, kind)
	return binary.NativeEndian.AppendUint32(b, value)
}
