package explore

import (
	"context"
	"slices"
	"testing"
)

// What is read as an axis has values that its field takes, each once.
func FuzzParseAxis(f *testing.F) {
	for _, text := range []string{"msl=1..3", "order=any,fifo", "loss=0,1,unlimited", "a.octets=0..2", "variant=rfc793", "msl=3..1", "=", "x=..", "msl=1..999999999999"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAxis(text)
		if err != nil {
			return
		}
		field, err := FindField(a.Field)
		if err != nil || len(a.Values) == 0 || len(a.Values) > MaxSweep+len(text) {
			t.Fatalf("%q: %+v, %v", text, a, err)
		}
		sc := base("", "")
		for i, v := range a.Values {
			if err := field.Set(&sc, v); err != nil || slices.Contains(a.Values[:i], v) {
				t.Errorf("%q: value %q: %v", text, v, err)
			}
		}
	})
}

// Each point of a sweep is the check of the scenario with its settings, and the
// boundary says where verdicts change.
func TestSweep(t *testing.T) {
	never := &Property{ID: "few-octets", Name: "few octets", Kind: StateProperty, State: func(v *View) bool {
		return v.Sides[0].Ghost.Sent > 1
	}}
	sc, err := Preset("handshake")
	if err != nil {
		t.Fatal(err)
	}
	axes := []Axis{{Field: "duplication", Values: []string{"0", "1"}, Ordered: true}, {Field: "a.octets", Values: []string{"0", "1", "2"}, Ordered: true}}
	points, err := Sweep(context.Background(), sc, axes, []*Property{never}, Options{}, nil)
	if err != nil || len(points) != 6 {
		t.Fatalf("%d points, %v", len(points), err)
	}
	for i := range points {
		p := &points[i]
		one := *sc
		if err := one.Set(Setting{axes[0].Field, p.Values[0]}, Setting{axes[1].Field, p.Values[1]}); err != nil {
			t.Fatal(err)
		}
		r, err := Check(context.Background(), &one, []*Property{never}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Outcome(0) != r.Outcome || p.Report.Properties[0].Depth != r.Properties[0].Depth || r.Outcome == Holds && p.Report.States != r.States {
			t.Errorf("%v: %v with %d states, want %v with %d", p.Values, p.Outcome(0), p.Report.States, r.Outcome, r.States)
		}
	}
	for along, want := range []string{"", "violated from a.octets=2 on"} {
		got := Boundary(axes, points, 0, along)
		if want != "" && (len(got) != 1 || got[0].Says != want || len(got[0].With) != 2) {
			t.Errorf("along %s: %+v, want %q with both", axes[along].Field, got, want)
		}
		if want == "" && len(got) != 2 {
			t.Errorf("along %s: %+v, want two sentences", axes[along].Field, got)
		}
	}
}

// What is left of a sweep when its time is over is not begun, and unknown.
func TestSweepThatEnds(t *testing.T) {
	sc, err := Preset("handshake")
	if err != nil {
		t.Fatal(err)
	}
	holds := &Property{ID: "nothing", Kind: StateProperty, State: func(*View) bool { return false }}
	axes := []Axis{{Field: "a.octets", Values: []string{"0", "1", "2"}, Ordered: true}}
	ctx, cancel := context.WithCancel(context.Background())
	begun := 0
	points, err := Sweep(ctx, sc, axes, []*Property{holds}, Options{}, func([]Setting, *Options) {
		if begun++; begun == 2 {
			cancel()
		}
	})
	if err != nil || len(points) != 3 || begun != 2 {
		t.Fatalf("%d points, of which %d were begun, %v; want 3 and 2", len(points), begun, err)
	}
	for i, want := range []Outcome{Holds, Unknown, Unknown} {
		if got := points[i].Outcome(0); got != want || points[i].Report.Outcome != want {
			t.Errorf("point %d: %v, want %v", i, got, want)
		}
	}
	if r := points[2].Report; r.Stop != "interrupted" || r.States != 0 {
		t.Errorf("not begun: %d states, %q", r.States, r.Stop)
	}
}

// A scenario keeps what it decides itself under any variant, and the variant
// comes before other settings.
func TestSetVariantKeepsTheScenariosChoices(t *testing.T) {
	sc, err := Preset("time-wait-1337")
	if err != nil {
		t.Fatal(err)
	}
	if err := sc.Set(Setting{"syn", "challenged"}, Setting{"variant", "rfc793"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"rst-in-time-wait": "ignored", "syn": "challenged", "reset": "in-window", "variant": "rfc793"} {
		f, err := FindField(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Get(sc); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}
