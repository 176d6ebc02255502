package script

import (
	"regexp"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// readCode reads the statements of code. Those about tcpi_state are understood;
// the others are counted. Numbers of states are FreeBSD's or Linux's.
func readCode(t token, freeBSD bool) (*Code, error) {
	c := &Code{Pos: t.pos, Text: t.text, freeBSD: freeBSD}
	pos := Pos{t.pos.Line, t.pos.Column + len("%{")}
	block := -1 // the indentation of what lines that are indented more belong to
	for _, line := range strings.SplitAfter(t.text, "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		empty := strings.TrimSpace(line) == ""
		if !empty && indent <= block {
			block = -1
		}
		for _, statement := range strings.SplitAfter(line, ";") {
			at := Pos{pos.Line, pos.Column + len(statement) - len(strings.TrimLeft(statement, " \t"))}
			pos.Column += len(statement)
			statement = strings.TrimRight(strings.TrimSpace(statement), ";")
			switch {
			case statement == "", strings.HasPrefix(statement, "#"):
			case block >= 0:
				c.Others++ // it depends on what is not looked at
			default:
				if err := c.statement(at, statement); err != nil {
					return nil, err
				}
			}
		}
		if block < 0 && strings.HasSuffix(strings.TrimSpace(line), ":") {
			block = indent
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
	if m == nil || !aboutIt.MatchString(beforeComma(m[1])) {
		c.Others++
		return nil
	}
	for _, part := range splitTop(beforeComma(m[1]), "and") {
		if !aboutIt.MatchString(part) {
			c.Others++
			continue
		}
		a, ok, err := c.condition(at, part)
		if err != nil {
			return err
		}
		if !ok {
			c.unsupported = &Note{at, "an assertion on tcpi_state but with ==, !=, in, not, and, or"}
			return nil
		}
		c.Asserts = append(c.Asserts, a)
	}
	return nil
}

// condition reads a comparison of tcpi_state, the negation of one, or several
// with "or" between them. ok is false if it is something else.
func (c *Code) condition(at Pos, text string) (a Assert, ok bool, err error) {
	a.Pos = at
	if parts := splitTop(text, "or"); len(parts) > 1 {
		for _, part := range parts {
			one, ok, err := c.condition(at, part)
			if err != nil || !ok || one.Not {
				return a, false, err
			}
			a.States = append(a.States, one.States...)
		}
		return a, true, nil
	}
	text = unwrap(text)
	if rest, not := strings.CutPrefix(text, "not"); not && strings.TrimLeft(rest, " (") != rest {
		a, ok, err = c.condition(at, rest)
		a.Not = !a.Not
		return a, ok, err
	}
	var names []string
	if m := compared.FindStringSubmatch(text); m != nil {
		a.Not, names = m[1] == "!=", m[2:]
	} else if m := mirrored.FindStringSubmatch(text); m != nil {
		a.Not, names = m[2] == "!=", m[1:2]
	} else if m := oneOf.FindStringSubmatch(text); m != nil {
		a.Not = m[1] != ""
		names = strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	} else {
		return a, false, nil
	}
	for _, name := range names {
		s, ok := parseStateName(name, c.freeBSD)
		if !ok {
			return a, false, errorAt(at, "%.40q is not a state of a connection, such as TCP_ESTABLISHED", name)
		}
		a.States = append(a.States, StateName{name, s})
	}
	return a, true, nil
}

// splitTop splits an expression at a word that is not inside of parentheses.
func splitTop(text, word string) (parts []string) {
	text = unwrap(text)
	depth, from := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ' ', '\t':
			rest := text[i+1:]
			if next, found := strings.CutPrefix(rest, word); depth == 0 && found && strings.TrimLeft(next, " \t(") != next {
				parts = append(parts, text[from:i])
				from = i + 1 + len(word)
				i = from - 1
			}
		}
	}
	return append(parts, text[from:])
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

// stateNames are the states as Linux and FreeBSD write them, with the numbers
// that each gives them.
var stateNames = []struct {
	linux          string
	number         string
	freeBSD        string
	freeBSDsNumber string
	state          model.State
}{
	{"TCP_ESTABLISHED", "1", "TCPS_ESTABLISHED", "4", model.Established},
	{"TCP_SYN_SENT", "2", "TCPS_SYN_SENT", "2", model.SynSent},
	{"TCP_SYN_RECV", "3", "TCPS_SYN_RECEIVED", "3", model.SynReceived},
	{"TCP_NEW_SYN_RECV", "12", "", "", model.SynReceived},
	{"TCP_FIN_WAIT1", "4", "TCPS_FIN_WAIT_1", "6", model.FinWait1},
	{"TCP_FIN_WAIT2", "5", "TCPS_FIN_WAIT_2", "9", model.FinWait2},
	{"TCP_TIME_WAIT", "6", "TCPS_TIME_WAIT", "10", model.TimeWait},
	{"TCP_CLOSE", "7", "TCPS_CLOSED", "0", model.Closed},
	{"TCP_CLOSE_WAIT", "8", "TCPS_CLOSE_WAIT", "5", model.CloseWait},
	{"TCP_LAST_ACK", "9", "TCPS_LAST_ACK", "8", model.LastAck},
	{"TCP_LISTEN", "10", "TCPS_LISTEN", "1", model.Listen},
	{"TCP_CLOSING", "11", "TCPS_CLOSING", "7", model.Closing},
}

func parseStateName(text string, freeBSD bool) (model.State, bool) {
	for _, s := range stateNames {
		number := s.number
		if freeBSD {
			number = s.freeBSDsNumber
		}
		if text != "" && (text == s.linux || text == s.freeBSD || text == number) {
			return s.state, true
		}
	}
	return 0, false
}

// StateWord is the state as scripts write it, with the names of Linux.
func StateWord(s model.State) string {
	for _, n := range stateNames {
		if n.state == s {
			return n.linux
		}
	}
	return s.String()
}
