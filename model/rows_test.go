package model_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// Two tables, written independently of each other and of the code, say row by
// row what RFC 9293 wants: state and TCB, event, reaction, next state,
// paragraph. The head of each describes the form.
var rowsFiles = []string{"testdata/rows.txt", "testdata/rows2.txt"}

// departures are the rows that the model does not follow, with the reason;
// docs/decisions.md argues them. A test fails when a row is followed after all.
var departures = map[string]string{
	"est-send-silly-window":      "no silly-window avoidance (MUST-38): it decides when to send, not what",
	"est-receive-small-part":     "no silly-window avoidance (MUST-39): the window opens by what is read",
	"fw1-receive-small-part":     "no silly-window avoidance (MUST-39): the window opens by what is read",
	"fw2-receive-small-part":     "no silly-window avoidance (MUST-39): the window opens by what is read",
	"sr-ack-beyond-nxt":          "reading 2: the RST of SYN-RECEIVED comes before RFC 5961's range",
	"est-ack-full-sends-queued":  "SENDs are not told apart: \"ok\" when all text is acknowledged",
	"fw1-close-queued-all-acked": "SENDs are not told apart: \"ok\" when all text is acknowledged",
	"est-receive-small":          "no silly-window avoidance (MUST-39): the window opens by what is read",
	"est-receive-sws":            "no silly-window avoidance (MUST-39): the window opens by what is read",
	"fw2-receive-unread":         "no silly-window avoidance (MUST-39): the window opens by what is read",
	"sr-ack-beyond":              "reading 2: the RST of SYN-RECEIVED comes before RFC 5961's range",
	"sr-ack-very-old":            "reading 2: the RST of SYN-RECEIVED comes before RFC 5961's range",
	"est-ack-full-queued":        "SENDs are not told apart: \"ok\" when all text is acknowledged",
	"fw1-ack-fin-not-sent":       "SENDs are not told apart: \"ok\" when all text is acknowledged",
	"est-fin-urg-text":           "RCV.UP follows RCV.NXT once that has passed it",
	"est-icmp-hard":              "a hard error sends no RST: the peer can't be reached",
}

// row is one line of the table.
type row struct {
	file                                     string
	line                                     int
	id, before, event, reaction, after, cite string
}

func readRows(t *testing.T, rowsFile string) []row {
	data, err := os.ReadFile(rowsFile)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	ids := map[string]bool{}
	n := 0
	for text := range strings.Lines(string(data)) {
		n++
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		f := strings.Split(text, " | ")
		if len(f) != 6 {
			t.Fatalf("%s:%d: %d fields, want 6", rowsFile, n, len(f))
		}
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		if ids[f[0]] {
			t.Fatalf("%s:%d: the ID %s is taken", rowsFile, n, f[0])
		}
		ids[f[0]] = true
		rows = append(rows, row{rowsFile, n, f[0], f[1], f[2], f[3], f[4], f[5]})
	}
	return rows
}

func TestRows(t *testing.T) {
	followed := map[string]bool{}
	for _, file := range rowsFiles {
		rows := readRows(t, file)
		if len(rows) < 150 {
			t.Errorf("%s: %d rows, want at least 150", file, len(rows))
		}
		for _, r := range rows {
			t.Run(r.id, func(t *testing.T) {
				differs, err := r.run()
				if err != nil {
					t.Fatalf("%s:%d: %v", r.file, r.line, err)
				}
				if _, known := departures[r.id]; differs != "" && !known {
					t.Errorf("%s:%d: %s\n%s on %s, %s:\n%s", r.file, r.line, r.cite, r.before, r.event, r.after, differs)
				}
				followed[r.id] = differs == ""
			})
		}
	}
	for id, why := range departures {
		if is, ok := followed[id]; !ok || is {
			t.Errorf("%s is followed, or is no row, and is listed as a departure: %s", id, why)
		}
	}
}

