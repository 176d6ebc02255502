package trace

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tcpcheck/tcpcheck/model"
)

// handshake is a setup of two endpoints, B in LISTEN, in a space of 2^32.
func handshake() Setup {
	e := model.Endpoint{Space: model.Space32, Window: 100, Retransmissions: model.Unlimited, MSL: 2, TimeWait: 4}
	return Setup{
		Endpoints: [2]model.Endpoint{e, e},
		Start:     [2]model.TCB{{}, {State: model.Listen}},
	}
}

func open(iss model.Seq) Action {
	return Action{Kind: Call, Side: A, Event: model.Event{Kind: model.OpenActive, ISS: iss}}
}

func call(s Side, k model.EventKind) Action {
	return Action{Kind: Call, Side: s, Event: model.Event{Kind: k}}
}

func deliver(s Side, id int) Action { return Action{Kind: Deliver, Side: s, ID: id} }

func TestImpossibleActions(t *testing.T) {
	lost := Action{Kind: Lose, Side: B, ID: 1}
	arrive := deliver(B, 1)
	arrive.Event.Segment = model.Segment{Seq: 7, Flags: model.SYN}
	for _, c := range []struct {
		actions []Action
		want    string
	}{
		{[]Action{deliver(B, 7)}, "step 2, deliver segment 7 to B: segment 7 was never sent: the last is 1"},
		{[]Action{deliver(A, 1)}, "step 2, deliver segment 1 to A: segment 1 is on its way to B"},
		{[]Action{lost, deliver(B, 1)}, "step 3, deliver segment 1 to B: segment 1 is no longer in the network"},
		{[]Action{{Kind: Tick}, {Kind: Tick}, lost}, "step 4, lose segment 1 to B: segment 1 is no longer in the network"},
		{[]Action{arrive}, "the segment is <SEQ=100><WND=100><CTL=SYN>, not <SEQ=7><CTL=SYN>"},
		{[]Action{{Kind: Tick, Dropped: 1}}, "step 2, tick: dropped is 1, and only 0 segments are sent"},
		{[]Action{{Kind: 99}}, "step 2, Kind(99): kind 99: there is no such action"},
		{[]Action{{Kind: Call, Side: 7, Event: model.Event{Kind: model.Close}}}, "side 7: want 0 or 1"},
		{[]Action{call(A, model.SegmentArrives)}, "a segment arrives by Deliver, Duplicate or Attack"},
		{[]Action{call(A, model.Tick)}, "time passes for both sides: use Tick"},
		{[]Action{call(A, 99)}, "event 99: there are 17"},
		{[]Action{{Kind: Call, Event: model.Event{Kind: model.Close, Refusal: 99}}}, "refusal 99: there are 6"},
		{[]Action{{Kind: Call, Event: model.Event{Kind: model.Close, N: 5}}}, "CLOSE has no use for a count of octets"},
		{[]Action{call(A, model.Send)}, "SEND of 0 octets: want at least 1"},
		{[]Action{{Kind: Attack, Event: model.Event{Segment: model.Segment{Ack: 5, Flags: model.SYN}}}}, "ACK=5 without the flag ACK"},
	} {
		tr, err := Run(handshake(), [2]model.StepFunc{}, append([]Action{open(100)}, c.actions...))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v, want %q", c.actions, err, c.want)
		}
		if n := len(c.actions); len(tr.Steps) != n {
			t.Errorf("%v: %d steps were played, want the %d possible ones", c.actions, len(tr.Steps), n)
		}
	}
}

func TestImpossibleSetups(t *testing.T) {
	for _, c := range []struct {
		change func(*Setup)
		want   string
	}{
		{func(s *Setup) { s.Endpoints[B].Window = 0 }, "setup: B: window of 0 octets"},
		{func(s *Setup) { s.Endpoints[B].Space, _ = model.NewSpace(8) }, "setup: the sides count 4294967296 and 256 sequence numbers"},
		{func(s *Setup) { s.Start[A].State = model.Established }, "setup: A can't start so: ESTABLISHED:"},
		{func(s *Setup) { s.InFlight = []Flight{{ID: 2}} }, "setup: segment 1 in flight has the ID 2"},
		{func(s *Setup) { s.InFlight = []Flight{{To: 5}} }, "setup: segment 1 in flight goes to side 5"},
		{func(s *Setup) { s.InFlight = []Flight{{Segment: model.Segment{Up: 1}}} }, "setup: segment 1 in flight: UP=1 without the flag URG"},
	} {
		s := handshake()
		c.change(&s)
		if _, err := Run(s, [2]model.StepFunc{}, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

// TestTickAgesFirst: a segment vanishes in the tick in which its TTL is used
// up; one without TTL never does; a retransmission is fresh.
func TestTickAgesFirst(t *testing.T) {
	s := handshake()
	s.InFlight = []Flight{{To: B, Segment: model.Segment{Seq: 9, Flags: model.RST}}}
	r, err := NewRunner(s, [2]model.StepFunc{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		action   Action
		expired  []int
		inFlight []int
	}{
		{open(100), nil, []int{1, 2}},
		{Action{Kind: Tick}, nil, []int{1, 2}},
		{call(A, model.RetransmissionTimeout), nil, []int{1, 2, 3}},
		{Action{Kind: Tick}, []int{2}, []int{1, 3}},
		{Action{Kind: Duplicate, Side: B, ID: 3}, nil, []int{1, 3, 4}},
		{Action{Kind: Tick}, []int{3}, []int{1, 4}},
	} {
		st, err := r.Do(c.action)
		if err != nil {
			t.Fatal(err)
		}
		var ids []int
		for _, f := range r.InFlight() {
			ids = append(ids, f.ID)
		}
		if !slices.Equal(st.Expired, c.expired) || !slices.Equal(ids, c.inFlight) {
			t.Errorf("%v: %v expired and %v in flight, want %v and %v", c.action, st.Expired, ids, c.expired, c.inFlight)
		}
	}
}

func TestChanged(t *testing.T) {
	tr := figure(t, "figure8_old_duplicate_syn")
	for _, c := range []struct {
		step int
		side Side
		want []Change
	}{
		{2, A, nil},
		{3, B, []Change{{"state", "SYN-RECEIVED", "LISTEN"}}},
		{6, B, []Change{
			{"state", "SYN-RECEIVED", "ESTABLISHED"}, {"SND.UNA", "400", "401"}, {"SND.WL1", "100", "101"},
			{"SND.WL2", "400", "401"}, {"SND.UP", "400", "401"}, {"PASSIVE", "yes", "no"}, {"SYN-PENDING", "yes", "no"},
		}},
	} {
		got := Changed(tr.Before(c.step)[c.side], tr.Steps[c.step].After[c.side])
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("step %d at %v (-want +got):\n%s", c.step, c.side, diff)
		}
	}
}
