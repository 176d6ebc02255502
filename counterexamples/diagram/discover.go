package diagram

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
	"github.com/tcpcheck/tcpcheck/model"
)

// Diagram is the changes of state that searches met.
type Diagram struct {
	Scenarios []string
	Variant   string // of the endpoints
	Mutant    string // "": none
	Worlds    uint64 // distinct states of the scenarios, added up
	Arrows    []Arrow
	Missing   []invariants.Figure5Arrow // arrows of the figure that no search met
}

// Arrow is a change of state and all that brings it about.
type Arrow struct {
	From, To model.State
	Causes   []Cause // those of the figure first, then by name
}

// Standing is what RFC 9293 says of a cause.
type Standing uint8

// The standings.
const (
	Drawn     Standing = iota // figure 5 draws it
	Omitted                   // the figure leaves it out; a note or a paragraph allows it
	Forbidden                 // nothing allows it
)

// Cause is one thing that makes an endpoint take an arrow.
type Cause struct {
	Text     string // in the figure's words: "rcv SYN"
	Does     string // "snd SYN,ACK"; empty if nothing is always sent
	Standing Standing
	Note     int          // of the figure; 0: none
	Rules    []model.Rule // that decide it
	Source   string       // the paragraphs of Rules: "§3.10.4"
	Count    uint64       // in so many distinct worlds it happens
}

// Count is how often the arrow is taken.
func (a *Arrow) Count() (n uint64) {
	for _, c := range a.Causes {
		n += c.Count
	}
	return n
}

// Drawn tells whether the figure draws the arrow, perhaps for one cause of many.
func (a *Arrow) Drawn() bool { return a.Causes[0].Standing == Drawn }

// Presets are the scenarios that discover the whole figure together.
func Presets() []string {
	return []string{"figure-5", "syn-text", "half-close", "window", "abort", "unreachable", "live-half-open"}
}

// StoppedError is a search that did not see everything: what it did not meet
// may be there all the same.
type StoppedError struct{ Scenario, Why string }

func (e *StoppedError) Error() string {
	return fmt.Sprintf("scenario %s: not everything was seen: %s", e.Scenario, e.Why)
}

// Discover searches the scenarios, which must have the same endpoints. A search
// that does not see everything is a [StoppedError]. Memory is how many bytes the
// process may take, about; 0: no limit.
func Discover(ctx context.Context, scenarios []*explore.Scenario, memory uint64) (*Diagram, error) {
	d := &Diagram{}
	var lists [][]explore.Move
	var fired, moving [model.NumRules]uint64
	for _, sc := range scenarios {
		r, err := explore.Check(ctx, sc, nil, explore.Options{Memory: memory})
		if err != nil {
			return nil, err
		}
		if r.Stop != "" {
			return nil, &StoppedError{sc.Name, r.Stop}
		}
		d.Scenarios = append(d.Scenarios, sc.Name)
		d.Worlds += r.States
		d.Variant, d.Mutant = sc.Variant, sc.Mutant
		lists = append(lists, r.Coverage.Moves)
		for i := range fired {
			fired[i] += r.Coverage.Rules[i]
			moving[i] += r.Coverage.Moving[i]
		}
	}
	for _, m := range explore.MergeMoves(lists...) {
		d.add(scenarios[0], m)
	}
	for i := range d.Arrows {
		for j := range d.Arrows[i].Causes {
			d.Arrows[i].Causes[j].decide(func(r model.Rule) float64 { return float64(moving[r]) / float64(fired[r]) })
		}
		slices.SortStableFunc(d.Arrows[i].Causes, func(a, b Cause) int {
			if a.Standing != b.Standing {
				return int(a.Standing) - int(b.Standing)
			}
			return strings.Compare(a.Text, b.Text)
		})
	}
	for _, f := range invariants.Figure5() {
		if !slices.ContainsFunc(d.Arrows, func(a Arrow) bool {
			return a.From == f.From && a.To == f.To && (a.Drawn() || a.Causes[0].Note > 0)
		}) {
			d.Missing = append(d.Missing, f)
		}
	}
	return d, nil
}

