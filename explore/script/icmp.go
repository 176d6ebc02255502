package script

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// icmpTypes are the types of messages that TCP heeds, by their numbers in ICMP
// and ICMPv6.
var icmpTypes = map[string][2]string{
	"unreachable": {"type_3", "type_1"}, "time_exceeded": {"type_11", "type_3"}, "parameter_problem": {"type_12", "type_4"},
}

// unreachableCodes are the codes of "destination unreachable" by the names that
// packetdrill has for them; a number is code_N, and no code is 0.
var unreachableCodes = map[string]string{
	"": "code_0", "net_unreachable": "code_0", "host_unreachable": "code_1", "protocol_unreachable": "code_2",
	"port_unreachable": "code_3", "frag_needed": "code_4", "source_route_failed": "code_5",
}

var unreachableCodesV6 = map[string]string{
	"": "code_0", "net_unreachable": "code_0", "no_route": "code_0", "admin_prohibited": "code_1",
	"not_neighbour": "code_2", "address_unreachable": "code_3", "port_unreachable": "code_4",
}

// kind is what the message means to TCP (§3.9.2.2): soft errors are told, hard
// ones abort. A path MTU is no part of the model, and a source quench "MUST
// silently" be discarded: they are not heeded. sure is false if the RFC does not
// say which kind of error it is.
func (m *ICMP) kind(v6 bool) (kind model.EventKind, heeded, sure bool) {
	typ := ""
	for name, numbers := range icmpTypes {
		if m.Type == name || m.Type == numbers[0] && !v6 || m.Type == numbers[1] && v6 {
			typ = name
		}
	}
	switch typ {
	case "":
		return 0, false, true
	case "time_exceeded", "parameter_problem":
		return model.UnreachableSoft, true, true
	}
	codes, soft, hard := unreachableCodes, []string{"code_0", "code_1", "code_5"}, []string{"code_2", "code_3"}
	if v6 {
		codes, soft, hard = unreachableCodesV6, []string{"code_0", "code_3"}, []string{"code_4"}
	}
	code, named := codes[m.Code]
	if !named {
		code = m.Code
	}
	switch {
	case slices.Contains(soft, code):
		return model.UnreachableSoft, true, true
	case code == "code_4" && !v6:
		return 0, false, true // fragmentation needed
	}
	return model.UnreachableHard, true, slices.Contains(hard, code)
}

// icmp is a report of ICMP.
func (r *runner) icmp(m *ICMP) bool {
	if !m.Inbound {
		return r.unsupported(m.Pos, "an ICMP message that is expected")
	}
	kind, heeded, sure := m.kind(r.v6)
	if kind == model.UnreachableHard && r.calm {
		kind = model.UnreachableSoft
	}
	if !heeded {
		r.note(m.Pos, "the ICMP message "+m.Type+" "+m.Code+" has no meaning in RFC 9293")
		return true
	}
	step := func(c *candidate) { c.step(model.Event{Kind: kind}, r.when, m.Pos.Line) }
	// One about numbers that are not outstanding may be an attack, and is not
	// heeded by TCPs that look (RFC 5927 section 4.1). packetdrill's is about the
	// number 0 if the script gives none.
	r.judge.fork(func(c *candidate) *candidate {
		if sure && space.InWindow(c.t.SndUna, model.Seq(m.Seq), space.Dist(c.t.SndUna, c.t.SndNxt)) {
			step(c)
			return nil
		}
		n := c.clone()
		step(n)
		return n
	})
	return true
}
