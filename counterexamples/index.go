package counterexamples

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/tcpcheck/tcpcheck/counterexamples/diagram"
	"github.com/tcpcheck/tcpcheck/explore"
)

const howToRead = `Each page is one run: how it goes, with the rule of RFC 9293 behind every step. A run that breaks a
property is the shortest that there is, and of the shortest one with the fewest faults; the page says
what mends it, and shows the check that then finds nothing.

**[The state diagram](figure-5.md)**, figure 5 of RFC 9293 as the search discovers it, has every arrow that these runs take.

## How to read a page

- A is on the left, B on the right, and time runs downwards. A segment is an arrow from where it leaves
  to where it arrives; ✗ never arrives; one with two heads arrives and stays in the network as well.
- ` + "`<SEQ=100><ACK=301><CTL=SYN,ACK>`" + ` is a segment: the number it begins at, the number that its sender
  expects next, and its flags. ` + "`<DATA=5>`" + ` are five octets of text. A SYN and a FIN count as one number each.
- In a Mermaid diagram a segment is two arrows, into the network and out of it: ` + "`3. [1] SYN`" + ` is segment 1, delivered by step 3.
- SND.UNA is the oldest number that is not acknowledged, SND.NXT the next to be sent, RCV.NXT the next
  that is expected. ISS is where a side's numbers begin, IRS where the peer's do.
- An octet, a number, a state is never guessed: every page was made by playing the run through the
  endpoint, and a test fails when a page is out of date (` + "`tcpcheck docs`" + ` makes them anew).
- In a run that the search found, numbers are small: they count modulo 8 or 16, so that every case can be
  tried. What depends on that says so.
`

// index is the page that lists the others.
func (b *builder) index() []byte {
	w := &bytes.Buffer{}
	fmt.Fprintf(w, "%s\n# Runs of TCP, good and bad\n\n%s", header, howToRead)
	next := 0
	for _, s := range sections {
		fmt.Fprintf(w, "\n## %s\n\n%s\n\n", s.title, s.about)
		violations := slices.ContainsFunc(s.entries, func(e entry) bool { return len(e.runs) == 0 })
		if violations {
			fmt.Fprintf(w, "| | what happens | property | steps |\n|---|---|---|---|\n")
		} else {
			fmt.Fprintf(w, "| | what happens | steps |\n|---|---|---|\n")
		}
		for range s.entries {
			p := b.shown[next]
			next++
			fmt.Fprintf(w, "| [<img src=\"svg/small/%s.svg\" alt=\"\">](%s.md) | [%s](%s.md)<br>%s | ", p.entry.file, p.entry.file, cell(p.entry.title), p.entry.file, prose(p.says))
			switch {
			case violations && p.entry.property != "":
				fmt.Fprintf(w, "`%s` | ", p.entry.property)
			case violations:
				fmt.Fprintf(w, "| ")
			}
			fmt.Fprintf(w, "%d |\n", p.steps)
		}
	}
	return w.Bytes()
}

const figureFile = "figure-5"

// figurePage is the page of the state diagram.
func figurePage(ctx context.Context) ([]File, error) {
	var list []*explore.Scenario
	for _, name := range diagram.Presets() {
		sc, err := explore.Preset(name)
		if err != nil {
			return nil, err
		}
		list = append(list, sc)
	}
	d, err := diagram.Discover(ctx, list, 0)
	if err != nil {
		return nil, err
	}
	sc, err := explore.Preset(diagram.Presets()[0])
	if err != nil {
		return nil, err
	}
	j, err := diagram.DiscoverJoint(ctx, sc, 0)
	if err != nil {
		return nil, err
	}
	var figure, pairs, mermaid, page bytes.Buffer
	if err := diagram.Write(&figure, "svg", d); err != nil {
		return nil, err
	}
	if err := diagram.Write(&mermaid, "mermaid", d); err != nil {
		return nil, err
	}
	if err := diagram.WriteJoint(&pairs, "svg", j); err != nil {
		return nil, err
	}
	fmt.Fprintf(&page, "%s\n# The states of a TCP connection\n\n", header)
	fmt.Fprintf(&page, "Figure 5 of RFC 9293, not copied but discovered: %s worlds of the scenarios %s were visited, and each change of state "+
		"was noted with what caused it and the paragraph that decided it. The figure has 20 arrows and two notes; all are met. "+
		"What the figure leaves out is dashed or stands in the table below it.\n\n", humanize.Comma(int64(d.Worlds)), strings.Join(d.Scenarios, ", "))
	page.WriteString("[![The state diagram](svg/figure-5.svg)](svg/figure-5.svg)\n\n    tcpcheck graph -o figure-5.svg\n\n")
	fmt.Fprintf(&page, "<details><summary>The same as a Mermaid diagram</summary>\n\n```mermaid\n%s```\n\n</details>\n\n## Every arrow\n\n", mermaid.String())
	page.WriteString("| from | to | caused by | sends | paragraph | worlds | in figure 5 |\n|---|---|---|---|---|---|---|\n")
	for _, a := range d.Arrows {
		for _, c := range a.Causes {
			in := "yes"
			if c.Standing != diagram.Drawn {
				in = "no"
			}
			if c.Note > 0 {
				in = fmt.Sprintf("%s, note %d", in, c.Note)
			}
			fmt.Fprintf(&page, "| %v | %v | %s | %s | %s | %s | %s |\n", a.From, a.To, cell(c.Text), strings.TrimPrefix(c.Does, "snd "), c.Source, humanize.Comma(int64(c.Count)), in)
		}
	}
	page.WriteString("\n## Both sides at once\n\nWhich states the two sides are in at the same time, and how many worlds there are of each pair. " +
		"An empty cell is never reached: while one side is ESTABLISHED, for one, the other is never in LISTEN.\n\n" +
		"[![The pairs of states](svg/pairs.svg)](svg/pairs.svg)\n\n    tcpcheck graph figure-5 --pairs -o pairs.svg\n")
	return []File{{"svg/figure-5.svg", figure.Bytes()}, {"svg/pairs.svg", pairs.Bytes()}, {figureFile + ".md", page.Bytes()}}, nil
}
