package draw

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// title is what happens in the run, in a sentence.
func (s *story) title() string {
	if text := plain(s.t.Info.Title); text != "" {
		return text
	}
	return fmt.Sprintf("A run of %s", count(len(s.t.Steps), "step"))
}

// origin says where the run comes from and what it shows; "" if that is not
// known.
func (s *story) origin() string {
	i := s.t.Info
	var list []string
	for _, x := range []struct{ what, text string }{
		{"scenario ", i.Scenario}, {"", i.Variant}, {"mutant ", i.Mutant},
	} {
		if text := plain(x.text); text != "" {
			list = append(list, x.what+text)
		}
	}
	verdict := plain(i.Verdict)
	switch verdict {
	case "deadlock":
		verdict = "violated by the end of the run"
	case "lasso":
		verdict = "violated by a run that never ends"
	}
	if text := strings.TrimSpace(plain(i.Property) + " " + verdict); text != "" {
		list = append(list, text)
	}
	return strings.Join(list, " · ")
}

// length says how many steps there are and whether fewer would do.
func (s *story) length() string {
	text := count(len(s.t.Steps), "step")
	i := s.t.Info
	if i.Shortest {
		text += "; no run is shorter"
		if i.States > 0 {
			text += fmt.Sprintf(", and %s to know it", seen(i.States))
		}
	}
	if again := s.goesOn(); again != "" {
		text += "; " + again
	}
	return text + "."
}

// reached tells whether the run is there for what it shows, and breaks nothing.
func (s *story) reached() bool { return s.t.Info.Verdict == "reached" }

// breaks names the property that the marked steps break, or what they show.
func (s *story) breaks() string {
	p := plain(s.t.Info.Property)
	switch {
	case s.reached() && p != "":
		return "shows " + strings.TrimPrefix(p, "witness-")
	case s.reached():
		return "here it is"
	case p != "":
		return "breaks " + p
	}
	return "here it goes wrong"
}

// atStart is what a run without steps shows, with its sign; "" of any other.
func (s *story) atStart() string {
	if len(s.t.Steps) > 0 || s.t.Info.Property == "" {
		return ""
	}
	return s.sign() + " the start " + s.breaks()
}

// sign stands before what the marked steps do.
func (s *story) sign() string {
	if s.reached() {
		return "✓"
	}
	return "✗"
}

// tone is the class of what is said of the marked steps.
func (s *story) tone() string {
	if s.reached() {
		return "good"
	}
	return "bad"
}

// event is what happens at a step, in a few words, without a segment.
func event(a trace.Action) string {
	switch ev := a.Event; a.Kind {
	case trace.Call:
		text := ev.Kind.String()
		if ev.N != 0 {
			text += fmt.Sprintf(" %d", ev.N)
		}
		if ev.Push {
			text += ", push"
		}
		if ev.Urgent {
			text += ", urgent"
		}
		return text
	case trace.Tick:
		return "tick"
	}
	return a.Kind.String()
}

// happened is what happens at a step, in a sentence without its full stop.
func (s *story) happened(i int) string {
	st := &s.t.Steps[i]
	a := st.Action
	switch a.Kind {
	case trace.Call:
		return callSentence(a)
	case trace.Deliver, trace.Duplicate:
		text := fmt.Sprintf("Segment %d arrives at %v", a.ID, a.Side)
		if s.again(i) {
			text = fmt.Sprintf("A duplicate of segment %d arrives at %v", a.ID, a.Side)
		}
		if s.isLate(i) {
			text += ", late: overtaken on its way"
		}
		if a.Kind == trace.Duplicate {
			text += ", and a copy of it stays in the network"
		}
		return text
	case trace.Lose:
		return fmt.Sprintf("The network loses segment %d on its way to %v", a.ID, a.Side)
	case trace.Attack:
		return fmt.Sprintf("An attacker's segment arrives at %v", a.Side)
	}
	text := "Time passes, one tick"
	for _, id := range st.Expired {
		text += fmt.Sprintf("; segment %d expires", id)
	}
	return text
}

func callSentence(a trace.Action) string {
	switch a.Event.Kind {
	case model.OpenActive, model.OpenPassive, model.Send, model.Receive, model.Close, model.Abort, model.Status:
		return fmt.Sprintf("%v's user calls %s", a.Side, event(a))
	case model.UnreachableSoft, model.UnreachableHard:
		return fmt.Sprintf("The network tells %v that its peer can't be reached: %v", a.Side, a.Event.Kind)
	case model.Crash:
		return fmt.Sprintf("%v crashes and loses its memory", a.Side)
	}
	return fmt.Sprintf("%v at %v", a.Event.Kind, a.Side)
}

// told is what a side tells and gives its user at a step.
func told(out *model.Output) (list []string) {
	for _, d := range out.Delivered() {
		text := fmt.Sprintf("given %s from %d", count(int(d.N), "octet"), d.Seq)
		if d.Push {
			text += ", push"
		}
		list = append(list, text)
	}
	for _, g := range out.Signals() {
		list = append(list, fmt.Sprintf("told %q", g.String()))
	}
	return list
}

// changes are the variables that a step changes, beside the state. Where there
// was no connection before, they had no value.
func changes(before, after model.TCB) (list []string) {
	for _, c := range trace.Changed(before, after) {
		switch {
		case c.Field == "state":
		case before.State <= model.Listen:
			list = append(list, fmt.Sprintf("%s = %s", c.Field, c.After))
		default:
			list = append(list, fmt.Sprintf("%s %s → %s", c.Field, c.Before, c.After))
		}
	}
	return list
}

// path is the states that a side goes through at a step, from the one before;
// "" if it stays.
func path(before, after model.TCB, out *model.Output) string {
	states := []string{before.State.String()}
	for _, p := range out.Path() {
		states = append(states, p.String())
	}
	if last := after.State.String(); states[len(states)-1] != last {
		states = append(states, last)
	}
	if len(states) == 1 {
		return ""
	}
	return strings.Join(states, " → ")
}

// source is where the rule stands.
func source(r model.Rule) string {
	section := r.Info().Section
	if section != "" && unicode.IsDigit(rune(section[0])) {
		return "RFC 9293 §" + section
	}
	return section
}

// label is a segment in a few words, as it stands beside an arrow.
func (s *story) label(g model.Segment, from trace.Side) string {
	text := g.Flags.String()
	if g.Flags == 0 {
		text = "no flags"
	}
	text += fmt.Sprintf(" SEQ=%d", g.Seq)
	if g.Flags.Has(model.ACK) {
		text += fmt.Sprintf(" ACK=%d", g.Ack)
	}
	if g.Len > 0 {
		text += fmt.Sprintf(" DATA=%d", g.Len)
	}
	if usual := s.t.Setup.Endpoints[from].Window; g.Wnd != usual && !g.Flags.Has(model.RST) {
		text += fmt.Sprintf(" WND=%d", g.Wnd)
	}
	if g.Flags.Has(model.URG) {
		text += fmt.Sprintf(" UP=%d", g.Up)
	}
	if g.BadSecurity {
		text += " SEC=bad"
	}
	return text
}

// plain is text in one line and without control characters.
func plain(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsGraphic(r) || r == unicode.ReplacementChar
	}), " ")
}

// count is a number and its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// seen says how many states were seen.
func seen(n uint64) string {
	if n == 1 {
		return "1 state was seen"
	}
	return thousands(n) + " states were seen"
}

// thousands writes a number with commas.
func thousands(n uint64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
