package conform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// draw writes the sequence as a ladder that [trace.Parse] reads: A sends what
// the stack was given, B is what the model does with it. Remarks tell what the
// stack did where it is not the same, and at the end both answers.
func draw(s *Subject, d Sighting, o outcome) string {
	t, at, err := ladder(o)
	if err != nil {
		return fmt.Sprintf("# the ladder can't be drawn: %v\n", err)
	}
	t.Info.Title = fmt.Sprintf("%s: %s", s.Name, d.Title)
	var b strings.Builder
	remarks := o.remarks(t, at)
	done := -1
	flush := func(to int) {
		for ; done < to; done++ {
			if done >= 0 && remarks[done] != "" {
				b.WriteString(remarks[done])
			}
		}
	}
	lines := trace.Lines(t)
	b.WriteString(header(t))
	for _, l := range lines {
		if l.Step > done {
			flush(l.Step)
		}
		b.WriteString(l.Text + "\n")
	}
	flush(len(remarks))
	rule, detail := model.Rule(0), "sends "+describe(o.steps[len(o.steps)-1].sent)+"; "+d.Title
	if o.problem != nil {
		rule, detail = o.problem.rule, o.problem.detail
	} else if r, ok := model.ParseRule(d.Rule); ok {
		rule = r
	}
	fmt.Fprintf(&b, "#   the stack %s\n#   RFC 9293 %s\n", detail, cite(rule))
	if o.problem != nil && o.problem.kind == sends {
		fmt.Fprintf(&b, "#   %s\n", cite(o.problem.forbids))
	}
	return b.String()
}

// cite is the section, title and meaning of a rule.
func cite(r model.Rule) string {
	info := r.Info()
	return fmt.Sprintf("§%s, %s: %s", info.Section, info.Title, info.Meaning)
}

// header is what stands before the ladder in [trace.Print].
func header(t *trace.Trace) string {
	text := trace.Print(t)
	return text[:strings.Index(text, "TCP Peer A")-4]
}

// ladder plays the sequence to the model; at[i] is the index of the last of the
// trace's steps that belongs to step i.
func ladder(o outcome) (*trace.Trace, []int, error) {
	e := endpoint(lawful[0].behaviours)
	filled := uint32(0)
	for _, st := range o.steps {
		if st.event.Kind == Fill {
			e.SlowReader = true
			filled += st.model.Segment.Len
		}
		for _, g := range st.sent {
			if g.Flags.Has(model.SYN) && g.Wnd > 0 {
				e.Window = g.Wnd
			}
		}
	}
	e.Window = max(e.Window, filled)
	setup := trace.Setup{Endpoints: [2]model.Endpoint{e, e}}
	r, err := trace.NewRunner(setup, [2]model.StepFunc{})
	if err != nil {
		return nil, nil, err
	}
	at := make([]int, len(o.steps))
	for i, st := range o.steps {
		todo := actions(st, r.TCB(trace.B))
		if t := r.TCB(trace.B); st.event.Kind == Fill && i > 0 && o.steps[i-1].event.Kind != Fill && t.Unread > 0 {
			read := trace.Action{Kind: trace.Call, Side: trace.B, Event: model.Event{Kind: model.Receive, N: t.Unread}}
			todo = append([]trace.Action{read}, todo...)
		}
		for _, a := range todo {
			if _, err := r.Do(a); err != nil {
				return nil, nil, err
			}
		}
		at[i] = len(r.Trace().Steps) - 1
	}
	return r.Trace(), at, nil
}

// actions are what happens in a step.
func actions(st step, t model.TCB) (list []trace.Action) {
	call := func(k model.EventKind) {
		list = append(list, trace.Action{Kind: trace.Call, Side: trace.B, Event: model.Event{Kind: k}})
	}
	e := endpoint(model.Behaviours{})
	switch {
	case st.event.Kind == Arrive || st.event.Kind == Fill:
		list = append(list, trace.Action{Kind: trace.Attack, Side: trace.B, Event: st.model})
	case st.event.Kind != Wait:
		list = append(list, trace.Action{Kind: trace.Call, Side: trace.B, Event: st.model})
	case t.State == model.TimeWait && st.event.Wait == longWait:
		call(model.TimeWaitTimeout)
	case e.CanProbe(&t):
		call(model.ZeroWindowProbe)
	case e.CanRetransmit(&t):
		call(model.RetransmissionTimeout)
	}
	return list
}

// remarks tell what the stack sent where the model sent something else.
func (o outcome) remarks(t *trace.Trace, at []int) []string {
	list := make([]string, len(t.Steps)+1)
	from := 0
	for i, st := range o.steps {
		if st.event.Kind == Wait && i > 0 && at[i-1] >= 0 {
			list[at[i-1]] += fmt.Sprintf("#   %v\n", st.event)
		}
		var sent []model.Segment
		for ; from <= at[i]; from++ {
			for _, f := range t.Steps[from].Sent {
				sent = append(sent, f.Segment)
			}
		}
		if last := i == len(o.steps)-1; !last && !slices.Equal(sent, st.sent) && at[i] >= 0 {
			list[at[i]] += fmt.Sprintf("#   the stack sends %s\n", describe(st.sent))
		}
	}
	return list
}
