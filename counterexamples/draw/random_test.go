package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// randomRun is a run of at most so many steps in which anything happens.
func randomRun(t testing.TB, seed uint64, steps int) *trace.Trace {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	space, err := model.NewSpace(4)
	if err != nil {
		t.Fatal(err)
	}
	e := model.Endpoint{Space: space, Window: 3, Retransmissions: 2, MSL: 3, TimeWait: 6}
	r, err := trace.NewRunner(trace.Setup{Endpoints: [2]model.Endpoint{e, e}}, [2]model.StepFunc{})
	if err != nil {
		t.Fatal(err)
	}
	calls := []model.EventKind{
		model.OpenActive, model.OpenActive, model.OpenPassive, model.Send, model.Close, model.RetransmissionTimeout,
		model.Abort, model.KeepAliveTimeout,
	}
	for tries := 0; tries < 20*steps && len(r.Trace().Steps) < steps; tries++ {
		a := trace.Action{Side: trace.Side(rng.IntN(2)), Dropped: uint8(rng.IntN(8) / 7)}
		flying := r.InFlight()
		switch k := rng.IntN(10); {
		case k < 6 && len(flying) > 0:
			f := flying[rng.IntN(len(flying))]
			a.Kind, a.ID, a.Side = []trace.Kind{trace.Deliver, trace.Deliver, trace.Duplicate, trace.Lose}[rng.IntN(4)], f.ID, f.To
			a.Event.ISS = model.Seq(rng.IntN(16))
		case k < 8:
			kind := calls[rng.IntN(len(calls))]
			s := r.TCB(a.Side).State
			if kind == model.Abort && rng.IntN(4) > 0 || kind <= model.OpenPassive && s != model.Closed {
				continue
			}
			a.Event = model.Event{Kind: kind}
			if kind == model.Send {
				a.Event.N = 1
			}
			if kind == model.OpenActive || kind == model.Send {
				a.Event.ISS = model.Seq(rng.IntN(16))
			}
		case k == 8:
			a.Kind = trace.Tick
		default:
			a.Kind = trace.Attack
			a.Event.Segment = model.Segment{Flags: model.RST, Seq: model.Seq(rng.IntN(16))}
		}
		_, _ = r.Do(a) // what can't happen doesn't
	}
	run := r.Trace()
	run.Info.Title, run.Info.Property, run.Info.Verdict = "anything happens", "some-property", "violated"
	run.Info.Marked = []int{len(run.Steps) - 1}
	return run
}

// Whatever happens in a run, each format can tell it, and tells it the same
// twice.
func TestRandomRuns(t *testing.T) {
	for seed := range uint64(30) {
		run := randomRun(t, seed, 5+int(seed))
		for _, f := range Formats() {
			if f.Partial && refused(t, f.Name, run) {
				continue
			}
			got := drawn(t, f.Name, run, Options{})
			if got != drawn(t, f.Name, run, Options{}) {
				t.Errorf("seed %d: %s: drawn twice, it differs", seed, f.Name)
			}
			if f.Name == "svg" {
				wellFormed(t, got)
			}
		}
	}
}

// refused tells whether the format can't tell the run; then it writes nothing.
func refused(t testing.TB, format string, run *trace.Trace) bool {
	t.Helper()
	var b bytes.Buffer
	err := Write(&b, format, run, Options{})
	if err != nil && b.Len() > 0 {
		t.Errorf("%s: refused, and %d bytes written: %v", format, b.Len(), err)
	}
	return err != nil
}

// The longest drawing is drawn at once.
func BenchmarkSVG(b *testing.B) {
	run := randomRun(b, 5, MaxDrawn)
	for b.Loop() {
		drawn(b, "svg", run, Options{})
	}
}

func wellFormed(t testing.TB, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	}
}

// Whatever trace is read can be written in each format, or is refused with
// nothing written.
func FuzzWrite(f *testing.F) {
	for _, run := range runs(f) {
		var b bytes.Buffer
		if err := trace.WriteJSON(&b, run); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		run, err := trace.ReadJSON(bytes.NewReader(data))
		if err != nil || len(run.Steps) > MaxDrawn {
			t.Skip()
		}
		for _, format := range Formats() {
			var b bytes.Buffer
			if err := Write(&b, format.Name, run, Options{}); err != nil && b.Len() > 0 {
				t.Errorf("%s: %d bytes before the error %v", format.Name, b.Len(), err)
			}
			if format.Name == "svg" {
				wellFormed(t, b.String())
			}
		}
	})
}
