package script

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tcpcheck/tcpcheck/model"
)

// setting is a variable of a kernel that chooses a behaviour.
type setting struct {
	name string
	set  func(r *runner, b *model.Behaviours, value int)
}

// pick is one of two values.
func pick[T any](second int, a, b T) T {
	if second != 0 {
		return b
	}
	return a
}

var settings = []setting{
	{"net.inet.tcp.insecure_rst", func(_ *runner, b *model.Behaviours, v int) { b.Reset = pick(v, model.ResetExact, model.ResetInWindow) }},
	{"net.inet.tcp.insecure_syn", func(_ *runner, b *model.Behaviours, v int) { b.Syn = pick(v, model.SynChallenged, model.SynResets) }},
	{"net.inet.tcp.insecure_ack", func(_ *runner, b *model.Behaviours, v int) {
		b.AckRange = pick(v, model.AckRange5961, model.AckRange793)
	}},
	{"net.inet.tcp.drop_synfin", func(r *runner, _ *model.Behaviours, v int) { r.noXmas = v != 0 }},
	{"net.inet.tcp.icmp_may_rst", func(r *runner, _ *model.Behaviours, v int) { r.calm = v == 0 }},
	{"net.inet.tcp.msl", func(r *runner, _ *model.Behaviours, v int) { r.judge.timers.msl = time.Duration(v) * time.Millisecond }},
	{"net.ipv4.tcp_rfc1337", func(_ *runner, b *model.Behaviours, v int) {
		b.RstInTimeWait = pick(v, model.RstCloses, model.RstIgnored)
	}},
	{"net.ipv4.tcp_fin_timeout", func(r *runner, b *model.Behaviours, v int) {
		b.FinWait2 = model.FinWait2Timeout
		r.judge.timers.finWait2 = time.Duration(v) * time.Second
	}},
}

var (
	assigned = regexp.MustCompile(`([a-z][a-z0-9_]*(?:[./][a-z0-9_]+)+)\s*=\s*"?(-?\d+)`)
	echoed   = regexp.MustCompile(`echo\s+"?(-?\d+)"?\s*>\s*(/proc/sys/\S+)`)
)

// command takes the variables that a command sets; the rest is not run.
func (r *runner) command(c *Command) {
	known := false
	apply := func(name, value string) {
		name = strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(name, "/"), "proc/sys/"), "/", ".")
		v, err := strconv.Atoi(value)
		if err != nil {
			return
		}
		for _, s := range settings {
			if s.name == name {
				known = true
				r.set(s, v)
			}
		}
	}
	for _, m := range assigned.FindAllStringSubmatch(c.Text, -1) {
		apply(m[1], m[2])
	}
	for _, m := range echoed.FindAllStringSubmatch(c.Text, -1) {
		apply(m[2], m[1])
	}
	if !known {
		r.note(c.Pos, "the command is not run: "+strings.Join(strings.Fields(c.Text), " "))
	}
}

// set gives a variable a value; unread text stays as the user left it.
func (r *runner) set(s setting, value int) {
	for _, c := range r.judge.list {
		s.set(r, &c.e.Behaviours, value)
	}
}
