package svg

import (
	_ "embed"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// palette has the colours, for light and for dark. A state has its own.
var palette = []struct{ name, light, dark string }{
	{"bg", "#fff", "#0d1117"},
	{"fg", "#1f2328", "#e6edf3"},
	{"dim", "#59636e", "#9198a1"},
	{"rule", "#d1d9e0", "#3d444d"},
	{"bad", "#c01c28", "#ff7b72"},
	{"bad-bg", "#ffebe9", "#3c1618"},
	{"good", "#1a7f37", "#3fb950"},
	{"good-bg", "#dafbe1", "#10301b"},
	{"now", "#fff3c4", "#3a3000"},
	{"cycle", "#8a5a00", "#e3b341"},
	{"CLOSED", "#e6eaef", "#262c36"},
	{"LISTEN", "#d5dee8", "#2f3b4a"},
	{"SYN-SENT", "#ffedb3", "#594308"},
	{"SYN-RECEIVED", "#ffd699", "#6d3d08"},
	{"ESTABLISHED", "#c4efd0", "#12502b"},
	{"FIN-WAIT-1", "#cfe4ff", "#123d70"},
	{"FIN-WAIT-2", "#b3d4ff", "#1b4f8f"},
	{"CLOSE-WAIT", "#e3d9ff", "#41307a"},
	{"CLOSING", "#cbbcfb", "#55409a"},
	{"LAST-ACK", "#f5d0ee", "#6b2a60"},
	{"TIME-WAIT", "#bfe9ec", "#0f5257"},
}

//go:embed svg.css
var sheet string

// Style is the sheet of all drawings.
var Style = Sheet(sheet)

// Sheet is a sheet with the colours of the palette where var(--name) stands for
// them: those for light and, where the viewer asks for it, for dark. Many
// programs that show drawings, other than browsers, know no variables. A rule
// stands on one line.
func Sheet(css string) string {
	var light, dark []string
	for _, p := range palette {
		name := "var(--" + p.name + ")"
		light, dark = append(light, name, p.light), append(dark, name, p.dark)
	}
	// All rules about colours are repeated, so that they stand in the same order.
	var coloured strings.Builder
	for line := range strings.Lines(css) {
		if strings.Contains(line, "fill:") || strings.Contains(line, "stroke:") {
			coloured.WriteString(line)
		}
	}
	return strings.NewReplacer(light...).Replace(css) +
		"@media(prefers-color-scheme:dark){\n" + strings.NewReplacer(dark...).Replace(coloured.String()) + "}\n"
}

// Variables is the palette as variables, for the sheet of a page.
func Variables() string {
	var light, dark strings.Builder
	for _, p := range palette {
		light.WriteString("--" + p.name + ":" + p.light + ";")
		dark.WriteString("--" + p.name + ":" + p.dark + ";")
	}
	return ".tcpcheck{" + light.String() + "}\n@media(prefers-color-scheme:dark){.tcpcheck{" + dark.String() + "}}\n"
}

// Patterns writes the definitions that tell the phases of a connection apart where there is no colour:
// while it is opened, while it is closed, TIME-WAIT.
func (x Writer) Patterns() {
	x.Open("defs", "")
	for _, p := range []struct{ id, path string }{
		{"opening", "M-2,10 L10,-2 M-2,4 L4,-2 M4,10 L10,4"},
		{"closing", "M-2,-2 L10,10 M4,-2 L10,4 M-2,4 L4,10"},
		{"waiting", "M0,4 H8"},
	} {
		x.Open("pattern", "", "id", "tcpcheck-"+p.id, "width", 8, "height", 8, "patternUnits", "userSpaceOnUse")
		x.Empty("path", "class", "hatch", "d", p.path)
		x.Close("pattern")
	}
	x.Close("defs")
}

// Phase is the pattern of a state; "" is none. Its
// element has that ID behind "tcpcheck-".
func Phase(s model.State) string {
	switch {
	case s <= model.Listen, s == model.Established:
		return ""
	case s < model.Established:
		return "opening"
	case s == model.TimeWait:
		return "waiting"
	}
	return "closing"
}
