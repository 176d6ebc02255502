package diagram

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Formats are the names of what [Write] and [WriteJoint] write.
func Formats() []string { return []string{"svg", "dot", "mermaid"} }

// Write draws the diagram. The bytes depend on it and the format alone.
func Write(w io.Writer, format string, d *Diagram) error {
	var b bytes.Buffer
	switch format {
	case "svg":
		writeSVG(&b, d)
	case "dot":
		writeDOT(&b, d)
	case "mermaid":
		writeMermaid(&b, d)
	default:
		return unknown(format)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func unknown(format string) error {
	return fmt.Errorf("format %.40q is not known: want one of %s", format, strings.Join(Formats(), ", "))
}