// run plays the row and tells how the model differs from it.
func (r row) run() (differs string, err error) {
	e := model.Endpoint{Space: model.Space32, Window: 10, Retransmissions: model.Unlimited}
	if rest, ok := strings.CutPrefix(r.event, "[rfc793] "); ok {
		v, err := model.FindVariant("rfc793")
		if err != nil {
			return "", err
		}
		e.Behaviours, r.event = v.Behaviours, rest
	}
	if strings.Contains(r.cite, "MAY-13") {
		e.Behaviours.OutOfOrderAnswer = model.OutOfOrderAcked
	}
	before, err := r.tcb(&e)
	if err != nil {
		return "", fmt.Errorf("before: %w", err)
	}
	if err := e.Validate(&before); err != nil {
		return "", fmt.Errorf("before: %w", err)
	}
	ev, err := parseEvent(r.event)
	if err != nil {
		return "", fmt.Errorf("event: %w", err)
	}
	now, out := before, model.Output{}
	e.Step(&now, ev, &out)
	if err := e.Validate(&now); err != nil {
		return "", fmt.Errorf("after: %w", err)
	}
	want, err := r.wanted()
	if err != nil {
		return "", fmt.Errorf("reaction: %w", err)
	}
	got := r.shown(&before, &now, &out)
	sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	differs = cmp.Diff(want, got, sorted, cmpopts.EquateEmpty())
	differs += r.differsAfter(&now)
	if differs != "" {
		differs += fmt.Sprintf("(-row +model) rules: %v\n", out.Rules())
	}
	return differs, nil
}

// reaction is what the row compares.
type reaction struct {
	Sent      []string
	Signals   []string
	Delivered int
}

// showsWindow tells whether the row judges windows.
func (r row) showsWindow() bool { return strings.Contains(r.reaction, "<WND=") }

// wanted is the row's reaction.
func (r row) wanted() (want reaction, err error) {
	for _, item := range strings.Split(r.reaction, "; ") {
		item = strings.TrimSpace(item)
		switch {
		case item == "nothing" || item == "":
		case strings.HasPrefix(item, "<"):
			g, err := parseSegment(item)
			if err != nil {
				return want, err
			}
			want.Sent = append(want.Sent, form(g, r.showsWindow()))
		case item == `"reset"`: // to a SEND; one "connection reset" tells that too
		case r.waiting() && (item == `"connection reset"` || item == `"error: closing"`):
		case strings.HasPrefix(item, `"`):
			want.Signals = append(want.Signals, signal(strings.Trim(item, `"`)))
		case strings.HasPrefix(item, "deliver "):
			if want.Delivered, err = strconv.Atoi(strings.TrimPrefix(item, "deliver ")); err != nil {
				return want, err
			}
		default:
			return want, fmt.Errorf("%q is no segment, signal or delivery", item)
		}
	}
	return want, nil
}

// signal takes the words in which a row, or the RFC, says the same in two ways
// for one.
func signal(text string) string {
	switch text {
	case "error: connection reset":
		return "connection reset"
	case "send ok":
		return "ok"
	case "destination unreachable", "error: connection aborted, destination unreachable":
		return "ERROR_REPORT"
	}
	return text
}

// waiting tells whether the row lists what calls would hear that it does not
// show: rows2.txt does so for CLOSE and ABORT.
func (r row) waiting() bool {
	return r.file == rowsFiles[1] && (strings.HasPrefix(r.event, "CLOSE") || strings.HasPrefix(r.event, "ABORT"))
}

// shown is what the model did, in the words of rows.
func (r row) shown(before, now *model.TCB, out *model.Output) (got reaction) {
	for _, g := range out.Sent() {
		got.Sent = append(got.Sent, form(g, r.showsWindow()))
	}
	for _, s := range out.Signals() {
		switch {
		case s == model.PushSeen, r.waiting() && (s == model.ConnectionReset || s == model.ErrClosing):
		case s == model.SendOK: // "SEND buffer should be returned with "ok" response"
			got.Signals = append(got.Signals, "ok")
		case s == model.SoftError, s == model.HardError: // the RFC has no words for it
			got.Signals = append(got.Signals, "ERROR_REPORT")
		default:
			got.Signals = append(got.Signals, s.String())
		}
	}
	// With a slow reader text is delivered when it is RECEIVEd.
	if strings.HasPrefix(r.event, "RECEIVE") {
		got.Delivered = int(before.Unread - now.Unread)
	} else if now.Unread == 0 {
		for _, d := range out.Delivered() {
			got.Delivered += int(d.N)
		}
	}
	return got
}

// differsAfter compares the state and the variables that the row names.
func (r row) differsAfter(now *model.TCB) string {
	fields := strings.Fields(r.after)
	if want := strings.TrimSuffix(strings.TrimSuffix(fields[0], "(passive)"), "(active)"); want != now.State.String() {
		return fmt.Sprintf("state %v, want %s\n", now.State, want)
	}
	differs := ""
	if now.State == model.SynReceived && strings.HasSuffix(fields[0], "(passive)") != now.Passive {
		differs += fmt.Sprintf("passive %v, want %s\n", now.Passive, fields[0])
	}
	for _, f := range fields[1:] {
		name, value, _ := strings.Cut(f, "=")
		if got := variable(now, name); got != value {
			differs += fmt.Sprintf("%s=%s, want %s\n", name, got, value)
		}
	}
	return differs
}

