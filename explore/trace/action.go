package trace

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

var kindNames = [...]string{"call", "deliver", "duplicate", "lose", "tick", "attack"}

// String is the kind's name: call, deliver, duplicate, lose, tick, attack.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// ParseKind reads what [Kind.String] writes.
func ParseKind(text string) (Kind, bool) {
	for i, n := range kindNames {
		if n == text {
			return Kind(i), true
		}
	}
	return 0, false
}

// String says what the action is: "CLOSE at B", "deliver segment 3 to A".
func (a Action) String() string {
	switch a.Kind {
	case Call:
		return fmt.Sprintf("%s at %v", eventText(a.Event, a.Event.ISS != 0), a.Side)
	case Deliver, Duplicate, Lose:
		return fmt.Sprintf("%v segment %d to %v", a.Kind, a.ID, a.Side)
	case Attack:
		return fmt.Sprintf("attack %v with %s", a.Side, FormatSegment(a.Event.Segment))
	}
	return a.Kind.String()
}

// refusalNames are the reasons for which a call is refused.
var refusalNames = [model.NumRefusals]string{
	"granted", "no access", "no resources", "remote unspecified", "Diffserv not allowed", "security not allowed",
}

func parseRefusal(text string) (model.Refusal, bool) {
	for i, n := range refusalNames {
		if n == text {
			return model.Refusal(i), true
		}
	}
	return 0, false
}

// eventText writes a call as it stands in parentheses: "SEND 5, push".
func eventText(ev model.Event, iss bool) string {
	var b strings.Builder
	b.WriteString(ev.Kind.String())
	if ev.N != 0 {
		fmt.Fprintf(&b, " %d", ev.N)
	}
	if ev.Push {
		b.WriteString(", push")
	}
	if ev.Urgent {
		b.WriteString(", urgent")
	}
	if ev.Refusal != model.Granted && int(ev.Refusal) < model.NumRefusals {
		b.WriteString(", " + refusalNames[ev.Refusal])
	}
	if iss {
		fmt.Fprintf(&b, ", ISS=%d", ev.ISS)
	}
	return b.String()
}

// otherWords are names of events that the RFC's figures use.
var otherWords = map[string]model.EventKind{
	"OPEN":   model.OpenActive,
	"LISTEN": model.OpenPassive,
	"2 MSL":  model.TimeWaitTimeout,
	"REBOOT": model.Crash,
}

// parseEvent reads what eventText writes, in any case of letters, and the
// words of the RFC's figures. iss tells whether the ISS is written.
func parseEvent(text string) (ev model.Event, iss bool, err error) {
	parts := strings.Split(text, ",")
	name := strings.Join(strings.Fields(parts[0]), " ")
	ev, ok := findEvent(name)
	if !ok {
		return ev, false, fmt.Errorf("(%.40s): want a call such as (OPEN active), (SEND 5), (CLOSE), a timeout such as (RETRANSMISSION TIMEOUT), or a remark that ends in ! or ?", text)
	}
	for _, part := range parts[1:] {
		part = strings.TrimSpace(part)
		if number, found := strings.CutPrefix(part, "ISS="); found {
			n, err := parseNumber(number, 32)
			if err != nil {
				return ev, false, fmt.Errorf("ISS: %w", err)
			}
			ev.ISS, iss = model.Seq(n), true
			continue
		}
		refusal, ok := parseRefusal(part)
		switch {
		case part == "push":
			ev.Push = true
		case part == "urgent":
			ev.Urgent = true
		case ok:
			ev.Refusal = refusal
		default:
			return ev, false, fmt.Errorf("(%s …): %.40q: want push, urgent, ISS=n or a refusal such as %q", name, part, refusalNames[model.NoResources])
		}
	}
	return ev, iss, nil
}

// findEvent reads a name, and the count of octets behind it.
func findEvent(name string) (ev model.Event, ok bool) {
	for k := range model.EventKind(model.NumEventKinds) {
		if strings.EqualFold(name, k.String()) {
			return model.Event{Kind: k}, k != model.SegmentArrives && k != model.Tick
		}
	}
	for word, k := range otherWords {
		if strings.EqualFold(name, word) {
			return model.Event{Kind: k}, true
		}
	}
	word, number, _ := strings.Cut(name, " ")
	n, err := parseNumber(number, 32)
	if err != nil {
		return ev, false
	}
	switch {
	case strings.EqualFold(word, model.Send.String()):
		return model.Event{Kind: model.Send, N: uint32(n)}, true
	case strings.EqualFold(word, model.Receive.String()):
		return model.Event{Kind: model.Receive, N: uint32(n)}, true
	}
	return ev, false
}
