package explore

import (
	"context"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/search"
)

// A check ends between two questions about whole runs too, and what was not answered is
// unknown.
func TestQuestionsThatAreNotAsked(t *testing.T) {
	sc, err := Preset("live-open")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	props := []*Property{
		{ID: "once", Kind: EventuallyProperty, State: func(*View) bool { return true }},
		{ID: "again", Kind: RecurrentProperty, State: func(*View) bool { return true }},
	}
	whole, err := Check(ctx, sc, props, Options{})
	if err != nil || whole.Outcome != Holds {
		t.Fatalf("%+v, %v", whole, err)
	}
	r, err := Check(ctx, sc, props, Options{Progress: func(p search.Progress) {
		if p.States == whole.Live.States {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcome != Unknown || r.Stop != "interrupted" || len(r.Properties) != len(props) {
		t.Errorf("%v, %q, %d verdicts", r.Outcome, r.Stop, len(r.Properties))
	}
	for _, v := range r.Properties {
		if v.Outcome != Unknown {
			t.Errorf("%s: %v", v.Property.ID, v.Outcome)
		}
	}
}
