package script

import "strings"

// conditions leaves out what #ifdef and #ifndef exclude, and the directives
// themselves, by blanking them: every place keeps its line and column.
// defined has the names that are defined, and takes those of #define. Only
// whether a name is defined is looked at.
func conditions(text string, defined map[string]bool) (string, error) {
	if !strings.Contains(text, "#") {
		return text, nil
	}
	var out strings.Builder
	var open []condition
	inside := "" // what closes the comment, command or code that the line begins in
	for n, line := range strings.SplitAfter(text, "\n") {
		pos := Pos{Line: n + 1, Column: 1 + len(line) - len(strings.TrimLeft(line, " \t"))}
		directive, is := strings.CutPrefix(strings.TrimSpace(line), "#")
		is = is && inside == ""
		if is {
			var err error
			if open, err = direct(pos, directive, open, defined); err != nil {
				return "", err
			}
		}
		taken := true
		for _, c := range open {
			taken = taken && c.taken
		}
		if taken && !is {
			out.WriteString(line)
			inside = unclosed(line, inside)
		} else {
			out.WriteString(blank(line))
		}
	}
	if len(open) > 0 {
		last := open[len(open)-1]
		return "", errorAt(last.pos, "#%s has no #endif", last.name)
	}
	return out.String(), nil
}

// condition is an #ifdef or #ifndef that is open.
type condition struct {
	pos   Pos
	name  string
	taken bool
	other bool // its #else was seen
}

// direct does what a directive says.
func direct(pos Pos, directive string, open []condition, defined map[string]bool) ([]condition, error) {
	if pos == (Pos{1, 1}) && strings.HasPrefix(directive, "!") {
		return open, nil // the first line may name an interpreter
	}
	directive, _, _ = strings.Cut(directive, "//")
	fields := strings.Fields(directive)
	name := ""
	if len(fields) > 0 {
		name = fields[0]
	}
	what := ""
	if len(fields) > 1 {
		what = fields[1]
	}
	switch name {
	case "ifdef", "ifndef", "define", "undef":
		if what == "" || wordLength(what) != len(what) {
			return nil, errorAt(pos, "#%s %.40q: want a name", name, what)
		}
	}
	active := true
	for _, c := range open {
		active = active && c.taken
	}
	switch name {
	case "ifdef", "ifndef":
		if len(open) == maxDepth {
			return nil, errorAt(pos, "#%s is nested too deep: want at most %d levels", name, maxDepth)
		}
		return append(open, condition{pos: pos, name: name, taken: defined[what] == (name == "ifdef")}), nil
	case "else", "endif":
		if len(open) == 0 {
			return nil, errorAt(pos, "#%s without #ifdef", name)
		}
		last := &open[len(open)-1]
		if name == "endif" {
			return open[:len(open)-1], nil
		}
		if last.other {
			return nil, errorAt(pos, "a second #else: the #ifdef is in line %d", last.pos.Line)
		}
		last.taken, last.other = !last.taken, true
	case "define", "undef":
		if active {
			defined[what] = name == "define"
		}
	default:
		if active {
			return nil, errorAt(pos, "#%.40s: want #ifdef, #ifndef, #else, #endif, #define or #undef", name)
		}
	}
	return open, nil
}

// unclosed is what closes the comment, command, text or code that the end of
// the line lies in; in is the same for its beginning.
func unclosed(line, in string) string {
	for i := 0; i < len(line); i++ {
		rest := line[i:]
		switch {
		case in != "" && rest[0] == '\\' && in != "*/" && in != "}%":
			i++
		case in != "":
			if strings.HasPrefix(rest, in) {
				i += len(in) - 1
				in = ""
			}
		case strings.HasPrefix(rest, "//"):
			return ""
		case strings.HasPrefix(rest, "/*"):
			in = "*/"
			i++
		case strings.HasPrefix(rest, "%{"):
			in = "}%"
			i++
		case rest[0] == '`' || rest[0] == '"':
			in = rest[:1]
		}
	}
	return in
}

// blank is a line with every character but the newline made a space.
func blank(line string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(line, " "))
}
