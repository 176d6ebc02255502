package script

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
)

// eachScript reads the scripts of testdata.
func eachScript(t *testing.T, f func(t *testing.T, s *Script, text string)) {
	t.Helper()
	paths, err := filepath.Glob("testdata/*/*.pkt")
	if err != nil || len(paths) < 60 {
		t.Fatalf("%d scripts, error %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s, err := Parse(string(text))
			if err != nil {
				t.Fatal(err)
			}
			f(t, s, string(text))
		})
	}
}

// bothRFCs are the behaviours by which every script agrees: where they differ,
// scripts choose for themselves.
var bothRFCs = []string{"rfc9293", "rfc793"}

func behaviours(t *testing.T, variant string) model.Behaviours {
	t.Helper()
	v, err := model.FindVariant(variant)
	if err != nil {
		t.Fatal(err)
	}
	return v.Behaviours
}

// What the scripts expect was written from the RFCs, and the model does it.
func TestScriptsAgree(t *testing.T) {
	eachScript(t, func(t *testing.T, s *Script, text string) {
		for _, variant := range bothRFCs {
			r := Run(s, text, behaviours(t, variant))
			if r.Outcome != Agrees {
				t.Errorf("%s: %v\n%s", variant, r, r.Ladder)
			}
		}
	})
}

// event is a class of segment, coarser than those of the reaction table: what
// the first checks of §3.10.7 tell apart.
func event(t *model.TCB, g model.Segment) string {
	state := t.State
	name := ""
	switch f := g.Flags; {
	case f.Has(model.RST):
		name = "rst"
	case f.Has(model.SYN):
		name = "syn"
	case f.Has(model.FIN):
		name = "fin"
	case g.Len > 0 && f.Has(model.ACK):
		name = "text"
	case f.Has(model.ACK):
		name = "ack"
	default:
		return "no ack"
	}
	hasAck := g.Flags.Has(model.ACK)
	switch {
	case state <= model.Listen:
		if hasAck && name != "ack" && name != "text" {
			name += ",ack"
		}
		return name
	case state == model.SynSent:
		switch {
		case !hasAck:
			return name
		case g.Ack == t.SndNxt:
			return name + ", good ack"
		}
		return name + ", bad ack"
	case name == "ack":
		switch un := space.Dist(t.SndUna, g.Ack); {
		case g.Seq != t.RcvNxt:
			return "ack outside"
		case g.Ack == t.SndUna && t.SndUna != t.SndNxt:
			return "ack of nothing new"
		case g.Ack == t.SndNxt:
			return "ack of all"
		case un < 1<<31 && un > space.Dist(t.SndUna, t.SndNxt):
			return "ack beyond"
		case space.Dist(g.Ack, t.SndUna) > t.MaxSndWnd:
			return "ack too old"
		}
		return "ack of some or old"
	case name == "syn" && hasAck:
		return "syn,ack"
	case g.Seq == t.RcvNxt:
		return name + " in order"
	case space.InWindow(t.RcvNxt, g.Seq, t.RcvWnd):
		return name + " inside"
	}
	return name + " outside"
}

// eventsOf are the events of a state.
func eventsOf(s model.State) []string {
	switch s {
	case model.Closed, model.Listen:
		return []string{"rst", "rst,ack", "syn", "syn,ack", "ack", "text", "fin", "fin,ack", "no ack"}
	case model.SynSent:
		return []string{
			"rst", "rst, good ack", "rst, bad ack", "syn", "syn, good ack", "syn, bad ack",
			"ack, good ack", "ack, bad ack", "text, good ack", "fin", "fin, good ack", "no ack",
		}
	}
	list := []string{
		"rst in order", "rst inside", "rst outside", "syn inside", "syn outside", "syn,ack",
		"ack of all", "ack beyond", "ack too old", "text in order", "text inside", "text outside",
		"fin in order", "fin outside", "no ack",
	}
	if s != model.FinWait2 && s != model.TimeWait { // there all is acknowledged
		list = append(list, "ack of nothing new")
	}
	return list
}

