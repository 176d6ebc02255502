package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/tcpcheck/tcpcheck/counterexamples/captured"
	"github.com/tcpcheck/tcpcheck/explore/observe/capture"
	"github.com/tcpcheck/tcpcheck/explore/observe/track"
	"github.com/tcpcheck/tcpcheck/model"
)

// pcapFlags are the flags of pcap.
type pcapFlags struct {
	endpoint, variant, format, checksums, at string
	json, packets                            bool
}

var (
	pcapEndpoints = []string{"a", "b", "both"}
	pcapFormats   = append([]string{"text"}, captured.Formats()...)
	pcapChecksums = []string{"doubt", "verify", "ignore"}
)

const pcapLong = `Judge the TCP connections of captures by the model.

For each connection it says how it opened and closed, in which states each endpoint
can be after each packet (--packets, --json), and the first packet that no run of
the model allows: impossible, with the rules that forbid it. Endpoint a opened the
connection, or was seen first; b is the other.

User calls and timeouts are not seen, and packets may be lost before or after the
point of capture, so an endpoint is a set of possible ones. With --at, what was seen
on its way to that address was processed by it: the sets are smaller.

FILE is pcap or pcapng, plain or in gzip or zstd; - is stdin. Segments with a wrong
checksum are counted, and judged like all others: files are often rewritten. With
--checksums verify they are not judged, since their receiver drops them. What the
sender's network card was to fill in counts as right.

Exit status 1: something is impossible; 4: a bound was hit, or it was interrupted:
then what was read until the signal is judged.`

func newPcap(a *app) *cobra.Command {
	var f pcapFlags
	cmd := &cobra.Command{
		Use:   "pcap FILE...",
		Short: "Judge the TCP connections of captures",
		Long:  pcapLong,
		Example: `  tcpcheck pcap trace.pcap
  tcpcheck pcap --packets --variant linux trace.pcapng.gz
  tcpcheck pcap --json --at 10.9.0.1 trace.pcap`,
		RunE: func(_ *cobra.Command, args []string) error { return pcap(a, f, args) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.endpoint, "endpoint", "both", "judge endpoint a, b or both")
	fl.StringVar(&f.variant, "variant", model.DefaultVariant, "judge by this variant")
	fl.BoolVar(&f.json, "json", false, "write one JSON document, with every packet")
	fl.StringVar(&f.format, "format", "text", "text, mermaid, svg or html")
	fl.BoolVar(&f.packets, "packets", false, "show each packet and the states after it")
	fl.StringVar(&f.checksums, "checksums", "doubt", "of a segment with a wrong checksum doubt that its receiver took it; verify: leave it out; ignore: believe it")
	fl.StringVar(&f.at, "at", "", "the capture was taken at the host with this IP address")
	must(cmd.RegisterFlagCompletionFunc("variant", completeNames(variantEntries)))
	for name, values := range map[string][]string{"endpoint": pcapEndpoints, "format": pcapFormats, "checksums": pcapChecksums} {
		must(cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)))
	}
	return cmd
}

// pcapReport is where the connections go: text, JSON or a drawing.
type pcapReport interface {
	file(name string)
	connection(c *track.Conn) error
	// fileEnd ends a file that was read as far as err, nil for all of it.
	fileEnd(t pcapTotals, err error)
	end() error
}

// pcapTotals is what a file came to.
type pcapTotals struct {
	packets, connections        int
	badSums, offloaded          int
	deviations, unknown, missed int
	skipped                     capture.Skipped
}

func pcap(a *app, f pcapFlags, files []string) error {
	o, err := f.options()
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return usagef("pcap needs a capture: pcap or pcapng, plain or in gzip or zstd").hint("tcpcheck pcap FILE")
	}
	ctx, stop := interruptible()
	defer stop()
	report := f.report(a)
	status := statusOK
	var bad []string
	for i, name := range files {
		t, err := pcapFile(ctx, a, f, o, name, report)
		interrupted := ctx.Err() != nil && err != nil
		var internal *failure
		switch {
		case errors.As(err, &internal):
			return err
		case err != nil && !interrupted:
			bad = append(bad, err.Error())
		case t.deviations > 0:
			status = statusViolated
		case (t.unknown > 0 || interrupted) && status == statusOK:
			status = statusInconclusive
		}
		if interrupted {
			a.notef("%v; %d of %s read whole", err, i, plural(len(files), "file was", "files were"))
			break
		}
	}
	if err := report.end(); err != nil {
		return err
	}
	if len(bad) > 0 {
		return usagef("%s", strings.Join(bad, "; "))
	}
	if status != statusOK {
		return &failure{status: status}
	}
	return nil
}

// report is where the connections go.
func (f pcapFlags) report(a *app) pcapReport {
	switch {
	case f.json:
		return &pcapJSON{app: a, flags: f}
	case f.format != "text":
		return &pcapDraw{app: a, flags: f}
	}
	return &pcapText{app: a, flags: f}
}

