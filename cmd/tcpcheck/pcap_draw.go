package main

import (
	"bytes"
	"errors"
	"slices"

	"github.com/tcpcheck/tcpcheck/counterexamples/captured"
	"github.com/tcpcheck/tcpcheck/explore/observe/track"
)

// pcapDraw draws the connections of all files, each file's in the order in which
// they began. It keeps no more than it can draw.
type pcapDraw struct {
	app     *app
	flags   pcapFlags
	conns   []*track.Conn
	file0   int // the first of this file
	packets int
	failed  bool // a file was not read to its end
}

func (x *pcapDraw) file(string) { x.file0 = len(x.conns) }

func (x *pcapDraw) connection(c *track.Conn) error {
	x.packets += len(c.Packets)
	if x.flags.format != "html" && x.packets > captured.MaxDrawn {
		return x.tooLong(&captured.TooLongError{Format: x.flags.format, Packets: x.packets})
	}
	x.conns = append(x.conns, c)
	return nil
}

func (x *pcapDraw) tooLong(err error) error {
	return usagef("%v", err).hint("use --format html or text with --packets, or a capture of one connection")
}

func (x *pcapDraw) fileEnd(_ pcapTotals, err error) {
	x.failed = x.failed || err != nil
	slices.SortStableFunc(x.conns[x.file0:], func(c, d *track.Conn) int { return c.Packets[0].N - d.Packets[0].N })
}

func (x *pcapDraw) end() error {
	if x.failed && len(x.conns) == 0 {
		return nil // the error says it
	}
	o := captured.Options{Hide: [2]bool{!x.flags.judges(track.A), !x.flags.judges(track.B)}}
	var b bytes.Buffer
	if err := captured.Write(&b, x.flags.format, x.conns, o); err != nil {
		var long *captured.TooLongError
		if errors.As(err, &long) {
			return x.tooLong(err)
		}
		return err
	}
	x.app.printf("%s", b.Bytes())
	return nil
}