// The scripts have every event in every state, by RFC 793 and by RFC 5961.
func TestScriptsCoverEveryEvent(t *testing.T) {
	type pair struct {
		rfc793 bool
		state  model.State
		event  string
	}
	seen := map[pair]bool{}
	eachScript(t, func(t *testing.T, s *Script, text string) {
		for _, variant := range bothRFCs {
			r := newRunner(s, text, behaviours(t, variant), model.Step)
			r.run()
			c := r.judge.list[0]
			b := c.e.Behaviours
			if old := b.Reset == model.ResetInWindow; old == (b.Syn == model.SynResets) && old == (b.AckRange == model.AckRange793) {
				for p := c.steps; p != nil; p = p.before {
					if p.sent == nil && p.event.Kind == model.SegmentArrives {
						var before model.TCB
						if p.before != nil {
							before = p.before.after
						}
						seen[pair{old, before.State, event(&before, p.event.Segment)}] = true
					}
				}
			}
		}
	})
	for s := range model.State(model.NumStates) {
		for _, e := range eventsOf(s) {
			for _, old := range []bool{false, true} {
				if !seen[pair{old, s, e}] {
					t.Errorf("no script has %s in %v (RFC 793: %v)", e, s, old)
				}
			}
		}
	}
}

// A script with one expectation changed disagrees, at that line.
func TestChangedScriptsDisagree(t *testing.T) {
	eachScript(t, func(t *testing.T, s *Script, text string) {
		for i := range s.Events {
			for _, change := range []func(*Event) bool{changeNumber, changeFirst, changeFlags, changeState, changeResult, changeErrno} {
				changed := *s
				changed.Events = slices.Clone(s.Events)
				if !change(&changed.Events[i]) {
					continue
				}
				r := Run(&changed, text, model.Behaviours{})
				if want := s.Events[i].Pos.Line; r.Outcome != Disagrees || r.Pos.Line != want {
					t.Errorf("line %d changed: %v", want, r)
				}
			}
		}
	})
}

// changeNumber expects another number.
func changeNumber(e *Event) bool {
	if e.Packet == nil || e.Packet.Inbound {
		return false
	}
	p := *e.Packet
	e.Packet = &p
	if p.Flags.Has(model.ACK) {
		p.Ack++
		return true
	}
	p.Seq++
	return !p.Flags.Has(model.SYN) // any ISS will do
}

// changeFirst expects another first number, where it is not that of a SYN or of
// what may begin elsewhere.
func changeFirst(e *Event) bool {
	if e.Packet == nil || e.Packet.Inbound || e.Packet.Flags.Has(model.SYN) || e.Time.Kind == AnyTime || e.Time.From > 0 {
		return false
	}
	p := *e.Packet
	e.Packet = &p
	p.Seq += 100000
	return true
}

// changeErrno expects a call to fail that does not, or in another way.
func changeErrno(e *Event) bool {
	if e.Call == nil || e.Time.Blocks {
		return false
	}
	c := *e.Call
	e.Call = &c
	switch c.Name {
	case "read", "write", "accept":
		c.Result.Number, c.Errno = -1, "EISCONN"
		return true
	}
	return false
}

// changeFlags expects a SYN, or if that is expected a reset.
func changeFlags(e *Event) bool {
	if e.Packet == nil || e.Packet.Inbound {
		return false
	}
	p := *e.Packet
	e.Packet = &p
	if p.Flags.Has(model.SYN) {
		p.Flags = model.RST
	} else {
		p.Flags = model.SYN
	}
	return true
}

// changeState asserts another state.
func changeState(e *Event) bool {
	if e.Code == nil || len(e.Code.Asserts) == 0 {
		return false
	}
	c := *e.Code
	e.Code = &c
	other := StateName{"TCP_SYN_SENT", model.SynSent}
	if c.Asserts[0].States[0].State == model.SynSent {
		other = StateName{"TCP_ESTABLISHED", model.Established}
	}
	c.Asserts = []Assert{{Pos: c.Asserts[0].Pos, States: []StateName{other}}}
	return true
}

// changeResult expects another result of accept and read.
func changeResult(e *Event) bool {
	if e.Call == nil || e.Call.Name != "accept" && e.Call.Name != "read" {
		return false
	}
	c := *e.Call
	e.Call = &c
	switch {
	case c.Result.Number < 0:
		c.Result.Number, c.Errno = 9, ""
	case c.Name == "accept":
		c.Result.Number, c.Errno = -1, "EAGAIN"
	default:
		c.Result.Number++
	}
	return true
}