// parseSegment reads a segment; rows write <SEC> for another security.
func parseSegment(text string) (model.Segment, error) {
	return trace.ParseSegment(strings.Replace(text, "<SEC>", "<SEC=bad>", 1))
}

// form is a segment as rows compare it: the window only where a row names it.
func form(g model.Segment, windows bool) string {
	if !windows {
		g.Wnd = 0
	}
	g.Flags &^= model.PSH
	return trace.FormatSegment(g)
}

// variable is a variable of the TCB by its short name.
func variable(t *model.TCB, name string) string {
	n := map[string]uint32{
		"iss": uint32(t.ISS), "irs": uint32(t.IRS), "una": uint32(t.SndUna), "nxt": uint32(t.SndNxt),
		"wnd": t.SndWnd, "wl1": uint32(t.SndWl1), "wl2": uint32(t.SndWl2), "maxwnd": t.MaxSndWnd,
		"sup": uint32(t.SndUp), "rnxt": uint32(t.RcvNxt), "rwnd": t.RcvWnd, "rup": uint32(t.RcvUp),
		"queued": t.Queued, "unread": t.Unread,
	}
	if name == "close" {
		if t.CloseQueued {
			return "queued"
		}
		return "no"
	}
	v, ok := n[name]
	if !ok {
		return "no such variable"
	}
	return strconv.FormatUint(uint64(v), 10)
}

// tcb builds the TCB of a row: the defaults of its state, then what the row
// sets.
func (r row) tcb(e *model.Endpoint) (model.TCB, error) {
	fields := strings.Fields(r.before)
	name, passive := strings.CutSuffix(fields[0], "(passive)")
	name = strings.TrimSuffix(name, "(active)")
	state, ok := model.ParseState(name)
	if !ok {
		return model.TCB{}, fmt.Errorf("%q is not a state", name)
	}
	t := model.TCB{State: state, Passive: passive}
	if state <= model.Listen {
		return t, nil
	}
	set := map[string]string{}
	for _, f := range fields[1:] {
		k, v, ok := strings.Cut(f, "=")
		if !ok {
			return t, fmt.Errorf("%q: want name=value", f)
		}
		set[k] = v
	}
	closing := set["close"] == "queued"
	defaults(&t, closing)
	number := func(name string, at *uint32) error {
		v, ok := set[name]
		delete(set, name)
		if !ok {
			return nil
		}
		n, err := strconv.ParseUint(v, 10, 32)
		*at = uint32(n)
		return err
	}
	seq := func(name string, at *model.Seq) error {
		n := uint32(*at)
		err := number(name, &n)
		*at = model.Seq(n)
		return err
	}
	if v, ok := set["una"]; ok && v == "100" && state.Synchronized() {
		t.SynPending = true // CLOSE in SYN-RECEIVED
	}
	t.CloseQueued = closing
	delete(set, "close")
	_, hasMax := set["maxwnd"]
	_, hasRwnd := set["rwnd"]
	for _, err := range []error{
		seq("iss", &t.ISS), seq("irs", &t.IRS), seq("una", &t.SndUna), seq("nxt", &t.SndNxt), seq("rnxt", &t.RcvNxt),
	} {
		if err != nil {
			return t, err
		}
	}
	t.SndWl2, t.SndUp = t.SndUna, t.SndUna
	if state != model.SynSent {
		t.SndWl1, t.RcvUp = t.RcvNxt, t.RcvNxt
	} else {
		t.SndWl2 = 0
	}
	for _, err := range []error{
		number("wnd", &t.SndWnd), number("maxwnd", &t.MaxSndWnd), seq("wl1", &t.SndWl1), seq("wl2", &t.SndWl2),
		seq("sup", &t.SndUp), number("rwnd", &t.RcvWnd), seq("rup", &t.RcvUp), number("queued", &t.Queued), number("unread", &t.Unread),
	} {
		if err != nil {
			return t, err
		}
	}
	if !hasMax {
		t.MaxSndWnd = max(t.MaxSndWnd, t.SndWnd)
	}
	// A window other than the default, or unread text, means a user that
	// reads when it likes, or a buffer of that size.
	switch {
	case t.Unread > 0 && !hasRwnd:
		e.SlowReader = true
		t.RcvWnd = e.Window - t.Unread
	case t.Unread > 0:
		e.SlowReader = true
		e.Window = t.RcvWnd + t.Unread
	case t.RcvWnd < e.Window:
		e.SlowReader = true
		t.Unread = e.Window - t.RcvWnd
	default:
		e.Window = t.RcvWnd
	}
	for k := range set {
		return t, fmt.Errorf("%q is not a variable", k)
	}
	return t, nil
}

