// Package capture reads the TCP segments of a packet capture, one at a time.
//
// [Open] takes a pcap or pcapng file, plain or compressed by gzip or zstd, and
// [Reader.Next] returns the next TCP segment. What is not a TCP segment is
// counted by reason in [Reader.Skipped]; nothing is skipped silently.
//
// The frames may be Ethernet (with VLAN tags, QinQ, PPPoE), PPP, BSD loopback, raw
// IP (link types 101, 228, 229 and the old 12 and 14), Linux SLL or SLL2; the
// packets IPv4 or IPv6. The headers are decoded here and not by a general
// decoder, since a packet that the snap length cut still has all that matters:
// lengths come from the IP header, and only the TCP header must be there.
//
// Memory does not grow with the file. A file that ends inside a record, or goes
// wrong after some packets, gives what came before and then an error that says
// so.
package capture