// add adds a move.
func (d *Diagram) add(sc *explore.Scenario, m explore.Move) {
	c := causeOf(sc, &m)
	c.Rules, c.Count = m.Always.Rules(), m.Count
	i := slices.IndexFunc(d.Arrows, func(a Arrow) bool { return a.From == m.From && a.To == m.To })
	if i < 0 {
		i = len(d.Arrows)
		d.Arrows = append(d.Arrows, Arrow{From: m.From, To: m.To})
	}
	a := &d.Arrows[i]
	j := slices.IndexFunc(a.Causes, func(o Cause) bool { return o.Text == c.Text })
	if j < 0 {
		a.Causes = append(a.Causes, c)
		return
	}
	old := &a.Causes[j]
	old.Count += c.Count
	old.Rules = slices.DeleteFunc(old.Rules, func(r model.Rule) bool { return !slices.Contains(c.Rules, r) })
	if old.Does != c.Does {
		old.Does = ""
	}
}

// decide keeps, of the rules that fired each time, those that fire least often
// without a change of state: most never do.
func (c *Cause) decide(moving func(model.Rule) float64) {
	most := 0.0
	for _, r := range c.Rules {
		most = max(most, moving(r))
	}
	c.Rules = slices.DeleteFunc(c.Rules, func(r model.Rule) bool { return moving(r) < most })
	c.Source = paragraphs(c.Rules)
}

// paragraphs are where rules stand, each once: "§3.10.7.4 fifth, eighth".
func paragraphs(rules []model.Rule) string {
	var list, seen []string
	last := ""
	for _, r := range rules {
		text := paragraph(r)
		if text == "" || slices.Contains(seen, text) {
			continue
		}
		seen = append(seen, text)
		section, which, _ := strings.Cut(text, " ")
		if section == last && which != "" {
			text = which
		}
		list = append(list, text)
		last = section
	}
	return strings.Join(list, ", ")
}

// paragraph is where a rule stands, without the state that the paragraph is of.
func paragraph(r model.Rule) string {
	words := strings.Fields(r.Info().Section)
	words = slices.DeleteFunc(words, func(w string) bool {
		_, ok := model.ParseState(w)
		return ok || w == "..."
	})
	text := strings.Join(words, " ")
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		text = "§" + text
	}
	return text
}

// causeOf names what made the endpoint move and looks it up in the figure.
func causeOf(sc *explore.Scenario, m *explore.Move) Cause {
	for _, f := range invariants.Figure5() {
		if f.From == m.From && f.To == m.To && f.Takes(m.Event, m.Flags) {
			c := Cause{Text: f.Cause, Does: f.Does, Note: f.Note}
			if f.Note == 2 {
				c.Standing = Omitted // "The figure omits a transition"
			}
			return c
		}
	}
	c := Cause{Text: eventText(m), Standing: Omitted}
	if m.Sends != 0 {
		c.Does = "snd " + m.Sends.String()
		if m.Sends == model.FIN|model.ACK {
			c.Does = "snd FIN" // as the figure writes it
		}
	}
	if invariants.Allowed(&sc.Behaviours, m.From, m.To) == "" {
		c.Standing = Forbidden
	}
	return c
}

// eventText is an event in the figure's words. Of a segment's flags the one
// counts that the checks of section 3.10.7 come to first.
func eventText(m *explore.Move) string {
	switch {
	case m.Event == model.OpenActive:
		return "active OPEN"
	case m.Event == model.OpenPassive:
		return "passive OPEN"
	case m.Event == model.UnreachableHard:
		return "hard ICMP error"
	case m.Event == model.Crash:
		return "crash"
	case m.Event != model.SegmentArrives:
		return m.Event.String()
	case m.Flags.Has(model.RST):
		return "rcv RST"
	case m.Flags.Has(model.SYN | model.ACK):
		return "rcv SYN,ACK"
	case m.Flags.Has(model.SYN):
		return "rcv SYN"
	case m.Flags.Has(model.FIN):
		return "rcv FIN"
	}
	return "rcv ACK"
}
