package modeltest

import "github.com/tcpcheck/tcpcheck/model"

var ackProperties = []Property{
	{
		ID: "acks-received", Source: "3.3.1, 3.4",
		Meaning: "No segment acknowledges what was not received: SEG.ACK =< RCV.NXT.",
		step:    acksReceived,
	},
	{
		ID: "text-acked", Source: "3.8.6.3 MUST-58, 3.10.7.4 seventh and eighth",
		Meaning: "What is taken, text or FIN, is acknowledged up to RCV.NXT in the same event. (A stack that delays ACKs is judged with Config.DelayedACK.)",
		step:    textAcked,
	},
	{
		ID: "snd-una", Source: "3.4, 3.10.7.4 fifth",
		Meaning: "SND.UNA never goes back, and moves only to a number that an arriving segment acknowledges and that was sent.",
		step:    sndUna,
	},
	{
		ID: "ack-counts", Source: "3.10.7.3, 3.10.7.4 fifth",
		Meaning: "An ACK of something sent and not acknowledged moves SND.UNA there.",
		step:    ackCounts,
	},
	{
		ID: "ack-range", Source: "3.10.7.4 fifth, RFC 5961 section 5",
		Meaning: "In a synchronized state a segment that acknowledges what was not sent yet is answered by an ACK, and changes nothing.",
		step:    ackRange,
	},
}

func acksReceived(s *step) string {
	if s.after.State < model.SynReceived {
		return ""
	}
	for _, g := range s.out.Sent() {
		if g.Flags.Has(model.ACK) && !g.Flags.Has(model.RST) && s.e.Space.Dist(g.Ack, s.after.RcvNxt) > longest(s.e.Space) {
			return must(false, "%v: RCV.NXT is %d", show(g), s.after.RcvNxt)
		}
	}
	return ""
}

func textAcked(s *step) string {
	taken := s.delivered() > 0 || s.now.peerFIN != s.was.peerFIN
	if !taken || s.after.State <= model.Listen {
		return ""
	}
	for _, g := range s.out.Sent() {
		if g.Flags.Has(model.ACK) && g.Ack == s.after.RcvNxt {
			return ""
		}
	}
	return must(false, "text or FIN up to %d was taken, and %v does not acknowledge it", s.after.RcvNxt, showAll(s.out.Sent()))
}

func sndUna(s *step) string {
	una, was := s.after.SndUna, s.before.SndUna
	if s.before.State <= model.Listen || s.after.State <= model.Listen || una == was || s.after.State == model.SynReceived {
		return ""
	}
	if s.after.State == model.TimeWait && s.e.Behaviours.AfterReset == model.ResetTimeWaits {
		return "" // the queues are flushed
	}
	asked := s.ev.Segment.Flags.Has(model.ACK) && s.ev.Segment.Ack == una
	for _, h := range s.before.Held[:s.before.NHeld] {
		asked = asked || h.Flags.Has(model.ACK) && h.Ack == una
	}
	ok := s.ev.Kind == model.SegmentArrives && asked && s.e.Space.Above(was, una, s.before.SndNxt)
	return must(ok, "SND.UNA went from %d to %d on %v; SND.NXT was %d", was, una, describe(s.ev), s.before.SndNxt)
}

func ackCounts(s *step) string {
	g, ok := s.acknowledging()
	if !ok || s.after.State <= model.Listen || !s.e.Space.Above(s.before.SndUna, g.Ack, s.before.SndNxt) {
		return ""
	}
	return must(s.e.Space.Within(g.Ack, s.after.SndUna, s.after.SndNxt), "%v left SND.UNA at %d", show(g), s.after.SndUna)
}

func ackRange(s *step) string {
	g, ok := s.connected()
	t, space := &s.before, s.e.Space
	if !ok || !t.State.Synchronized() || t.NHeld > 0 ||
		g.Ack == t.SndNxt || space.Dist(t.SndNxt, g.Ack) >= longest(space)-t.MaxSndWnd {
		return ""
	}
	return must(s.ackAnswer() && s.after == s.before, "%v acknowledges more than SND.NXT=%d and drew %v", show(g), t.SndNxt, showAll(s.out.Sent()))
}
