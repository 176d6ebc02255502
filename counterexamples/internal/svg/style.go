package svg

import (
	_ "embed"

	"github.com/tcpcheck/tcpcheck/model"
)

// Style is the sheet of all drawings: colours for light and for dark.
//
//go:embed svg.css
var Style string

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