// options checks the flags and makes the tracker's options of them.
func (f *pcapFlags) options() (o track.Options, err error) {
	f.endpoint = strings.ToLower(f.endpoint)
	for _, c := range []struct {
		flag, value string
		of          []string
	}{{"--endpoint", f.endpoint, pcapEndpoints}, {"--format", f.format, pcapFormats}, {"--checksums", f.checksums, pcapChecksums}} {
		if !slices.Contains(c.of, c.value) {
			return o, usagef("%s %q: want %s", c.flag, c.value, orList(c.of))
		}
	}
	if f.json && f.format != "text" {
		return o, usagef("--json and --format %s: want one of them", f.format)
	}
	v, err := model.FindVariant(f.variant)
	if err != nil {
		return o, unknownName("variant", f.variant, names(variantEntries()))
	}
	o.Behaviours = v.Behaviours
	o.Checksums = track.Checksums(slices.Index(pcapChecksums, f.checksums))
	o.Packets = f.packets || f.json || f.format != "text"
	if f.at != "" {
		at, err := netip.ParseAddr(f.at)
		if err != nil {
			return o, usagef("--at %q: want the IP address of a host", f.at)
		}
		o.At = func(addr netip.AddrPort) bool { return addr.Addr().WithZone("") == at.WithZone("") }
	}
	return o, nil
}

// pcapFile follows the connections of a file. An error of the file is told to
// the report too; what came before it counts.
func pcapFile(ctx context.Context, a *app, f pcapFlags, o track.Options, name string, report pcapReport) (t pcapTotals, err error) {
	report.file(name)
	defer func() { report.fileEnd(t, err) }()
	in, err := openInput(ctx, name)
	if err != nil {
		return t, pcapError(ctx, name, err)
	}
	defer in.Close()
	r, err := capture.Open(in)
	if err != nil {
		return t, pcapError(ctx, name, err)
	}
	defer r.Close()
	var failed error
	tracker := track.New(o, func(c *track.Conn) {
		f.keep(c)
		t.count(c)
		if err := report.connection(c); err != nil && failed == nil {
			failed = err
		}
	})
	progress := a.pcapProgress(name)
	for failed == nil {
		var p capture.Packet
		if p, err = r.Next(); err != nil {
			break
		}
		if err = ctx.Err(); err != nil {
			break
		}
		tracker.Add(&p)
		progress(r.N(), tracker.Open())
	}
	tracker.Finish()
	a.endProgress()
	t.packets, t.skipped = r.N(), r.Skipped
	t.badSums, t.offloaded = tracker.BadSums, tracker.Offloaded
	if failed != nil {
		return t, failed
	}
	if err != io.EOF {
		return t, pcapError(ctx, name, err)
	}
	switch {
	case t.badSums == 0 || o.Checksums == track.ChecksumsIgnored:
	case o.Checksums == track.ChecksumsVerified:
		a.notef("%s: %s with a wrong checksum: not judged; --checksums doubt judges them", name, counted(t.badSums, "segment"))
	default:
		a.notef("%s: %s with a wrong checksum: judged; --checksums verify leaves them out", name, counted(t.badSums, "segment"))
	}
	return t, nil
}

// pcapError names the file once.
func pcapError(ctx context.Context, name string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: interrupted", name)
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("%s: %w", name, path.Err)
	}
	if strings.HasPrefix(err.Error(), name) {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// keep drops what --endpoint does not ask for.
func (f *pcapFlags) keep(c *track.Conn) {
	var kept []track.Deviation
	for _, d := range c.Deviations {
		if f.judges(d.Side) {
			kept = append(kept, d)
		}
	}
	c.Deviations = kept
}

func (f *pcapFlags) judges(s track.Side) bool {
	return f.endpoint == "both" || f.endpoint == s.String()
}

func (t *pcapTotals) count(c *track.Conn) {
	t.connections++
	t.deviations += len(c.Deviations)
	if c.Unknown != "" {
		t.unknown++
	}
	if c.Missed {
		t.missed++
	}
}

// pcapProgress shows how far a long file was read: a line that is rewritten,
// and only on a terminal.
func (a *app) pcapProgress(name string) func(packets, open int) {
	if !isTerminal(a.err) {
		return func(int, int) {}
	}
	name = visible(name, false)
	began := time.Now()
	return func(packets, open int) {
		if packets%(1<<17) != 0 {
			return
		}
		rate := float64(packets) / max(time.Since(began).Seconds(), 1e-3)
		fmt.Fprintf(a.err, "\r\x1b[K%s: %s packets, %s connections open, %s packets/s",
			name, humanize.Comma(int64(packets)), humanize.Comma(int64(open)), humanize.SIWithDigits(rate, 0, ""))
	}
}
