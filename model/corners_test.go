package model_test

import (
	"slices"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
)

// corner is an endpoint with a window of 3 that is ESTABLISHED: its ISS is 0 and
// the peer's 100.
func corner(b model.Behaviours) (model.Endpoint, model.TCB) {
	e := model.Endpoint{Space: model.Space32, Window: 3, Retransmissions: 2, MSL: 2, TimeWait: 4, Behaviours: b}
	t := model.TCB{State: model.Established, Retries: 2, SndUna: 1, SndNxt: 1, SndUp: 1, SndWl2: 1,
		SndWnd: 3, MaxSndWnd: 3, IRS: 100, RcvNxt: 101, RcvUp: 101, SndWl1: 101, RcvWnd: 3}
	return e, t
}

// step lets the events happen, one after another, and returns the last output.
func step(t *testing.T, e *model.Endpoint, tcb *model.TCB, events ...model.Event) (out model.Output) {
	t.Helper()
	for _, ev := range events {
		if err := e.Validate(tcb); err != nil {
			t.Fatal(err)
		}
		e.Step(tcb, ev, &out)
	}
	if err := e.Validate(tcb); err != nil {
		t.Fatal(err)
	}
	return out
}

func arrives(g model.Segment) model.Event {
	return model.Event{Kind: model.SegmentArrives, Segment: g}
}

// "The urgent bit if requested in the command must be sent with the data
// segments sent as a result of this command" (3.10.2 LISTEN), also where the
// text travels on the SYN; and so must PSH (3.9.1.2).
func TestSynCarriesUrgentAndPush(t *testing.T) {
	e, _ := corner(model.Behaviours{SynText: model.SynTextSent})
	for n, want := range map[uint32]model.Segment{
		2: {Seq: 7, Len: 2, Wnd: 3, Up: 3, Flags: model.SYN | model.PSH | model.URG},
		5: {Seq: 7, Len: 3, Wnd: 3, Up: 6, Flags: model.SYN | model.URG}, // the PUSH follows with the rest
	} {
		tcb := model.TCB{State: model.Listen}
		out := step(t, &e, &tcb, model.Event{Kind: model.Send, N: n, Push: true, Urgent: true, ISS: 7})
		if got := out.Sent(); !slices.Equal(got, []model.Segment{want}) || tcb.PushQueued != (n > 3) {
			t.Errorf("SEND %d: sent %v, PUSH queued %v: want %v", n, got, tcb.PushQueued, want)
		}
	}
}

// An urgent pointer that came on a SYN, and that text has passed meanwhile, is
// no urgent text to come: RCV.UP is max(RCV.UP, SEG.UP).
func TestUrgentPointerOfSynIsPassed(t *testing.T) {
	for _, x := range []struct {
		up     uint16 // of the SYN: 2 points behind the first octet
		rcvUp  model.Seq
		signal []model.Signal
	}{
		{2, 103, nil},
		{3, 103, nil},
		{4, 104, []model.Signal{model.UrgentData}},
	} {
		e, _ := corner(model.Behaviours{})
		tcb := model.TCB{State: model.Listen}
		out := step(t, &e, &tcb, arrives(model.Segment{Seq: 100, Up: x.up, Flags: model.SYN | model.URG}),
			arrives(model.Segment{Seq: 101, Ack: 1, Len: 2, Flags: model.ACK}))
		if tcb.State != model.Established || tcb.RcvUp != x.rcvUp || !slices.Equal(out.Signals(), x.signal) {
			t.Errorf("UP=%d: %v RCV.UP=%d, signals %v: want RCV.UP=%d, %v", x.up, tcb.State, tcb.RcvUp, out.Signals(), x.rcvUp, x.signal)
		}
	}
}

// A CLOSE that resets for unread text ends the SENDs as ABORT does (3.10.5).
func TestCloseThatResetsAnswersSends(t *testing.T) {
	for _, x := range []struct {
		outstanding model.Seq
		want        []model.Signal
	}{{0, nil}, {2, []model.Signal{model.ConnectionReset}}} {
		e, tcb := corner(model.Behaviours{CloseUnread: model.CloseResets})
		e.SlowReader = true
		tcb.Unread, tcb.RcvWnd = 1, 2
		tcb.SndNxt += x.outstanding
		out := step(t, &e, &tcb, model.Event{Kind: model.Close})
		if tcb.State != model.Closed || !slices.Equal(out.Signals(), x.want) {
			t.Errorf("%d octets outstanding: %v, signals %v: want CLOSED, %v", x.outstanding, tcb.State, out.Signals(), x.want)
		}
	}
}

