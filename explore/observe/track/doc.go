// Package track follows the TCP connections of a capture.
//
// A [Tracker] is given the packets of a file in their order ([Tracker.Add]) and
// hands over each connection when nothing more is expected of it, the rest at
// [Tracker.Finish]. A [Conn] says how it opened and closed, in which states each
// endpoint can have been after each packet, what no run of the model allows,
// and Zeek's conn_state and history.
//
// # Decisions
//
// Both endpoints of an address pair are watched by one [observe.Observer] each,
// across incarnations: whether a SYN opens a new connection or is an old
// duplicate is for the endpoint to say. A new [Conn] begins where the last one
// ended (a reset, or both FINs) and a SYN with a new number comes.
//
// Memory is bounded by the connections that are open: one that ended is handed
// over after [Linger] of the capture's time, an unanswered SYN after
// [Unanswered], and any connection after [Idle] without a packet. Only the
// packets of open connections are kept, and none at all without
// [Options.Packets].
package track
