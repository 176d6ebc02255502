package script

import "strings"

// maxDepth is how deep expressions may be nested.
const maxDepth = 32

// call is name(arguments) = result [ERRNO] [(note)].
func (p *parser) call() (*Call, error) {
	t := p.take()
	c := &Call{Pos: t.pos, Name: t.text}
	if err := p.expect("(", "and the arguments of the call"); err != nil {
		return nil, err
	}
	var err error
	if c.Args, err = p.list(")"); err != nil {
		return nil, err
	}
	if err := p.expect("=", "and the result of the call"); err != nil {
		return nil, err
	}
	if c.Result, err = p.expression(); err != nil {
		return nil, err
	}
	if e := p.peek(); e.kind == word && e.text == strings.ToUpper(e.text) {
		c.Errno = p.take().text
	}
	if p.peek().is("(") { // a note, for people
		open := p.peek().pos
		for !p.accept(")") {
			if p.take().kind == endOfFile {
				return nil, errorAt(open, `the note is not closed: want ")"`)
			}
		}
	}
	return c, nil
}

// list is expressions with commas between them, up to what closes it.
func (p *parser) list(closing string) (list []Expr, err error) {
	if p.accept(closing) {
		return nil, nil
	}
	for {
		x, err := p.expression()
		if err != nil {
			return nil, err
		}
		list = append(list, x)
		if p.accept(closing) {
			return list, nil
		}
		if err := p.expect(",", "or \""+closing+"\""); err != nil {
			return nil, err
		}
	}
}

// expression is a value, or values with | or = between them.
func (p *parser) expression() (Expr, error) {
	if p.depth++; p.depth > maxDepth {
		return Expr{}, errorAt(p.peek().pos, "the expression is nested too deep: want at most %d levels", maxDepth)
	}
	defer func() { p.depth-- }()
	x, err := p.value()
	if err != nil {
		return x, err
	}
	if named := x.Kind == Word || x.Kind == Apply; named && p.accept("=") {
		y, err := p.expression()
		return Expr{Pos: x.Pos, Kind: Binary, Text: "=", Args: []Expr{x, y}}, err
	}
	if !p.peek().is("|") {
		return x, nil
	}
	or := Expr{Pos: x.Pos, Kind: Binary, Text: "|", Args: []Expr{x}}
	for p.accept("|") {
		y, err := p.value()
		if err != nil {
			return y, err
		}
		or.Args = append(or.Args, y)
	}
	return or, nil
}

// value is an expression without an operator.
func (p *parser) value() (x Expr, err error) {
	t := p.peek()
	x.Pos = t.pos
	switch {
	case t.kind == ellipsis:
		p.take()
	case t.kind == number:
		p.take()
		x.Kind, x.Number = Number, t.number
	case t.is("-") && p.ahead(1).kind == number && !p.ahead(1).spaced:
		p.take()
		x.Kind, x.Number = Number, -p.take().number
	case t.kind == quoted:
		x.Kind = Text
		for p.peek().kind == quoted { // texts behind one another are one
			x.Text += p.take().text
		}
		if p.peek().kind == ellipsis {
			p.take()
		}
	case t.kind == word:
		p.take()
		x.Kind, x.Text = Word, t.text
		if p.accept("(") {
			x.Kind = Apply
			x.Args, err = p.list(")")
		}
	case t.is("["):
		p.take()
		x.Kind = List
		x.Args, err = p.list("]")
	case t.is("{"):
		p.take()
		x.Kind = Struct
		x.Args, err = p.list("}")
	default:
		err = p.unexpected("an expression")
	}
	return x, err
}

// field is the value that a struct has for the name.
func (x Expr) field(name string) (Expr, bool) {
	for _, a := range x.Args {
		if a.Kind == Binary && a.Text == "=" && a.Args[0].Text == name {
			return a.Args[1], true
		}
	}
	return Expr{}, false
}

// words are the words of an expression with |, such as flags.
func (x Expr) words() (list []string) {
	switch {
	case x.Kind == Word:
		list = append(list, x.Text)
	case x.Kind == Binary && x.Text == "|":
		for _, a := range x.Args {
			list = append(list, a.words()...)
		}
	}
	return list
}

// has tells whether an expression with | has the word.
func (x Expr) has(word string) bool {
	for _, w := range x.words() {
		if w == word {
			return true
		}
	}
	return false
}
