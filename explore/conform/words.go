package conform

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
)

// describeDeviation writes what a sequence shows.
func describeDeviation(s *Subject, id string, way []Event, o outcome) Deviation {
	d := Deviation{ID: id, States: []string{}}
	o, c := o.until(id)
	if c != nil {
		d.Rule, d.Section, d.Severity, d.Title = c.departs.String(), c.definition().Section, c.severity, c.title()
	} else {
		info := o.problem.rule.Info()
		d.Rule, d.Section, d.Severity = info.ID, info.Section, o.problem.severity()
		d.Title = fmt.Sprintf("%s: %s", info.Title, o.problem.words())
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

// until cuts the outcome behind the step that shows the deviation. If that is a
// choice, it is returned.
func (o outcome) until(id string) (outcome, *choice) {
	for i, st := range o.steps {
		for k, c := range known {
			if st.choices>>k&1 == 1 && c.choice+"="+c.value == id {
				o.steps, o.problem = o.steps[:i+1], nil
				return o, &c
			}
		}
		if st.state != nil && st.state.id() == id {
			o.steps, o.problem = o.steps[:i+1], st.state
			return o, nil
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
	case state:
		return fmt.Sprintf("from %v to %v, not to %v", p.in, p.said, p.instead)
	case panics:
		return "the stack panics"
	case endless:
		return "the stack does not stop sending"
	}
	return string(p.kind)
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

func (c choice) title() string {
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