// A USER TIMEOUT in LISTEN ends the OPEN, not the quiet time (3.4.3).
func TestUserTimeoutKeepsQuietTime(t *testing.T) {
	e, tcb := corner(model.Behaviours{AfterCrash: model.CrashQuiets})
	step(t, &e, &tcb, model.Event{Kind: model.Crash}, model.Event{Kind: model.OpenPassive}, model.Event{Kind: model.UserTimeout})
	if want := (model.TCB{Timer: 2}); tcb != want {
		t.Errorf("%+v: want %+v", tcb, want)
	}
}

// "If the TCP endpoint is processing a series of queued segments, it MUST
// process them all before sending any ACK segments" (MUST-59), also where the
// ACK of one is out of range.
func TestHeldSegmentsAreAnsweredOnce(t *testing.T) {
	e, tcb := corner(model.Behaviours{OutOfOrder: model.OutOfOrderHeld})
	out := step(t, &e, &tcb, arrives(model.Segment{Seq: 102, Ack: 90, Len: 1, Wnd: 3, Flags: model.ACK}),
		arrives(model.Segment{Seq: 102, Ack: 1, Len: 2, Wnd: 3, Flags: model.ACK}),
		arrives(model.Segment{Seq: 101, Ack: 1, Len: 1, Wnd: 3, Flags: model.ACK}))
	if want := []model.Segment{{Seq: 1, Ack: 104, Wnd: 3, Flags: model.ACK}}; !slices.Equal(out.Sent(), want) {
		t.Errorf("sent %v: want %v", out.Sent(), want)
	}
}

// SHLD-31 counts for SYN-RECEIVED too: the first check names it.
func TestSynReceivedHoldsWhatLiesAbove(t *testing.T) {
	e, _ := corner(model.Behaviours{OutOfOrder: model.OutOfOrderHeld})
	tcb := model.TCB{State: model.Listen}
	out := step(t, &e, &tcb, arrives(model.Segment{Seq: 100, Flags: model.SYN}),
		arrives(model.Segment{Seq: 102, Ack: 1, Len: 1, Flags: model.ACK}),
		arrives(model.Segment{Seq: 101, Ack: 1, Len: 1, Flags: model.ACK}))
	want := []model.Delivery{{Seq: 101, N: 1, Held: -1}, {Seq: 102, N: 1, Held: 0}}
	if tcb.State != model.Established || !slices.Equal(out.Delivered(), want) {
		t.Errorf("%v, delivered %v: want ESTABLISHED, %v", tcb.State, out.Delivered(), want)
	}
}

// SND.WL1 < SEG.SEQ, however old SND.WL1 is: here 7 of 8 numbers.
func TestOldWindowUpdateIsOlder(t *testing.T) {
	e, tcb := corner(model.Behaviours{})
	var err error
	if e.Space, err = model.NewSpace(3); err != nil {
		t.Fatal(err)
	}
	e.SlowReader = true
	tcb.IRS, tcb.SndWl1, tcb.RcvNxt, tcb.RcvUp, tcb.RcvWnd, tcb.Unread = 0, 0, 7, 7, 0, 3
	step(t, &e, &tcb, arrives(model.Segment{Seq: 7, Ack: 1, Wnd: 1, Flags: model.ACK}))
	if tcb.SndWnd != 1 || tcb.SndWl1 != 7 {
		t.Errorf("SND.WND=%d SND.WL1=%d: want 1 and 7", tcb.SndWnd, tcb.SndWl1)
	}
}

// "If the segment empties and carries a PUSH flag" (3.10.7.4 seventh): what was
// cut to the window does not.
func TestCutTextIsNotPushed(t *testing.T) {
	for n, push := range map[uint32]bool{3: true, 4: false} {
		e, tcb := corner(model.Behaviours{})
		out := step(t, &e, &tcb, arrives(model.Segment{Seq: 101, Ack: 1, Wnd: 3, Len: n, Flags: model.ACK | model.PSH}))
		if got := out.Delivered(); len(got) != 1 || got[0].N != 3 || got[0].Push != push || slices.Contains(out.Signals(), model.PushSeen) != push {
			t.Errorf("%d octets: delivered %v, signals %v: want 3, pushed %v", n, got, out.Signals(), push)
		}
	}
}
