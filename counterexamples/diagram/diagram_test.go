package diagram

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/tools"
	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
	"github.com/tcpcheck/tcpcheck/model"
)

func scenario(t *testing.T, name string) *explore.Scenario {
	t.Helper()
	sc, err := explore.Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

var whole = sync.OnceValues(func() (*Diagram, error) {
	var list []*explore.Scenario
	for _, name := range Presets() {
		sc, err := explore.Preset(name)
		if err != nil {
			return nil, err
		}
		list = append(list, sc)
	}
	return Discover(context.Background(), list, 0)
})

// The presets discover every arrow of figure 5, each with a rule that decides it,
// and nothing that the RFC does not allow.
func TestFigure5IsDiscovered(t *testing.T) {
	d, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range d.Missing {
		t.Errorf("%s was not met", m.Arrow())
	}
	for _, a := range d.Arrows {
		for _, c := range a.Causes {
			if c.Standing == Forbidden {
				t.Errorf("%v → %v: %s is forbidden", a.From, a.To, c.Text)
			}
			if c.Source == "" || c.Count == 0 {
				t.Errorf("%v → %v: %s has no paragraph or was not met: %+v", a.From, a.To, c.Text, c)
			}
		}
	}
}

// The paragraphs that the search finds are those that a reader of section 3.10
// finds.
func TestParagraphs(t *testing.T) {
	d, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		from, to     model.State
		text, source string
	}{
		{model.Closed, model.Listen, "passive OPEN", "§3.10.1"},
		{model.Closed, model.SynSent, "active OPEN", "§3.10.1"},
		{model.Listen, model.Closed, "CLOSE", "§3.10.4"},
		{model.Listen, model.SynSent, "SEND", "§3.10.2"},
		{model.Listen, model.SynSent, "active OPEN", "§3.10.1"},
		{model.Listen, model.SynReceived, "rcv SYN", "§3.10.7.2 third"},
		{model.SynSent, model.Closed, "rcv RST", "§3.10.7.3 second"},
		{model.SynSent, model.SynReceived, "rcv SYN", "§3.10.7.3 fourth"},
		{model.SynSent, model.Established, "rcv SYN,ACK", "§3.10.7.3 fourth"},
		{model.SynReceived, model.Listen, "rcv RST", "§3.10.7.4 second"},
		{model.SynReceived, model.Established, "rcv ACK of SYN", "§3.10.7.4 fifth"},
		{model.SynReceived, model.FinWait1, "CLOSE", "§3.10.4"},
		{model.Established, model.FinWait1, "CLOSE", "§3.10.4"},
		{model.Established, model.CloseWait, "rcv FIN", "§3.10.7.4 eighth"},
		{model.Established, model.Closed, "ABORT", "§3.10.5"},
		{model.Established, model.Closed, "USER TIMEOUT", "§3.10.8"},
		{model.FinWait1, model.FinWait2, "rcv ACK of FIN", "§3.10.7.4 fifth"},
		{model.FinWait1, model.Closing, "rcv FIN", "§3.10.7.4 eighth"},
		{model.FinWait1, model.TimeWait, "rcv FIN and ACK of FIN", "§3.10.7.4 fifth, eighth"},
		{model.FinWait2, model.TimeWait, "rcv FIN", "§3.10.7.4 eighth"},
		{model.CloseWait, model.LastAck, "CLOSE", "§3.10.4"},
		{model.Closing, model.TimeWait, "rcv ACK of FIN", "§3.10.7.4 fifth"},
		{model.LastAck, model.Closed, "rcv ACK of FIN", "§3.10.7.4 fifth"},
		{model.TimeWait, model.Closed, "Timeout=2MSL", "§3.10.8"},
		{model.TimeWait, model.Closed, "rcv RST", "§3.10.7.4 second"},
	} {
		found := false
		for _, a := range d.Arrows {
			for _, c := range a.Causes {
				if a.From == want.from && a.To == want.to && c.Text == want.text {
					found = true
					if c.Source != want.source {
						t.Errorf("%v → %v, %s: %s, want %s", a.From, a.To, c.Text, c.Source, want.source)
					}
				}
			}
		}
		if !found {
			t.Errorf("%v → %v, %s was not met", want.from, want.to, want.text)
		}
	}
}