// A script that expects a packet more disagrees, at that line: a reset, or the
// same text, FIN or SYN once more at that moment.
func TestAddedPacketsDisagree(t *testing.T) {
	eachScript(t, func(t *testing.T, s *Script, text string) {
		for i, e := range s.Events {
			if e.Packet == nil || e.Packet.Inbound || e.Time.Kind == AnyTime {
				continue
			}
			for _, flags := range []model.Flags{model.RST, e.Packet.Flags} {
				p := *e.Packet
				if flags == model.RST {
					p = Packet{Pos: p.Pos, Seq: p.Seq + p.Len, Flags: flags}
				} else if p.Len == 0 && p.Flags&(model.SYN|model.FIN) == 0 {
					continue // an ACK more may have a reason
				}
				added := *s
				added.Events = slices.Insert(slices.Clone(s.Events), i+1, Event{Pos: e.Pos, Time: Time{Kind: Relative}, Packet: &p})
				if r := Run(&added, text, model.Behaviours{}); r.Outcome != Disagrees || r.Pos.Line != e.Pos.Line {
					t.Errorf("line %d, and %v behind it: %v", e.Pos.Line, flags, r)
				}
			}
		}
	})
}

// A script that does not mention the SYN,ACK or the reset that answers a
// segment disagrees.
func TestLeftOutAnswersDisagree(t *testing.T) {
	eachScript(t, func(t *testing.T, s *Script, text string) {
		for i, e := range s.Events {
			if strings.Contains(t.Name(), "/calls/") || strings.Contains(t.Name(), "/choices/") {
				continue // there it may be one of several answers
			}
			if i == 0 || s.Events[i-1].Packet == nil || !s.Events[i-1].Packet.Inbound {
				continue
			}
			if e.Packet == nil || e.Packet.Inbound || e.Packet.Flags&(model.SYN|model.RST) == 0 {
				continue
			}
			left := *s
			left.Events = slices.Concat(s.Events[:i], s.Events[i+1:])
			r := Run(&left, text, model.Behaviours{})
			if r.Outcome != Disagrees || r.Pos.Line < s.Events[i-1].Pos.Line {
				t.Errorf("without line %d: %v", e.Pos.Line, r)
			}
		}
	})
}

// notInScripts are bugs that no script of ours refutes, with what hides them.
var notInScripts = map[string]string{
	"security-ignored":        "a script can't give a segment another security",
	"una-goes-back":           "it shows in what is sent again, which is free",
	"acks-cut-text":           "what is sent is judged by what may be sent, and not taken from the bug",
	"window-always-open":      "windows of expected packets are not judged",
	"window-update-silent":    "a script that expects no window update is not wrong",
	"ignore-window":           "what is sent is judged by what may be sent, and not taken from the bug",
	"no-retransmission":       "when something is sent again is free",
	"no-retransmit-syn-ack":   "when something is sent again is free",
	"no-retransmit-fin":       "when something is sent again is free",
	"no-zero-window-probe":    "when something is probed is free",
	"text-after-fin":          "a write after shutdown is answered by EPIPE, and never a SEND",
	"time-wait-1msl":          "MSL is free, and scripts count in seconds",
	"time-wait-one-tick":      "scripts count in seconds, not in ticks",
	"time-wait-not-restarted": "scripts count in seconds, not in ticks",
	"text-in-syn-received":    "what is sent is judged by what may be sent, and not taken from the bug",
	"fin-without-ack":         "what is sent is judged by what may be sent, and not taken from the bug",
	"gives-up-silently":       "when a TCP gives up is free",
	"second-fin":              "a second shutdown is no CLOSE",
	"fin-unacknowledged":      "an ACK that the bug leaves out may still be sent",
}

// An endpoint with a deliberate bug in the kernel's place does not do what the
// scripts expect.
func TestScriptsFindMutants(t *testing.T) {
	refuted := map[string]bool{}
	eachScript(t, func(_ *testing.T, s *Script, text string) {
		for _, m := range model.Mutants() {
			if refuted[m.Name] {
				continue
			}
			r := newRunner(s, text, model.Behaviours{}, m.Decorate(model.Step))
			r.run()
			refuted[m.Name] = r.result.Outcome == Disagrees
		}
	})
	for _, m := range model.Mutants() {
		if why, hidden := notInScripts[m.Name]; refuted[m.Name] == hidden {
			t.Errorf("%s: refuted by a script: %v; hidden because %q", m.Name, refuted[m.Name], why)
		}
	}
}
