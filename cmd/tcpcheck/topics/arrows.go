package topics

import "github.com/tcpcheck/tcpcheck/model"

// Arrow is one way from a state to another, as RFC 9293 with the mitigations of
// RFC 5961 has it. A segment may take several at once; of these the one way that
// has a note of its own in figure 5 is an arrow too, with Via.
type Arrow struct {
	From, To model.State
	Events   []model.EventKind // that may cause it
	Cause    string
	Sends    string // empty: nothing
	Section  string
	Via      []model.State // passed through at once
}

// Arrows are all of them, by From and then by To.
var Arrows = []Arrow{
	{model.Closed, model.Listen, on(model.OpenPassive), "passive OPEN", "", "3.10.1", nil},
	{model.Closed, model.SynSent, on(model.OpenActive), "active OPEN", "SYN", "3.10.1", nil},

	{model.Listen, model.Closed, on(model.Close), "CLOSE", "", "3.10.4", nil},
	{model.Listen, model.Closed, on(model.Abort), "ABORT", "", "3.10.5", nil},
	{model.Listen, model.Closed, on(model.UserTimeout), "USER TIMEOUT", "", "3.10.8", nil},
	{model.Listen, model.Closed, on(model.Crash), "crash", "", "3.5.1", nil},
	{model.Listen, model.Closed, on(model.SegmentArrives, model.UnreachableHard), "CLOSE, queued in SYN-RECEIVED, on falling back", "", "3.10.4", nil},
	{model.Listen, model.SynSent, on(model.OpenActive), "active OPEN", "SYN", "3.10.1", nil},
	{model.Listen, model.SynSent, on(model.Send), "SEND", "SYN", "3.10.2", nil},
	{model.Listen, model.SynReceived, on(model.SegmentArrives), "SYN", "SYN,ACK", "3.10.7.2 third", nil},

	{model.SynSent, model.Closed, on(model.SegmentArrives), "RST that acknowledges our SYN", "", "3.10.7.3 second", nil},
	{model.SynSent, model.Closed, on(model.Close), "CLOSE", "", "3.10.4", nil},
	{model.SynSent, model.Closed, on(model.Abort), "ABORT", "", "3.10.5", nil},
	{model.SynSent, model.Closed, on(model.UserTimeout), "USER TIMEOUT", "", "3.10.8", nil},
	{model.SynSent, model.Closed, on(model.UnreachableHard), "hard ICMP error", "", "3.9.2.2", nil},
	{model.SynSent, model.Closed, on(model.Crash), "crash", "", "3.5.1", nil},
	{model.SynSent, model.SynReceived, on(model.SegmentArrives), "SYN without ACK", "SYN,ACK", "3.10.7.3 fourth", nil},
	{model.SynSent, model.Established, on(model.SegmentArrives), "SYN,ACK of our SYN", "ACK", "3.10.7.3 fourth", nil},

	{model.SynReceived, model.Closed, on(model.SegmentArrives), "RST, after an active OPEN", "", "3.10.7.4 second", nil},
	{model.SynReceived, model.Closed, on(model.Abort), "ABORT", "RST", "3.10.5", nil},
	{model.SynReceived, model.Closed, on(model.UserTimeout), "USER TIMEOUT", "", "3.10.8", nil},
	{model.SynReceived, model.Closed, on(model.UnreachableHard), "hard ICMP error, after an active OPEN", "", "3.9.2.2", nil},
	{model.SynReceived, model.Closed, on(model.Crash), "crash", "", "3.5.1", nil},
	{model.SynReceived, model.Listen, on(model.SegmentArrives), "RST or SYN, after a passive OPEN", "", "3.10.7.4 second, fourth", nil},
	{model.SynReceived, model.Listen, on(model.UnreachableHard), "hard ICMP error, after a passive OPEN", "", "3.9.2.2", nil},
	{model.SynReceived, model.Established, on(model.SegmentArrives), "ACK of our SYN", "", "3.10.7.4 fifth", nil},
	{model.SynReceived, model.FinWait1, on(model.Close), "CLOSE", "FIN", "3.10.4", nil},

	{model.Established, model.FinWait1, on(model.Close), "CLOSE", "FIN", "3.10.4", nil},
	{model.Established, model.FinWait1, on(model.SegmentArrives), "CLOSE, queued in SYN-RECEIVED", "FIN", "3.10.4", nil},
	{model.Established, model.CloseWait, on(model.SegmentArrives), "FIN", "ACK", "3.10.7.4 eighth", nil},
	{model.Established, model.Closed, on(model.SegmentArrives), "RST", "", "3.10.7.4 second", nil},
	{model.Established, model.Closed, on(model.Abort), "ABORT", "RST", "3.10.5", nil},
	{model.Established, model.Closed, failures, failing, "", "3.10.8, 3.9.2.2, 3.5.1", nil},

	{model.FinWait1, model.FinWait2, on(model.SegmentArrives), "ACK of our FIN", "", "3.10.7.4 fifth", nil},
	{model.FinWait1, model.Closing, on(model.SegmentArrives), "FIN", "ACK", "3.10.7.4 eighth", nil},
	{model.FinWait1, model.TimeWait, on(model.SegmentArrives), "FIN with the ACK of our FIN", "ACK", "figure 5, note 2", []model.State{model.FinWait2}},
	{model.FinWait1, model.Closed, on(model.SegmentArrives), "RST", "", "3.10.7.4 second", nil},
	{model.FinWait1, model.Closed, on(model.Abort), "ABORT", "RST", "3.10.5", nil},
	{model.FinWait1, model.Closed, failures, failing, "", "3.10.8, 3.9.2.2, 3.5.1", nil},

	{model.FinWait2, model.TimeWait, on(model.SegmentArrives), "FIN", "ACK", "3.10.7.4 eighth", nil},
	{model.FinWait2, model.Closed, on(model.SegmentArrives), "RST", "", "3.10.7.4 second", nil},
	{model.FinWait2, model.Closed, on(model.Abort), "ABORT", "RST", "3.10.5", nil},
	{model.FinWait2, model.Closed, failures, failing, "", "3.10.8, 3.9.2.2, 3.5.1", nil},

	{model.CloseWait, model.LastAck, on(model.Close), "CLOSE", "FIN", "3.10.4", nil},
	{model.CloseWait, model.LastAck, on(model.SegmentArrives), "the window lets a queued FIN out", "FIN", "3.10.4", nil},
	{model.CloseWait, model.LastAck, on(model.ZeroWindowProbe), "window probe with a queued FIN", "FIN", "3.8.6.1", nil},
	{model.CloseWait, model.Closed, on(model.SegmentArrives), "RST", "", "3.10.7.4 second", nil},
	{model.CloseWait, model.Closed, on(model.Abort), "ABORT", "RST", "3.10.5", nil},
	{model.CloseWait, model.Closed, failures, failing, "", "3.10.8, 3.9.2.2, 3.5.1", nil},

	{model.Closing, model.TimeWait, on(model.SegmentArrives), "ACK of our FIN", "", "3.10.7.4 fifth", nil},
	{model.Closing, model.Closed, on(model.SegmentArrives), "RST", "", "3.10.7.4 second", nil},
	{model.Closing, model.Closed, on(model.Abort), "ABORT", "", "3.10.5", nil},
	{model.Closing, model.Closed, failures, failing, "", "3.10.8, 3.9.2.2, 3.5.1", nil},

	{model.LastAck, model.Closed, on(model.SegmentArrives), "ACK of our FIN, or RST", "", "3.10.7.4 fifth, second", nil},
	{model.LastAck, model.Closed, on(model.Abort), "ABORT", "", "3.10.5", nil},
	{model.LastAck, model.Closed, failures, failing, "", "3.10.8, 3.9.2.2, 3.5.1", nil},

	{model.TimeWait, model.Closed, on(model.TimeWaitTimeout, model.Tick), "TIME-WAIT TIMEOUT, 2 MSL", "", "3.10.8", nil},
	{model.TimeWait, model.Closed, on(model.SegmentArrives), "RST", "", "3.10.7.4 second", nil},
	{model.TimeWait, model.Closed, on(model.Abort), "ABORT", "", "3.10.5", nil},
	{model.TimeWait, model.Closed, failures, failing, "", "3.10.8, 3.9.2.2, 3.5.1", nil},
}

// failing is what may end any synchronized state.
const failing = "USER TIMEOUT, hard ICMP error, or crash"

var failures = on(model.UserTimeout, model.UnreachableHard, model.Crash)

func on(kinds ...model.EventKind) []model.EventKind { return kinds }
