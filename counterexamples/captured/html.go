package captured

import (
	"bytes"
	_ "embed"
	"html/template"

	"github.com/tcpcheck/tcpcheck/counterexamples/internal/svg"
	"github.com/tcpcheck/tcpcheck/explore/observe/track"
)

var (
	//go:embed page.html
	pageText string

	pageTemplate = template.Must(template.New("page").Parse(pageText))
)

// page is what the template needs. Its texts are escaped there; SVG and style
// are ours.
type page struct {
	Style template.CSS
	Conns []pageConn
}

// pageConn is a connection, drawn or, if it is too long for that, as rows.
type pageConn struct {
	SVG     template.HTML
	Title   string
	Summary []string
	Rows    []pageRow
}

type pageRow struct {
	N                      int
	Seconds, From, Segment string
	States                 [2]string
	Wrong, Rules           string
}

func writeHTML(w *bytes.Buffer, conns []*track.Conn, o Options) error {
	p := page{Style: template.CSS(svg.Variables() + svg.Style)}
	for _, c := range conns {
		pc := pageConn{Title: title(c), Summary: summary(c)}
		if len(c.Packets) <= MaxDrawn {
			var b bytes.Buffer
			drawSVG(&b, []*track.Conn{c}, o, false)
			pc.SVG = template.HTML(b.String())
		} else {
			for _, r := range rows(c, o) {
				pc.Rows = append(pc.Rows, pageRow{r.N, r.seconds, r.From.String(), r.Packet.String(), r.states, r.wrong, r.rules})
			}
		}
		p.Conns = append(p.Conns, pc)
	}
	return pageTemplate.Execute(w, p)
}
