package conform

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// describeSighting writes what a sequence shows.
func describeSighting(s *Subject, id string, way []Event, o outcome) Sighting {
	d := Sighting{ID: id, States: []string{}}
	o, c := o.until(id)
	if c != nil {
		in := o.steps[len(o.steps)-1].in
		d.Rule, d.Section, d.Severity, d.Title = c.departs.String(), c.section(), c.severity, c.title()+phaseWords(c.phase(in))
	} else {
		info := o.problem.rule.Info()
		d.Rule, d.Section, d.Severity = info.ID, info.Section, o.problem.severity()
		d.Title = fmt.Sprintf("%s%s%s: %s", info.Title, partWords[o.problem.part], phaseWords(o.problem.phase()), o.problem.words())
		if o.problem.again {
			d.Title += ", when it comes again"
		}
		if o.problem.kind == panics {
			d.Title = fmt.Sprintf("%v: the stack %s", o.problem.in, o.problem.detail)
		}
	}
	for i := range o.steps {
		d.Steps = append(d.Steps, way[i].String())
	}
	d.Trace = draw(s, d, o)
	return d
}

func phaseWords(phase string) string {
	switch phase {
	case "":
		return ""
	case "handshake":
		return ", during the handshake"
	}
	return ", in " + phase
}

// until cuts the outcome behind the step that shows the deviation. If that is a
// choice, it is returned.
func (o outcome) until(id string) (outcome, *choice) {
	for i, st := range o.steps {
		for k, c := range known {
			if st.choices>>k&1 == 1 && c.id(st.in) == id {
				o.steps, o.problem = o.steps[:i+1], nil
				return o, &c
			}
		}
		for _, p := range st.aside {
			if p.id() == id {
				o.steps, o.problem = o.steps[:i+1], p
				return o, nil
			}
		}
	}
	return o, nil
}

// words says in which way the stack deviates.
func (p *problem) words() string {
	switch p.kind {
	case silent:
		return "the answer that is due is missing"
	case resets:
		return "a reset is sent"
	case rstForm:
		return "the reset has other numbers or flags than the RFC says"
	case sends:
		return fmt.Sprintf("what is sent is forbidden: %s", p.forbids.Info().Title)
	case holds:
		return "it does not leave, though there is room for it"
	case delivers:
		return "the user gets more or less text than the RFC says"
	case unheard:
		return "the user is not told"
	case state:
		return fmt.Sprintf("from %v to %v, not to %v", p.in, p.said, p.instead)
	case panics:
		return "the stack panics"
	case endless:
		return "the stack does not stop sending"
	}
	return string(p.kind)
}

// id names the choice, made in a state.
func (c choice) id(in model.State) string { return c.choice + "=" + c.value + suffix(c.phase(in)) }

// phase is that of the state, see [problem.phase].
func (c choice) phase(in model.State) string {
	if c.choice == "ack-range" || c.choice == "reset" {
		return phaseOf(in)
	}
	return ""
}

// definition is the choice as the model describes it.
func (c choice) definition() model.Choice {
	for _, x := range model.Choices() {
		if x.Name == c.choice {
			return x
		}
	}
	panic("conform: no choice " + c.choice)
}

// section is that of the RFC.
func (c choice) section() string {
	for _, x := range model.Choices() {
		if x.Name == c.choice && c != known[ignoresSynText] {
			return x.Section
		}
	}
	return c.departs.Info().Section
}

func (c choice) title() string {
	switch c {
	case known[ignoresSynText]:
		return "Text and FIN that come on a SYN are ignored, and not queued for ESTABLISHED"
	case known[softErrorsAbort]:
		return "A soft error ends the connection"
	case known[closesToo]:
		return "The peer's FIN is answered by a FIN that the user did not ask for"
	case known[dropsAtZero]:
		return "While our window is zero a segment with text is dropped with its ACK and window"
	case known[dropsResetAtZero]:
		return "While our window is zero a RST with text is not believed"
	case known[probesOldOctet]:
		return "A zero-window probe carries no new octet"
	case known[ignoresShrinking]:
		return "A smaller window is not taken from an ACK of nothing new"
	case known[ignoresHardErrors]:
		return "A hard error does not end a connection that is being opened"
	}
	x := c.definition()
	switch c {
	case known[noOldAcks]:
		return x.Meaning + ": none below SND.UNA, where RFC 5961 takes those up to MAX.SND.WND below"
	case known[resetsAtFin]:
		return x.Meaning + ": after the peer's FIN, the FIN's number too"
	}
	for _, v := range x.Values {
		if v.Name == c.value {
			return fmt.Sprintf("%s: %s", x.Meaning, v.Meaning)
		}
	}
	return x.Meaning
}

func stateRank(s string) int {
	x, _ := model.ParseState(s)
	return int(x)
}
