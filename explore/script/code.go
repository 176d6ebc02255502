package script

import (
	"regexp"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// readCode reads the statements of code. Those about tcpi_state are understood;
// the others are counted.
func readCode(t token) (*Code, error) {
	c := &Code{Pos: t.pos, Text: t.text}
	pos := Pos{t.pos.Line, t.pos.Column + len("%{")}
	for _, line := range strings.SplitAfter(t.text, "\n") {
		for _, statement := range strings.SplitAfter(line, ";") {
			at := Pos{pos.Line, pos.Column + len(statement) - len(strings.TrimLeft(statement, " \t"))}
			pos.Column += len(statement)
			statement = strings.TrimRight(strings.TrimSpace(statement), ";")
			if statement == "" || strings.HasPrefix(statement, "#") {
				continue
			}
			if err := c.statement(at, statement); err != nil {
				return nil, err
			}
		}
		pos = Pos{pos.Line + 1, 1}
	}
	return c, nil
}

var (
	assertion = regexp.MustCompile(`^assert\b(.*)$`)
	compared  = regexp.MustCompile(`^tcpi_state\s*(==|!=)\s*(\w+)$`)
	mirrored  = regexp.MustCompile(`^(\w+)\s*(==|!=)\s*tcpi_state$`)
	oneOf     = regexp.MustCompile(`^tcpi_state\s+(not\s+)?in\s*[(\[{]([\w\s,]*)[)\]}]$`)
	aboutIt   = regexp.MustCompile(`\btcpi_state\b`)
)

// statement reads one statement.
func (c *Code) statement(at Pos, text string) error {
	m := assertion.FindStringSubmatch(text)
	if m == nil || !aboutIt.MatchString(m[1]) {
		c.Others++
		return nil
	}
	condition := unwrap(beforeComma(m[1]))
	for _, part := range regexp.MustCompile(`\s+and\s+`).Split(condition, -1) {
		part = unwrap(part)
		if !aboutIt.MatchString(part) {
			c.Others++
			continue
		}
		a := Assert{Pos: at}
		var names []string
		if m := compared.FindStringSubmatch(part); m != nil {
			a.Not, names = m[1] == "!=", m[2:]
		} else if m := mirrored.FindStringSubmatch(part); m != nil {
			a.Not, names = m[2] == "!=", m[1:2]
		} else if m := oneOf.FindStringSubmatch(part); m != nil {
			a.Not = m[1] != ""
			names = strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
		} else {
			return errorAt(at, "the assertion %.60q on tcpi_state: want tcpi_state == STATE, != STATE or in (STATE, …)", part)
		}
		for _, name := range names {
			s, ok := parseStateName(name)
			if !ok {
				return errorAt(at, "%.40q is not a state of a connection, such as TCP_ESTABLISHED", name)
			}
			a.States = append(a.States, StateName{name, s})
		}
		c.Asserts = append(c.Asserts, a)
	}
	return nil
}

// beforeComma cuts off the message of an assertion.
func beforeComma(text string) string {
	depth := 0
	for i, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',':
			if depth == 0 {
				return text[:i]
			}
		}
	}
	return text
}

// unwrap takes off spaces and parentheses around the whole.
func unwrap(text string) string {
	for {
		text = strings.TrimSpace(text)
		if !strings.HasPrefix(text, "(") || !strings.HasSuffix(text, ")") {
			return text
		}
		depth := 0
		for i, c := range text {
			if c == '(' {
				depth++
			} else if c == ')' {
				depth--
			}
			if depth == 0 && i < len(text)-1 {
				return text
			}
		}
		text = text[1 : len(text)-1]
	}
}

// stateNames are the states as Linux writes them, with its numbers, and as
// FreeBSD does.
var stateNames = []struct {
	names []string
	state model.State
}{
	{[]string{"TCP_ESTABLISHED", "TCPS_ESTABLISHED", "1"}, model.Established},
	{[]string{"TCP_SYN_SENT", "TCPS_SYN_SENT", "2"}, model.SynSent},
	{[]string{"TCP_SYN_RECV", "TCPS_SYN_RECEIVED", "3", "TCP_NEW_SYN_RECV", "12"}, model.SynReceived},
	{[]string{"TCP_FIN_WAIT1", "TCPS_FIN_WAIT_1", "4"}, model.FinWait1},
	{[]string{"TCP_FIN_WAIT2", "TCPS_FIN_WAIT_2", "5"}, model.FinWait2},
	{[]string{"TCP_TIME_WAIT", "TCPS_TIME_WAIT", "6"}, model.TimeWait},
	{[]string{"TCP_CLOSE", "TCPS_CLOSED", "7"}, model.Closed},
	{[]string{"TCP_CLOSE_WAIT", "TCPS_CLOSE_WAIT", "8"}, model.CloseWait},
	{[]string{"TCP_LAST_ACK", "TCPS_LAST_ACK", "9"}, model.LastAck},
	{[]string{"TCP_LISTEN", "TCPS_LISTEN", "10"}, model.Listen},
	{[]string{"TCP_CLOSING", "TCPS_CLOSING", "11"}, model.Closing},
}

func parseStateName(text string) (model.State, bool) {
	for _, s := range stateNames {
		for _, name := range s.names {
			if name == text {
				return s.state, true
			}
		}
	}
	return 0, false
}

// StateWord is the state as scripts write it, with the names of Linux.
func StateWord(s model.State) string {
	for _, n := range stateNames {
		if n.state == s {
			return n.names[0]
		}
	}
	return s.String()
}