// defaults are the variables of a state, as the head of the file says.
func defaults(t *model.TCB, closing bool) {
	t.ISS, t.SndUna, t.SndNxt = 100, 101, 101
	t.RcvWnd, t.Retries = 10, model.Unlimited
	if t.State != model.SynSent {
		t.IRS, t.RcvNxt, t.SndWnd, t.MaxSndWnd = 300, 301, 10, 10
	}
	switch t.State {
	case model.SynSent, model.SynReceived:
		t.SndUna, t.SynPending = 100, true
	case model.FinWait1, model.Closing, model.LastAck:
		if !closing {
			t.SndNxt = 102
		}
	case model.FinWait2, model.TimeWait:
		t.SndUna, t.SndNxt = 102, 102
	}
	switch t.State {
	case model.CloseWait, model.Closing, model.LastAck, model.TimeWait:
		t.RcvNxt = 302
	}
}

// parseEvent reads the event of a row.
func parseEvent(text string) (model.Event, error) {
	ev := model.Event{}
	if strings.HasPrefix(text, "<") {
		ev.Kind = model.SegmentArrives
		if seg, iss, ok := strings.Cut(text, " iss="); ok {
			n, err := strconv.ParseUint(iss, 10, 32)
			if err != nil {
				return ev, err
			}
			text, ev.ISS = seg, model.Seq(n)
		}
		g, err := parseSegment(text)
		if err != nil {
			return ev, err
		}
		if !strings.Contains(text, "<WND=") {
			g.Wnd = 10
		}
		ev.Segment = g
		return ev, nil
	}
	for k := range model.EventKind(model.NumEventKinds) {
		if k.String() == text {
			ev.Kind = k
			return ev, nil
		}
	}
	words := strings.Fields(text)
	kinds := map[string]model.EventKind{
		"SEND": model.Send, "RECEIVE": model.Receive, "CLOSE": model.Close, "ABORT": model.Abort, "STATUS": model.Status,
	}
	kind, ok := kinds[words[0]]
	words = words[1:]
	if !ok && strings.HasPrefix(text, "OPEN ") {
		ok = true
		kind = model.OpenPassive
		if words[0] == "active" {
			kind = model.OpenActive
		}
		words = words[1:]
	}
	if !ok {
		return ev, fmt.Errorf("%q is not an event", text)
	}
	ev.Kind = kind
	for _, w := range words {
		refusals := map[string]model.Refusal{
			"noaccess": model.NoAccess, "noresources": model.NoResources, "unspecified": model.RemoteUnspecified,
			"security": model.SecurityDenied, "diffserv": model.BadDiffserv,
		}
		if n, err := strconv.ParseUint(w, 10, 32); err == nil {
			ev.N = uint32(n)
		} else if iss, ok := strings.CutPrefix(w, "iss="); ok {
			n, err := strconv.ParseUint(iss, 10, 32)
			if err != nil {
				return ev, err
			}
			ev.ISS = model.Seq(n)
		} else if ref, ok := refusals[w]; ok {
			ev.Refusal = ref
		} else if w == "urgent" {
			ev.Urgent = true
		} else if w == "push" {
			ev.Push = true
		} else {
			return ev, fmt.Errorf("%q in %q is not known", w, text)
		}
	}
	return ev, nil
}

// Every state is judged by many rows.
func TestRowsCoverTheStates(t *testing.T) {
	var states []string
	for _, r := range append(readRows(t, rowsFiles[0]), readRows(t, rowsFiles[1])...) {
		name := strings.Fields(r.before)[0]
		name, _, _ = strings.Cut(name, "(")
		states = append(states, name)
	}
	for s := range model.State(model.NumStates) {
		n := 0
		for _, name := range states {
			if name == s.String() {
				n++
			}
		}
		if n < 16 {
			t.Errorf("%v has %d rows, want at least 16", s, n)
		}
	}
	slices.Sort(states)
}
