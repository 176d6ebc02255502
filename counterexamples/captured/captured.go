// Package captured draws the TCP connections of a capture: the packets between
// two endpoints in the order in which they were seen, the states that each
// endpoint can be in, and what is impossible.
//
// [Write] is all there is to call. An arrow is level, since one point of capture
// sees a packet once: neither when it left nor when it arrived.
package captured

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe/track"
)

// MaxDrawn is how many packets are drawn at most in one picture.
const MaxDrawn = 100

// Formats lists the forms of drawings.
func Formats() []string { return []string{"mermaid", "svg", "html"} }

// Options of a drawing.
type Options struct {
	Hide [2]bool // the states of these endpoints are not shown
}

// TooLongError is why packets are not drawn: it would not be readable.
type TooLongError struct {
	Format  string
	Packets int
}

// Error says how many packets there are and how many may be.
func (e *TooLongError) Error() string {
	return fmt.Sprintf("%s: %d packets would not be readable: want at most %d", e.Format, e.Packets, MaxDrawn)
}

// Write draws the connections, which must have kept their packets. The bytes
// depend on the arguments alone. In mermaid and svg more than [MaxDrawn] packets
// are a [TooLongError]; html shows a longer connection as a table.
func Write(w io.Writer, format string, conns []*track.Conn, o Options) error {
	packets := 0
	for _, c := range conns {
		packets += len(c.Packets)
	}
	if format != "html" && packets > MaxDrawn {
		return &TooLongError{format, packets}
	}
	var b bytes.Buffer
	switch format {
	case "mermaid":
		writeMermaid(&b, conns, o)
	case "svg":
		writeSVG(&b, conns, o)
	case "html":
		if err := writeHTML(&b, conns, o); err != nil {
			return err
		}
	default:
		return fmt.Errorf("format %.40q is not known: want one of %s", format, strings.Join(Formats(), ", "))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// title names a connection.
func title(c *track.Conn) string { return fmt.Sprintf("%v > %v", c.Addr[track.A], c.Addr[track.B]) }

// summary is what is said above the packets.
func summary(c *track.Conn) []string {
	lines := []string{fmt.Sprintf("opened: %s; closed: %s", c.Opened, c.Closed)}
	if c.Missed {
		lines = append(lines, "the capture missed packets of it")
	}
	if c.Unknown != "" {
		lines = append(lines, "unknown: "+c.Unknown)
	}
	return lines
}

// row is a packet as all forms show it.
type row struct {
	*track.Packet
	seconds string
	states  [2]string // "" if they are those of the row before, or hidden
	wrong   string    // why it is impossible
	rules   string
}

// rows of a connection.
func rows(c *track.Conn, o Options) (list []row) {
	var before [2]track.States
	for i := range c.Packets {
		p := &c.Packets[i]
		r := row{Packet: p, seconds: fmt.Sprintf("%.6f", p.Time.Sub(c.First).Round(time.Microsecond).Seconds())}
		for s := range r.states {
			if (i == 0 || p.States[s] != before[s]) && !o.Hide[s] {
				r.states[s] = p.States[s].String()
			}
		}
		before = p.States
		for k := range c.Deviations {
			if d := &c.Deviations[k]; d.N == p.N {
				r.wrong = "impossible: " + d.String()
				var ids []string
				for _, x := range d.Rules {
					ids = append(ids, x.String())
				}
				r.rules = strings.Join(ids, " ")
			}
		}
		list = append(list, r)
	}
	return list
}

// wrap breaks a text at spaces into lines of at most so many letters, where it
// can.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