// What the diagram of a scenario has is what the witnesses of the same scenario
// show: two independent ways to an arrow.
func TestArrowsAreWitnessed(t *testing.T) {
	for _, name := range []string{"handshake", "simultaneous-open", "simultaneous-close", "syn-text", "refused"} {
		d, err := Discover(context.Background(), []*explore.Scenario{scenario(t, name)}, 0)
		if err != nil {
			t.Fatal(err)
		}
		r, err := explore.Check(context.Background(), scenario(t, name), invariants.ArrowWitnesses(), explore.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range invariants.Figure5() {
			missing := slices.ContainsFunc(d.Missing, func(m invariants.Figure5Arrow) bool { return m.Arrow() == f.Arrow() })
			if witnessed := r.Properties[i].Trace != nil; witnessed == missing {
				t.Errorf("%s: %s: witnessed %v, missing in the diagram %v", name, f.Arrow(), witnessed, missing)
			}
		}
	}
}

// A bug's arrow is marked.
func TestForbiddenArrows(t *testing.T) {
	sc := scenario(t, "handshake")
	if err := sc.SetMutant("two-way-handshake"); err != nil {
		t.Fatal(err)
	}
	d, err := Discover(context.Background(), []*explore.Scenario{sc}, 0)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(d.Arrows, func(a Arrow) bool { return a.From == model.SynReceived && a.To == model.Established })
	if i < 0 || d.Arrows[i].Causes[0].Standing != Forbidden {
		t.Errorf("SYN-RECEIVED → ESTABLISHED on a SYN is not forbidden: %+v", d.Arrows)
	}
	if text := drawn(t, "svg", d); !strings.Contains(text, "move forbidden") || !strings.Contains(text, "no paragraph allows it") {
		t.Error("the drawing does not show it")
	}
}

// Moves add up: of pairs to what was stored, and with any number of workers to the same.
func TestJoint(t *testing.T) {
	j, err := DiscoverJoint(context.Background(), scenario(t, "handshake"), 0)
	if err != nil {
		t.Fatal(err)
	}
	sum := uint64(0)
	for _, row := range j.Pairs.Worlds {
		for _, n := range row {
			sum += n
		}
	}
	if sum != j.Worlds {
		t.Errorf("the pairs have %d worlds: want %d", sum, j.Worlds)
	}
	for _, m := range j.Moves {
		for _, p := range [][2]model.State{m.From, m.To} {
			if j.Pairs.Worlds[p[0]][p[1]] == 0 {
				t.Errorf("the move %v has an end in which no world is", m)
			}
		}
	}
	for _, workers := range []int{1, 2, 8} {
		r, err := explore.Check(context.Background(), scenario(t, "handshake"), nil, explore.Options{Workers: workers, Pairs: true})
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(*r.Pairs) != fmt.Sprint(j.Pairs) {
			t.Errorf("%d workers meet other pairs", workers)
		}
	}
}

func drawn(t *testing.T, format string, d *Diagram) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Every format is the same bytes for the same diagram, and the drawings are XML
// that reads nothing from elsewhere.
func TestFormats(t *testing.T) {
	d, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	j, err := DiscoverJoint(context.Background(), scenario(t, "simultaneous-open"), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats() {
		one := drawn(t, f, d)
		if one != drawn(t, f, d) {
			t.Errorf("%s: two drawings differ", f)
		}
		var pairs bytes.Buffer
		if err := WriteJoint(&pairs, f, j); err != nil {
			t.Fatal(err)
		}
		for s := range model.State(model.NumStates) {
			if !strings.Contains(one, s.String()) {
				t.Errorf("%s: %v is missing", f, s)
			}
		}
		if f == "svg" {
			for _, text := range []string{one, pairs.String()} {
				wellFormed(t, text)
				if strings.Contains(strings.ReplaceAll(text, "http://www.w3.org/2000/svg", ""), "http") {
					t.Error("svg: it has an address")
				}
			}
		}
	}
	if err := Write(io.Discard, "png", d); err == nil {
		t.Error("png is drawn")
	}
	if err := WriteJoint(io.Discard, "png", j); err == nil {
		t.Error("png is drawn")
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// The real library draws the diagrams.
func TestMermaid(t *testing.T) {
	d, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	j, err := DiscoverJoint(context.Background(), scenario(t, "simultaneous-open"), 0)
	if err != nil {
		t.Fatal(err)
	}
	var pairs bytes.Buffer
	if err := WriteJoint(&pairs, "mermaid", j); err != nil {
		t.Fatal(err)
	}
	tools.Mermaid(t, map[string]string{"states": drawn(t, "mermaid", d), "pairs": pairs.String()})
}

// Graphviz draws them too.
func TestGraphviz(t *testing.T) {
	dot := tools.Find(t, "TCPCHECK_DOT", "dot")
	d, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	out := tools.Output(t, dot, "-Tsvg", tools.File(t, "states.dot", drawn(t, "dot", d)))
	if !strings.Contains(out, "<svg") || !strings.Contains(out, "ESTABLISHED") {
		t.Errorf("dot draws %d bytes that are no drawing", len(out))
	}
}

// A search that is cut short draws nothing.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stopped *StoppedError
	if _, err := Discover(ctx, []*explore.Scenario{scenario(t, "half-close")}, 0); !errors.As(err, &stopped) {
		t.Errorf("error %v: want a StoppedError", err)
	}
	if _, err := DiscoverJoint(ctx, scenario(t, "half-close"), 0); !errors.As(err, &stopped) {
		t.Errorf("error %v: want a StoppedError", err)
	}
}
