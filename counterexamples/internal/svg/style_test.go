package svg

import (
	"strings"
	"testing"
)

// The sheets have the colours themselves, each rule about them once for light and
// once for dark, in the same order.
func TestSheet(t *testing.T) {
	const css = ".row{fill:none}\n.head{font-weight:700}\n.bad{fill:var(--bad);stroke:var(--bad-bg)}\n"
	const want = ".row{fill:none}\n.head{font-weight:700}\n.bad{fill:#c01c28;stroke:#ffebe9}\n" +
		"@media(prefers-color-scheme:dark){\n.row{fill:none}\n.bad{fill:#ff7b72;stroke:#3c1618}\n}\n"
	if got := Sheet(css); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if strings.Contains(Style, "var(") {
		t.Errorf("what is no colour of the palette stays a variable, which only browsers know:\n%s", Style)
	}
	variables := Variables()
	for _, p := range palette {
		if strings.Count(variables, "--"+p.name+":") != 2 {
			t.Errorf("%s is not twice in %s", p.name, variables)
		}
	}
}
