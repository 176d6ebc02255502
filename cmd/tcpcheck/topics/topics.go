// Package topics is what tcpcheck explain has to say in words of its own: about
// the states, the flags, the signals, and what people get wrong. The texts are
// data, one file per kind in text/; each claim has its place in RFC 9293.
//
// A file is a list of topics. Each begins with a line "= NAME" and fields
// (brief, section, aliases, see), then, after an empty line, blocks separated by
// empty lines: prose, "! " and "- " items, and text indented by four spaces,
// which is kept as it is. Text in backquotes is never broken.
package topics

import (
	"embed"
	"fmt"
	"strings"
)

// Topic is one thing explained.
type Topic struct {
	Name    string
	Aliases []string
	Brief   string // one line
	Section string // of RFC 9293
	See     []string
	Body    []Block
}

// Block is a piece of a topic's text.
type Block struct {
	Kind BlockKind
	Text string // one line, or several of Verbatim
}

// BlockKind is how a block is shown.
type BlockKind uint8

// The kinds of block.
const (
	Prose    BlockKind = iota
	Item               // one of a list
	Mistake            // what people get wrong, set right
	Verbatim           // kept as it is
)

//go:embed text/*.txt
var files embed.FS

// The kinds of topic, each a file.
var (
	States  = load("states")
	Flags   = load("flags")
	Signals = load("signals")
	Others  = load("topics")
)

func load(kind string) []Topic {
	text, err := files.ReadFile("text/" + kind + ".txt")
	if err == nil {
		var list []Topic
		if list, err = parse(string(text)); err == nil {
			return list
		}
	}
	panic(fmt.Sprintf("topics: text/%s.txt: %v", kind, err))
}

func parse(text string) ([]Topic, error) {
	var list []Topic
	for _, part := range strings.Split("\n"+text, "\n= ")[1:] {
		head, body, _ := strings.Cut(part, "\n\n")
		name, fields, _ := strings.Cut(head, "\n")
		t := Topic{Name: name, Body: blocks(body)}
		for line := range strings.Lines(fields) {
			key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
			if !ok {
				return nil, fmt.Errorf("topic %q: %q is no field: want \"key: value\"", name, line)
			}
			switch key {
			case "brief":
				t.Brief = value
			case "section":
				t.Section = value
			case "aliases":
				t.Aliases = strings.Split(value, ", ")
			case "see":
				t.See = strings.Split(value, ", ")
			default:
				return nil, fmt.Errorf("topic %q: field %q is not known", name, key)
			}
		}
		list = append(list, t)
	}
	return list, nil
}

// blocks parses a topic's text.
func blocks(text string) []Block {
	var list []Block
	for _, part := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if strings.HasPrefix(part, "    ") {
			list = append(list, Block{Verbatim, unindent(part)})
			continue
		}
		kind := Prose
		if rest, ok := strings.CutPrefix(part, "! "); ok {
			kind, part = Mistake, rest
		}
		for i, item := range strings.Split("\n"+part, "\n- ") {
			if i > 0 {
				kind = Item
			}
			if item = strings.Join(strings.Fields(item), " "); item != "" {
				list = append(list, Block{kind, item})
			}
		}
	}
	return list
}

// unindent takes the four spaces off each line.
func unindent(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimPrefix(strings.TrimRight(line, "\n"), "    "))
	}
	return strings.Join(lines, "\n")
}
